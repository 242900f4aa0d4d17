// The adapter protocol: one JSON object per line, a request to the adapter and its answer, matched by `id`.
import { interfaceNames } from '../../spec/vocabulary/endpoint.ts'
import type { EndpointSetting, HostAddress } from '../../spec/vocabulary/endpoint.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Identity } from '../../harness/subject/adapter.ts'
import type { Pics, PicsValue } from '../../harness/subject/pics.ts'
import {
  WrongShape,
  listOf,
  mapOf,
  member,
  oneOf,
  optional,
  readCount,
  readInteger,
  readMembers,
  readText,
  readTruth,
} from './shape.ts'
import type { Draft, Members } from './shape.ts'

/** The version of the protocol that is spoken here. */
export const protocolVersion = 1

/** `{ "id": n, "op": "...", ... }`. Members that an operation does not know are ignored. */
export interface Request {
  readonly id: number
  readonly op: string
  readonly members: Members
}

/** `{ "id": n, "ok": {...} }`, `{ "id": n, "unsupported": "..." }`, or `{ "id": n, "error": { message, stack? } }`. */
export type Answer =
  | { readonly kind: 'ok'; readonly id: number; readonly ok: Members }
  | { readonly kind: 'unsupported'; readonly id: number; readonly what: string }
  /** `id` is null where the request was no line that has one. */
  | { readonly kind: 'error'; readonly id: number | null; readonly message: string; readonly stack?: string }

/** What the harness says first. */
export interface Hello {
  readonly protocols: readonly number[]
  /** Comes back in the greeting, so that no old or canned answer passes for one. */
  readonly nonce: string
  readonly harness: { readonly name: string; readonly version: string }
}

/** What the adapter answers to it: who it is and what it declares. */
export interface Greeting {
  readonly protocol: number
  readonly nonce: string
  readonly identity: Identity
  readonly pics: Pics
  readonly isReference: boolean
  /** How many worlds can be open in it at once. */
  readonly worlds: number
}

/** The most worlds that a process can have open at once. */
export const worldsMax = 64

export interface Seed {
  readonly node: NodeIndex
  readonly seed: number
}

export function readRequest(value: unknown): Request {
  const members = readMembers(value)
  return { id: member(members, 'id', readCount), op: member(members, 'op', readText), members }
}

export function writeAnswer(answer: Answer): Members {
  if (answer.kind === 'ok') return { id: answer.id, ok: answer.ok }
  if (answer.kind === 'unsupported') return { id: answer.id, unsupported: answer.what }
  const { id, message, stack } = answer
  return { id, error: stack === undefined ? { message } : { message, stack } }
}

/** What an adapter says of its own failure, its message first: a stack of Python ends with it. */
export function failureWords({ message, stack }: { readonly message: string; readonly stack?: string }): string {
  if (stack === undefined) return message
  const [beginning = ''] = stack.split('\n')
  return beginning.includes(message) ? stack : `${message}\n${stack}`
}

export function readAnswer(value: unknown): Answer {
  const members = readMembers(value)
  if (members['id'] === null && members['error'] !== undefined) return readError(null, members)
  const id = member(members, 'id', readCount)
  const ok = optional(members, 'ok', readMembers)
  if (ok) return { kind: 'ok', id, ok }
  const what = optional(members, 'unsupported', readText)
  if (what !== undefined) return { kind: 'unsupported', id, what }
  if (members['error'] === undefined) throw new WrongShape('has neither ok nor unsupported nor error')
  return readError(id, members)
}

function readError(id: number | null, members: Members): Answer {
  return member(members, 'error', (value) => {
    const error = readMembers(value)
    const message = member(error, 'message', readText)
    const stack = optional(error, 'stack', readText)
    return { kind: 'error', id, message, ...(stack === undefined ? {} : { stack }) }
  })
}

export function writeHello(hello: Hello): Members {
  return { ...hello }
}

export function readHello(members: Members): Hello {
  return {
    protocols: member(members, 'protocols', listOf(readCount)),
    nonce: member(members, 'nonce', readText),
    harness: member(members, 'harness', (value) => {
      const harness = readMembers(value)
      return { name: member(harness, 'name', readText), version: member(harness, 'version', readText) }
    }),
  }
}

export function writeGreeting(greeting: Greeting): Members {
  const { protocol, nonce, identity, pics, isReference, worlds } = greeting
  const several = worlds === 1 ? {} : { worlds }
  return { protocol, nonce, ...identity, ...pics, ...several, ...(isReference ? { reference: true } : {}) }
}

export function readGreeting(members: Members): Greeting {
  const pics: Draft<Pics> = {
    interfaces: member(members, 'interfaces', listOf(readText)),
    clock: member(members, 'clock', oneOf(['virtual', 'real'])),
    wire: member(members, 'wire', oneOf(['frames', 'none'])),
    options: member(members, 'options', mapOf(readTruth)),
    values: member(members, 'values', mapOf(readValue)),
  }
  const profile = optional(members, 'profile', readText)
  if (profile !== undefined) pics.profile = profile
  return {
    protocol: member(members, 'protocol', readCount),
    nonce: member(members, 'nonce', readText),
    identity: {
      name: member(members, 'name', readText),
      version: member(members, 'version', readText),
      vendor: member(members, 'vendor', readText),
    },
    pics,
    isReference: optional(members, 'reference', readTruth) ?? false,
    worlds: optional(members, 'worlds', pics.clock === 'virtual' ? readWorlds : readOneWorld) ?? 1,
  }
}

function readWorlds(value: unknown): number {
  const worlds = readCount(value)
  if (worlds < 1 || worlds > worldsMax) throw new WrongShape(`is not from 1 to ${worldsMax}`)
  return worlds
}

function readOneWorld(value: unknown): number {
  if (readCount(value) !== 1) throw new WrongShape('is not 1, and by the real clock there is one world at a time')
  return 1
}

/** The world that a request is about: the first unless it says so. */
export function readWorld(members: Members): number {
  return optional(members, 'world', readCount) ?? 0
}

function readValue(value: unknown): PicsValue {
  const members = readMembers(value)
  const settable = optional(members, 'settable', (range) => {
    const ends = readMembers(range)
    return { least: member(ends, 'least', readInteger), most: member(ends, 'most', readInteger) }
  })
  const declared = member(members, 'value', readInteger)
  if (!settable) return { value: declared }
  if (settable.least > settable.most) throw new WrongShape('has a least above its most', 'settable')
  return { value: declared, settable }
}

/**
 * All endpoints that this process hosts in a fresh world, which replaces the one before. There is at least one, and all
 * have the interface and the hosts of the first.
 */
export function writeOpen(settings: readonly EndpointSetting[]): Members {
  const [first] = settings
  if (!first) throw new RangeError('a world without endpoints')
  return {
    interface: first.interface,
    hosts: first.hosts,
    endpoints: settings.map(({ node, configuration, stepped, seed }) => ({ node, configuration, stepped, seed })),
  }
}

export function readOpen(members: Members): EndpointSetting[] {
  const called = member(members, 'interface', oneOf(interfaceNames))
  const hosts = member(members, 'hosts', listOf(readHost))
  const readSetting = (value: unknown): EndpointSetting => {
    const endpoint = readMembers(value)
    return {
      interface: called,
      node: member(endpoint, 'node', readCount),
      hosts,
      configuration: member(endpoint, 'configuration', mapOf(readInteger)),
      stepped: member(endpoint, 'stepped', readTruth),
      seed: member(endpoint, 'seed', readInteger),
    }
  }
  return member(members, 'endpoints', listOf(readSetting))
}

function readHost(value: unknown): HostAddress {
  const members = readMembers(value)
  return {
    node: member(members, 'node', readCount),
    name: member(members, 'name', readText),
    mac: member(members, 'mac', readText),
  }
}

export function writeSeeds(seeds: readonly Seed[]): Members {
  return { seeds }
}

export function readSeeds(members: Members): Seed[] {
  return member(
    members,
    'seeds',
    listOf((value) => {
      const entry = readMembers(value)
      return { node: member(entry, 'node', readCount), seed: member(entry, 'seed', readInteger) }
    }),
  )
}
