// The invariant of handles: what was destroyed, closed or used up is not valid any more.
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import { isDead, livesOf, type HandleKind, type HandleLife } from '../../via/lives.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { succeeded } from '../../via/sessions.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'

const requirementOf: Readonly<Record<HandleKind, string>> = {
  nic: 'VIA-NIC-011',
  vi: 'VIA-VI-019',
  cq: 'VIA-CQ-019',
  ptag: 'VIA-PTAG-003',
  memory: 'VIA-MEM-007',
  connection: 'VIA-CON-021',
}

export const deadHandles: Monitor = {
  name: 'dead-handles',
  words: 'no call succeeds with a handle that is not valid any more',
  requirements: Object.values(requirementOf),
  needsWire: false,
  watch(view, watching) {
    const { handles } = livesOf(view)
    for (const life of handles) if (life.ended.length > 0) watchLife(view, watching, handles, life)
  },
}

function watchLife(view: View, watching: Watching, handles: readonly HandleLife[], life: HandleLife): void {
  const { kind, node, name, ended } = life
  const first = ended[0]?.record ?? Infinity
  for (const call of view.history.calls) {
    if (call.record < first || call.node !== node || handleIn(call.call.body, kind) !== name || !call.answer) continue
    if (!isDead(life, call) || mayStandForAnother(handles, life, call)) continue
    watching.watched(node, requirementOf[kind])
    if (!succeeded(call)) continue
    const seen = `${hostName(view, node)}'s ${call.call.body.operation} with ${name}, a ${kind} that was not valid any more, succeeded at ${timeWords(call.answer?.time ?? 0)}`
    watching.broken({ node, seen, at: call.time, requirements: [requirementOf[kind]] })
  }
}

/** Whether another was made since, which may have got the very handle that was given up. */
function mayStandForAnother(handles: readonly HandleLife[], life: HandleLife, call: CallSeen): boolean {
  const end = life.ended.findLast((one) => returned(one) < call.record)
  for (const { kind, node, made } of handles) {
    if (kind !== life.kind || node !== life.node) continue
    if (made.some((one) => returned(one) > (end?.record ?? 0) && one.record < returned(call))) return true
  }
  return false
}

/** Calls that are about a region; whoever posts says where a descriptor lies, and is not refused at once. */
const takesRegion: ReadonlySet<string> = new Set(['VipDeregisterMem', 'VipQueryMem', 'VipSetMemAttributes'])

/** The handle of a kind that a call is given, if any. */
function handleIn(body: CallBody, kind: HandleKind): string | undefined {
  switch (kind) {
    case 'nic':
      return ('nic' in body ? body.nic : null) ?? undefined
    case 'vi':
      return ('vi' in body ? body.vi : null) ?? undefined
    case 'cq':
      if (body.operation === 'VipCreateVi') return body.sendCq ?? body.recvCq ?? undefined
      return ('cq' in body ? body.cq : null) ?? undefined
    case 'ptag':
      if ('attributes' in body) return body.attributes?.ptag ?? undefined
      return ('ptag' in body ? body.ptag : null) ?? undefined
    case 'memory':
      return takesRegion.has(body.operation) && 'memory' in body && typeof body.memory === 'string'
        ? body.memory
        : undefined
    case 'connection':
      return ('connection' in body ? body.connection : null) ?? undefined
  }
}
