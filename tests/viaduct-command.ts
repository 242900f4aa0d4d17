// Runs `viaduct` as a shell would: in a folder of its own, a few at a time, with all that it says.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after } from 'tap'

export const root = resolve(import.meta.dirname, '../..')
export const entry = join(root, 'bin/viaduct.js')

/** Where commands run; gone after the tests. */
export const folder = mkdtempSync(join(tmpdir(), 'viaduct-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Manner {
  /** Sends Ctrl-C, as a terminal does to the whole process group, when stderr has said this much. */
  readonly interruptAt?: RegExp
  /** What is sent in place of Ctrl-C. */
  readonly signal?: NodeJS.Signals
  /** Variables beside those that every command has. */
  readonly variables?: Readonly<Record<string, string>>
}

/** Commands that wait for others to end: more at once than there are processors would only slow each other down. */
const waiting: (() => void)[] = []
let free = Math.max(1, availableParallelism())

/** Starts the command as soon as a processor is free. */
export async function viaduct(words: readonly string[], manner: Manner = {}): Promise<Outcome> {
  if (free === 0) await new Promise<void>((go) => waiting.push(go))
  else free--
  try {
    return await run(words, manner)
  } finally {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
}

function run(words: readonly string[], { interruptAt, signal = 'SIGINT', variables }: Manner): Promise<Outcome> {
  return new Promise((settle, reject) => {
    // The test runner puts its hooks into the options of every node, where they double the time that it takes to start.
    const child = spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, entry, ...words], {
      cwd: folder,
      detached: true,
      env: { ...environment(), ...variables },
    })
    let [stdout, stderr, interrupted] = ['', '', false]
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      if (interrupted || child.pid === undefined || interruptAt?.test(stderr) !== true) return
      interrupted = true
      process.kill(-child.pid, signal)
    })
    child.on('error', reject)
    child.on('close', (code) => settle({ code, stdout, stderr }))
    child.stdin.end()
  })
}

/** Nothing of the test runner's, which would ride along in every process. */
function environment(): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME }
}

/** What a command wrote into its folder. */
export function written(...path: readonly string[]): string {
  return readFileSync(join(folder, ...path), 'utf8')
}

/** A complaint: exit 3, on stderr, and nothing on stdout. */
export async function complaint(outcome: Promise<Outcome>, code = 3): Promise<string> {
  const { code: seen, stdout, stderr } = await outcome
  if (seen !== code || stdout !== '') throw new Error(`exit ${seen}\n${stdout}\n${stderr}`)
  return stderr
}

/** What a command answered that had nothing to complain about. */
export async function answer(outcome: Promise<Outcome>): Promise<string> {
  const { code, stdout, stderr } = await outcome
  if (code !== 0 || stderr !== '') throw new Error(`exit ${code}\n${stderr}`)
  return stdout
}
