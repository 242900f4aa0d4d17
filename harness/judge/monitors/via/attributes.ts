// Invariants of attributes: those of a NIC never change, those of a VI are what was asked for, and its peer learns them.
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import type {
  ViaMemoryAttributes,
  ViaNetAddress,
  ViaNicAttributes,
  ViaRemoteAttributes,
  ViaViAttributes,
} from '../../../../spec/vocabulary/via-attributes.ts'
import { viaLeast, viaReliabilityLevels } from '../../../../spec/vocabulary/via-constants.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { handleOf, livesOf, viOf, type HandleLife, type ViLife } from '../../via/lives.ts'
import { sessionsOf, succeeded } from '../../via/sessions.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Breach, Monitor } from '../monitor.ts'

export const nicStays: Monitor = {
  name: 'nic-stays',
  words: 'the attributes of a NIC never change, and offer what every NIC has to',
  requirements: ['VIA-NIC-007', 'VIA-NIC-008', 'VIA-NIC-009', 'VIA-NIC-010'],
  needsWire: false,
  watch(view, watching) {
    const first = new Map<number, ViaNicAttributes>()
    for (const call of view.history.calls) {
      const attributes = call.answer?.content.vip?.nicAttributes
      if (!attributes) continue
      const known = first.get(call.node)
      for (const requirement of known ? unchanging : offered) watching.watched(call.node, requirement)
      if (!known) first.set(call.node, attributes)
      const breach = known ? changed(view, call, known, attributes) : tooLittle(view, call, attributes)
      if (breach) watching.broken(breach)
    }
  },
}

/** What attributes show that were told before, and what those show that are told first. */
const unchanging = ['VIA-NIC-007'] as const
const offered = ['VIA-NIC-008', 'VIA-NIC-009', 'VIA-NIC-010'] as const

/** A host has one NIC, by however many handles. */
function changed(view: View, call: CallSeen, known: ViaNicAttributes, now: ViaNicAttributes): Breach | undefined {
  const name = differing(known, now)
  if (name === undefined) return undefined
  const seen = `VipQueryNic of ${hostName(view, call.node)} told another ${name} at ${timeWords(call.time)} than before`
  return { node: call.node, seen, at: call.time, requirements: ['VIA-NIC-007'] }
}

/** The name of the first attribute that differs. */
function differing<Attributes extends object>(one: Attributes, other: Attributes): string | undefined {
  const others = new Map<string, unknown>(Object.entries(other))
  for (const [name, value] of Object.entries(one)) if (others.has(name) && others.get(name) !== value) return name
  return undefined
}

function tooLittle(view: View, call: CallSeen, attributes: ViaNicAttributes): Breach | undefined {
  const { maxTransferSize, maxSegmentsPerDesc, reliabilityLevelSupport } = attributes
  const wrong =
    maxTransferSize < viaLeast.transferSize
      ? 'VIA-NIC-008'
      : maxSegmentsPerDesc < viaLeast.segments
        ? 'VIA-NIC-009'
        : (reliabilityLevelSupport & viaReliabilityLevels.unreliable) === 0
          ? 'VIA-NIC-010'
          : undefined
  if (wrong === undefined) return undefined
  const seen = `${hostName(view, call.node)}'s NIC has MaxTransferSize ${maxTransferSize}, MaxSegmentsPerDesc ${maxSegmentsPerDesc} and reliability levels ${reliabilityLevelSupport}`
  return { node: call.node, seen, at: call.time, requirements: [wrong] }
}

export const asGranted: Monitor = {
  name: 'as-granted',
  words: 'a VI has the attributes that were asked for, or that were set last',
  requirements: ['VIA-VI-002', 'VIA-VI-014', 'VIA-VI-015', 'VIA-VI-016'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const query of life.queries) {
        const told = query.answer?.content.vip?.viAttributes
        const given = told && givenBefore(life, query)
        if (!told || !given?.attributes) continue
        const requirement = requirementOf(life, given, query)
        watching.watched(life.node, requirement)
        const name = differing<ViaViAttributes>(given.attributes, told)
        if (name === undefined) continue
        const seen = `VipQueryVi of ${hostName(view, life.node)}'s ${life.name} told another ${name} at ${timeWords(query.time)} than ${given.wasSet ? 'was set last' : 'was asked for'}`
        watching.broken({ node: life.node, seen, at: query.time, requirements: [requirement] })
        break
      }
    }
  },
}

interface Given {
  readonly attributes: ViaViAttributes | null
  readonly wasSet: boolean
}

/** What a VI was given last when it is asked; undefined where a call that gives it something else meets others. */
function givenBefore({ body, settings }: ViLife, query: CallSeen): Given | undefined {
  let given: Given = { attributes: body.attributes, wasSet: false }
  let end = -1
  for (const setting of settings) {
    if (setting.record > returned(query)) break
    const isOver = returned(setting) < query.record && setting.record > end
    end = returned(setting)
    if (setting.answer && !succeeded(setting)) continue
    if (!isOver || setting.call.body.operation !== 'VipSetViAttributes') return undefined
    given = { attributes: setting.call.body.attributes, wasSet: true }
  }
  return given
}

/** Attributes that are there against what was answered come of a call that was refused, or of none. */
function requirementOf({ settings }: ViLife, { wasSet }: Given, query: CallSeen): string {
  const codes = settings
    .filter((setting) => setting.record < query.record)
    .map(({ answer }) => answer?.content.vip?.code)
  if (codes.at(-1) === 'VIP_INVALID_STATE') return 'VIA-VI-015'
  if (codes.length > 0 && codes.at(-1) !== 'VIP_SUCCESS') return 'VIA-VI-016'
  return wasSet ? 'VIA-VI-014' : 'VIA-VI-002'
}

/** Regions have the attributes that they were registered with, or that were set last. */
export const regionsAsGiven: Monitor = {
  name: 'regions-as-given',
  words: 'memory has the attributes that it was registered with, or that were set last',
  requirements: ['VIA-MEM-011', 'VIA-MEM-012'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).handles) {
      if (life.kind !== 'memory') continue
      const calls = view.history.calls.filter(
        ({ node, call: { body } }) => node === life.node && isAbout(body, life.name),
      )
      for (const query of calls) {
        const told = query.answer?.content.vip?.memoryAttributes
        const given = told && lastOf(life, calls, query)
        if (!told || !given?.attributes) continue
        const requirement = calls[0] === query ? 'VIA-MEM-011' : 'VIA-MEM-012'
        watching.watched(life.node, requirement)
        const name = differing<ViaMemoryAttributes>(given.attributes, told)
        if (name === undefined) continue
        const seen = `VipQueryMem of ${hostName(view, life.node)}'s ${life.name} told another ${name} at ${timeWords(query.time)} than ${given.wasSet ? 'was set last' : 'it was registered with'}`
        watching.broken({ node: life.node, seen, at: query.time, requirements: [requirement] })
        break
      }
    }
  },
}

function isAbout(body: CallBody, memory: string): boolean {
  return (body.operation === 'VipQueryMem' || body.operation === 'VipSetMemAttributes') && body.memory === memory
}

interface RegionGiven {
  readonly attributes: ViaMemoryAttributes | null
  readonly wasSet: boolean
}

/** What a region was given last when it is asked; undefined where that is not clear. */
function lastOf({ made, ended }: HandleLife, calls: readonly CallSeen[], query: CallSeen): RegionGiven | undefined {
  const [first] = made
  const registered = first?.call.body
  if (!first || made.length !== 1 || ended.length > 0 || registered?.operation !== 'VipRegisterMem') return undefined
  if (returned(first) > query.record) return undefined
  let given: RegionGiven = { attributes: registered.attributes, wasSet: false }
  let end = -1
  for (const setting of calls) {
    const { body } = setting.call
    if (body.operation !== 'VipSetMemAttributes' || setting.record > returned(query)) continue
    const isOver = returned(setting) < query.record && setting.record > end
    end = returned(setting)
    if (setting.answer && !succeeded(setting)) continue
    if (!isOver) return undefined
    given = { attributes: body.attributes, wasSet: true }
  }
  return given
}

export const alikeOnly: Monitor = {
  name: 'alike-only',
  words: 'only VIs of the same reliability level and MaxTransferSize are connected',
  requirements: ['VIA-CON-015', 'VIA-CON-016'],
  needsWire: false,
  watch(view, watching) {
    for (const { client, server } of sessionsOf(view)) {
      const [one, other] = [viOf(view, client.node, client.vi), viOf(view, server.node, server.vi)]
      if (!one || one.isChanged) continue
      const difference = other && differenceOf(other, one.body.attributes)
      if (!difference) continue
      watching.watched(server.node, difference.requirement)
      const seen = `${hostName(view, server.node)}'s ${server.vi} was connected with ${hostName(view, client.node)}'s ${client.vi}, which has another ${difference.name}`
      watching.broken({ node: server.node, seen, requirements: [difference.requirement] })
    }
    for (const accept of view.history.calls) {
      const difference = succeeded(accept) ? undefined : refusedFor(view, accept)
      if (difference) watching.watched(accept.node, difference.requirement)
    }
  },
}

interface Difference {
  readonly name: string
  readonly requirement: string
}

/** In what a VI differs from the attributes of another so that the two must not be connected. */
function differenceOf({ isChanged, body }: ViLife, other: ViaRemoteAttributes | null): Difference | undefined {
  const own = body.attributes
  if (isChanged || !own || !other) return undefined
  if (own.reliabilityLevel !== other.reliabilityLevel) return { name: 'reliability level', requirement: 'VIA-CON-015' }
  if (own.maxTransferSize === other.maxTransferSize) return undefined
  return { name: 'MaxTransferSize', requirement: 'VIA-CON-016' }
}

/** In what the VI of an accept that was answered differs from the one that asked for it. */
function refusedFor(view: View, { node, call: { body }, answer, record }: CallSeen): Difference | undefined {
  if (body.operation !== 'VipConnectAccept' || !answer || body.vi === null || body.connection === null) return undefined
  const asked = handleOf(view, 'connection', node, body.connection)?.made ?? []
  const [wait] = asked
  if (!wait || asked.length > 1 || returned(wait) > record) return undefined
  const life = viOf(view, node, body.vi)
  return life && differenceOf(life, wait.answer?.content.vip?.remoteAttributes ?? null)
}

export const peersTold: Monitor = {
  name: 'peers-told',
  words: "either end of a connection learns the attributes of the other's VI, and the server the client's address",
  requirements: ['VIA-CON-002', 'VIA-CON-003'],
  needsWire: false,
  watch(view, watching) {
    for (const { client, server, isOnly } of sessionsOf(view)) {
      const [one, other] = [viOf(view, client.node, client.vi), viOf(view, server.node, server.vi)]
      if (!isOnly || !one || !other || one.isChanged || other.isChanged) continue
      const request = one.connects.find(({ call }) => call.body.operation === 'VipConnectRequest')
      const told = request?.answer?.content.vip?.remoteAttributes
      if (!told || !other.body.attributes) continue
      watching.watched(client.node, 'VIA-CON-003')
      const name = differing<object>(withoutTag(other.body.attributes), told)
      if (name === undefined) continue
      const seen = `${hostName(view, client.node)}'s VipConnectRequest told another ${name} than ${hostName(view, server.node)}'s ${server.vi} has`
      watching.broken({ node: client.node, seen, requirements: ['VIA-CON-003'] })
    }
    watchWaits(
      view,
      (breach) => watching.broken(breach),
      (node) => watching.watched(node, 'VIA-CON-002'),
    )
  },
}

function withoutTag({ ptag: _tag, ...rest }: ViaViAttributes): object {
  return rest
}

/** A wait that hands out a request hands out an address that some request to it has given as its own. */
function watchWaits(view: View, broken: (breach: Breach) => void, watched: (node: number) => void): void {
  for (const wait of view.history.calls) {
    const { body } = wait.call
    const address = wait.answer?.content.vip?.remoteAddress
    if (body.operation !== 'VipConnectWait' || !body.local || !address || !wait.answer) continue
    watched(wait.node)
    const end = wait.answer.record
    if (view.history.calls.some((call) => isRequestOf(call, wait.node, address, end))) continue
    const seen = `${hostName(view, wait.node)}'s VipConnectWait handed out a request of ${address.host} with discriminator ${address.discriminator || 'of no octets'} at ${timeWords(wait.answer.time)}, which none had given`
    broken({ node: wait.node, seen, at: wait.answer.time, requirements: ['VIA-CON-002'] })
  }
}

function isRequestOf(
  { call: { body }, record, node }: CallSeen,
  to: number,
  address: ViaNetAddress,
  end: number,
): boolean {
  if (body.operation !== 'VipConnectRequest' || record > end || body.remote?.host !== to) return false
  const isHost = address.host === node || address.host === body.local?.host
  return isHost && address.discriminator === body.local?.discriminator
}
