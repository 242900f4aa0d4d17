// Invariants of making things: no more of them than the NIC has, and none that make no sense.
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import { viaReliabilityLevels } from '../../../../spec/vocabulary/via-constants.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { livesOf, type HandleKind, type HandleLife } from '../../via/lives.ts'
import { succeeded } from '../../via/sessions.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

interface Limit {
  readonly kind: HandleKind
  readonly key: string
  readonly requirement: string
}

/** By the call that makes one. */
const limits: Readonly<Partial<Record<CallBody['operation'], Limit>>> = {
  VipOpenNic: { kind: 'nic', key: 'via.max-nics', requirement: 'VIA-NIC-004' },
  VipCreateVi: { kind: 'vi', key: 'via.max-vis', requirement: 'VIA-VI-007' },
  VipCreateCQ: { kind: 'cq', key: 'via.max-cqs', requirement: 'VIA-CQ-003' },
  VipCreatePtag: { kind: 'ptag', key: 'via.max-ptags', requirement: 'VIA-PTAG-002' },
  VipRegisterMem: { kind: 'memory', key: 'via.max-regions', requirement: 'VIA-MEM-005' },
}

export const limitsHold: Monitor = {
  name: 'limits-hold',
  words: 'no more of anything exists than the NIC says',
  requirements: ['VIA-NIC-004', 'VIA-VI-007', 'VIA-CQ-003', 'VIA-PTAG-002', 'VIA-MEM-005'],
  needsWire: false,
  watch(view, watching) {
    const { handles } = livesOf(view)
    for (const making of view.history.calls) {
      const limit = limits[making.call.body.operation]
      const most = (limit && view.permutation.configuration[limit.key]) ?? Infinity
      if (!limit || !making.answer || handles.length < most) continue
      const alive = aliveWith(handles, limit.kind, making)
      if (alive < most) continue
      watching.watched(making.node, limit.requirement)
      if (!succeeded(making)) continue
      const seen = `${hostName(view, making.node)}'s ${making.call.body.operation} succeeded at ${timeWords(making.time)}, when ${alive} had been made and not destroyed; there may be ${most}`
      watching.broken({ node: making.node, seen, at: making.time, requirements: [limit.requirement] })
      return
    }
  },
}

/** How many of a kind surely existed all the time that another was made: of its NIC handle, and with names of their own. */
function aliveWith(handles: readonly HandleLife[], wanted: HandleKind, making: CallSeen): number {
  const { body } = making.call
  const wantedNic = 'nic' in body && wanted !== 'nic' ? (body.nic ?? undefined) : undefined
  let alive = 0
  for (const { kind, node, nic, made, ended } of handles) {
    if (kind !== wanted || node !== making.node || nic !== wantedNic || made.length !== 1) continue
    const [first] = made
    if (!first || first === making || !succeeded(first) || returned(first) > making.record) continue
    if (!ended.some((end) => end.record < returned(making))) alive++
  }
  return alive
}

export const refusesNonsense: Monitor = {
  name: 'refuses-nonsense',
  words: 'no call succeeds with arguments that cannot be',
  requirements: [
    'VIA-CQ-002',
    'VIA-CON-011',
    'VIA-CON-027',
    'VIA-DESC-005',
    'VIA-MEM-003',
    'VIA-NIC-011',
    'VIA-VI-004',
    'VIA-VI-005',
    'VIA-VI-016',
    'VIA-VI-019',
  ],
  needsWire: false,
  watch(view, watching) {
    for (const call of view.history.calls) {
      const { body } = call.call
      const wrong = call.answer?.content.vip === undefined ? undefined : nonsense(view, body)
      if (!wrong) continue
      watching.watched(call.node, wrong.requirement)
      if (!succeeded(call)) continue
      const seen = `${hostName(view, call.node)}'s ${body.operation} with ${wrong.words} succeeded at ${timeWords(call.answer?.time ?? 0)}`
      watching.broken({ node: call.node, seen, at: call.time, requirements: [wrong.requirement] })
    }
  },
}

interface Nonsense {
  readonly words: string
  readonly requirement: string
}

/** What is wrong with the arguments of a call, whatever was called before. */
function nonsense(view: View, body: CallBody): Nonsense | undefined {
  switch (body.operation) {
    case 'VipCreateCQ':
      if (body.entryCount === 0) return { words: 'no entries', requirement: 'VIA-CQ-002' }
      break
    case 'VipConnectRequest':
      if (body.vi === null) break
      if (body.timeout === 0) return { words: 'a timeout of zero', requirement: 'VIA-CON-011' }
      if (!body.remote || !body.local) return { words: 'a NULL address', requirement: 'VIA-CON-027' }
      break
    case 'VipConnectWait':
      if (!body.local) return { words: 'a NULL address', requirement: 'VIA-CON-027' }
      break
    case 'VipPostSend':
    case 'VipPostRecv':
      if (body.descriptor === null && body.vi !== null)
        return { words: 'a NULL descriptor', requirement: 'VIA-DESC-005' }
      break
    case 'VipRegisterMem':
      if (body.at.bytes === 0) return { words: 'no octets', requirement: 'VIA-MEM-003' }
      break
    case 'VipCreateVi':
      return body.attributes ? badAttributes(view, body.attributes) : undefined
    case 'VipSetViAttributes': {
      const bad = body.vi !== null && body.attributes ? badAttributes(view, body.attributes) : undefined
      if (bad) return { words: bad.words, requirement: 'VIA-VI-016' }
      break
    }
    default:
  }
  if ('nic' in body && body.nic === null) return { words: 'a NULL NIC handle', requirement: 'VIA-NIC-011' }
  return 'vi' in body && body.vi === null ? { words: 'a NULL VI', requirement: 'VIA-VI-019' } : undefined
}

function badAttributes(
  { permutation: { configuration } }: View,
  { reliabilityLevel, maxTransferSize }: { reliabilityLevel: number; maxTransferSize: number },
): Nonsense | undefined {
  if (!Object.values<number>(viaReliabilityLevels).includes(reliabilityLevel)) {
    return { words: `reliability level ${reliabilityLevel}, which is not one`, requirement: 'VIA-VI-004' }
  }
  const most = configuration['via.max-transfer'] ?? Infinity
  if (maxTransferSize > 0 && maxTransferSize <= most) return undefined
  return { words: `a MaxTransferSize of ${counted(maxTransferSize, 'octet')}`, requirement: 'VIA-VI-005' }
}
