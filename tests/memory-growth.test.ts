// The memory that an adapter holds: where it grows through a whole run the report says so, and of a warm-up it says nothing.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'tap'
import { growthWords, MemoryGrowth } from '../harness/cli/session/memory-growth.ts'
import type { Carrier } from '../harness/subject/adapter.ts'
import type { Report } from '../harness/result/report.ts'
import { folder, viaduct, written } from './viaduct-command.ts'

const mebibyte = 1024 * 1024

/** So many octets at each of sixteen looks. */
function held(octetsAt: (look: number) => number): readonly number[] {
  return Array.from({ length: 16 }, (_, look) => octetsAt(look) * mebibyte)
}

await test('memory that grows from look to look is told, from the end of the warm-up on', (t) => {
  t.match(growthWords(held((look) => 20 + 20 * look)), /^grew from 100 MiB to 320 MiB while it ran: /)
  t.match(
    growthWords(held((look) => 20 + 20 * look - (look % 2))),
    /^grew from 100 MiB/,
    'a collector of garbage gives a little back',
  )
  t.end()
})

await test('of a program that warms up, grows a little, shrinks again or ran shortly nothing is told', (t) => {
  t.equal(growthWords(held((look) => (look < 4 ? 100 * look : 400))), undefined, 'warms up')
  t.equal(growthWords(held((look) => 20 + look)), undefined, 'grows a little')
  t.equal(growthWords(held((look) => 1000 + 20 * look)), undefined, 'holds much from the start')
  t.equal(growthWords(held((look) => 20 + 40 * (look % 8) + 20 * look)), undefined, 'shrinks again')
  t.equal(growthWords([20, 200, 400, 800]), undefined, 'ran shortly')
  t.end()
})

await test('however long a run is, it is looked at seldom, and only the process that runs now counts', (t) => {
  let looks = 0
  let start = 0
  let run = 0
  const carrier: Carrier = {
    isFresh: false,
    renew: async () => undefined,
    heldMemory: () => {
      looks++
      return { start, octets: run * mebibyte }
    },
  }
  const memory = new MemoryGrowth(carrier)
  for (; run < 100_000; run++) memory.run()
  t.ok(looks < 300, `${looks} looks`)
  t.match(memory.words, /^grew from/)
  start++
  for (; run < 110_000; run++) memory.run()
  t.equal(memory.words, undefined, 'the process that grew is gone')
  t.end()
})

const leaking = `
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { servePeer } from ${link('adapters/process/peer.js')}
import { referenceAdapter } from ${link('adapters/reference/adapter.js')}

const kept = []
const input = new PassThrough()
createInterface({ input: process.stdin }).on('line', (line) => {
  if (/"op":"(?:open|reset)"/.test(line)) kept.push(Buffer.alloc(2_000_000, 1))
  input.write(line + '\\n')
}).on('close', () => input.end())
await servePeer(referenceAdapter(), input, process.stdout)
process.exit()
`

function link(built: string): string {
  return JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '..', built)).href)
}

await test(
  'an adapter that keeps something of every world is told of, on the terminal and in the report',
  { skip: process.platform === 'linux' ? false : 'only Linux tells what a process holds' },
  async (t) => {
    writeFileSync(join(folder, 'leaking.mjs'), leaking)
    const adapter = `NODE_OPTIONS= '${process.execPath}' leaking.mjs`
    const { code, stdout } = await viaduct([
      'run',
      'emp.framing',
      'emp.timers',
      'emp.loss',
      'emp.duplication',
      'emp.weather',
      '--adapter',
      adapter,
    ])
    t.equal(code, 0)
    t.match(stdout, /^the memory of the adapter grew from \d+ MiB to \d+ MiB while it ran: /m)
    const report: Report = JSON.parse(written('viaduct-report', 'report.json'))
    t.match(report.run.environment['memory of the adapter'], /^grew from \d+ MiB to \d+ MiB/)
  },
)
