// One check for each kind of expectation.
import type { Expectation } from '../../plan/expectation.ts'
import type { View } from '../seen/view.ts'
import { checkAcknowledged } from './acknowledged.ts'
import { checkAllowed } from './allowed.ts'
import { checkBackOff } from './back-off.ts'
import { lostToClock, missing, type Checked } from './checked.ts'
import { checkDone, checkOrder, checkPending } from './completion.ts'
import { checkCut } from './cut.ts'
import { checkFirstWindow, checkFrames, checkMessageIds, checkRetransmitted } from './frames.ts'
import { checkGuards, checkMemory, checkReading } from './memory.ts'
import { checkCounted, checkDeadline, checkDescriptor, checkReturned } from './answers.ts'
import { checkAnswered } from '../via/answered.ts'
import { checkError } from '../via/errors.ts'
import { checkNotified } from '../via/notified.ts'

export function check(expectation: Expectation, view: View): Checked {
  switch (expectation.kind) {
    case 'done':
      return checkDone(expectation, view)
    case 'pending':
      return checkPending(expectation, view)
    case 'order':
      return checkOrder(expectation, view)
    case 'returned':
      return checkReturned(expectation, view)
    case 'memory':
      return checkMemory(expectation, view)
    case 'guards':
      return checkGuards(expectation, view)
    case 'deadline':
      return checkDeadline(expectation, view)
    case 'counted':
      return checkCounted(expectation, view)
    case 'descriptor':
      return checkDescriptor(expectation, view)
    case 'octets':
      return checkReading(expectation, view)
    case 'answered':
      return checkAnswered(expectation, view)
    case 'error':
      return checkError(expectation, view)
    case 'notified':
      return checkNotified(expectation, view)
    case 'allowed':
      return checkAllowed(view)
    case 'frames':
    case 'retransmitted':
    case 'cut':
    case 'acknowledged':
    case 'first-window':
    case 'back-off':
    case 'message-ids':
      if (!view.isWireKnown)
        return missing('what went over the wire is not known: frames are hidden, or too many to be kept')
      return checkWire(expectation, view)
  }
}

type Wire = Extract<
  Expectation,
  { kind: 'frames' | 'retransmitted' | 'cut' | 'acknowledged' | 'first-window' | 'back-off' | 'message-ids' }
>

function checkWire(expectation: Wire, view: View): Checked {
  switch (expectation.kind) {
    case 'frames':
      return checkFrames(expectation, view)
    case 'retransmitted':
      return checkRetransmitted(expectation, view)
    case 'cut':
      return checkCut(expectation, view)
    case 'acknowledged':
      return checkAcknowledged(expectation, view)
    case 'first-window':
      return checkFirstWindow(expectation, view)
    case 'back-off':
      return view.isTimeExact ? checkBackOff(expectation, view) : lostToClock('how timeouts grow is not exact')
    case 'message-ids':
      return checkMessageIds(expectation, view)
  }
}
