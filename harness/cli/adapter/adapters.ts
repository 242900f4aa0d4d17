// From what --adapter names to an adapter: one that has a name here, or a command, file or address that leads to another.
import { startProcessAdapter, type ProcessOptions, type Reach } from '../../../adapters/process/adapter.ts'
import { readSocketAddress } from '../../../adapters/process/attached.ts'
import type { Draft } from '../../../adapters/process/shape.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { setMember } from '../../plan/set-member.ts'
import { AdapterFailure, type Adapter } from '../../subject/adapter.ts'
import { harnessIdentity } from '../files/package.ts'
import { adapterFileAt, readAdapterFile } from './adapter-file.ts'
import { buildAdapter } from './build-adapter.ts'
import { localAdapterNamed } from './named-adapters.ts'
import { noCommand } from './no-command.ts'
import { startFailure } from './start-failure.ts'
import type { Transcript } from './transcript.ts'

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
