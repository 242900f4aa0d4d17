// A program calls VIPL: what is remembered of the call until it is answered, and what it may set in motion already.
import type { ViplCall, ViplOperation } from '../../vocabulary/via-calls.ts'
import { accept, disconnect, reject, type OpenAccept, type OpenDisconnect } from './accepting.ts'
import { arm, type OpenArming } from './arming.ts'
import { askEntry, type OpenEntry } from './completion-queues.ts'
import { found, type Host } from './host.ts'
import { setHandler } from './nics.ts'
import { askOutcome, askPeer, type OpenPairing, type OpenPeerRequest } from './peering.ts'
import { post, type OpenPosting } from './postings.ts'
import { request, type OpenRequest } from './requesting.ts'
import { askDescriptor, type OpenTaking } from './taking.ts'
import { states } from './vi.ts'
import { wait, type Waiting } from './waiting.ts'
import type { World } from './world.ts'

/** A call of VIPL that has not been answered, by what has to be known for that. */
export type Asked =
  /** `wasIdle`: whether the VI that it names could be idle when it was made. */
  | { readonly kind: 'plain'; readonly call: ViplCall; readonly wasIdle: boolean }
  | { readonly kind: 'posting'; readonly posting: OpenPosting }
  | { readonly kind: 'taking'; readonly taking: OpenTaking }
  | { readonly kind: 'entry'; readonly entry: OpenEntry }
  | {
      readonly kind: 'wait'
      readonly call: Extract<ViplCall, { operation: 'VipConnectWait' }>
      readonly waiting: Waiting
    }
  | { readonly kind: 'request'; readonly request: OpenRequest }
  | { readonly kind: 'accept'; readonly accept: OpenAccept }
  | { readonly kind: 'disconnect'; readonly disconnect: OpenDisconnect }
  | { readonly kind: 'arming'; readonly arming: OpenArming }
  | { readonly kind: 'peer'; readonly peer: OpenPeerRequest }
  | { readonly kind: 'pairing'; readonly pairing: OpenPairing }

const blocking: ReadonlySet<ViplOperation> = new Set([
  'VipConnectWait',
  'VipConnectAccept',
  'VipConnectRequest',
  'VipConnectPeerWait',
  'VipSendWait',
  'VipRecvWait',
  'VipCQWait',
])

/** Whether a call may stay open while time goes on. */
export function isBlocking(operation: ViplOperation): boolean {
  return blocking.has(operation)
}

/** A host calls. */
export function ask(world: World, host: Host, call: ViplCall): Asked {
  switch (call.operation) {
    case 'VipPostSend':
    case 'VipPostRecv':
      return { kind: 'posting', posting: post(world, host, call) }
    case 'VipSendDone':
    case 'VipRecvDone':
    case 'VipSendWait':
    case 'VipRecvWait':
      return { kind: 'taking', taking: askDescriptor(host, call) }
    case 'VipCQDone':
    case 'VipCQWait':
      return { kind: 'entry', entry: askEntry(host, call) }
    case 'VipConnectWait':
      return { kind: 'wait', call, waiting: wait(world, host, call) }
    case 'VipConnectRequest':
      return { kind: 'request', request: request(world, host, call) }
    case 'VipConnectAccept':
      return { kind: 'accept', accept: accept(world, host, call) }
    case 'VipDisconnect':
      return { kind: 'disconnect', disconnect: disconnect(world, host, call) }
    case 'VipConnectPeerRequest':
      return { kind: 'peer', peer: askPeer(world, host, call) }
    case 'VipConnectPeerDone':
    case 'VipConnectPeerWait':
      return { kind: 'pairing', pairing: askOutcome(host, call) }
    case 'VipSendNotify':
    case 'VipRecvNotify':
    case 'VipCQNotify':
      return { kind: 'arming', arming: arm(host, call) }
    default:
      prepare(world, host, call)
      return { kind: 'plain', call, wasIdle: wasIdle(host, call) }
  }
}

function wasIdle(host: Host, call: ViplCall): boolean {
  return call.operation === 'VipSetViAttributes' && found(host.vis, call.vi)?.may(states.idle) === true
}

/** What calls change from the moment on at which they are made. */
function prepare(world: World, host: Host, call: ViplCall): void {
  switch (call.operation) {
    case 'VipConnectReject':
      return reject(world, host, call)
    case 'VipErrorCallback':
      return setHandler(host, call)
    case 'VipSetViAttributes':
    case 'VipSetMemAttributes':
      host.setting++
      if (host.setting > 1) host.settingsMet = true
      return
    default:
  }
}
