// From what --adapter names to an adapter: the reference, a mutant, a degenerate, or a command or file that is started.
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { degenerateAdapter, degenerateNames, type DegenerateName } from '../../../adapters/degenerate/adapter.ts'
import { mutantAdapter } from '../../../adapters/mutants/adapter.ts'
import { mutants } from '../../../adapters/mutants/catalogue.ts'
import { startProcessAdapter, type ProcessOptions, type Reach } from '../../../adapters/process/adapter.ts'
import { readSocketAddress } from '../../../adapters/process/attached.ts'
import type { Draft } from '../../../adapters/process/shape.ts'
import { deviceNames, referenceAdapter, referenceLike, referenceOn } from '../../../adapters/reference/adapter.ts'
import { nearest } from '../../plan/yaml/nearest.ts'
import { setMember } from '../../plan/set-member.ts'
import { AdapterFailure, type Adapter } from '../../subject/adapter.ts'
import { adapterFileAt, adapterFileName, readAdapterFile } from './adapter-file.ts'
import { buildAdapter } from './build-adapter.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { harnessIdentity } from '../files/package.ts'
import { packageProfiles, profileNamed } from '../project/profiles.ts'
import { startFailure } from './start-failure.ts'
import type { Transcript } from './transcript.ts'

const degenerateWords: Readonly<Record<DegenerateName, string>> = {
  silent: 'Takes every call and answers none; never sends a frame.',
  yes: 'Claims success for everything at once; never sends a frame.',
  no: 'Refuses everything; never sends a frame.',
}

/** What --adapter can name, beside commands, with a sentence each. */
export function knownAdapters(): readonly { readonly name: string; readonly words: string }[] {
  return [
    { name: 'reference', words: 'The reference implementation of EMP and VIA, in process.' },
    ...deviceNames.map(({ name, words }) => ({ name: `reference:${name}`, words })),
    ...packageProfiles().map(({ name, title }) => ({
      name: `reference:${name}`,
      words: `The reference with what ${title} has, and without what it lacks.`,
    })),
    ...degenerateNames.map((name) => ({ name: `degenerate:${name}`, words: degenerateWords[name] })),
    ...mutants.map(({ name, words }) => ({ name: `mutant:${name}`, words })),
  ]
}

/** An adapter that runs in this process, or undefined if nothing here has that name. */
export function localAdapterNamed(name: string): Adapter | undefined {
  if (name === 'reference') return referenceAdapter()
  const [kind, rest] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
  const device = kind === 'reference' ? deviceNames.find((known) => known.name === rest) : undefined
  if (device) return referenceOn(device.name)
  const profile = kind === 'reference' ? profileNamed(rest) : undefined
  if (profile) return referenceLike(profile)
  const degenerate = degenerateNames.find((known) => known === rest)
  if (kind === 'degenerate' && degenerate) return degenerateAdapter(degenerate)
  const mutant = mutants.find((known) => known.name === rest)
  return kind === 'mutant' && mutant ? mutantAdapter(mutant) : undefined
}

/** Why there is no adapter, in words, and what the command comes to. */
export interface NoAdapter {
  readonly problem: string
  readonly exitCode: number
}

/** How long an adapter may take, and who hears what it says. */
export type Manner = Omit<ProcessOptions, 'harness'>

/** What the flags of a command ask for. `callTimeout` is in milliseconds. */
export function mannerOf(flags: { readonly callTimeout?: number }, transcript: Transcript | undefined): Manner {
  const manner: Draft<Manner> = {}
  setMember(manner, 'answerWithin', flags.callTimeout)
  setMember(manner, 'overhear', transcript?.overhear)
  return manner
}

/** Why an adapter that runs in this process cannot be had with these flags, which would come to nothing; undefined if it can. */
export function whyIdle(flags: {
  readonly adapter: string
  readonly callTimeout?: number
  readonly transcript?: string
}): string | undefined {
  if (!localAdapterNamed(flags.adapter)) return undefined
  const idle = flags.transcript === undefined ? flags.callTimeout !== undefined && '--call-timeout' : '--transcript'
  return idle ? `${idle} is for adapters that run in processes of their own.` : undefined
}

/** How an adapter is started, built as it is, and how long it may take. */
export interface Reached {
  readonly reach: Reach
  readonly manner: Manner
}

/** The adapter, built and started; or why there is none. What `manner` says goes before what its file says. */
export async function resolveAdapter(name: string, manner: Manner): Promise<Adapter | NoAdapter> {
  const local = localAdapterNamed(name)
  if (local) return local
  const reached = await reachAdapter(name, manner)
  return 'problem' in reached ? reached : started(name, reached)
}

/** How an adapter that is no part of viaduct is started, after it was built; or why it cannot be. */
export async function reachAdapter(name: string, manner: Manner): Promise<Reached | NoAdapter> {
  const address = readSocketAddress(name)
  if (address && 'problem' in address) return { problem: address.problem, exitCode: exitCodes.usage }
  if (address) return { reach: address, manner }
  const file = adapterFileAt(name)
  if (file !== undefined) return reachOfFile(file, manner)
  const problem = noCommand(name)
  return problem === undefined ? { reach: { command: name }, manner } : { problem, exitCode: exitCodes.adapter }
}

async function reachOfFile(file: string, manner: Manner): Promise<Reached | NoAdapter> {
  const read = readAdapterFile(file)
  if ('problem' in read) return { problem: read.problem, exitCode: exitCodes.usage }
  const problem = await buildAdapter(read)
  if (problem !== undefined) return { problem, exitCode: exitCodes.adapter }
  const { command, folder: directory, environment } = read
  const limits: Draft<Manner> = {}
  setMember(limits, 'answerWithin', read.callTimeout)
  setMember(limits, 'startWithin', read.startTimeout)
  return { reach: { command, directory, environment }, manner: { ...limits, ...manner } }
}

async function started(name: string, { reach, manner }: Reached): Promise<Adapter | NoAdapter> {
  try {
    return await startProcessAdapter(name, reach, { ...manner, harness: harnessIdentity })
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure)) throw thrown
    return { problem: startFailure(name, reach, thrown), exitCode: exitCodes.adapter }
  }
}

/** A word that the shell takes as it stands; only the shell knows what a quoted path or a setting in front comes to. */
const plainWord = /^[\w./:@%+-]*$/

/** Why the name is no command; undefined if it may be one. */
function noCommand(name: string): string | undefined {
  const [program = ''] = name.trim().split(/\s+/)
  if (!plainWord.test(program) || isExecutable(program)) return undefined
  if (isFolder(name)) return withoutFile(name)
  if (isFile(program)) return notExecutable(program)
  return unknown(name)
}

function withoutFile(folder: string): string {
  return [
    `${folder} is a folder without ${adapterFileName}, which says how the adapter in it is built and started.`,
    `Write it there; at the least it says \`command: ./my-adapter\`.`,
    `viaduct init NEW-FOLDER --lang c (or python, typescript) makes an adapter with such a file.`,
  ].join('\n')
}

function notExecutable(program: string): string {
  return [
    `${program} is a file, but no program: it is not executable.`,
    `Try: chmod +x ${program}, or name what runs it, such as 'python3 ${program}'`,
  ].join('\n')
}

function unknown(name: string): string {
  const names = knownAdapters().map((known) => known.name)
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
      return !isFolder(place)
    } catch {
      return false
    }
  })
}

function isFile(path: string): boolean {
  return path.includes('/') && statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
