// Finds steps that are taken again and again: the way back from what `unroll` writes out.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Permutation, PlannedStep, RepeatedStep, RepeatStep, Step } from '../permutation.ts'
import { beforeNumbering, isRepeated, namesMade, nth, repeatsMax } from '../unroll.ts'

/** Fewer turns than this stand better one under the other. */
const repeatsLeast = 4

/** Nothing moves on. */
const once = { stride: 0 }

/** A turn of more steps is not looked for. */
const turnMost = 12

/** The steps of a permutation with repetitions, of which `unroll` makes these again; without any, where that would hide a name. */
export function rollUp(permutation: Permutation): readonly PlannedStep[] {
  const { steps } = permutation
  const rolled: PlannedStep[] = []
  const made = new Set<string>()
  for (let i = 0; i < steps.length;) {
    const repeat = repeatAt(steps, i, made)
    if (repeat) for (const name of namesMade(repeat)) made.add(name)
    const step = repeat ?? steps[i]
    if (step) rolled.push(step)
    i += repeat ? repeat.howOften.count * repeat.steps.length : 1
  }
  return hidesNames(rolled, permutation) ? steps : rolled
}

/** The shortest turn that is taken again and again from that step on, as a repetition. */
function repeatAt(steps: readonly Step[], from: number, made: ReadonlySet<string>): RepeatStep | undefined {
  for (let size = 1; size <= turnMost; size++) {
    if (!isAlike(steps[from], steps[from + size])) continue
    const repeat = repeatOf(steps.slice(from, from + size), steps[from + size], made)
    if (!repeat) continue
    const known = new Set([...made, ...namesMade(repeat)])
    const isTurn = (n: number): boolean =>
      repeat.steps.every((each, k) => isSame(nth(each, n, repeat, known), steps[from + (n - 1) * size + k]))
    let count = 0
    while (count < repeatsMax / size && isTurn(count + 1)) count++
    if (count >= repeatsLeast) return { ...repeat, howOften: { count } }
  }
  return undefined
}

/** Whether both may be the same step of two turns. */
function isAlike(one: Step | undefined, other: Step | undefined): boolean {
  if (one?.kind !== 'call' || other?.kind !== 'call') return one?.kind === other?.kind
  return one.node === other.node && one.body.operation === other.body.operation
}

/** A repetition that begins with that turn, and goes on with `next`. */
function repeatOf(turn: readonly Step[], next: Step | undefined, made: ReadonlySet<string>): RepeatStep | undefined {
  const [first] = turn
  if (!first) return undefined
  const stride = Math.max(0, offsetOf(next) - offsetOf(first))
  const known = new Set([...made, ...namesMade({ steps: turn.flatMap((step) => firstOf(step, made) ?? []) })])
  const steps = turn.flatMap((step) => firstOf(step, known) ?? [])
  if (steps.length < turn.length || steps.every(({ kind }) => kind !== 'call')) return undefined
  // What a turn starts it awaits itself, and nothing else.
  const [started, awaited] = [
    steps.flatMap((step) => (step.kind === 'call' ? (step.label ?? []) : [])),
    steps.flatMap((step) => (step.kind === 'join' ? step.label : [])),
  ]
  if (started.toSorted().join() !== awaited.toSorted().join()) return undefined
  return { kind: 'repeat', howOften: { count: 0 }, stride, steps, position: first.position }
}

/** The step that gives this one when it is taken for the first time. */
function firstOf(step: Step, made: ReadonlySet<string>): RepeatedStep | undefined {
  if (step.kind === 'join') return step.label.endsWith('-1') ? { ...step, label: plain(step.label) } : undefined
  if (step.kind !== 'call') return isRepeated(step) ? step : undefined
  // A call that is awaited within its turn is numbered; any other label says that somebody asks for this one.
  if (step.label !== undefined && !(step.start && step.label.endsWith('-1'))) return undefined
  const label = step.label === undefined ? {} : { label: plain(step.label) }
  const named = { ...beforeNumbering(step, made), ...label }
  return [named, { ...named, body: withoutNumber(named.body) }].find((call) => isSame(nth(call, 1, once, made), step))
}

function plain(name: string): string {
  return name.replace(/-1$/, '')
}

function withoutNumber(body: CallBody): CallBody {
  if ('as' in body) return { ...body, as: plain(body.as) }
  if (body.operation !== 'VipPostSend' && body.operation !== 'VipPostRecv') return body
  return body.descriptor === null ? body : { ...body, descriptor: plain(body.descriptor) }
}

function offsetOf(step: Step | undefined): number {
  if (step?.kind !== 'call') return 0
  if ('pieces' in step.body) return step.body.pieces[0]?.offset ?? 0
  return 'at' in step.body ? step.body.at.offset : 0
}

function isSame(one: RepeatedStep, other: Step | undefined): boolean {
  return other !== undefined && said(one) === said(other)
}

/** All of it but where it stands in a file. */
function said(step: Step): string {
  return JSON.stringify({ ...step, position: undefined })
}

/** A numbered name can be used only where its use is repeated, too: whether the plain name would be unknown, or a numbered one. */
function hidesNames(steps: readonly PlannedStep[], { outcomes, proves }: Permutation): boolean {
  const repeated = steps.flatMap((step) =>
    step.kind === 'repeat' ? step.steps.flatMap((call) => (call.kind === 'call' ? [{ step, call }] : [])) : [],
  )
  const singly = JSON.stringify([steps.filter(({ kind }) => kind !== 'repeat'), outcomes, proves])
  const made = new Set<string>()
  for (const { step, call } of repeated) {
    const named = [call.label, 'as' in call.body ? call.body.as : undefined]
    if ('as' in call.body) made.add(`${call.node}.${call.body.as}`)
    for (const name of named.filter((each) => each !== undefined))
      for (let n = 1; n <= step.howOften.count; n++) if (singly.includes(`"${name}-${n}"`)) return true
  }
  return repeated.some(({ call: { node, body } }) => {
    const posted = 'descriptor' in body ? body.descriptor : null
    return posted !== null && !made.has(`${node}.${posted}`) && !singly.includes(`"as":"${posted}"`)
  })
}
