// The command line: says what can be asked, and loads a command only when it is asked.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import type { BaselineFlags } from './commands/baseline.ts'
import type { BridgeFlags } from './commands/bridge.ts'
import type { DoctorFlags } from './commands/doctor.ts'
import type { FuzzFlags } from './commands/fuzz.ts'
import type { MergeFlags } from './commands/merge.ts'
import type { MutantFlags } from './commands/mutants.ts'
import type { Shard } from '../plan/shard.ts'
import type { RunFlags } from './session/run-flags.ts'
import type { ServeFlags } from './commands/serve.ts'
import { Refusal } from './refusal.ts'
import { endAtSignals } from './signals.ts'
import { exitCodes } from '../gate/exit-codes.ts'
import { harnessIdentity } from './files/package.ts'
import { complain, endWithReader } from './terminal/terminal.ts'
import { stackOrMessageOf } from '../subject/thrown.ts'

const program = new Command()
  .name('viaduct')
  .description('Tells whether an implementation of EMP or VIA behaves as its specification says, and shows why not.')
  .version(harnessIdentity.version)
  .exitOverride()
  .showHelpAfterError('(viaduct --help lists the commands)')

const adapterOption = new Option(
  '-a, --adapter <name>',
  'what to judge: a name of `list --adapters`, a folder with adapter.yaml, a command that speaks the adapter protocol, or ' +
    'tcp://host:port or unix:path, where such a program listens',
).default('reference')

/** Reads a whole number of at least `least`. */
function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isSafeInteger(value) && value >= least && text.trim() !== '') return value
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
  }
}

function choices(text: string): readonly number[] {
  if (!/^\d+(\.\d+)*$/.test(text))
    throw new InvalidArgumentError('It must be whole numbers joined by dots, as a report names it, such as 0.1.0.')
  return text.split('.').map(Number)
}

/** Reads a duration as adapter.yaml has it, or seconds; in milliseconds. */
function milliseconds(text: string): number {
  const [, number, unit = 's'] = /^([1-9]\d{0,5})(ms|s|m)?$/.exec(text) ?? []
  if (number === undefined)
    throw new InvalidArgumentError('It must be a duration such as 10s, 500ms or 5m, or whole seconds.')
  return Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000)
}

/** A day, such as 2027-01-31. */
function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('It must be a day such as 2027-01-31.')
  return text
}

const callTimeoutOption = new Option(
  '--call-timeout <duration>',
  'how long an adapter process may take for one answer, such as 500ms; 10s unless said, here or in adapter.yaml',
).argParser(milliseconds)

const worldsOption = new Option(
  '--worlds <n>',
  'so many worlds of an adapter process at once, of those it says that it can host; 32 of them unless said',
).argParser(integer(1))

const transcriptOption = new Option(
  '--transcript <file>',
  'keep every line that harness and adapter process say to each other',
)

/** Reads one of several parts, such as 2/5. */
function shard(text: string): Shard {
  const [, part = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number)
  if (part >= 1 && part <= of) return { part, of }
  throw new InvalidArgumentError('It must be one of so many parts, such as 2/5: from 1/5 to 5/5.')
}

/** What the chosen command came to. */
let exitCode: number = exitCodes.ok

program
  .command('run', { isDefault: false })
  .description('run the suites against an implementation and write a report')
  .argument(
    '[patterns...]',
    'cases to run: emp or via, a suite, a case, a full name, globs with * and **, or a requirement id; all unless said; ' +
      'files and folders of suites, such as ./mine, take the place of the suites that come with viaduct',
  )
  .addOption(adapterOption)
  .option('-r, --report <dir>', 'where the report goes', 'viaduct-report')
  .option('-s, --seed <n>', 'seed of the run', integer(0), 1)
  .option('-t, --trace', 'print every run as a readable log')
  .option('--schedule <choices>', 'run races in this one order, as a report names it: 0.1.0', choices)
  .addOption(callTimeoutOption)
  .addOption(transcriptOption)
  .option(
    '-j, --jobs <n>',
    'so many processes of the adapter at once: what waits by a real clock waits together',
    integer(1),
  )
  .addOption(worldsOption)
  .option(
    '--patience <duration>',
    'by a real clock: the longest that a case may let pass, such as 5s; 40s unless said',
    milliseconds,
  )
  .option(
    '--pics <profile>',
    'judge less than the adapter declares: as a system such as m-via, or a file of interfaces, options and values',
  )
  .option('--capture <file>', 'keep all frames as a pcapng capture, with what became of each')
  .option(
    '--shard <part>',
    'run one of several parts of the same size, such as 2/5; viaduct merge makes one report of all of them',
    shard,
  )
  .option('--resume', 'go on with a run that was killed or interrupted, from what the folder of the report has of it')
  .option(
    '--baseline <file>',
    'a list of known failures: exit 1 for any other, and for an entry that is no longer right',
  )
  .option('--gate <file>', 'what the build asks of the run, and which requirements it waives')
  .action(async (patterns: string[], options: RunFlags) => {
    exitCode = await (await import('./commands/run.ts')).run(patterns, options)
  })

program
  .command('merge')
  .description('make one report of the parts of a run, as if one machine had run it all')
  .argument('<folders...>', 'the report folders of all parts, such as those of run --shard 1/2 and --shard 2/2')
  .option('-r, --report <dir>', 'where the report of the whole goes', 'viaduct-report')
  .action(async (folders: [string, ...string[]], options: MergeFlags) => {
    exitCode = (await import('./commands/merge.ts')).merge(folders, options)
  })

program
  .command('compare')
  .description('say what came out differently in the second of two runs; exit 1 if anything did')
  .argument('<first>', 'a report folder, or its report.json')
  .argument('<second>', 'another')
  .action(async (first: string, second: string) => {
    exitCode = (await import('./commands/compare.ts')).compare(first, second)
  })

program
  .command('verify')
  .description(
    'compute every verdict of a report again from a transcript of its run, without the implementation; exit 1 if they differ',
  )
  .argument('<report>', 'a report folder, or its report.json')
  .requiredOption('--transcript <file>', 'what run --transcript has kept of the same run')
  .action(async (report: string, options: { transcript: string }) => {
    exitCode = await (await import('./commands/verify.ts')).verify(report, options)
  })

program
  .command('baseline')
  .description('keep the list of known failures that run --baseline takes')
  .addArgument(
    new Argument(
      '<action>',
      'write: add what failed in a run and is not known; tighten: take out what did not fail as it says',
    ).choices(['write', 'tighten']),
  )
  .argument('<file>', 'the baseline; write makes it if need be')
  .option('-r, --report <dir>', 'the report of the run', 'viaduct-report')
  .option('--reason <text>', 'with write: why it is accepted; what was seen, unless said')
  .option('--issue <text>', 'with write: where it is followed up')
  .option('--expires <day>', 'with write: the last day on which it is accepted, such as 2027-01-31', day)
  .action(async (action: 'write' | 'tighten', file: string, options: BaselineFlags) => {
    exitCode = (await import('./commands/baseline.ts')).baseline(action, file, options)
  })

program
  .command('fuzz')
  .description('search for behaviour that the specification forbids, and keep a small case of each kind that is found')
  .addArgument(new Argument('[interface]', 'emp or via; all that can be searched unless said').choices(['emp', 'via']))
  .addOption(adapterOption)
  .option('-n, --runs <n>', 'how many runs for each interface', integer(1))
  .option('--time <time>', 'how long for each interface, such as 60s or 10m; 60s if neither is said', milliseconds)
  .option('-s, --seed <n>', 'seed of the search; drawn, and printed, unless said', integer(0))
  .option('-j, --jobs <n>', 'threads that search, each with a seed of its own', integer(1), 1)
  .addOption(worldsOption)
  .addOption(new Option('--focus <focus>', 'what is looked for most').choices(['loss', 'reorder', 'races', 'errors']))
  .option('--save <dir>', 'where cases of what was found go', 'suites/regressions')
  .option('--blind', 'draw every run anew, whatever was seen: to measure what guidance is worth')
  .option('-r, --report <dir>', 'where the report goes', 'viaduct-report')
  .addOption(callTimeoutOption)
  .action(async (of: InterfaceName | undefined, options: FuzzFlags) => {
    exitCode = await (await import('./commands/fuzz.ts')).fuzz(of, options)
  })

program
  .command('replay')
  .description('run what a search has kept, or one case, again: bit for bit')
  .argument('<case>', 'a file that viaduct fuzz has kept, or a case as for run')
  .addOption(adapterOption)
  .option('-r, --report <dir>', 'where the report goes', 'viaduct-report')
  .option('-s, --seed <n>', 'seed of the run, where the case does not pin one', integer(0), 1)
  .option('-t, --trace', 'print the run as a readable log')
  .option('--schedule <choices>', 'in this one order, as a report names it: 0.1.0', choices)
  .option('--capture <file>', 'keep all frames as a pcapng capture, with what became of each')
  .addOption(callTimeoutOption)
  .addOption(transcriptOption)
  .action(async (target: string, options: RunFlags) => {
    exitCode = await (await import('./commands/replay.ts')).replay(target, options)
  })

program
  .command('doctor')
  .description('check an adapter, before anything is billed to the implementation behind it')
  .addOption(adapterOption)
  .addOption(callTimeoutOption)
  .addOption(transcriptOption)
  .action(async (options: DoctorFlags) => {
    exitCode = await (await import('./commands/doctor.ts')).doctor(options)
  })

program
  .command('init')
  .description('write a small adapter that builds and runs at once, to be filled in')
  .argument('<folder>', 'a new folder')
  .requiredOption('-l, --lang <language>', 'what it is written in: c, python or typescript')
  .action(async (folder: string, { lang }: { lang: string }) => {
    exitCode = (await import('./commands/init.ts')).init(folder, lang)
  })

program
  .command('bridge')
  .description("make an adapter of a vendor's library and its header, without a line of code")
  .addArgument(new Argument('<api>', 'what the library offers').choices(['vipl']))
  .argument('[folder]', 'where the adapter goes: a new folder, or one that this command has made', 'my-vipl')
  .requiredOption('-i, --include <dir>', 'the folder that holds vipl.h')
  .requiredOption('-l, --lib <file>', 'the library, shared (.so) or static (.a)')
  .option(
    '-d, --device <name>',
    'a device of the library, for hosts 0, 1, ... in order; %d in it stands for the number of the host. Repeatable',
    (name: string, before: readonly string[] | undefined) => [...(before ?? []), name],
  )
  .action(async (_api: string, folder: string, flags: BridgeFlags) => {
    exitCode = (await import('./commands/bridge.ts')).bridge(folder, flags)
  })

program
  .command('list')
  .description('list cases and requirements, or adapters')
  .argument('[pattern]', 'as for run')
  .option('--adapters', 'list what --adapter can name')
  .action(async (pattern: string | undefined, options: { adapters?: true }) => {
    exitCode = (await import('./commands/list.ts')).list(pattern, options.adapters === true)
  })

program
  .command('explain')
  .description('explain a case or a requirement in plain words, or write one permutation out as a case by itself')
  .argument('<id>', 'such as emp.loss/one-data-frame-lost or EMP-REL-007; with --case a full name, as a report has it')
  .argument('[suites...]', 'files and folders of suites, in place of those that come with viaduct')
  .option('--case', 'print the permutation as a suite file with this one case, to be cut down by hand')
  .option('-s, --seed <n>', 'with --case: seed of the run that the permutation is from', integer(0), 1)
  .option('-r, --report <dir>', 'the report that tells the last result; viaduct-report, if it is there, unless said')
  .action(async (id: string, suites: string[], options: { case?: true; seed: number; report?: string }) => {
    exitCode = options.case
      ? (await import('./commands/write-out.ts')).writeOut(id, suites, options.seed)
      : (await import('./commands/explain.ts')).explain(id, suites, options)
  })

program
  .command('lint')
  .description('check suite files: every error with its place and what to do')
  .argument('[files...]', 'suite files; all suites of the project unless said')
  .action(async (files: string[]) => {
    exitCode = (await import('./commands/lint.ts')).lint(files)
  })

program
  .command('coverage')
  .description('which requirements the suites cover, and which not')
  .argument('[interface]', 'emp or via; both unless said')
  .action(async (name: string | undefined) => {
    exitCode = (await import('./commands/coverage.ts')).coverage(name)
  })

program
  .command('mutants')
  .description('run the suites against the reference with one planted fault each: does green mean anything?')
  .argument('[patterns...]', 'mutants to try: names, and globs with *; all unless said')
  .option('-s, --seed <n>', 'seed of the runs', integer(0), 1)
  .option('--fuzz', 'by searching alone, without the declared cases')
  .option('--time <time>', 'with --fuzz: how long each is searched, such as 60s or 10m; 60s unless said', milliseconds)
  .option('--blind', 'with --fuzz: every run is drawn anew, to measure what guidance is worth')
  .option('--write', 'keep what was measured in suites/strength.json, for reports to show')
  .action(async (names: string[], options: MutantFlags) => {
    exitCode = await (await import('./commands/mutants.ts')).mutants(names, options)
  })

program
  .command('dissector')
  .description('write a dissector of the frames for Wireshark, in Lua, to read what run --capture keeps')
  .addArgument(new Argument('[interface]', 'whose frames').choices(['emp', 'via']).default('emp'))
  .action(async (of: InterfaceName) => {
    exitCode = (await import('./commands/dissector.ts')).dissector(of)
  })

program
  .command('serve')
  .description('speak the adapter protocol on stdin and stdout for an adapter of this project')
  .argument('<name>', 'a name of `list --adapters`')
  .addOption(
    new Option('--clock <clock>', 'real: it runs by the real clock, as software that cannot be told the time')
      .choices(['virtual', 'real'])
      .default('virtual'),
  )
  .addOption(
    new Option('--wire <wire>', 'none, with --clock real: frames go from host to host unseen')
      .choices(['frames', 'none'])
      .default('frames'),
  )
  .option(
    '--listen <address>',
    'serve whoever connects to tcp://host:port or unix:path, one after the other or at once',
  )
  .action(async (name: string, flags: ServeFlags) => {
    exitCode = await (await import('./commands/serve.ts')).serve(name, flags)
  })

for (const command of program.commands)
  command.showHelpAfterError(`(viaduct ${command.name()} --help lists its arguments and options)`)

endAtSignals()
endWithReader()
try {
  await program.parseAsync()
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    exitCode = thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  } else if (thrown instanceof Refusal) {
    complain(thrown.message)
    exitCode = thrown.exitCode
  } else {
    process.stderr.write(`${stackOrMessageOf(thrown)}\n`)
    exitCode = exitCodes.harness
  }
}
process.exitCode = exitCode
