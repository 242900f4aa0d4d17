// Turns and their answers as members of a line; frames travel as base64.
import type { LiveOutput, Turn, TurnAnswer, TurnInput, TurnOutput } from '../../harness/subject/turn.ts'
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import { readCall, readEvent, readReturn, writeCall, writeEvent, writeReturn } from './call-members.ts'
import { WrongShape, listOf, member, nullOr, oneOf, optional, readCount, readMembers, readText } from './shape.ts'
import type { Draft, Members } from './shape.ts'

/** A turn as it arrives: among its inputs may be calls of operations that are not known here. */
export interface ReceivedTurn extends Omit<Turn, 'inputs'> {
  readonly inputs: readonly (TurnInput | { readonly kind: 'unknown-call'; readonly id: number })[]
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/

export function writeTurn(turn: Turn): Members {
  return { now: turn.now, endpoint: turn.endpoint, inputs: turn.inputs.map(writeInput) }
}

export function readTurn(members: Members): ReceivedTurn {
  return {
    now: member(members, 'now', readCount),
    endpoint: member(members, 'endpoint', readCount),
    inputs: member(members, 'inputs', readInputs),
  }
}

export function readTurnAnswer(members: Members): TurnAnswer {
  const answer: Draft<TurnAnswer> = {
    outputs: member(members, 'outputs', readOutputs),
    wakeAt: member(members, 'wakeAt', readDeadline),
  }
  const runnable = optional(members, 'runnable', readActivities)
  if (runnable) answer.runnable = runnable
  return answer
}

/** The members of `input`: one input at an endpoint with a clock of its own. */
export function writeLiveInput(endpoint: NodeIndex, input: TurnInput): Members {
  const race = input.kind === 'call' && input.race ? { race: input.race } : {}
  return { endpoint, input: writeInput(input), ...race }
}

export function readLiveInput(members: Members): {
  readonly endpoint: NodeIndex
  readonly input: ReceivedTurn['inputs'][number]
} {
  return { endpoint: member(members, 'endpoint', readCount), input: member(members, 'input', readInput) }
}

/** The answer to `input`: when it was taken, by the adapter's clock. */
export function readTaken(members: Members): Instant {
  return member(members, 'at', readCount)
}

/** A line that nobody asked for: what an endpoint did. Undefined if it is no such line. */
export function readLiveOutput(value: unknown): LiveOutput | undefined {
  const members = readMembers(value)
  if (members['id'] !== undefined || members['output'] === undefined) return undefined
  return {
    endpoint: member(members, 'endpoint', readCount),
    at: member(members, 'at', readCount),
    output: member(members, 'output', readOutput),
  }
}

export function writeLiveOutput({ endpoint, at, output }: LiveOutput): Members {
  return { endpoint, at, output: writeOutput(output) }
}

function writeOutput(output: TurnOutput): Members {
  switch (output.kind) {
    case 'frame':
      return { kind: 'frame', octets: writeOctets(output.octets) }
    case 'return':
      return writeReturn(output.answer)
    case 'event':
      return writeEvent(output.event)
  }
}

/** Octets 0 up to `length` as base64. */
export function writeOctets(octets: Uint8Array, length: number = octets.length): string {
  return Buffer.from(octets.buffer, octets.byteOffset, length).toString('base64')
}

const readInputKind = oneOf(['call', 'frame', 'wake', 'run'])
const readOutputKind = oneOf(['return', 'frame', 'event'])
const readInputs = listOf(readInput)
const readOutputs = listOf(readOutput)
const readActivities = listOf(readCount)
const readDeadline = nullOr(readCount)

function writeInput(input: TurnInput): Members {
  if (input.kind === 'call') return writeCall(input.call)
  if (input.kind === 'frame') return { kind: 'frame', octets: writeOctets(input.octets) }
  return { ...input }
}

function readInput(value: unknown): ReceivedTurn['inputs'][number] {
  const members = readMembers(value)
  const kind = member(members, 'kind', readInputKind)
  if (kind === 'frame') return { kind, octets: member(members, 'octets', readOctets) }
  if (kind === 'wake') return { kind }
  if (kind === 'run') return { kind, activity: member(members, 'activity', readCount) }
  const call = readCall(members)
  return 'unknown' in call ? { kind: 'unknown-call', id: call.unknown } : { kind, call }
}

function readOutput(value: unknown): TurnOutput {
  const members = readMembers(value)
  const kind = member(members, 'kind', readOutputKind)
  if (kind === 'frame') return { kind, octets: member(members, 'octets', readOctets) }
  return kind === 'return' ? { kind, answer: readReturn(members) } : { kind, event: readEvent(members) }
}

/** A plain array, never a Buffer: a Buffer's `slice` shares where an array's copies. */
function readOctets(value: unknown): Uint8Array {
  const text = readText(value)
  if (text.length % 4 !== 0 || !base64.test(text)) throw new WrongShape('is no base64 text')
  const octets = Buffer.from(text, 'base64')
  return new Uint8Array(octets.buffer, octets.byteOffset, octets.length)
}
