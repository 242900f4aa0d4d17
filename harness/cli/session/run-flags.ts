// The flags of `run`, and how a command is put into words that has them.
import { shardWords, type Shard } from '../../plan/shard.ts'
import { shellWord } from '../terminal/shell-word.ts'

/** The flags of `run`, as commander reads them. */
export interface RunFlags {
  readonly adapter: string
  readonly report: string
  readonly seed: number
  readonly trace?: true
  readonly schedule?: readonly number[]
  /** One of the parts into which what is selected is cut. */
  readonly shard?: Shard
  /** In milliseconds. */
  readonly callTimeout?: number
  readonly transcript?: string
  /** A profile, or a file, that leaves less to be judged than the adapter declares. */
  readonly pics?: string
  /** Goes on with what the folder of the report has of a run that did not come to its end. */
  readonly resume?: true
  /** A file for all frames that are seen. */
  readonly capture?: string
  /** A file of failures that are known. */
  readonly baseline?: string
  /** A file of what the build asks of the run. */
  readonly gate?: string
  /** How many processes of the adapter run at once. */
  readonly jobs?: number
  /** How many worlds of each process are open at once. */
  readonly worlds?: number
  /** The longest that a case may let pass by a real clock, in milliseconds. */
  readonly patience?: number
}

/** What runs one permutation again, with the order of its race, and shows it. */
export function repeatCommand(command: string, flags: RunFlags, choices: readonly number[] | undefined): string {
  // Alone it needs no others beside it.
  const { jobs: _, worlds: __, ...alone } = flags
  return [command, ...flagWords(alone, choices), '--trace'].join(' ')
}

/** The command that makes the report again. What comes out does not depend on the last of these flags, only how much, and what the build should think of it. */
export function wholeCommand(command: string, flags: RunFlags): string {
  const { shard, baseline, gate } = flags
  return [
    command,
    ...flagWords(flags, flags.schedule),
    ...(shard === undefined ? [] : [shardWords(shard)]),
    ...(baseline === undefined ? [] : [`--baseline ${shellWord(baseline)}`]),
    ...(gate === undefined ? [] : [`--gate ${shellWord(gate)}`]),
  ].join(' ')
}

/** What leaves out some of what could be run, as a report says it: one order of every race leaves out all others. */
export function selectionWords(patterns: readonly string[], { schedule, shard }: RunFlags): readonly string[] {
  return [
    ...patterns,
    ...(schedule === undefined ? [] : [`--schedule ${schedule.join('.')}`]),
    ...(shard === undefined ? [] : [shardWords(shard)]),
  ]
}

/** What else it depends on what comes out, by the name of its flag. */
export function optionsOf({ callTimeout, patience }: RunFlags): Readonly<Record<string, string>> {
  return {
    ...(callTimeout === undefined ? {} : { 'call-timeout': `${callTimeout}ms` }),
    ...(patience === undefined ? {} : { patience: `${patience}ms` }),
  }
}

/** The flags on which it depends what comes out. */
function flagWords(flags: RunFlags, schedule: readonly number[] = []): string[] {
  return [
    ...(flags.adapter === 'reference' ? [] : [`--adapter ${shellWord(flags.adapter)}`]),
    ...(flags.pics === undefined ? [] : [`--pics ${shellWord(flags.pics)}`]),
    ...(flags.seed === 1 ? [] : [`--seed ${flags.seed}`]),
    ...(flags.jobs === undefined || flags.jobs === 1 ? [] : [`--jobs ${flags.jobs}`]),
    ...(flags.worlds === undefined ? [] : [`--worlds ${flags.worlds}`]),
    ...Object.entries(optionsOf(flags)).map(([name, value]) => `--${name} ${value}`),
    ...(schedule.length === 0 ? [] : [`--schedule ${schedule.join('.')}`]),
  ]
}
