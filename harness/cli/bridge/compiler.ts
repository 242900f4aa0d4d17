// Runs the system's C compiler, and finds the first thing that it, the linker or the loader really complains about.
import { spawnSync } from 'node:child_process'

/** How a program ended. */
export interface Ran {
  /** Undefined if it could not be started or was killed. */
  readonly code: number | undefined
  /** In words, if it was not by an exit code: a signal, a time that was over, a program that is not there. */
  readonly fate: string | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. `within` is in milliseconds. */
export function ran(program: string, words: readonly string[], { folder, within }: Manner): Ran {
  const { status, signal, error, stdout, stderr } = spawnSync(program, words, {
    cwd: folder,
    timeout: within,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = status ?? undefined
  return { code, fate: fateOf(code, signal, error), stdout: stdout ?? '', stderr: stderr ?? '' }
}

export interface Manner {
  /** Where it runs. */
  readonly folder: string
  readonly within: number
}

function fateOf(
  code: number | undefined,
  signal: NodeJS.Signals | null,
  error: NodeJS.ErrnoException | undefined,
): string | undefined {
  if (error?.code === 'ETIMEDOUT') return 'it did not come to an end'
  if (error?.code === 'ENOENT') return 'there is no such program'
  if (signal !== null) return `it was killed by ${signal}`
  return code === undefined ? (error?.message ?? 'it did not run') : undefined
}

/** The compiler with the words that its user wants, as make has them. */
export interface Compiler {
  readonly program: string
  readonly flags: readonly string[]
  readonly linkerFlags: readonly string[]
  readonly libraries: readonly string[]
}

export function systemCompiler(environment: NodeJS.ProcessEnv): Compiler {
  const wordsOf = (name: string): string[] => (environment[name] ?? '').split(/\s+/).filter((word) => word !== '')
  const [program = 'cc', ...own] = wordsOf('CC')
  return {
    program,
    flags: [...own, ...wordsOf('CFLAGS')],
    linkerFlags: wordsOf('LDFLAGS'),
    libraries: wordsOf('LDLIBS'),
  }
}

/** What begins a complaint; what compilers and linkers say before only leads there. */
const complaint =
  /\berror\b|undefined reference|cannot find|file format not recognized|recompile with|No such file|undefined symbol/i

/** How many lines are shown from the first complaint on, unless asked for otherwise. */
const complaintLines = 4

/** The first real complaint of a compiler, linker or loader, with the lines that belong to it; the last lines if there is none. */
export function firstComplaint(said: string, linesMax = complaintLines): readonly string[] {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  const first = lines.findIndex((line) => complaint.test(line))
  return first < 0 ? lines.slice(-linesMax) : lines.slice(first, first + linesMax)
}
