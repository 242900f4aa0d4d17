// Whether a NIC as small as the PICS says has room for what a case must be able to make.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { CallStep, Outcome, Step } from '../permutation.ts'
import type { Proof } from '../expectation.ts'
import { callsOf } from '../numbering.ts'

/** The part of a case that tells what it makes, and which of its calls have to succeed. */
export interface RoomAsked {
  readonly steps: readonly Step[]
  readonly outcomes: readonly Outcome[]
  readonly proves: readonly Proof[]
}

/** Why there is not enough room; undefined if there may be. */
export function wantOfRoom({ steps, outcomes, proves }: RoomAsked, limits: Configuration): string | undefined {
  if (isForModelAlone(outcomes)) return undefined
  const mayFail = refusable(outcomes, proves)
  const rooms = new Map<number, Room>()
  for (const step of steps.flatMap((each) => callsOf(each))) {
    const room = rooms.get(step.node) ?? new Room(limits)
    rooms.set(step.node, room)
    const want = room.take(step, step.label !== undefined && mayFail.has(step.label))
    if (want !== undefined) return want
  }
  return undefined
}

/** The model knows the limits: to it a refusal for want of room is as right as a success where there is room. */
function isForModelAlone(outcomes: readonly Outcome[]): boolean {
  const expectations = outcomes.flatMap((outcome) => outcome.expectations)
  return expectations.length > 0 && expectations.every(({ kind }) => kind === 'allowed')
}

/** Labels of calls that the case can do with if they are refused. */
function refusable(outcomes: readonly Outcome[], proves: readonly Proof[]): ReadonlySet<string> {
  const labels = new Set<string>()
  for (const expectation of outcomes.flatMap(({ expectations }) => expectations)) {
    if (expectation.kind !== 'answered') continue
    const { codes, label } = expectation
    if (codes === 'open' || codes.some((code) => code !== 'VIP_SUCCESS')) labels.add(label)
  }
  for (const proof of proves) if (proof.kind === 'code' && proof.code !== 'VIP_SUCCESS') labels.add(proof.label)
  return labels
}

/** A thing of which a NIC has so many, and the words for several of them. */
interface Kind {
  readonly key: keyof typeof plurals
  readonly name: string
}

const plurals = {
  'via.max-nics': 'NIC handles',
  'via.max-ptags': 'protection tags',
  'via.max-vis': 'VIs',
  'via.max-cqs': 'completion queues',
  'via.max-regions': 'regions of memory',
  'via.max-descriptors': 'descriptors on one work queue',
  'via.max-cq-entries': 'entries of one completion queue',
  'via.max-region-octets': 'octets in one region',
  'via.max-register-octets': 'octets registered',
  'via.max-discriminator': 'octets of a discriminator',
} as const

/** What one host has made and not given back, at least: what may have been refused does not count. */
class Room {
  private readonly limits: Configuration
  private readonly living = new Map<string, Map<string, number>>()
  private readonly outstanding = new Map<string, number>()

  constructor(limits: Configuration) {
    this.limits = limits
  }

  /** Counts a call; why it cannot succeed, if it has to. */
  take({ body }: CallStep, mayFail: boolean): string | undefined {
    const gone = goneBy(body)
    if (gone) this.living.get(gone.key)?.delete(gone.name)
    this.complete(body)
    if (mayFail) return undefined
    return this.tooLarge(body) ?? this.tooMany(body) ?? this.tooDeep(body)
  }

  private tooMany(body: CallBody): string | undefined {
    const made = madeBy(body)
    if (!made) return undefined
    const names = this.living.get(made.key) ?? new Map<string, number>()
    this.living.set(made.key, names.set(made.name, body.operation === 'VipRegisterMem' ? body.at.bytes : 0))
    const octets = [...names.values()].reduce((sum, each) => sum + each, 0)
    return this.exceeds(made.key, names.size) ?? this.exceeds('via.max-register-octets', octets)
  }

  private tooLarge(body: CallBody): string | undefined {
    switch (body.operation) {
      case 'VipCreateCQ':
        return this.exceeds('via.max-cq-entries', body.entryCount)
      case 'VipRegisterMem':
        return this.exceeds('via.max-region-octets', body.at.bytes)
      case 'VipConnectWait':
        return this.exceeds('via.max-discriminator', (body.local?.discriminator.length ?? 0) / 2)
      case 'VipConnectRequest': {
        const lengths = [body.local, body.remote].map((each) => (each?.discriminator.length ?? 0) / 2)
        return this.exceeds('via.max-discriminator', Math.max(...lengths))
      }
      default:
        return undefined
    }
  }

  private tooDeep(body: CallBody): string | undefined {
    if (body.operation !== 'VipPostSend' && body.operation !== 'VipPostRecv') return undefined
    const queue = `${body.operation === 'VipPostSend' ? 'send' : 'recv'} ${body.vi}`
    const count = (this.outstanding.get(queue) ?? 0) + 1
    this.outstanding.set(queue, count)
    return this.exceeds('via.max-descriptors', count)
  }

  /** Every call that may take a descriptor off counts as one that does. */
  private complete(body: CallBody): void {
    switch (body.operation) {
      case 'VipSendDone':
      case 'VipSendWait':
      case 'VipSendNotify':
        return this.takeOff(`send ${body.vi}`)
      case 'VipRecvDone':
      case 'VipRecvWait':
      case 'VipRecvNotify':
        return this.takeOff(`recv ${body.vi}`)
      case 'VipCreateVi':
        this.outstanding.delete(`send ${body.as}`)
        this.outstanding.delete(`recv ${body.as}`)
        return
      default:
    }
  }

  private takeOff(queue: string): void {
    this.outstanding.set(queue, Math.max(0, (this.outstanding.get(queue) ?? 0) - 1))
  }

  private exceeds(key: Kind['key'], asked: number): string | undefined {
    const limit = this.limits[key]
    if (limit === undefined || asked <= limit) return undefined
    return `${key} is ${limit}, the case needs at least ${asked} ${plurals[key]}`
  }
}

function madeBy(body: CallBody): Kind | undefined {
  switch (body.operation) {
    case 'VipOpenNic':
      return { key: 'via.max-nics', name: body.as }
    case 'VipCreatePtag':
      return { key: 'via.max-ptags', name: body.as }
    case 'VipCreateVi':
      return { key: 'via.max-vis', name: body.as }
    case 'VipCreateCQ':
      return { key: 'via.max-cqs', name: body.as }
    case 'VipRegisterMem':
      return { key: 'via.max-regions', name: body.as }
    default:
      return undefined
  }
}

function goneBy(body: CallBody): Kind | undefined {
  switch (body.operation) {
    case 'VipCloseNic':
      return { key: 'via.max-nics', name: body.nic ?? '' }
    case 'VipDestroyPtag':
      return { key: 'via.max-ptags', name: body.ptag ?? '' }
    case 'VipDestroyVi':
      return { key: 'via.max-vis', name: body.vi ?? '' }
    case 'VipDestroyCQ':
      return { key: 'via.max-cqs', name: body.cq ?? '' }
    case 'VipDeregisterMem':
      return { key: 'via.max-regions', name: String(body.memory) }
    default:
      return undefined
  }
}
