// Reads the steps of a case in order, and what each makes known to the next.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { joinWithin, ordersUsual } from '../usual.ts'
import { readCalls } from './calls.ts'
import type { CallStep, PlannedStep, RepeatedStep, RepeatStep } from '../permutation.ts'
import { readCraft, readForeign } from './craft.ts'
import { stepsOfFixture } from './fixtures.ts'
import { didYouMean } from '../yaml/nearest.ts'
import type { Place } from '../yaml/place.ts'
import { splitKind, type Scope } from './scope.ts'
import { readSighting } from './sightings.ts'
import { isRepeated } from '../unroll.ts'
import { integerAt } from '../yaml/scalars.ts'
import { durationAt } from './values.ts'
import { readFilling } from './via/descriptors.ts'

export interface StepsRead {
  readonly steps: readonly PlannedStep[]
  /** Set if there are races: the largest bound of any. */
  readonly ordersMax: number | undefined
}

export function readSteps(list: Place, scope: Scope): StepsRead {
  const found: { steps: PlannedStep[]; ordersMax: number | undefined } = { steps: [], ordersMax: undefined }
  if (list.items().length === 0) loseCalls(scope)
  readList(list, scope, { found, within: [] })
  return found
}

interface Reading {
  readonly found: { readonly steps: PlannedStep[]; ordersMax: number | undefined }
  /** The fixtures whose steps these are, the outermost first. */
  readonly within: readonly string[]
}

function readList(list: Place, scope: Scope, reading: Reading): void {
  const { found } = reading
  for (const item of list.items()) {
    if (!item.isMap) loseCalls(scope)
    for (const { name, key, value } of item.entries()) {
      if (name === 'race') {
        const orders = integerAt(value.get('orders'), scope.findings) ?? ordersUsual
        found.ordersMax = Math.max(found.ordersMax ?? 0, orders)
      }
      if (name === 'use') useFixture(value, scope, reading)
      else if (name.includes('.')) found.steps.push(...readCallSteps(key, value, scope))
      else found.steps.push(...readOther(name, value, scope))
    }
  }
}

function useFixture(place: Place, scope: Scope, { found, within }: Reading): void {
  const steps = stepsOfFixture(place, scope)
  const named = place.get('fixture')
  const name = named.text() ?? ''
  if (!steps) loseCalls(scope)
  else if (within.includes(name)) {
    const circle = [...within.slice(within.indexOf(name)), name].map((each) => `\`${each}\``)
    scope.findings.add(named.mark(), 'fixtures use each other in a circle', circle.join(' uses '))
    loseCalls(scope)
  } else scope.findings.usedAt(place.position(), () => readList(steps, scope, { found, within: [...within, name] }))
}

/** Nothing is known of what a step might have declared that says nothing. */
function loseCalls({ doubt }: Scope): void {
  for (const kind of ['buffers', 'requests', 'sends', 'labels', 'handles', 'races'] as const) doubt.lose(kind)
}

/** A step that is no call; none if it cannot be, which was reported. */
function readOther(kind: string, place: Place, scope: Scope): readonly PlannedStep[] {
  const position = place.position()
  const within = durationAt(place.get('within'), scope.findings)
  switch (kind) {
    case 'join':
      return readJoin(place, scope)
    case 'race':
      return [{ kind: 'race', members: readMembers(place, scope), position }]
    case 'repeat':
      return readRepeat(place, scope)
    case 'settle':
      return within === undefined ? [] : [{ kind: 'settle', within, position }]
    case 'advance': {
      const instant = durationAt(place.get('to'), scope.findings)
      if (instant !== undefined) return [{ kind: 'advance-to', instant, position }]
      if (place.isMap) return []
      const by = durationAt(place, scope.findings)
      return by === undefined ? [] : [{ kind: 'advance', by, position }]
    }
    case 'until': {
      const sighting = readSighting(place, scope)
      if (sighting?.kind === 'returned') close(sighting.label, scope)
      return within === undefined || !sighting ? [] : [{ kind: 'until', sighting, within, position }]
    }
    case 'craft':
      return [readCraft(place, scope) ?? []].flat()
    case 'foreign':
      return [...readForeign(place, scope)]
    default:
      return []
  }
}

function readMembers(place: Place, scope: Scope): CallStep[] {
  const { line, column } = place.position()
  const list = place.isList ? place : place.get('members')
  const entries = list.items().flatMap((item) => item.entries())
  return entries.flatMap(({ key, value }, i) => {
    if (value.get('start').present) {
      scope.findings.add(value.get('start').keyMark(), 'a race ends when all its members have returned', 'use `label`')
    }
    // The name of the thread is one that no file can write.
    const [member, second] = readCallSteps(key, value, scope, `race ${line}.${column}.${i}`)
    if (second) {
      scope.findings.add(
        value.get('descriptor').keyMark(),
        'a member of a race is one call',
        'write the descriptor before',
      )
    }
    return member ?? []
  })
}

function readRepeat(place: Place, scope: Scope): RepeatStep[] {
  const { findings } = scope
  const times = place.get('times')
  const key = times.number() === undefined ? times.text() : undefined
  const count = key === undefined ? integerAt(times, findings) : 0
  if (key !== undefined && !scope.configurationKeys.includes(key)) {
    findings.add(times.mark(), `there is no configuration key \`${key}\``, didYouMean(key, scope.configurationKeys))
  }
  const steps = readRepeated(place, scope)
  if (count === undefined || steps.length === 0) return []
  const [less, stride] = (['less', 'stride'] as const).map((name) => integerAt(place.get(name), findings) ?? 0)
  const howOften = { ...(key === undefined ? {} : { key }), count: count - (less ?? 0) }
  return [{ kind: 'repeat', howOften, stride: stride ?? 0, steps, position: place.position() }]
}

/** The steps of a repetition: one call, or a list. */
function readRepeated(place: Place, scope: Scope): readonly RepeatedStep[] {
  const { findings } = scope
  const [call, list] = [place.get('call'), place.get('steps')]
  if (call.present === list.present) {
    const message = call.present ? 'has both `call` and `steps`' : 'has neither `call` nor `steps`'
    findings.add(place.keyMark(), message, 'give `call` one call, or `steps` a list')
  }
  const known = new Set(scope.labels.keys())
  const entries = [call, ...list.items()].flatMap((item) => item.entries())
  const read = entries.flatMap(({ name, key, value }) => {
    const label = value.get('label')
    if (label.present) findings.add(label.keyMark(), 'a call that is repeated has no label', 'remove it')
    const steps = name.includes('.') ? readCallSteps(key, value, scope) : readOther(name, value, scope)
    const repeated = steps.filter(isRepeated)
    for (const step of repeated) {
      if (step.kind === 'join' && known.has(step.label))
        findings.add(
          key.mark(),
          `\`join\` awaits \`${step.label}\`, which its turn does not start`,
          'start the call in it',
        )
    }
    if (repeated.length < steps.length)
      findings.add(key.mark(), `\`${name}\` is not repeated`, 'only calls, `join`, `settle` and `advance: 3ms` are')
    return repeated
  })
  forgetLabels(known, scope)
  return read
}

/** Calls that a turn starts end with it, and nothing behind it can say which of them is meant. */
function forgetLabels(known: ReadonlySet<string>, scope: Scope): void {
  for (const [label, { mark, open }] of scope.labels) {
    if (known.has(label)) continue
    if (open)
      scope.findings.add(mark, `the call \`${label}\` is open when its turn ends`, `\`join: ${label}\` behind it`)
    scope.labels.delete(label)
  }
}

function readJoin(place: Place, scope: Scope): readonly PlannedStep[] {
  const named = place.isMap ? place.get('call') : place
  const label = named.text()
  if (label === undefined) return []
  const known = scope.labels.get(label)
  scope.usedLabels.add(label)
  if (!known?.started && !scope.doubt.has('labels', label)) {
    const started = [...scope.labels].filter(([, other]) => other.started).map(([name]) => name)
    const help = known ? `use \`start: ${label}\` instead of \`label: ${label}\`` : didYouMean(label, started)
    scope.findings.add(named.mark(), `\`${label}\` is never started before this`, help)
  }
  close(label, scope)
  const within = durationAt(place.get('within'), scope.findings) ?? joinWithin
  return [{ kind: 'join', label, within, position: place.position() }]
}

function close(label: string, scope: Scope): void {
  const known = scope.labels.get(label)
  if (known) known.open = false
}

/** The calls of a step: one, or also those that have to be made right before it. */
function readCallSteps(key: Place, value: Place, scope: Scope, ownThread?: string): CallStep[] {
  const { host, kind } = splitKind(key.text() ?? '')
  const node = scope.host(key, host)
  if (node === undefined) {
    scope.doubt.distrust(value)
    scope.doubt.lose('sends')
    return []
  }
  const thread = scope.thread(node, value.get('thread').text() ?? ownThread ?? 'main')
  checkThread(key, value, { node, thread }, scope)
  const bodies = readCalls(kind, value, node, scope)
  if (bodies.length === 0) scope.doubt.distrust(value)
  const label = readLabel(value, scope, { node, thread })
  const position = value.position()
  const written = value.get('descriptor').isMap ? value.get('descriptor') : value
  return bodies.map((body, i) => {
    const isLast = i === bodies.length - 1
    const named = isLast && label !== undefined ? { label } : {}
    const filling = body.operation === 'descriptor.write' ? readFilling(written, scope) : undefined
    const start = isLast && value.get('start').present
    return { kind: 'call', node, thread, body, ...named, start, position, ...(filling ? { filling } : {}) }
  })
}

function checkThread(
  key: Place,
  value: Place,
  { node, thread }: { node: NodeIndex; thread: number },
  scope: Scope,
): void {
  const open = scope.openCall(node, thread)
  // What should have joined it may be what could not be read.
  if (open === undefined || scope.doubt.has('labels', open)) return
  const name = value.get('thread').text() ?? 'main'
  scope.findings.add(
    key.mark(),
    `the call \`${open}\` is still open on thread ${name} of \`${scope.hosts[node] ?? ''}\``,
    `\`join: ${open}\` before this, or give this call another \`thread\``,
  )
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
