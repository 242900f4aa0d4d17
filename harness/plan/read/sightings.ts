// Reads what may be awaited and what must have been seen: filters, sightings, proofs.
import { returnStatuses } from '../../../spec/vocabulary/calls.ts'
import type { ExploredRule } from '../permutation.ts'
import type { FrameFilter, Proof, Sighting, Times } from '../expectation.ts'
import { checkClassified, frameTypes } from './faults.ts'
import type { Place } from '../yaml/place.ts'
import type { Scope } from './scope.ts'
import { setMember } from '../set-member.ts'
import { choiceAt, flagAt, integerAt } from '../yaml/scalars.ts'
import { frameAt, timesAt } from './values.ts'
import { readErrorFilter, readNotifiedFilter, vipCodes } from './via/expectations.ts'

const once: Times = { least: 1 }

export function readFilter(place: Place, scope: Scope): FrameFilter {
  const { findings } = scope
  const filter: { -readonly [K in keyof FrameFilter]: FrameFilter[K] } = {}
  checkClassified(place, scope)
  setMember(filter, 'from', scope.host(place.get('from')))
  setMember(filter, 'to', scope.host(place.get('to')))
  setMember(filter, 'type', choiceAt(place.get('type'), frameTypes, findings))
  setMember(filter, 'message', integerAt(place.get('message'), findings))
  setMember(filter, 'frame', frameAt(place.get('frame'), findings))
  setMember(filter, 'crafted', flagAt(place.get('crafted'), findings))
  const fields = place.get('fields')
  if (fields.present) filter.fields = readFields(fields, scope)
  return filter
}

export function readFields(place: Place, scope: Scope): Record<string, number> {
  const fields: Record<string, number> = {}
  for (const { name, value } of place.entries()) {
    const number = integerAt(value, scope.findings)
    if (number !== undefined) fields[name] = number
  }
  return fields
}

/** The sighting that `holder` has under one of its keys `frames`, `arrived`, `returned`, `error`, `notified`, `completed`. */
export function readSighting(holder: Place, scope: Scope): Sighting | undefined {
  for (const kind of ['frames', 'arrived'] as const) {
    const place = holder.get(kind)
    if (!place.present) continue
    scope.need('wire.frames', place, `\`${kind}\``)
    return {
      kind,
      filter: readFilter(place, scope),
      times: timesAt(place.get('times'), scope.findings, 'at least') ?? once,
    }
  }
  const returned = holder.get('returned')
  if (returned.present) {
    const label = scope.label(returned)
    return label === undefined ? undefined : { kind: 'returned', label }
  }
  const error = holder.get('error')
  if (error.present) return readToldSighting('error', error, scope)
  const notified = holder.get('notified')
  if (notified.present) return readToldSighting('notified', notified, scope)
  const completed = holder.get('completed')
  if (!completed.present) return undefined
  scope.need('emp.completion-events', completed, '`completed`')
  const node = scope.host(completed.get('host'))
  const request = node === undefined ? undefined : scope.request(completed.get('request'), node)
  return node === undefined || !request ? undefined : { kind: 'completed', node, request: request.name }
}

function readToldSighting(kind: 'error' | 'notified', place: Place, scope: Scope): Sighting | undefined {
  const node = scope.host(place.get('host'))
  if (node === undefined) return undefined
  const times = timesAt(place.get('times'), scope.findings, 'at least') ?? once
  return kind === 'error'
    ? { kind, filter: readErrorFilter(place, node, scope), times }
    : { kind, filter: readNotifiedFilter(place, node, scope), times }
}

/** What a case has that proofs may point at. */
export interface Provable {
  readonly faults: number
  readonly weather: boolean
  readonly races: boolean
  /** What a rule is one for each run of. */
  readonly explored: ExploredRule['kind'] | undefined
}

export function readProofs(list: Place, scope: Scope, provable: Provable): Proof[] {
  return list.items().flatMap((item) => {
    const kinds = item.entries().filter(({ name }) => name !== 'fired')
    if (kinds.length > 1) {
      scope.findings.add(
        kinds[1]?.key.mark() ?? item.mark(),
        'one item of `proves` is one sighting',
        'begin a new item',
      )
      return []
    }
    return readProof(item, kinds[0]?.name ?? '', scope, provable) ?? []
  })
}

function readProof(item: Place, kind: string, scope: Scope, provable: Provable): Proof | undefined {
  const { findings } = scope
  const place = item.get(kind)
  const often = (counted: Place): Times => timesAt(counted, findings, 'at least') ?? once
  switch (kind) {
    case 'fault': {
      scope.need('wire.frames', place, 'a fault')
      const rule = integerAt(place, findings)
      if (rule === undefined) return undefined
      if (rule >= provable.faults) {
        const known = Array.from({ length: provable.faults }, (_, n) => `\`${n}\``).join(', ')
        const range = known === '' ? 'the case has no faults' : `faults are numbered from 0: ${known}`
        if (!scope.doubt.has('faults')) findings.add(place.mark(), `there is no fault ${rule}`, range)
      }
      return { kind, rule, times: often(item.get('fired')) }
    }
    case 'weather':
      if (!provable.weather && !scope.doubt.has('weather'))
        findings.add(place.keyMark(), 'the case has no weather', 'add `weather:`, or remove this')
      return { kind, times: often(place) }
    case 'retransmission': {
      scope.need('wire.frames', place, '`retransmission`')
      const from = scope.host(place.get('from'))
      return from === undefined ? undefined : { kind, from, times: often(place.get('times')) }
    }
    case 'reordered':
      scope.need('wire.frames', place, '`reordered`')
      return { kind, times: often(place) }
    case 'orders':
      if (!provable.races && provable.explored !== 'shuffle' && !scope.doubt.has('races') && !scope.doubt.has('faults'))
        findings.add(place.keyMark(), 'the case has no race', 'add a `race:` step, or remove this')
      return { kind, times: often(place) }
    case 'victims':
      if (provable.explored !== 'victims' && !scope.doubt.has('faults'))
        findings.add(place.keyMark(), 'no rule has `victim: every-frame`', 'add it, or remove this')
      return { kind, times: often(place) }
    case 'code': {
      const label = scope.label(place.get('call'))
      const code = choiceAt(place.get('is'), vipCodes, findings)
      return label === undefined || code === undefined ? undefined : { kind, label, code }
    }
    case 'status': {
      const label = scope.label(place.get('call'))
      const status = choiceAt(place.get('is'), returnStatuses, findings)
      return label === undefined || status === undefined ? undefined : { kind, label, status }
    }
    default:
      return readSighting(item, scope)
  }
}
