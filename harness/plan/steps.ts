// Reads the steps of a case in order, and what each makes known to the next.
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import { readCall } from './calls.ts'
import type { CallStep, Step } from './case.ts'
import { readCraft } from './craft.ts'
import { didYouMean } from './nearest.ts'
import type { Place } from './place.ts'
import { splitKind, type Scope } from './scope.ts'
import { readSighting } from './sightings.ts'
import { durationAt, integerAt } from './values.ts'

const joinWithin = 10_000_000_000
const ordersDefault = 128

export interface StepsRead {
  readonly steps: readonly Step[]
  /** Set if there are races: the largest bound of any. */
  readonly ordersMax: number | undefined
}

export function readSteps(list: Place, scope: Scope): StepsRead {
  const steps: Step[] = []
  let ordersMax: number | undefined
  if (list.items().length === 0) loseCalls(scope)
  for (const item of list.items()) {
    if (!item.isMap) loseCalls(scope)
    for (const { name, key, value } of item.entries()) {
      if (name === 'race') {
        const orders = integerAt(value.get('orders'), scope.findings) ?? ordersDefault
        ordersMax = Math.max(ordersMax ?? 0, orders)
      }
      const step = name.includes('.') ? readCallStep(key, value, scope) : readOther(name, value, scope)
      if (step) steps.push(step)
    }
  }
  return { steps, ordersMax }
}

/** Nothing is known of what a step might have declared that says nothing. */
function loseCalls({ doubt }: Scope): void {
  for (const kind of ['buffers', 'requests', 'sends', 'labels', 'races'] as const) doubt.lose(kind)
}

function readOther(kind: string, place: Place, scope: Scope): Step | undefined {
  const position = place.position()
  const within = durationAt(place.get('within'), scope.findings)
  switch (kind) {
    case 'join':
      return readJoin(place, scope)
    case 'race': {
      const list = place.isList ? place : place.get('members')
      const entries = list.items().flatMap((item) => item.entries())
      const members = entries.flatMap(({ key, value }, i) => {
        if (value.get('start').present) {
          scope.findings.add(
            value.get('start').keyMark(),
            'a race ends when all its members have returned',
            'use `label`',
          )
        }
        // The name of the thread is one that no file can write.
        return readCallStep(key, value, scope, `race ${position.line}.${position.column}.${i}`) ?? []
      })
      return { kind: 'race', members, position }
    }
    case 'settle':
      return within === undefined ? undefined : { kind: 'settle', within, position }
    case 'advance': {
      const by = durationAt(place, scope.findings)
      return by === undefined ? undefined : { kind: 'advance', by, position }
    }
    case 'until': {
      const sighting = readSighting(place, scope)
      if (sighting?.kind === 'returned') close(sighting.label, scope)
      return within === undefined || !sighting ? undefined : { kind: 'until', sighting, within, position }
    }
    case 'craft':
      return readCraft(place, scope)
    default:
      return undefined
  }
}

function readJoin(place: Place, scope: Scope): Step | undefined {
  const named = place.isMap ? place.get('call') : place
  const label = named.text()
  if (label === undefined) return undefined
  const known = scope.labels.get(label)
  scope.usedLabels.add(label)
  if (!known?.started && !scope.doubt.has('labels', label)) {
    const started = [...scope.labels].filter(([, other]) => other.started).map(([name]) => name)
    const help = known ? `use \`start: ${label}\` instead of \`label: ${label}\`` : didYouMean(label, started)
    scope.findings.add(named.mark(), `\`${label}\` is never started before this`, help)
  }
  close(label, scope)
  const within = durationAt(place.get('within'), scope.findings) ?? joinWithin
  return { kind: 'join', label, within, position: place.position() }
}

function close(label: string, scope: Scope): void {
  const known = scope.labels.get(label)
  if (known) known.open = false
}

function readCallStep(key: Place, value: Place, scope: Scope, ownThread?: string): CallStep | undefined {
  const { host, kind } = splitKind(key.text() ?? '')
  const node = scope.host(key, host)
  if (node === undefined) {
    scope.doubt.distrust(value)
    scope.doubt.lose('sends')
    return undefined
  }
  const thread = scope.thread(node, value.get('thread').text() ?? ownThread ?? 'main')
  const open = scope.openCall(node, thread)
  // What should have joined it may be what could not be read.
  if (open !== undefined && !scope.doubt.has('labels', open)) {
    const name = value.get('thread').text() ?? 'main'
    scope.findings.add(
      key.mark(),
      `the call \`${open}\` is still open on thread ${name} of \`${host}\``,
      `\`join: ${open}\` before this, or give this call another \`thread\``,
    )
  }
  const body = readCall(kind, value, node, scope)
  const label = readLabel(value, scope, { node, thread })
  if (!body) return undefined
  const start = value.get('start').present
  return {
    kind: 'call',
    node,
    thread,
    body,
    ...(label === undefined ? {} : { label }),
    start,
    position: value.position(),
  }
}

function readLabel(call: Place, scope: Scope, where: { node: NodeIndex; thread: number }): string | undefined {
  const [start, plain] = [call.get('start'), call.get('label')]
  if (start.present && plain.present) {
    scope.findings.add(plain.keyMark(), '`start` names the call already', 'remove `label`')
  }
  const named = start.present ? start : plain
  const label = named.text()
  if (label === undefined) return undefined
  if (scope.labels.has(label)) {
    scope.findings.add(named.mark(), `another call has the label \`${label}\``, 'a label stands for one call')
  }
  scope.labels.set(label, { ...where, mark: named.mark(), open: start.present, started: start.present })
  return label
}
