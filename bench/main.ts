// Prints the benchmarks: each figure as median, least and most of several runs, beside a bare event queue in the same process.
import { EventQueue } from '../harness/fabric/event-queue.ts'
import type { Weather } from '../spec/vocabulary/faults.ts'
import { viaLeast } from '../spec/vocabulary/via-constants.ts'
import { caseRates } from './cases.ts'
import { remark, row, runs, stopwatch, warmUps } from './figures.ts'
import { fuzzRows } from './fuzz.ts'
import { huntingRows } from './hunting.ts'
import { pipeRows } from './pipe.ts'
import { scaleRows } from './scale.ts'
import { pairOfHosts, runStream, streamWorld } from './stream.ts'
import { runViaStream, viaWorld, type ViaStreamPlan } from './via-stream.ts'
import { World } from '../harness/run/world.ts'
import { Trace } from '../harness/result/trace.ts'

const messagesPerRun = 48

/** Messages of one frame for messages per second, large ones for frames per second; the trace is off. */
const viaStreams = [
  { octets: 64, messages: 4000, what: 'messages' },
  { octets: viaLeast.transferSize, messages: 400, what: 'frames' },
] as const

const onePercent: Weather = { loss: 0.01, duplicate: 0, corrupt: 0, reorder: 0, reorderSpan: 0, delay: 0, delayMax: 0 }

/** Events per second through the bare queue with 64 pending. */
function bareQueue(): number {
  const queue = new EventQueue()
  const events = 1_000_000
  for (let i = 0; i < 64; i++) queue.push(i, 0, i, 0)
  const start = stopwatch()
  for (let i = 0; i < events; i++) {
    queue.pop()
    queue.push(queue.time + 64 + (i & 7), 0, i, 0)
  }
  return events / (stopwatch() - start)
}

function stream(traced: boolean, weather: Weather | undefined): { frames: number[]; share: number } {
  const { endpoints, world } = streamWorld(traced)
  const frames: number[] = []
  let share = 0
  for (let run = -warmUps; run < runs; run++) {
    const figures = runStream({ endpoints, world, messages: messagesPerRun, weather, stopwatch })
    share = figures.acknowledgements / figures.frames
    if (run >= 0) frames.push(figures.frames / figures.seconds)
  }
  return { frames, share }
}

/** VIA messages per second, or frames per second, with the share of messages that arrived. */
function viaStream(plan: ViaStreamPlan, what: 'messages' | 'frames'): { rates: number[]; share: number } {
  const hosts = viaWorld()
  const rates: number[] = []
  let share = 0
  for (let run = -warmUps; run < runs; run++) {
    const figures = runViaStream(hosts, plan, stopwatch)
    share = figures.received / figures.messages
    if (run >= 0) rates.push(figures[what] / figures.seconds)
  }
  return { rates, share }
}

/** Microseconds for making, and for resetting, a world of two hosts. */
function worlds(): { fresh: number[]; reset: number[] } {
  const fresh: number[] = []
  const reset: number[] = []
  const trace = new Trace()
  const idle = { limit: Infinity, finished: true, offers: () => [], issued: () => undefined, returned: () => undefined }
  const plan = { link: { bitsPerSecond: 1e9, delay: 5000 }, faults: [], seed: 1 }
  const rounds = 500
  for (let run = 0; run <= runs; run++) {
    let start = stopwatch()
    for (let i = 0; i < rounds; i++) new World(pairOfHosts(), { stepped: false, trace }).begin(plan, idle)
    if (run > 0) fresh.push(((stopwatch() - start) / rounds) * 1e6)
    const endpoints = pairOfHosts()
    const world = new World(endpoints, { stepped: false, trace })
    start = stopwatch()
    for (let i = 0; i < rounds * 10; i++) {
      endpoints.forEach((endpoint, node) => endpoint.reset(node))
      world.begin(plan, idle)
    }
    if (run > 0) reset.push(((stopwatch() - start) / rounds / 10) * 1e6)
  }
  return { fresh, reset }
}

/** `npm run bench -- hunting 5`: only what guidance is worth, with so many seconds for each mutant and way; names of mutants may follow. */
const [asked, seconds = '5', ...names] = process.argv.slice(2)
if (asked === 'hunting') {
  await huntingRows(Number(seconds) * 1000, names)
  process.exit()
}

console.log(
  `Node ${process.version}, ${runs} runs; EMP: 1 MiB messages, ${messagesPerRun} a run; frames count data and acknowledgements.`,
)
const bare = row('bare event queue, 64 pending', Array.from({ length: runs }, bareQueue), 'events/s')
for (const traced of [false, true]) {
  for (const weather of [undefined, onePercent]) {
    const name = `EMP stream, trace ${traced ? 'on' : 'off'}, loss ${weather ? '1 %' : 'none'}`
    const { frames, share } = stream(traced, weather)
    const median = row(name, frames, 'frames/s')
    remark(`${(share * 100).toFixed(1)} % acknowledgements, ${(median / bare).toFixed(3)} of the bare queue`)
  }
}
for (const { octets, messages, what } of viaStreams) {
  for (const level of ['unreliable', 'reliable-delivery', 'reliable-reception'] as const) {
    for (const weather of [undefined, onePercent]) {
      const { rates, share } = viaStream({ level, octets, messages, weather }, what)
      const name = `VIA ${level}, ${octets} octets, loss ${weather ? '1 %' : 'none'}`
      const median = row(name, rates, `${what}/s`)
      remark(`${(share * 100).toFixed(1)} % of the messages arrived, ${(median / bare).toFixed(3)} of the bare queue`)
    }
  }
}
const { fresh, reset } = worlds()
row('fresh world of two hosts', fresh, 'us')
row('reset world of two hosts', reset, 'us')
const rates = await caseRates(runs, stopwatch)
row('cases of the EMP suites, worlds reset', rates.reset, 'cases/s')
row('cases of the EMP suites, fresh worlds', rates.fresh, 'cases/s')
scaleRows([2, 16, 64, 256, 1024])
await pipeRows()
await fuzzRows()
