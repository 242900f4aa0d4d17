// Adapters with a clock of their own, at the level of lines: what they tell unasked, and what they may not.
import { t as tap, test } from 'tap'
import { join } from 'node:path'
import { startProcessAdapter } from '../../adapters/process/adapter.ts'
import { untakenMax } from '../../adapters/process/live.ts'
import type { Adapter, LiveHosts } from '../../harness/subject/adapter.ts'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { failureOf } from './failure-of.ts'

/** Answers everything, and at each input does what its first word says. */
const folder = tap.testdir({
  'live.mjs': `
    import { createInterface } from 'node:readline'
    const say = (line) => process.stdout.write(JSON.stringify(line) + '\\n')
    const told = (endpoint, at) => say({ endpoint, at, output: { kind: 'return', id: 1, status: 'ok' } })
    const deeds = {
      honest: () => told(0, 6),
      elsewhere: () => told(7, 6),
      backward: () => { told(0, 6); told(0, 4) },
      floods: () => { for (let i = 0; i < ${untakenMax + 1}; i++) told(0, 6) },
      dies: () => setTimeout(() => process.exit(3), 20),
      fails: () => say({ id: null, error: { message: 'the NIC is on fire' } }),
    }
    createInterface({ input: process.stdin }).on('line', (text) => {
      const { id, op, nonce } = JSON.parse(text)
      const facts = { protocol: 1, nonce, name: 'live', version: '1', vendor: 'v', interfaces: ['emp'], clock: 'real', wire: 'none' }
      if (op === 'hello') say({ id, ok: { ...facts, options: {}, values: {} } })
      else if (op === 'open' || op === 'close') say({ id, ok: {} })
      else if (op === 'reset') { told(0, 5); say({ id, ok: {} }); told(0, 9) }
      else if (op === 'input') { say({ id, ok: { at: 5 } }); deeds[process.argv[2]]() }
      else say({ id, unsupported: op })
    }).on('close', () => process.exit())
  `,
})

const hosts = [{ node: 0, name: 'left', mac: '020000000000' }]
const setting: EndpointSetting = { interface: 'emp', node: 0, hosts, configuration: {}, stepped: false, seed: 1 }
const input = { kind: 'call', call: { id: 1, thread: 0, body: { operation: 'emp.counters' } } } as const
const soon = 5_000_000_000

async function opened(mode: string): Promise<{ adapter: Adapter; far: LiveHosts }> {
  const command = `exec '${process.execPath}' '${join(folder, 'live.mjs')}' ${mode}`
  const adapter = await startProcessAdapter(mode, { command }, { harness: { name: 'test', version: '0' } })
  const world = await adapter.open([setting])
  if (world.kind !== 'live') throw new Error(`the world is ${world.kind}`)
  return { adapter, far: world.far }
}

await test('what an endpoint tells is heard when it was told, and then no more', async (t) => {
  const { adapter, far } = await opened('honest')
  await far.give(0, input)
  t.match(await far.hear(soon), [{ endpoint: 0, at: 6, output: { kind: 'return', answer: { id: 1 } } }])
  t.same(await far.hear(0), [])
  await adapter.close()
})

await test('what the world before a reset told is forgotten, and what the new one tells at once is heard', async (t) => {
  const { adapter, far } = await opened('honest')
  await far.reset([{ node: 0, seed: 1 }])
  t.match(await far.hear(soon), [{ at: 9 }])
  await adapter.close()
})

await test('an endpoint that tells far more than is taken is no longer followed', async (t) => {
  const { adapter, far } = await opened('floods')
  await far.give(0, input)
  // Its answer would come behind the flood.
  const failure = await failureOf(far.give(0, input))
  t.match(failure, { trouble: 'protocol', message: /told 50000 outputs faster than they can be taken/ })
  t.equal((await failureOf(far.hear(soon))).message, failure.message, 'and nothing of the flood is kept')
  await adapter.close()
})

for (const { mode, trouble, message } of [
  { mode: 'elsewhere', trouble: 'protocol', message: /told of endpoint 7, which is none of its own/ },
  { mode: 'backward', trouble: 'protocol', message: /the clock of endpoint 0 went back, from 6 to 4/ },
  { mode: 'dies', trouble: 'crash', message: /exited with code 3/ },
  { mode: 'fails', trouble: 'crash', message: /the adapter failed: the NIC is on fire/ },
]) {
  await test(`an adapter that ${mode} while nothing is asked is told for what it does`, async (t) => {
    const { adapter, far } = await opened(mode)
    await far.give(0, input)
    const heard = await failureOf(far.hear(soon).then((told) => (told.length > 0 ? far.hear(soon) : told)))
    t.match(heard, { trouble, message })
    await adapter.close()
  })
}
