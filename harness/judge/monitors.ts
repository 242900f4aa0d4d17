// All monitors: the invariants that every run of an interface is held against.
import { answeredOnce } from './monitors/answered-once.ts'
import { acknowledgedLast, acknowledgedWhole } from './monitors/emp/acknowledgements.ts'
import { cutting, frameHeader, messageHeader } from './monitors/emp/frames.ts'
import { atMostOnce, nonOvertaking, receivedWhole } from './monitors/emp/receives.ts'
import { completedOnce, steadyTests } from './monitors/emp/requests.ts'
import { messageIds, sendDone, waits } from './monitors/emp/sends.ts'
import { nothingArmed, notTooEarly, window } from './monitors/emp/timers.ts'
import { guardZones } from './monitors/guard-zones.ts'
import type { Monitor } from './monitors/monitor.ts'
import { noErrorWithoutCause, quietAfterDisconnect, rightHandler } from './monitors/via/handlers.ts'
import { onlyPostedMemory } from './monitors/via/memory.ts'
import { messagesAsSent, noSilentLoss, receivedIfSaidSo } from './monitors/via/messages.ts'
import { comesBackOnce, hostOwned, inPostedOrder, statusTells } from './monitors/via/queues.ts'
import { stateFollows } from './monitors/via/states.ts'
import { waitsLongEnough } from './monitors/via/times.ts'

const empMonitors: readonly Monitor[] = [
  frameHeader,
  cutting,
  messageHeader,
  messageIds,
  acknowledgedWhole,
  acknowledgedLast,
  sendDone,
  receivedWhole,
  atMostOnce,
  nonOvertaking,
  answeredOnce,
  completedOnce,
  steadyTests,
  waits,
  notTooEarly,
  window,
  nothingArmed,
  guardZones('EMP-MATCH-013'),
]

const viaMonitors: readonly Monitor[] = [
  answeredOnce,
  inPostedOrder,
  comesBackOnce,
  statusTells,
  hostOwned,
  messagesAsSent,
  receivedIfSaidSo,
  noSilentLoss,
  onlyPostedMemory,
  guardZones('VIA-RECV-006'),
  waitsLongEnough,
  stateFollows,
  rightHandler,
  noErrorWithoutCause,
  quietAfterDisconnect,
]

/** What a run of that interface is held against. */
export function monitorsOf(of: string): readonly Monitor[] {
  return of === 'via' ? viaMonitors : empMonitors
}
