// From what --adapter names to an adapter: the reference, a mutant, a degenerate, or a command that is started.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { degenerateAdapter, degenerateNames, type DegenerateName } from '../../adapters/degenerate/adapter.ts'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { startProcessAdapter } from '../../adapters/process/adapter.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { nearest } from '../plan/nearest.ts'
import { AdapterFailure, type Adapter } from '../subject/adapter.ts'
import { harnessIdentity } from './package.ts'

const degenerateWords: Readonly<Record<DegenerateName, string>> = {
  silent: 'Takes every call and answers none; never sends a frame.',
  yes: 'Claims success for everything at once; never sends a frame.',
  no: 'Refuses everything; never sends a frame.',
}

/** What --adapter can name, beside commands, with a sentence each. */
export const knownAdapters: readonly { readonly name: string; readonly words: string }[] = [
  { name: 'reference', words: 'The reference implementation of EMP and VIA, in process.' },
  ...degenerateNames.map((name) => ({ name: `degenerate:${name}`, words: degenerateWords[name] })),
  ...mutants.map(({ name, words }) => ({ name: `mutant:${name}`, words })),
]

/** An adapter that runs in this process, or undefined if nothing here has that name. */
export function localAdapterNamed(name: string): Adapter | undefined {
  if (name === 'reference') return referenceAdapter()
  const [kind, rest] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
  const degenerate = degenerateNames.find((known) => known === rest)
  if (kind === 'degenerate' && degenerate) return degenerateAdapter(degenerate)
  const mutant = mutants.find((known) => known.name === rest)
  return kind === 'mutant' && mutant ? mutantAdapter(mutant) : undefined
}

/** A word that the shell takes as it stands; only the shell knows what a quoted path or a setting in front comes to. */
const plainWord = /^[\w./:@%+-]*$/

/** The adapter, started; or why there is none, with the nearest names. */
export async function resolveAdapter(
  name: string,
  callTimeoutSeconds: number,
): Promise<Adapter | { readonly problem: string }> {
  const local = localAdapterNamed(name)
  if (local) return local
  const [program = ''] = name.trim().split(/\s+/)
  if (plainWord.test(program) && !isExecutable(program)) return { problem: unknown(name) }
  try {
    return await startProcessAdapter(
      name,
      { command: name },
      { answerWithin: callTimeoutSeconds * 1000, harness: harnessIdentity },
    )
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure)) throw thrown
    const stderr = thrown.stderr === '' ? '' : `\nIt wrote to stderr:\n${thrown.stderr.trimEnd()}`
    return { problem: `The adapter could not be started: ${thrown.message}${stderr}` }
  }
}

function unknown(name: string): string {
  const names = knownAdapters.map((known) => known.name)
  const close = nearest(name, names)
  const hint = close === undefined ? 'viaduct list --adapters shows the names.' : `Did you mean ${close}?`
  return `${name} is neither an adapter that viaduct knows nor a program that can be started. ${hint}`
}

/** Whether the shell would find the program. */
function isExecutable(program: string): boolean {
  const places = program.includes('/')
    ? [program]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program))
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
