// Writes the steps of a case.
import type { CallStep, Permutation, PlannedStep, RepeatStep, Step } from '../permutation.ts'
import { callsOf } from '../numbering.ts'
import { joinWithin, ordersUsual } from '../usual.ts'
import { rollUp } from './roll-up.ts'
import { kindOf, writeCall } from './calls.ts'
import { writeCraft, writeForeign } from './craft.ts'
import { labelsNamed } from './labels.ts'
import type { Names } from './names.ts'
import { writeSighting } from './sightings.ts'
import { writeDuration } from './values.ts'
import { writePostWith } from './via-calls.ts'
import { unless, type Written, type WrittenMap } from './written.ts'

export function writeSteps(permutation: Permutation, names: Names): WrittenMap[] {
  const { steps, ordersMax: orders } = permutation
  const writing: Writing = { names, threads: threadsOf(steps), labels: labelsNamed(permutation), orders }
  return writeAll(rollUp(permutation), writing)
}

function writeAll(steps: readonly PlannedStep[], writing: Writing): WrittenMap[] {
  const written: WrittenMap[] = []
  for (let i = 0; i < steps.length; i++) {
    const [step, next] = [steps[i], steps[i + 1]]
    const both = step && next && writePair(step, next, writing)
    if (both) i++
    const count = foreignFrom(steps, i, writing)
    if (count > 1) {
      written.push({ foreign: { ...foreignOf(step, writing), count } })
      i += count - 1
    } else if (step) written.push(both ?? writeStep(step, writing))
  }
  return written
}

function foreignOf(step: PlannedStep | undefined, { names }: Writing): WrittenMap | undefined {
  return step?.kind === 'craft' && step.ethertype !== undefined ? writeForeign(step, names) : undefined
}

/** How many frames of another protocol that are all alike stand there one behind the other. */
function foreignFrom(steps: readonly PlannedStep[], from: number, writing: Writing): number {
  const first = JSON.stringify(foreignOf(steps[from], writing))
  if (first === undefined) return 0
  const other = steps.findIndex((step, place) => place > from && JSON.stringify(foreignOf(step, writing)) !== first)
  return (other < 0 ? steps.length : other) - from
}

interface Writing {
  readonly names: Names
  /** How many calls each thread makes. */
  readonly threads: ReadonlyMap<string, number>
  /** Labels that something names; others say nothing, and are left out. */
  readonly labels: ReadonlySet<string>
  /** The bound of all races. */
  readonly orders: number | undefined
}

function threadsOf(steps: readonly Step[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const call of steps.flatMap((step) => callsOf(step)))
    counts.set(threadKey(call), (counts.get(threadKey(call)) ?? 0) + 1)
  return counts
}

function threadKey({ node, thread }: CallStep): string {
  return `${node}.${thread}`
}

/** A descriptor that is posted right after it was written is written in the call that posts it. */
function writePair(step: PlannedStep, next: PlannedStep, writing: Writing): WrittenMap | undefined {
  if (step.kind !== 'call' || next.kind !== 'call' || step.label !== undefined) return undefined
  if (step.node !== next.node || step.thread !== next.thread) return undefined
  const [written, post] = [step.body, next.body]
  if (written.operation !== 'descriptor.write') return undefined
  if (post.operation !== 'VipPostSend' && post.operation !== 'VipPostRecv') return undefined
  if (post.descriptor !== written.as) return undefined
  return callStep(
    next,
    { ...writePostWith(written, post, next.node, writing.names), thread: threadName(next.thread) },
    writing,
  )
}

function writeStep(step: PlannedStep, writing: Writing): WrittenMap {
  const { names } = writing
  switch (step.kind) {
    case 'call':
      return callStep(step, { ...writeCall(step.body, step.node, names), thread: threadName(step.thread) }, writing)
    case 'repeat':
      return { repeat: writeRepeat(step, writing) }
    case 'race':
      return { race: writeRace(step.members, writing) }
    case 'join':
      return {
        join: step.within === joinWithin ? step.label : { call: step.label, within: writeDuration(step.within) },
      }
    case 'settle':
      return { settle: { within: writeDuration(step.within) } }
    case 'until':
      return { until: { ...writeSighting(step.sighting, names), within: writeDuration(step.within) } }
    case 'advance':
      return { advance: writeDuration(step.by) }
    case 'advance-to':
      return { advance: { to: writeDuration(step.instant) } }
    case 'craft':
      return step.ethertype === undefined ? { craft: writeCraft(step, names) } : { foreign: writeForeign(step, names) }
  }
}

function callStep(step: CallStep, said: WrittenMap, { names, labels }: Writing): WrittenMap {
  const { node, body, label, start } = step
  const named = start ? { start: label } : { label: label !== undefined && labels.has(label) ? label : undefined }
  return { [`${names.host(node)}.${kindOf(body)}`]: { ...said, ...named } }
}

/** Threads are numbered in the order in which they appear. */
function threadName(thread: number): string | undefined {
  return thread === 0 ? undefined : `t${thread}`
}

function writeRepeat({ howOften, stride, steps }: RepeatStep, writing: Writing): WrittenMap {
  const { key, count } = howOften
  const times = key === undefined ? { times: count } : { times: key, less: unless(0, -count) }
  const written = writeAll(steps, writing)
  const isOneCall = written.length === 1 && steps[0]?.kind === 'call'
  return { ...times, stride: unless(0, stride), ...(isOneCall ? { call: written[0] } : { steps: written }) }
}

function writeRace(members: readonly CallStep[], writing: Writing): Written {
  const { names, threads, orders } = writing
  const written = members.map((member) => {
    // A member has a thread of its own unless it names one.
    const isOwn = member.thread !== 0 && threads.get(threadKey(member)) === 1
    const thread = isOwn ? undefined : (threadName(member.thread) ?? 'main')
    return callStep(member, { ...writeCall(member.body, member.node, names), thread }, writing)
  })
  const bound = orders === undefined ? undefined : unless(ordersUsual, orders)
  return bound === undefined ? written : { members: written, orders: bound }
}
