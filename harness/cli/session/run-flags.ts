// The flags of `run`, and how a command is put into words that has them.
import { shellWord } from '../terminal/shell-word.ts'

/** The flags of `run`, as commander reads them. */
export interface RunFlags {
  readonly adapter: string
  readonly report: string
  readonly seed: number
  readonly trace?: true
  readonly schedule?: readonly number[]
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

/** What comes out does not depend on it, only what the build should think of it. */
export function baselineWords({ baseline }: RunFlags): readonly string[] {
  return baseline === undefined ? [] : [`--baseline ${shellWord(baseline)}`]
}

/** The flags on which it depends what comes out. */
export function flagWords(flags: RunFlags, schedule: readonly number[] = []): string[] {
  return [
    ...(flags.adapter === 'reference' ? [] : [`--adapter ${shellWord(flags.adapter)}`]),
    ...(flags.pics === undefined ? [] : [`--pics ${shellWord(flags.pics)}`]),
    ...(flags.seed === 1 ? [] : [`--seed ${flags.seed}`]),
    ...(flags.jobs === undefined || flags.jobs === 1 ? [] : [`--jobs ${flags.jobs}`]),
    ...(flags.worlds === undefined ? [] : [`--worlds ${flags.worlds}`]),
    ...(flags.callTimeout === undefined ? [] : [`--call-timeout ${flags.callTimeout}ms`]),
    ...(flags.patience === undefined ? [] : [`--patience ${flags.patience}ms`]),
    ...(schedule.length === 0 ? [] : [`--schedule ${schedule.join('.')}`]),
  ]
}
