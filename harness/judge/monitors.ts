// All monitors: the invariants that every run is held against.
import { acknowledgedLast, acknowledgedWhole } from './monitors/acknowledgements.ts'
import { cutting, frameHeader, messageHeader } from './monitors/frames.ts'
import type { Monitor } from './monitors/monitor.ts'
import { atMostOnce, nonOvertaking, receivedWhole } from './monitors/receives.ts'
import { answeredOnce, completedOnce, guardZones, steadyTests } from './monitors/requests.ts'
import { messageIds, sendDone, waits } from './monitors/sends.ts'
import { nothingArmed, notTooEarly, window } from './monitors/timers.ts'

export const monitors: readonly Monitor[] = [
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
  guardZones,
]
