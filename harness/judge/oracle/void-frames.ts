// Forged frames that every NIC must drop unseen, so that the model goes on as if they had not been.
import type { Trace } from '../../result/trace.ts'
import { framesOf, type Cutting } from '../emp/cutting.ts'
import { dissect, type Dissection } from '../frames/dissect.ts'
import type { WireLayout } from '../../plan/layout.ts'

/** What is needed to tell. */
export interface VoidReading {
  readonly layout: WireLayout
  /** The MAC address of every host, by node. */
  readonly macs: readonly string[]
  readonly cutting: Cutting
}

/**
 * By which requirements the forged frame of a record can have no effect (R3, R12): it is malformed, comes from another MAC than
 * that of its sender or goes to nobody's, says totals that cannot be, or acknowledges what was never sent. Where the wire is
 * the provider's own, nothing can be forged but frames of other protocols. Undefined: it may have one.
 */
export function voidBy(
  trace: Trace,
  record: number,
  { layout, macs, cutting }: VoidReading,
): readonly string[] | undefined {
  if (layout.headers.length === 0) return foreignFrames
  const frame = dissect(layout, trace.octetsOf(record))
  const { fields, type, malformed, source, destination } = frame
  const sender = fields['sender']
  const receiver = macs.indexOf(destination)
  if (malformed !== undefined || sender === undefined) return malformedFrames
  if (receiver < 0 || macs[sender] !== source) return strangers
  if (type === 'acknowledgement')
    return wasSent(trace, record, { layout, frame, by: receiver, to: source }) ? undefined : strayAcknowledgements
  const { frames, total } = fields
  if (frames === undefined || total === undefined || frames === framesOf(cutting, total)) return undefined
  return malformedFrames
}

const foreignFrames = ['VIA-NIC-014']
const malformedFrames = ['EMP-FRAME-006']
const strangers = ['EMP-FRAME-008']
const strayAcknowledgements = ['EMP-REL-017']

/** By which requirements all forged frames of a run must be dropped; empty if there are none, or one may have an effect. */
export function allVoidBy(trace: Trace, reading: VoidReading): readonly string[] {
  const requirements = new Set<string>()
  for (let record = 0; record < trace.length; record++) {
    if (trace.kind(record) !== 'crafted') continue
    const by = voidBy(trace, record, reading)
    if (!by) return []
    for (const requirement of by) requirements.add(requirement)
  }
  return [...requirements]
}

/** Whether `by` had sent the acknowledged frame, or a later one of its message, before the record. */
function wasSent(
  trace: Trace,
  record: number,
  { layout, frame, by, to }: { layout: WireLayout; frame: Dissection; by: number; to: string },
): boolean {
  const { message, frame: number = 0 } = frame.fields
  for (let earlier = 0; earlier < record; earlier++) {
    if (trace.kind(earlier) !== 'sent' || trace.node(earlier) !== by) continue
    const sent = dissect(layout, trace.octetsOf(earlier))
    if (sent.type !== 'data' || sent.destination !== to || sent.fields['message'] !== message) continue
    if ((sent.fields['frame'] ?? 0) >= number) return true
  }
  return false
}
