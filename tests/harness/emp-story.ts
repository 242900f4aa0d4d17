// Traces of EMP made by hand, as if a world had run, and what the judge makes of them.
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { EmpCompletion } from '../../spec/vocabulary/emp.ts'
import type { Fate } from '../../spec/vocabulary/faults.ts'
import { buildFrame } from '../../harness/judge/frames/frame-building.ts'
import { cuttingFor, framesOf, lengthOf } from '../../harness/judge/emp/cutting.ts'
import type { RunEnding } from '../../harness/judge/verdict/ending.ts'
import { judgeRun, type JudgeInput, type Judgement } from '../../harness/judge/judge.ts'
import { monitorsOf } from '../../harness/judge/monitors/monitors.ts'
import type { Permutation, Role } from '../../harness/plan/permutation.ts'
import type { RecordLayout, WireLayout } from '../../harness/plan/layout.ts'
import { Trace } from '../../harness/result/trace.ts'

export const layout: WireLayout = {
  profile: 'emp-1',
  octetOrder: 'big',
  ethertype: 0x88b5,
  data: { octets: 'length', when: { type: 1 } },
  payloadLeast: 46,
  headers: [
    {
      name: 'ethernet',
      octets: 14,
      fields: [
        { name: 'destination', offset: 0, octets: 6, meaning: '' },
        { name: 'source', offset: 6, octets: 6, meaning: '' },
        { name: 'ethertype', offset: 12, octets: 2, meaning: '' },
      ],
    },
    {
      name: 'frame header',
      octets: 12,
      fields: [
        { name: 'sender', offset: 0, octets: 2, meaning: '' },
        { name: 'type', offset: 2, octets: 2, meaning: '', values: { data: 1, acknowledgement: 2 } },
        { name: 'length', offset: 4, octets: 2, meaning: '' },
        { name: 'message', offset: 6, octets: 4, meaning: '' },
        { name: 'frame', offset: 10, octets: 2, meaning: '' },
      ],
    },
    {
      name: 'message header',
      octets: 8,
      when: { type: 1, frame: 0 },
      fields: [
        { name: 'total', offset: 0, octets: 4, meaning: '' },
        { name: 'frames', offset: 4, octets: 2, meaning: '' },
        { name: 'tag', offset: 6, octets: 2, meaning: '' },
      ],
    },
  ],
  summary: { data: 'data m{message} f{frame} ({length} octets)', acknowledgement: 'ack m{message} f{frame}' },
}

export const descriptor: RecordLayout = {
  name: 'descriptor',
  octetOrder: 'big',
  octets: 20,
  fields: [
    { name: 'totlen', offset: 8, octets: 4, meaning: '' },
    { name: 'stat', offset: 12, octets: 2, meaning: '' },
    { name: 'peer', offset: 16, octets: 2, meaning: '' },
    { name: 'tag', offset: 18, octets: 2, meaning: '' },
  ],
}

export const macs = ['025644000000', '025644000001', '025644000002']
export const mtu = 120 // frames of 100, 108, 108 ... octets
export const cutting = cuttingFor(layout, mtu)
export const position = { file: 'suites/emp/made.yaml', line: 3, column: 9 }
export const left = 0
export const right = 1
/** Another host, which sends to the right one. */
export const third = 2
export const total = 424 // four frames: collections 0-2 and 3
export const timeout = 800_000

/** Who is at the other end of all that a host sends. */
function otherThan(from: number): number {
  return from === right ? left : right
}

/** Writes a trace as if a world had run. */
export class Story {
  readonly trace = new Trace()
  time = 0
  private frames = 0
  private calls = 0

  wait(nanoseconds: number): void {
    this.time += nanoseconds
  }

  call(node: number, body: CallBody): number {
    this.trace.call(node, { id: this.calls, thread: 0, body }, this.time)
    return this.calls++
  }

  answer(node: number, id: number, answer: Omit<Return, 'id'>): void {
    this.trace.returned(node, { id, ...answer }, this.time)
  }

  ask(node: number, body: CallBody, answer: Omit<Return, 'id'> = { status: 'ok' }): number {
    const id = this.call(node, body)
    this.answer(node, id, answer)
    return id
  }

  event(node: number, completion: EmpCompletion): void {
    this.trace.event(node, { event: 'emp.completion', ...completion }, this.time)
  }

  put(
    from: number,
    fields: Record<string, number>,
    crafted = false,
    octets: number | Uint8Array = fields['length'] ?? 0,
  ): number {
    const frame = this.frames++
    const to = otherThan(from)
    const payload = typeof octets === 'number' ? new Uint8Array(octets) : octets
    const made = buildFrame(
      layout,
      { sender: from, ...fields },
      { source: macs[from] ?? '', destination: macs[to] ?? '', payload },
    )
    this.trace.frame(crafted ? 'crafted' : 'sent', { from, frame, now: this.time }, made, made.length)
    this.wait(1000)
    return frame
  }

  data(from: number, frame: number, over: Partial<Message> & { crafted?: boolean } = {}): number {
    const { id, total: all, tag, crafted } = { id: 0, total, tag: 5, crafted: false, ...over }
    const fields = { type: 1, message: id, frame, length: lengthOf(cutting, all, frame) }
    const header = frame === 0 ? { total: all, frames: framesOf(cutting, all), tag } : {}
    return this.put(from, { ...fields, ...header }, crafted)
  }

  ack(from: number, frame: number, over: { id?: number; crafted?: boolean } = {}): number {
    return this.put(from, { type: 2, message: over.id ?? 0, frame }, over.crafted ?? false)
  }

  arrive(frame: number, node: number, copy = 0): void {
    this.wait(1000)
    this.trace.arrived(node, frame, copy, this.time)
  }

  drop(frame: number, node: number, fate: Fate = 'drop', rule = 0): void {
    this.trace.fate(node, frame, { fate, amount: 0, rule }, this.time)
    this.trace.lost(node, frame, this.time)
  }

  /** Data that arrives. */
  pass(from: number, frame: number, over: Partial<Message> & { crafted?: boolean } = {}): void {
    this.arrive(this.data(from, frame, over), otherThan(from))
  }

  /** An acknowledgement that arrives. */
  reply(from: number, frame: number, over: { id?: number; crafted?: boolean } = {}): void {
    this.arrive(this.ack(from, frame, over), otherThan(from))
  }

  end(deadlines: readonly number[] = [-1, -1]): void {
    for (const [node, deadline] of deadlines.entries()) this.trace.mark('deadline', node, deadline, this.time)
  }
}

export interface Message {
  id: number
  total: number
  tag: number
}

export const sends = (as: string, bytes = total, tag = 5): CallBody => ({
  operation: 'emp.isend',
  as,
  to: right,
  tag,
  pieces: [{ buffer: 'tx', offset: 0, bytes }],
})
export const receives = (as: string, bytes = 1000, tag = 5): CallBody => ({
  operation: 'emp.irecv',
  as,
  from: left,
  tag,
  pieces: [{ buffer: 'rx', offset: 0, bytes }],
})
export const test = (request: string): CallBody => ({ operation: 'emp.test', request })
export const ended = (request: string, over: Partial<EmpCompletion> = {}): EmpCompletion => ({
  request,
  outcome: 'done',
  bytes: total,
  peer: right,
  tag: 5,
  ...over,
})
export const done = (...completions: EmpCompletion[]): Omit<Return, 'id'> => ({ status: 'ok', completions })

/** Posts, cuts, acknowledges and completes one message of four frames, as it should be. */
export function correct(): Story {
  const story = new Story()
  story.ask(right, receives('r'))
  story.ask(left, sends('s'))
  for (const frame of [0, 1, 2]) story.pass(left, frame)
  story.reply(right, 2)
  story.pass(left, 3)
  story.reply(right, 3)
  story.ask(left, test('s'), done(ended('s')))
  story.ask(right, test('r'), done(ended('r', { peer: left })))
  return story
}

export function finished(): Trace {
  const story = correct()
  story.wait(timeout)
  story.end()
  return story.trace
}

export function permutation(over: Partial<Permutation> & { roleList?: readonly Role[] } = {}): Permutation {
  const { roleList = ['iut', 'iut'], ...rest } = over
  return {
    name: 'emp.made/case/roles=iut-iut',
    suite: 'emp.made',
    case: 'case',
    title: '',
    interface: 'emp',
    class: 'core',
    axes: {},
    roles: roleList.join('-'),
    hosts: roleList.map((role, node) => ({ name: ['left', 'right'][node] ?? 'third', role })),
    seed: 1,
    configuration: { 'emp.collection': 3, 'emp.window': 4, 'emp.timeout': timeout, 'wire.mtu': mtu },
    link: { bitsPerSecond: 1e9, delay: 5000 },
    memory: [],
    faults: [],
    steps: [],
    outcomes: [{ name: 'only', label: 'conformant', expectations: [] }],
    proves: [],
    position,
    ...rest,
  }
}

export function judge(trace: Trace, over: Partial<JudgeInput> = {}): Judgement {
  const ending: RunEnding = { kind: 'finished' }
  return judgeRun({ permutation: permutation(), trace, layout, macs, ending, descriptor, ...over })
}

/** Names of the monitors that fire on a trace. */
export function fired(story: Story | Trace, over: Partial<Permutation> = {}): readonly string[] {
  return billed(story, over).map((bill) => bill.split(':')[0] ?? '')
}

/** The monitors that fire on a trace, each with the requirements of its first breach. */
export function billed(story: Story | Trace, over: Partial<Permutation> = {}): readonly string[] {
  const trace = story instanceof Story ? story.trace : story
  return monitorsOf('emp').flatMap((monitor) => {
    const { findings } = judge(trace, { permutation: permutation(over), monitors: [monitor] })
    const broken = findings.find(({ verdict }) => verdict !== 'pass')
    if (broken?.judge === 'harness') throw new Error(broken.seen)
    return broken ? [`${monitor.name}: ${broken.requirements.join(' ')}`] : []
  })
}
