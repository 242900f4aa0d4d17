// Invariants of the name service: names and addresses that belong together, and nothing found unless it is started.
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import type { ViaHandle } from '../../../../spec/vocabulary/via-attributes.ts'
import type { ViaReturn } from '../../../../spec/vocabulary/via-returns.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { succeeded } from '../../via/sessions.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const hostsAsNamed: Monitor = {
  name: 'hosts-as-named',
  words: 'a name leads to the address of its host, an address to the name of its host, and what nobody has to nothing',
  requirements: ['VIA-NS-002', 'VIA-NS-003', 'VIA-NS-004', 'VIA-NS-006', 'VIA-NS-007'],
  needsWire: false,
  watch(view, watching) {
    const names = view.permutation.hosts.map(({ name }) => name)
    for (const call of view.history.calls) {
      const { body } = call.call
      const vip = call.answer?.content.vip
      if (!vip || !isLookup(body)) continue
      const isFound = vip.code === 'VIP_SUCCESS'
      const asked = requirementOf(body, names)
      if (isFound || asked.isNothing) watching.watched(call.node, asked.requirement)
      if (!isFound) continue
      const wrong = body.operation === 'VipNSGetHostByName' ? wrongHost(body, vip, names) : wrongName(body, vip, names)
      if (!wrong) continue
      const seen = `${hostName(view, call.node)}'s ${body.operation} ${wrong.words} at ${timeWords(call.time)}`
      watching.broken({ node: call.node, seen, at: call.time, requirements: [wrong.requirement] })
    }
  },
}

type Lookup = Extract<CallBody, { operation: 'VipNSGetHostByName' | 'VipNSGetHostByAddr' }>
type By<Operation extends Lookup['operation']> = Extract<Lookup, { operation: Operation }>

function isLookup(body: CallBody): body is Lookup {
  return body.operation === 'VipNSGetHostByName' || body.operation === 'VipNSGetHostByAddr'
}

/** By which requirement a lookup finds what it does; `isNothing`: it is to find nothing. */
function requirementOf(
  body: Lookup,
  names: readonly string[],
): { readonly requirement: string; readonly isNothing: boolean } {
  const isByName = body.operation === 'VipNSGetHostByName'
  const asked = isByName ? body.name : body.address
  if (asked === null) return { requirement: 'VIA-NS-007', isNothing: true }
  if (!isByName) return { requirement: 'VIA-NS-004', isNothing: false }
  const isNothing = body.name !== null && !names.includes(body.name)
  return { requirement: isNothing ? 'VIA-NS-003' : 'VIA-NS-002', isNothing }
}

interface Wrong {
  readonly words: string
  readonly requirement: string
}

function wrongHost(
  { name, nameIndex }: By<'VipNSGetHostByName'>,
  { address }: ViaReturn,
  names: readonly string[],
): Wrong | undefined {
  if (name === null) return { words: 'found NULL', requirement: 'VIA-NS-007' }
  const node = names.indexOf(name)
  if (node < 0) return { words: `found ${name || 'an empty name'}, which no host has`, requirement: 'VIA-NS-003' }
  // A second address of a host would be one that nobody knows.
  if (nameIndex > 0 || (address?.host === node && address.discriminator === '')) return undefined
  return { words: `found ${name} at an address that is not that of the host`, requirement: 'VIA-NS-002' }
}

function wrongName(
  { address }: By<'VipNSGetHostByAddr'>,
  { name }: ViaReturn,
  names: readonly string[],
): Wrong | undefined {
  if (address === null) return { words: 'named NULL', requirement: 'VIA-NS-007' }
  const right = typeof address.host === 'number' ? names[address.host] : undefined
  if (right === undefined || name === right) return undefined
  const isPart = name !== undefined && right.startsWith(name)
  return { words: `named ${right} ${name || 'nothing'}`, requirement: isPart ? 'VIA-NS-006' : 'VIA-NS-004' }
}

export const foundWhenStarted: Monitor = {
  name: 'found-when-started',
  words: 'no name and no address is found unless the name service is started',
  requirements: ['VIA-NS-001'],
  needsWire: false,
  watch(view, watching) {
    for (const call of view.history.calls) {
      const { body } = call.call
      if (!isLookup(body) || !call.answer) continue
      watching.watched(call.node)
      if (!succeeded(call) || mayBeStarted(view, call, body.nic)) continue
      const seen = `${hostName(view, call.node)}'s ${body.operation} succeeded at ${timeWords(call.time)}, when the name service was not started`
      watching.broken({ node: call.node, seen, at: call.time })
    }
  },
}

/** Whether a start may have come after the last end, or there were more of them than ends (Q43). */
function mayBeStarted({ history }: View, lookup: CallSeen, nic: ViaHandle): boolean {
  const ofNic = history.calls.filter(
    ({ node, call: { body } }) => node === lookup.node && 'nic' in body && body.nic === nic,
  )
  const starts = ofNic.filter(
    (call) =>
      call.call.body.operation === 'VipNSInit' && call.record < returned(lookup) && (!call.answer || succeeded(call)),
  )
  const ends = ofNic.filter(
    (call) => call.call.body.operation === 'VipNSShutdown' && succeeded(call) && returned(call) < lookup.record,
  )
  const last = ends.at(-1)
  return starts.length > ends.length || starts.some((start) => returned(start) > (last?.record ?? Infinity))
}
