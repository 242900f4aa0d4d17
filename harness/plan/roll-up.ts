// Finds calls that are made again and again: the way back from what `unroll` writes out.
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { CallStep, Permutation, PlannedStep, RepeatStep, Step } from './case.ts'
import { beforeNumbering, handlesMade, numbered, ofNumbered, repeatsMax } from './unroll.ts'

/** Fewer calls than this stand better one under the other. */
const repeatsLeast = 4

/** The steps of a permutation with repetitions, of which `unroll` makes these again; without any, where that would hide a name. */
export function rollUp(permutation: Permutation): readonly PlannedStep[] {
  const { steps } = permutation
  const rolled: PlannedStep[] = []
  const made = new Set<string>()
  for (let i = 0; i < steps.length;) {
    const repeat = repeatAt(steps, i, made)
    if (repeat) for (const name of handlesMade(repeat)) made.add(name)
    const step = repeat ?? steps[i]
    if (step) rolled.push(step)
    i += repeat ? repeat.howOften.count * repeat.calls.length : 1
  }
  return hidesNames(rolled, permutation) ? steps : rolled
}

function repeatAt(steps: readonly Step[], from: number, made: ReadonlySet<string>): RepeatStep | undefined {
  // A post whose descriptor is written in it is two calls.
  const size = steps[from + 1]?.kind === 'call' && isWrite(steps[from]) && isPost(steps[from + 1]) ? 2 : 1
  const calls = steps.slice(from, from + size).flatMap((step) => firstOf(step, made) ?? [])
  const [first] = calls
  if (!first || calls.length < size) return undefined
  const stride = Math.max(0, offsetOf(steps[from + size]) - offsetOf(steps[from]))
  const repeat: RepeatStep = { kind: 'repeat', howOften: { count: 0 }, stride, calls, position: first.position }
  let count = 0
  while (count < repeatsMax / size) {
    const place = from + count * size
    if (
      !calls.every((call, k) =>
        isSame(ofNumbered(numbered(call, count + 1, repeat), count + 1, made), steps[place + k]),
      )
    )
      break
    count++
  }
  return count < repeatsLeast ? undefined : { ...repeat, howOften: { count } }
}

function isWrite(step: Step | undefined): boolean {
  return step?.kind === 'call' && step.body.operation === 'descriptor.write'
}

function isPost(step: Step | undefined): boolean {
  return step?.kind === 'call' && (step.body.operation === 'VipPostSend' || step.body.operation === 'VipPostRecv')
}

/** The call that gives this one when it is made for the first time. */
function firstOf(step: Step, made: ReadonlySet<string>): CallStep | undefined {
  if (step.kind !== 'call' || step.label !== undefined) return undefined
  const once = { stride: 0 }
  const named = beforeNumbering(step, made)
  const asFirst = (call: CallStep): CallStep => ofNumbered(numbered(call, 1, once), 1, made)
  return [named, { ...named, body: withoutNumber(named.body) }].find((call) => isSame(asFirst(call), step))
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

function isSame(one: CallStep, other: Step | undefined): boolean {
  if (other?.kind !== 'call' || other.label !== undefined) return false
  return said(one) === said(other)
}

function said({ node, thread, body }: CallStep): string {
  return JSON.stringify([node, thread, body])
}

/** A numbered name can be used only where its use is repeated, too: whether the plain name would be unknown, or a numbered one. */
function hidesNames(steps: readonly PlannedStep[], { outcomes, proves }: Permutation): boolean {
  const repeated = steps.flatMap((step) => (step.kind === 'repeat' ? step.calls.map((call) => ({ step, call })) : []))
  const singly = JSON.stringify([steps.filter(({ kind }) => kind !== 'repeat'), outcomes, proves])
  const made = new Set<string>()
  for (const { step, call } of repeated) {
    if (!('as' in call.body)) continue
    const { as } = call.body
    made.add(`${call.node}.${as}`)
    for (let n = 1; n <= step.howOften.count; n++) if (singly.includes(`"${as}-${n}"`)) return true
  }
  return repeated.some(({ call: { node, body } }) => {
    const posted = 'descriptor' in body ? body.descriptor : null
    return posted !== null && !made.has(`${node}.${posted}`) && !singly.includes(`"as":"${posted}"`)
  })
}
