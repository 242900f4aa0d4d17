// Cases about VIA as they are run: refused beginnings, every frame a victim, and one of them again.
import { test } from 'tap'
import { degenerateAdapter } from '../../adapters/degenerate/adapter.ts'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { withViaParts } from '../../adapters/mutants/mutant.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { openProject } from '../../harness/cli/project/project.ts'
import { permutationsFor, runSession } from '../../harness/cli/session/session.ts'
import { MemoryCalls } from '../../reference/via/memory-calls.ts'
import type { PermutationResult } from '../../harness/result/report.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'

const opened = openProject()
if (!opened) throw new Error('the project has errors')
const project = opened

/** The choices stand for the command. */
function repeat(_: unknown, found: readonly number[] | undefined): string {
  return found?.join('.') ?? ''
}

async function rowOf(adapter: Adapter, name: string, choices?: readonly number[]): Promise<PermutationResult> {
  const permutations = permutationsFor(project, adapter, 1).filter((each) => each.name.startsWith(name))
  for await (const row of runSession({ project, adapter, permutations, repeat, order: choices && { choices } }))
    return row
  throw new Error(`there is no ${name}`)
}

function mutant(name: string): Adapter {
  const found = mutants.find((each) => each.name === name)
  if (!found) throw new Error(`there is no mutant ${name}`)
  return mutantAdapter(found)
}

const victims = 'via.loss/reliable-delivery-one-frame/'

await test('a refused beginning leaves a case inconclusive, with the call and its place', async (t) => {
  const row = await rowOf(degenerateAdapter('no'), victims)
  t.match(row, { verdict: 'inconclusive', blame: 'nobody' })
  t.match(row.reason, /left's VipOpenNic answered VIP_INVALID_PARAMETER, and the case needs it to succeed/)
  t.match(row.findings[0]?.position, /^suites\/fixtures\/via\.yaml:\d+:\d+$/)
  t.ok(row.findings[0]?.requirements.includes('VIA-REL-007'))
})

class RegionsUntold extends MemoryCalls {
  override register(call: Parameters<MemoryCalls['register']>[0]): ReturnType<MemoryCalls['register']> {
    const { status, vip } = super.register(call)
    return { status, ...(vip && { vip: { code: vip.code } }) }
  }
}

await test('a region of which nobody knows where it lies leaves a case inconclusive', async (t) => {
  const silent = { name: 'silent', interface: 'via', words: '', violates: [] } as const
  const adapter = mutantAdapter({ ...silent, make: withViaParts({ memoryCalls: RegionsUntold }) })
  const row = await rowOf(adapter, 'via.rdma-write/of-no-octets/')
  t.match(row, { verdict: 'inconclusive', blame: 'nobody' })
  t.match(row.reason, /left's descriptor.write names a region of which VipRegisterMem did not tell where it lies/)
})

await test('every frame of a sender is the victim once, and the row says how many there were', async (t) => {
  const { verdict, exploration, proves } = await rowOf(referenceAdapter(), victims)
  t.equal(verdict, 'pass')
  t.match(exploration, { of: 'victims', exhausted: true })
  t.ok((exploration?.orders ?? 0) >= 5, `${exploration?.orders ?? 0} victims`)
  t.ok(proves.every(({ seen }) => seen))
})

await test('the victim with which a case fails is named, and fails again alone', async (t) => {
  const wrong = mutant('via-sends-last-again')
  const row = await rowOf(wrong, victims)
  t.not(row.verdict, 'pass')
  const schedule = row.failure?.schedule ?? []
  t.equal(row.repeat, schedule.join('.'))
  t.equal(schedule.length, 1)
  const again = await rowOf(wrong, victims, schedule)
  t.equal(again.verdict, row.verdict)
  t.equal(again.traceDigest, row.traceDigest)
  t.match(again.exploration, { orders: 1, bound: 1, exhausted: false })
})
