// The fabric: order of events in virtual time, what links cost, every fate, rules, weather, and the trace of it all.
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { test } from 'tap'
import { destinationOf, macOf } from '../../harness/fabric/address.ts'
import { EventQueue, eventKinds } from '../../harness/fabric/event-queue.ts'
import { Fabric, reorderHoldMax } from '../../harness/fabric/fabric.ts'
import { Faults, type Classify } from '../../harness/fabric/faults.ts'
import { frameOctetsMax } from '../../spec/vocabulary/faults.ts'
import { copiesMax } from '../../harness/plan/read/faults.ts'
import { Trace, traceOctetsMax } from '../../harness/result/trace.ts'
import type { FaultRule, LinkSetting, Weather } from '../../spec/vocabulary/faults.ts'

// --- what the tests are made of -------------------------------------------------------------------------------------

/** A gigabit: 8 ns for each octet. */
const gigabit: LinkSetting = { bitsPerSecond: 1e9, delay: 1000 }

/** Preamble, FCS and gap of each frame. */
const overhead = 24

const fair: Weather = {
  loss: 0,
  duplicate: 0,
  corrupt: 0,
  reorder: 0,
  reorderSpan: 1,
  delay: 0,
  delayMax: 1,
}

/** A frame to host `to` with `mark` behind the addresses, so that it can be told from others. */
function frameTo(to: number, mark: number, octets = 60): Uint8Array {
  const made = new Uint8Array(octets)
  made.set(Buffer.from(macOf(to), 'hex'))
  made[14] = mark & 0xff
  made[15] = mark >>> 8
  return made
}

interface Arrival {
  readonly time: number
  readonly to: number
  readonly mark: number
}

/** A fabric with its queue and trace, and what came out of it. */
class Wire {
  readonly queue = new EventQueue()
  readonly trace = new Trace()
  readonly fabric = new Fabric(this.queue, this.trace)
  readonly arrivals: Arrival[] = []
  readonly octets: Uint8Array[] = []

  constructor(plan: { rules?: readonly FaultRule[]; weather?: Weather; hosts?: number; seed?: number } = {}) {
    const { rules = [], weather, hosts = 3, seed = 1 } = plan
    const faults = new Faults()
    faults.begin({ hosts, rules, weather, seed, classify })
    this.fabric.begin(hosts, gigabit, faults)
  }

  send([from, to]: readonly [from: number, to: number], mark: number, at = 0, octets = 60): void {
    this.fabric.send(from, frameTo(to, mark, octets), octets, at)
  }

  /** Lets everything happen that is on its way, up to an instant. */
  run(until = Infinity): this {
    while (this.queue.length > 0 && this.queue.earliest <= until) {
      this.queue.pop()
      const { kind, first, second, time } = this.queue
      if (kind === eventKinds.release) this.fabric.release(first, second, time)
      else this.fabric.arrive(first, second, (to, octets, length) => this.keep(to, octets, length), time)
    }
    return this
  }

  get marks(): number[] {
    return this.arrivals.map(({ mark }) => mark)
  }

  /** What the trace says of fates, one line each. */
  get decisions(): string[] {
    return records(this.trace).flatMap((record) => {
      const fate = this.trace.fateOf(record)
      return fate ? [`#${this.trace.frameOf(record)} ${fate.fate} ${fate.amount} rule ${fate.rule}`] : []
    })
  }

  private keep(to: number, octets: Uint8Array, length: number): void {
    this.arrivals.push({ time: this.queue.time, to, mark: (octets[14] ?? 0) | ((octets[15] ?? 0) << 8) })
    this.octets.push(octets.slice(0, length))
  }
}

function records(trace: Trace): number[] {
  return Array.from({ length: trace.length }, (_, record) => record)
}

/** How long a frame keeps its link busy. */
function busy(octets: number): number {
  return (octets + overhead) * 8
}

/** Octets 6 to 9 of a frame: type, message ID, frame number, and number of frames (0: does not say). */
const classify: Classify = (octets) => {
  const [type = 0, message = 0, frame = 0, frames = 0] = octets.subarray(6, 10)
  if (type === 0) return undefined
  const answers = type !== 1
  const name = answers ? 'acknowledgement' : 'data'
  return { type: name, answers, message, frame, frames: frames === 0 ? undefined : frames }
}

interface Seen {
  readonly from?: number
  readonly to?: number
  readonly now?: number
  readonly length?: number
  readonly type?: 'data' | 'acknowledgement'
  readonly message?: number
  readonly frame?: number
  readonly frames?: number
}

/** The decisions on frames, one after the other: `fate` with the number of its rule, or `-`. */
function decisions(rules: readonly FaultRule[], frames: readonly Seen[], weather?: Weather, seed = 1): string[] {
  const faults = new Faults()
  faults.begin({ hosts: 3, rules, weather, seed, classify })
  return frames.map((seen) => {
    const { from = 0, to = 1, now = 0, length = 60, type, message = 0, frame = 0, frames: count = 0 } = seen
    const octets = new Uint8Array(length)
    octets.set([type === undefined ? 0 : type === 'data' ? 1 : 2, message, frame, count], 6)
    return faults.decide({ octets, length, from, to, now }) ? `${faults.fate} ${faults.rule}` : '-'
  })
}

/** A data frame of host 0 to host 1, and the acknowledgement of one. */
function data(message: number, more: Partial<Seen> = {}): Seen {
  return { type: 'data', message, ...more }
}

function answer(message: number, frame = 0): Seen {
  return { from: 1, to: 0, type: 'acknowledgement', message, frame }
}

function drop(where: Partial<FaultRule> = {}): FaultRule {
  return { fate: 'drop', amount: 0, ...where }
}

// --- addresses ------------------------------------------------------------------------------------------------------

await test('a host is found by the address that it was given', async (t) => {
  for (const node of [0, 1, 255, 256, 4097]) t.equal(destinationOf(Buffer.from(macOf(node), 'hex'), 5000), node)
})

await test('an address of no host is found nowhere', async (t) => {
  t.equal(destinationOf(Buffer.from(macOf(3), 'hex'), 3), -1, 'a host too many')
  t.equal(destinationOf(Buffer.from('ffffffffffff', 'hex'), 3), -1, 'broadcast')
  t.equal(destinationOf(new Uint8Array(0), 3), -1, 'no address at all')
})

// --- the queue ------------------------------------------------------------------------------------------------------

interface Entry {
  readonly time: number
  readonly kind: number
  readonly first: number
  readonly second: number
}

function taken(queue: EventQueue): Entry | undefined {
  if (!queue.pop()) return undefined
  const { time, kind, first, second } = queue
  return { time, kind, first, second }
}

const entry: fc.Arbitrary<Entry> = fc.record(
  {
    time: fc.integer({ min: 0, max: 12 }),
    kind: fc.integer({ min: 0, max: 2 }),
    first: fc.integer({ min: 0, max: 0x7fffffff }),
    second: fc.integer({ min: -1, max: 0x7fffffff }),
  },
  { noNullPrototype: true },
)

/** An entry to push, or undefined to take one out. */
const operations = fc.array(fc.option(entry, { nil: undefined, freq: 3 }), { maxLength: 120 })

await test('the queue gives out the earliest event first, and of equals the one that came first', async () => {
  fc.assert(
    fc.property(operations, (steps) => {
      const queue = new EventQueue()
      const model: Entry[] = []
      const agrees = (): boolean => {
        // A sort is stable: equals stay as they were pushed.
        model.sort((a, b) => a.time - b.time)
        return isDeepStrictEqual(taken(queue), model.shift())
      }
      for (const step of steps) {
        if (step) {
          queue.push(step.time, step.kind, step.first, step.second)
          model.push(step)
        } else if (!agrees()) return false
        if (queue.length !== model.length) return false
        if (queue.earliest !== Math.min(...model.map(({ time }) => time))) return false
      }
      while (model.length > 0) if (!agrees()) return false
      return queue.length === 0 && !queue.pop()
    }),
    { seed: 20260101, numRuns: 400 },
  )
})

await test('the queue keeps its order when it outgrows its first size', async (t) => {
  const queue = new EventQueue()
  const pushed = Array.from({ length: 2000 }, (_, i) => ({ time: (i * 7919) % 50, kind: 0, first: i, second: -i }))
  for (const { time, kind, first, second } of pushed) queue.push(time, kind, first, second)
  t.same(
    pushed.map(() => taken(queue)),
    pushed.toSorted((a, b) => a.time - b.time),
  )
})

await test('a cleared queue is an empty queue', async (t) => {
  const queue = new EventQueue()
  queue.push(5, 1, 2, 3)
  queue.clear()
  t.same([queue.length, queue.earliest, queue.pop()], [0, Infinity, false])
})

// --- links ----------------------------------------------------------------------------------------------------------

await test('a frame takes the time of its octets on the wire, and the delay of the switch', async (t) => {
  const wire = new Wire()
  wire.send([0, 1], 7, 500, 100)
  t.same(wire.run().arrivals, [{ time: 500 + busy(100) + gigabit.delay, to: 1, mark: 7 }])
})

await test('a frame waits until its link is free', async (t) => {
  const wire = new Wire()
  wire.send([0, 1], 1, 0, 1000)
  wire.send([0, 2], 2, 10, 60)
  wire.send([0, 1], 3, 10_000, 60)
  t.same(wire.run().arrivals, [
    { time: busy(1000) + 1000, to: 1, mark: 1 },
    { time: busy(1000) + busy(60) + 1000, to: 2, mark: 2 },
    { time: 10_000 + busy(60) + 1000, to: 1, mark: 3 },
  ])
})

await test('a frame that is lost has used its link all the same', async (t) => {
  const wire = new Wire({ rules: [drop({ ordinal: 0 })] })
  wire.send([0, 1], 1, 0, 1000)
  wire.send([0, 1], 2, 0, 60)
  t.same(wire.run().arrivals, [{ time: busy(1000) + busy(60) + 1000, to: 1, mark: 2 }])
})

await test('links of different hosts do not wait for each other', async (t) => {
  const wire = new Wire()
  wire.send([0, 2], 1)
  wire.send([1, 2], 2)
  const time = busy(60) + 1000
  t.same(wire.run().arrivals, [
    { time, to: 2, mark: 1 },
    { time, to: 2, mark: 2 },
  ])
})

await test('a slower link takes longer', async (t) => {
  const wire = new Wire()
  wire.fabric.begin(2, { bitsPerSecond: 3e6, delay: 5 }, undefined)
  wire.send([0, 1], 1)
  t.same(wire.run().arrivals, [{ time: Math.round(((60 + overhead) * 8e9) / 3e6) + 5, to: 1, mark: 1 }])
})

await test('without faults a link delivers every frame once, whole and in order', async () => {
  const traffic = fc.array(
    fc.record({
      from: fc.integer({ min: 0, max: 2 }),
      to: fc.integer({ min: 0, max: 2 }),
      wait: fc.integer({ min: 0, max: 3000 }),
      octets: fc.integer({ min: 16, max: 1514 }),
    }),
    { maxLength: 100 },
  )
  fc.assert(
    fc.property(traffic, (frames) => {
      const wire = new Wire()
      const sent = new Map<string, Uint8Array[]>()
      let now = 0
      frames.forEach(({ from, to, wait, octets }, mark) => {
        now += wait
        wire.run(now)
        const frame = frameTo(to, mark, octets).fill(mark, 16)
        const link = `${from} ${to}`
        // A switch keeps what is addressed to the port that it came from.
        if (from !== to) sent.set(link, [...(sent.get(link) ?? []), frame])
        wire.fabric.send(from, frame, octets, now)
      })
      wire.run()
      const came = new Map<string, Uint8Array[]>()
      wire.arrivals.forEach(({ mark, to }, i) => {
        const link = `${frames[mark]?.from ?? ''} ${to}`
        came.set(link, [...(came.get(link) ?? []), wire.octets[i] ?? new Uint8Array(0)])
      })
      return [...sent].every(([link, octets]) => isDeepStrictEqual(came.get(link), octets)) && came.size === sent.size
    }),
    { seed: 20260101, numRuns: 100 },
  )
})

await test('the fabric keeps octets of its own: whoever sent them may overwrite them', async (t) => {
  const wire = new Wire()
  const octets = frameTo(1, 5)
  wire.fabric.send(0, octets, 60, 0)
  octets.fill(0xee)
  t.same(wire.run().marks, [5])
})

await test('frames in flight stay what they are when the first long one comes', async (t) => {
  const wire = new Wire()
  for (let mark = 0; mark < 100; mark++) wire.send([0, 1], mark, 0, 1000)
  wire.send([2, 1], 100, 0, 9000)
  for (let mark = 101; mark < 140; mark++) wire.send([0, 2], mark, 0, 64)
  wire.run()
  const wrong = wire.arrivals.filter(({ mark, to }, i) => {
    const length = mark < 100 ? 1000 : mark === 100 ? 9000 : 64
    return !isDeepStrictEqual(wire.octets[i], frameTo(to, mark, length))
  })
  t.same(wrong, [])
  t.equal(wire.arrivals.length, 140)
})

await test('of a longer array only the octets of the frame go', async (t) => {
  const wire = new Wire()
  wire.fabric.send(0, frameTo(1, 5, 200), 60, 0)
  t.same(
    wire.run().octets.map(({ length }) => length),
    [60],
  )
  t.equal(wire.trace.octetsOf(0).length, 60)
})

await test('frames on their way are counted, and none is left at the end', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'duplicate', amount: 2, ordinal: 1 }, drop({ ordinal: 2 })] })
  for (let mark = 0; mark < 3; mark++) wire.send([0, 1], mark)
  t.equal(wire.fabric.inFlight, 1 + 3)
  t.equal(wire.run().fabric.inFlight, 0)
})

await test('frames are counted by the host that sent them', async (t) => {
  const wire = new Wire({ rules: [drop()] })
  for (let mark = 0; mark < 3; mark++) wire.send([mark === 2 ? 1 : 0, 2], mark)
  t.same(
    [0, 1, 2].map((node) => wire.fabric.sentBy(node)),
    [2, 1, 0],
  )
})

await test('what a rule could hit is counted, whatever occurrence it asks for', async (t) => {
  const wire = new Wire({ rules: [drop({ occurrence: 0, from: 0, after: 1000, before: 3000 })] })
  for (const now of [0, 1000, 2000, 3000]) for (const from of [0, 1]) wire.send([from, 2], now, now)
  t.equal(wire.fabric.matchedBy(0), 2)
  t.equal(wire.fabric.matchedBy(1), 0)
  t.equal(wire.run().marks.length, 8, 'and none is hit')
})

await test('a fabric that begins again knows nothing of before', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'reorder', amount: 3 }] })
  wire.send([0, 1], 1, 0, 1500)
  wire.queue.clear()
  wire.trace.clear()
  wire.fabric.begin(3, gigabit, undefined)
  wire.send([0, 1], 2)
  wire.send([0, 1], 3)
  t.equal(wire.fabric.sentBy(0), 2)
  t.same(wire.run().marks, [2, 3])
  t.equal(wire.arrivals[0]?.time, busy(60) + 1000)
  t.equal(wire.trace.frameOf(0), 0)
})

// --- fates ----------------------------------------------------------------------------------------------------------

for (const fate of ['drop', 'corrupt', 'partition'] as const) {
  await test(`${fate}: the frame reaches nobody, and the next one does`, async (t) => {
    const wire = new Wire({ rules: [{ fate, amount: 0, ordinal: 0 }] })
    wire.send([0, 1], 1)
    wire.send([0, 1], 2)
    t.same(wire.run().marks, [2])
    t.same(wire.decisions, [`#0 ${fate} 0 rule 0`])
    t.same(
      records(wire.trace)
        .slice(0, 3)
        .map((record) => wire.trace.kind(record)),
      ['sent', 'fate', 'lost'],
    )
  })
}

await test('duplicate: as many copies as there can be are all of the frame that was duplicated', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'duplicate', amount: copiesMax, ordinal: 0 }] })
  wire.send([0, 1], 1)
  wire.send([0, 1], 2)
  const { marks } = wire.run()
  t.same(
    [1, 2].map((mark) => marks.filter((each) => each === mark).length),
    [1 + copiesMax, 1],
  )
})

await test('duplicate: so many copies more arrive, told apart in the trace', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'duplicate', amount: 2, ordinal: 0 }] })
  wire.send([0, 1], 1)
  wire.send([0, 1], 2)
  t.same(wire.run().marks, [1, 1, 1, 2])
  const arrived = records(wire.trace).filter((record) => wire.trace.kind(record) === 'arrived')
  t.same(
    arrived.map((record) => [wire.trace.frameOf(record), wire.trace.detail(record)]),
    [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
    ],
  )
})

await test('delay: the frame comes so much later, and others go before it', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'delay', amount: 50_000, ordinal: 0 }] })
  wire.send([0, 1], 1)
  wire.send([0, 1], 2)
  t.same(wire.run().arrivals, [
    { time: 2 * busy(60) + 1000, to: 1, mark: 2 },
    { time: busy(60) + 1000 + 50_000, to: 1, mark: 1 },
  ])
})

await test('reorder: as many later frames of the link go first', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'reorder', amount: 2, ordinal: 0 }] })
  for (let mark = 1; mark <= 4; mark++) wire.send([0, 1], mark)
  t.same(wire.run().marks, [2, 3, 1, 4])
  t.equal(wire.arrivals[2]?.time, wire.arrivals[1]?.time, 'it follows the last of them at once')
})

await test('reorder: a frame that nobody overtakes is let go in the end', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'reorder', amount: 2, ordinal: 0 }] })
  wire.send([0, 1], 1)
  wire.send([0, 1], 2)
  const end = busy(60) + 1000 + reorderHoldMax
  t.same(wire.run().arrivals, [
    { time: 2 * busy(60) + 1000, to: 1, mark: 2 },
    { time: end, to: 1, mark: 1 },
  ])
})

await test('reorder: frames of other links do not count', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'reorder', amount: 1, from: 0, ordinal: 0 }] })
  wire.send([0, 1], 1)
  wire.send([2, 1], 2)
  wire.send([2, 1], 3)
  t.same(wire.run(50_000).marks, [2, 3])
  t.equal(wire.fabric.inFlight, 1)
  t.same(wire.run().marks, [2, 3, 1])
})

await test('reorder: a frame that was overtaken is not let go a second time', async (t) => {
  const wire = new Wire({ rules: [{ fate: 'reorder', amount: 1, ordinal: 0 }] })
  wire.send([0, 1], 1)
  wire.send([0, 1], 2)
  t.same(wire.run().marks, [2, 1])
  t.equal(wire.queue.time, busy(60) + 1000 + reorderHoldMax, 'its longest wait came and changed nothing')
  t.equal(wire.fabric.inFlight, 0)
})

await test('unroutable: a frame to no host is lost, and the trace says why', async (t) => {
  const wire = new Wire()
  wire.send([0, 9], 1)
  t.same(wire.run().marks, [])
  t.same(wire.decisions, ['#0 unroutable 0 rule -1'])
  t.equal(wire.fabric.inFlight, 0)
})

await test('unroutable: so is a frame that is longer than any NIC could send', async (t) => {
  const wire = new Wire()
  wire.send([0, 1], 1, 0, frameOctetsMax)
  wire.send([0, 1], 2, 0, frameOctetsMax + 1)
  t.same(wire.run().marks, [1])
  t.same(wire.decisions, ['#1 unroutable 0 rule -1'])
})

await test('a crafted frame reaches the host that it is meant for, whatever address it carries', async (t) => {
  const wire = new Wire()
  wire.fabric.craft({ from: 0, to: 2 }, frameTo(1, 4), 0)
  t.same(wire.run().arrivals, [{ time: busy(60) + 1000, to: 2, mark: 4 }])
  t.equal(wire.trace.kind(0), 'crafted')
})

await test('whatever happens to frames, each arrives as often as the trace says, and none changes', async () => {
  const share = fc.constantFrom(0, 0.2, 0.5)
  const storm: fc.Arbitrary<Weather> = fc.record({
    loss: share,
    duplicate: share,
    corrupt: share,
    reorder: share,
    reorderSpan: fc.integer({ min: 1, max: 5 }),
    delay: share,
    delayMax: fc.integer({ min: 1, max: 200_000 }),
  })
  const traffic = fc.array(fc.tuple(fc.nat(2), fc.nat(3), fc.nat(20_000)), { maxLength: 60 })
  fc.assert(
    fc.property(storm, traffic, fc.integer(), (weather, frames, seed) => {
      const wire = new Wire({ weather, seed })
      let now = 0
      frames.forEach(([from, to, wait], mark) => {
        now += wait
        wire.run(now)
        wire.send([from, to], mark, now)
      })
      wire.run()
      const expected = frames.map(() => 1)
      for (const record of records(wire.trace)) {
        const fate = wire.trace.fateOf(record)
        const frame = wire.trace.frameOf(record)
        if (wire.trace.kind(record) === 'lost') expected[frame] = 0
        else if (fate?.fate === 'duplicate') expected[frame] = 1 + fate.amount
      }
      const came = frames.map(() => 0)
      for (const { mark, to } of wire.arrivals) if (frames[mark]?.[1] === to) came[mark] = (came[mark] ?? 0) + 1
      return isDeepStrictEqual(came, expected) && wire.fabric.inFlight === 0
    }),
    { seed: 20260101, numRuns: 150 },
  )
})

// --- rules ----------------------------------------------------------------------------------------------------------

await test('a rule without conditions hits every frame', async (t) => {
  t.same(decisions([drop()], [{}, { from: 1, to: 0 }, { type: 'data' }]), ['drop 0', 'drop 0', 'drop 0'])
})

await test('a rule can name the link', async (t) => {
  const frames = [
    { from: 0, to: 1 },
    { from: 1, to: 0 },
    { from: 0, to: 2 },
    { from: 2, to: 1 },
  ]
  t.same(decisions([drop({ from: 0 })], frames), ['drop 0', '-', 'drop 0', '-'])
  t.same(decisions([drop({ to: 1 })], frames), ['drop 0', '-', '-', 'drop 0'])
  t.same(decisions([drop({ from: 0, to: 1 })], frames), ['drop 0', '-', '-', '-'])
})

await test('a rule can name the n-th frame of a host, from 0', async (t) => {
  const frames = [{ from: 0 }, { from: 1 }, { from: 1 }, { from: 0 }, { from: 0 }]
  t.same(decisions([drop({ ordinal: 1 })], frames), ['-', '-', 'drop 0', 'drop 0', '-'])
})

await test('a rule can name the length of a frame', async (t) => {
  t.same(decisions([drop({ octets: 100 })], [{ length: 99 }, { length: 100 }, { length: 101 }]), ['-', 'drop 0', '-'])
})

await test('a rule can name a span of time: its first instant is in, its last is not', async (t) => {
  const frames = [99, 100, 199, 200].map((now) => ({ now }))
  t.same(decisions([drop({ after: 100, before: 200 })], frames), ['-', 'drop 0', 'drop 0', '-'])
})

await test('a rule can name the type of a frame', async (t) => {
  const frames: Seen[] = [{ type: 'data' }, { type: 'acknowledgement' }, {}]
  t.same(decisions([drop({ type: 'data' })], frames), ['drop 0', '-', '-'])
})

await test('a rule can name the n-th message of a sender, in the order in which they were first seen', async (t) => {
  t.same(decisions([drop({ message: 2 })], [data(9), data(4), data(9), data(4), data(7)]), [
    '-',
    'drop 0',
    '-',
    'drop 0',
    '-',
  ])
  t.same(decisions([drop({ message: 2 })], [data(0), data(0, { to: 2 }), data(0)]), ['-', 'drop 0', '-'])
})

await test('an acknowledgement belongs to the message of its destination', async (t) => {
  const rules = [drop({ type: 'acknowledgement', message: 2 })]
  t.same(decisions(rules, [data(9), data(4), answer(9), answer(4)]), ['-', '-', '-', 'drop 0'])
})

await test('an acknowledgement of a message that was never seen counts as none', async (t) => {
  t.same(decisions([drop({ message: 1 })], [answer(3), data(8)]), ['-', 'drop 0'])
})

await test('a rule can name a frame of a message by its number', async (t) => {
  const frames: Seen[] = [0, 1, 2, 1].map((frame) => ({ type: 'data', frame }))
  t.same(decisions([drop({ frame: 1 })], [...frames, {}]), ['-', 'drop 0', '-', 'drop 0', '-'])
})

await test('the last frame of a message is known once its first was seen', async (t) => {
  const frames = [2, 0, 1, 2].map((frame) => data(5, { frame, frames: frame === 0 ? 3 : 0 }))
  t.same(decisions([drop({ frame: 'last' })], frames), ['-', '-', '-', 'drop 0'])
  t.same(decisions([drop({ frame: 'last' })], [data(5, { frames: 1 })]), ['drop 0'], 'of one frame it is the last')
})

await test('the last acknowledgement is that of the last frame', async (t) => {
  const rules = [drop({ type: 'acknowledgement', frame: 'last' })]
  t.same(decisions(rules, [data(5, { frames: 4 }), answer(5, 2), answer(5, 3)]), ['-', '-', 'drop 0'])
})

await test('a rule can be for one of its matches only', async (t) => {
  const rules = [drop({ type: 'data', occurrence: 2 })]
  t.same(decisions(rules, [data(0), {}, data(0), data(0)]), ['-', '-', 'drop 0', '-'])
})

await test('of several rules the first that matches decides', async (t) => {
  const rules: FaultRule[] = [
    { fate: 'corrupt', amount: 0, ordinal: 1 },
    { fate: 'delay', amount: 5, from: 0 },
    { fate: 'drop', amount: 0 },
  ]
  t.same(decisions(rules, [{}, {}, { from: 1 }]), ['delay 1', 'corrupt 0', 'drop 2'])
})

await test('a rule whose occurrence is another lets the next rule decide', async (t) => {
  t.same(decisions([drop({ occurrence: 2 }), { fate: 'corrupt', amount: 0 }], [{}, {}, {}]), [
    'corrupt 1',
    'drop 0',
    'corrupt 1',
  ])
})

await test('a rule does not count matches that an earlier rule took away', async (t) => {
  t.same(decisions([drop({ ordinal: 0 }), { fate: 'corrupt', amount: 0, occurrence: 1 }], [{}, {}]), [
    'drop 0',
    'corrupt 1',
  ])
})

await test('faults that begin again count from the start', async (t) => {
  const faults = new Faults()
  const plan = { hosts: 2, rules: [drop({ occurrence: 1, ordinal: 0 })], weather: undefined, seed: 1, classify }
  const frame = { octets: new Uint8Array(60), length: 60, from: 0, to: 1, now: 0 }
  for (let run = 0; run < 2; run++) {
    faults.begin(plan)
    t.same([faults.decide(frame), faults.decide(frame)], [true, false])
  }
})

// --- weather --------------------------------------------------------------------------------------------------------

const storm: Weather = {
  loss: 0.2,
  corrupt: 0.1,
  duplicate: 0.2,
  reorder: 0.2,
  reorderSpan: 4,
  delay: 0.3,
  delayMax: 1000,
}

const many: readonly Seen[] = Array.from({ length: 300 }, () => ({}))

await test('the same seed makes the same weather', async (t) => {
  t.same(decisions([], many, storm, 7), decisions([], many, storm, 7))
})

await test('another seed makes other weather', async (t) => {
  t.notSame(decisions([], many, storm, 7), decisions([], many, storm, 8))
})

await test('weather brings everything that it may bring', async (t) => {
  t.same([...new Set(decisions([], many, storm))].toSorted(), [
    '-',
    'corrupt -1',
    'delay -1',
    'drop -1',
    'duplicate -1',
    'reorder -1',
  ])
})

await test('certain weather hits every frame, and fair weather none', async (t) => {
  t.same(new Set(decisions([], many, { ...fair, loss: 1 })), new Set(['drop -1']))
  t.same(new Set(decisions([], many, fair)), new Set(['-']))
})

await test('weather is about as bad as it says', async (t) => {
  const lost = decisions(
    [],
    Array.from({ length: 20_000 }, () => ({})),
    { ...fair, loss: 0.1 },
  )
  const share = lost.filter((decision) => decision !== '-').length / lost.length
  t.ok(share > 0.09 && share < 0.11, String(share))
})

await test('traffic of other links does not change the weather of a link', async () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), fc.integer(), (others, seed) => {
      const frames = others.map((isOther) => ({ from: isOther ? 1 : 0 }))
      const mixed = decisions([], frames, storm, seed).filter((_, i) => others[i] === false)
      const alone = decisions(
        [],
        mixed.map(() => ({ from: 0 })),
        storm,
        seed,
      )
      return isDeepStrictEqual(mixed, alone)
    }),
    { seed: 20260101, numRuns: 100 },
  )
})

await test('worse weather in one respect changes no other frame', async (t) => {
  const before = decisions([], many, { ...storm, loss: 0.1 })
  const after = decisions([], many, { ...storm, loss: 0.5 })
  t.same(
    after.filter((decision, i) => decision !== before[i] && decision !== 'drop -1'),
    [],
  )
})

await test('after its end the weather is calm', async (t) => {
  const frames = [0, 999, 1000, 2000].map((now) => ({ now }))
  t.same(decisions([], frames, { ...fair, loss: 1, until: 1000 }), ['drop -1', 'drop -1', '-', '-'])
})

await test('before its beginning the weather is calm', async (t) => {
  const frames = [0, 999, 1000, 2000].map((now) => ({ now }))
  t.same(decisions([], frames, { ...fair, loss: 1, after: 1000 }), ['-', '-', 'drop -1', 'drop -1'])
})

await test('a frame that a rule hits is spared by the weather', async (t) => {
  t.same(decisions([{ fate: 'delay', amount: 1, ordinal: 0 }], [{}, {}], { ...fair, loss: 1 }), ['delay 0', 'drop -1'])
})

await test('a reordered frame is overtaken by no more than the weather allows', async (t) => {
  const wire = new Wire({ weather: { ...fair, reorder: 1, reorderSpan: 3 } })
  for (let mark = 0; mark < 200; mark++) wire.send([0, 1], mark)
  const amounts = new Set(wire.decisions.map((line) => Number(line.split(' ')[2])))
  t.same(
    [...amounts].toSorted((a, b) => a - b),
    [1, 2, 3],
  )
})

await test('every decision of rules and weather is in the trace', async (t) => {
  const wire = new Wire({ rules: [drop({ ordinal: 0 }), { fate: 'delay', amount: 9, ordinal: 1 }], weather: storm })
  for (let mark = 0; mark < 40; mark++) wire.send([0, 1], mark)
  const { decisions: told } = wire
  t.same(told.slice(0, 2), ['#0 drop 0 rule 0', '#1 delay 9 rule 1'])
  t.ok(told.length > 10 && told.slice(2).every((line) => line.endsWith('rule -1')), told.join('\n'))
})

// --- the trace ------------------------------------------------------------------------------------------------------

const tag = { request: 's', outcome: 'done', bytes: 1, peer: 1, tag: 5 } as const

/** One record of every kind. */
function fill(trace: Trace): Trace {
  trace.mark('step', 0, 3, 0)
  trace.call(0, { id: 1, thread: 0, body: { operation: 'emp.test', request: 's' } }, 10)
  trace.frame('sent', { from: 0, frame: 0, now: 20 }, new Uint8Array([1, 2, 3]), 3)
  trace.fate(0, 0, { fate: 'duplicate', amount: 1, rule: 0 }, 20)
  trace.arrived(1, 0, 1, 30)
  trace.frame('crafted', { from: 1, frame: 1, now: 40 }, new Uint8Array([4, 5]), 2)
  trace.lost(1, 1, 40)
  trace.mark('woken', 1, 0, 50)
  trace.mark('ran', 1, 2, 50)
  trace.event(1, { event: 'emp.completion', ...tag }, 50)
  trace.returned(0, { id: 1, status: 'ok', completions: [tag] }, 60)
  trace.mark('deadline', 0, -1, 70)
  return trace
}

await test('what was recorded is read back', async (t) => {
  const trace = fill(new Trace())
  t.same(
    records(trace).map((record) => [trace.kind(record), trace.time(record), trace.node(record)]),
    [
      ['step', 0, 0],
      ['call', 10, 0],
      ['sent', 20, 0],
      ['fate', 20, 0],
      ['arrived', 30, 1],
      ['crafted', 40, 1],
      ['lost', 40, 1],
      ['woken', 50, 1],
      ['ran', 50, 1],
      ['event', 50, 1],
      ['returned', 60, 0],
      ['deadline', 70, 0],
    ],
  )
  t.equal(trace.detail(0), 3)
  t.match(trace.callOf(1), { id: 1, body: { operation: 'emp.test' } })
  t.same([...trace.octetsOf(2)], [1, 2, 3])
  t.same(trace.fateOf(3), { fate: 'duplicate', amount: 1, rule: 0 })
  t.same([trace.frameOf(4), trace.detail(4)], [0, 1])
  t.same([...trace.octetsOf(5)], [4, 5])
  t.equal(trace.detail(8), 2)
  t.match(trace.eventOf(9), { event: 'emp.completion', request: 's' })
  t.match(trace.returnOf(10), { id: 1, status: 'ok' })
  t.equal(trace.amount(11), -1)
})

await test('a record of another kind has no such content', async (t) => {
  const trace = fill(new Trace())
  t.same(
    [trace.callOf(0), trace.returnOf(1), trace.eventOf(2), trace.fateOf(4)],
    [undefined, undefined, undefined, undefined],
  )
  t.equal(trace.octetsOf(1).length, 0)
})

await test('a record that is not there cannot be read', async (t) => {
  const trace = fill(new Trace())
  t.throws(() => trace.kind(trace.length), RangeError)
})

await test('equal runs have equal digests', async (t) => {
  t.equal(fill(new Trace()).digest(), fill(new Trace()).digest())
  t.match(fill(new Trace()).digest(), /^[0-9a-f]{8}$/)
})

const differences: Readonly<Record<string, (trace: Trace) => void>> = {
  'nothing more': () => undefined,
  'a wake': (trace) => trace.mark('woken', 0, 0, 80),
  'a later wake': (trace) => trace.mark('woken', 0, 0, 81),
  'a wake of another host': (trace) => trace.mark('woken', 1, 0, 80),
  'an activity': (trace) => trace.mark('ran', 0, 0, 80),
  'another activity': (trace) => trace.mark('ran', 0, 1, 80),
  'no deadline': (trace) => trace.mark('deadline', 0, -1, 80),
  'a deadline': (trace) => trace.mark('deadline', 0, 5, 80),
  'a frame': (trace) => trace.frame('sent', { from: 0, frame: 2, now: 80 }, new Uint8Array([1, 2]), 2),
  'a crafted frame': (trace) => trace.frame('crafted', { from: 0, frame: 2, now: 80 }, new Uint8Array([1, 2]), 2),
  'a shorter frame': (trace) => trace.frame('sent', { from: 0, frame: 2, now: 80 }, new Uint8Array([1, 2]), 1),
  'a frame of other octets': (trace) => trace.frame('sent', { from: 0, frame: 2, now: 80 }, new Uint8Array([1, 3]), 2),
  'a drop': (trace) => trace.fate(0, 2, { fate: 'drop', amount: 0, rule: 0 }, 80),
  'a drop by another rule': (trace) => trace.fate(0, 2, { fate: 'drop', amount: 0, rule: 1 }, 80),
  'a drop of another frame': (trace) => trace.fate(0, 3, { fate: 'drop', amount: 0, rule: 0 }, 80),
  'a delay': (trace) => trace.fate(0, 2, { fate: 'delay', amount: 5, rule: 0 }, 80),
  'a longer delay': (trace) => trace.fate(0, 2, { fate: 'delay', amount: 6, rule: 0 }, 80),
  'an arrival': (trace) => trace.arrived(0, 2, 0, 80),
  'a copy': (trace) => trace.arrived(0, 2, 1, 80),
  'a call': (trace) => trace.call(0, { id: 2, thread: 0, body: { operation: 'emp.counters' } }, 80),
  'a call of another thread': (trace) => trace.call(0, { id: 2, thread: 1, body: { operation: 'emp.counters' } }, 80),
  'a return': (trace) => trace.returned(0, { id: 2, status: 'ok' }, 80),
  'a refusal': (trace) => trace.returned(0, { id: 2, status: 'invalid' }, 80),
  'an event': (trace) => trace.event(0, { event: 'emp.completion', ...tag }, 80),
  'an event of other length': (trace) => trace.event(0, { event: 'emp.completion', ...tag, bytes: 2 }, 80),
}

await test('runs that differ in anything have different digests', async (t) => {
  const byDigest = new Map<string, string>()
  for (const [name, differ] of Object.entries(differences)) {
    const trace = fill(new Trace())
    differ(trace)
    const digest = trace.digest()
    t.equal(byDigest.get(digest), undefined, name)
    byDigest.set(digest, name)
  }
})

await test('the order of records is in the digest', async (t) => {
  const digests = [
    [0, 1],
    [1, 0],
  ].map((nodes) => {
    const trace = new Trace()
    for (const node of nodes) trace.mark('woken', node, 0, 5)
    return trace.digest()
  })
  t.not(digests[0], digests[1])
})

await test('the order in which an adapter wrote the members of an object is not in the digest', async (t) => {
  const one = new Trace()
  one.returned(0, { id: 1, status: 'ok', completions: [tag], counters: { duplicate: 1, malformed: 2 } }, 5)
  const other = new Trace()
  const { tag: number, request, outcome, bytes, peer } = tag
  const completions = [{ tag: number, peer, bytes, outcome, request }]
  other.returned(0, { counters: { malformed: 2, duplicate: 1 }, completions, status: 'ok', id: 1 }, 5)
  t.equal(one.digest(), other.digest())
})

await test('the trace keeps octets of its own', async (t) => {
  const trace = new Trace()
  const octets = new Uint8Array([1, 2, 3, 4])
  trace.frame('sent', { from: 0, frame: 0, now: 0 }, octets, 3)
  octets.fill(9)
  t.same([...trace.octetsOf(0)], [1, 2, 3])
})

await test('the trace keeps everything when it outgrows its first size', async (t) => {
  const trace = new Trace()
  for (let frame = 0; frame < 3000; frame++)
    trace.frame('sent', { from: frame % 7, frame, now: frame }, new Uint8Array(100).fill(frame), 100)
  t.same(
    records(trace).filter((frame) => {
      const octets = trace.octetsOf(frame)
      const isKept = octets.length === 100 && octets.every((octet) => octet === (frame & 0xff))
      return !isKept || trace.frameOf(frame) !== frame || trace.node(frame) !== frame % 7 || trace.time(frame) !== frame
    }),
    [],
  )
})

await test('a cleared trace is as good as new', async (t) => {
  const trace = fill(new Trace())
  trace.clear()
  t.equal(trace.length, 0)
  t.equal(trace.digest(), new Trace().digest())
  t.equal(fill(trace).digest(), fill(new Trace()).digest())
})

await test('a cleared trace uses its buffers again', async (t) => {
  const trace = fill(new Trace())
  const { buffer } = trace.octetsOf(2)
  trace.clear()
  t.equal(fill(trace).octetsOf(2).buffer, buffer)
})

await test('a trace that is off records nothing', async (t) => {
  const trace = new Trace()
  trace.enabled = false
  t.equal(fill(trace).length, 0)
  t.equal(trace.digest(), new Trace().digest())
})

await test('frames beyond what one trace keeps are recorded without octets, and the trace says so', async (t) => {
  const trace = new Trace()
  trace.frame('sent', { from: 0, frame: 0, now: 0 }, new Uint8Array([1]), 1)
  t.notOk(trace.truncated)
  trace.frame('sent', { from: 0, frame: 1, now: 0 }, new Uint8Array(0), traceOctetsMax)
  t.ok(trace.truncated)
  t.same([trace.length, trace.octetsOf(0).length, trace.octetsOf(1).length], [2, 1, 0])
  trace.clear()
  t.notOk(trace.truncated)
})
