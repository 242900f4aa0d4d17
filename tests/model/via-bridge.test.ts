// The VIA model is held against traces: it allows all that the reference does, and sees the mutants that show at the host interface.
import { test } from 'tap'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import type { Project } from '../../harness/cli/project/project.ts'
import { permutationsFor } from '../../harness/cli/session/session.ts'
import type { Mutant } from '../../adapters/mutants/mutant.ts'
import { projectOf, readAll, readUntilForbidden } from '../traces.ts'

const project = projectOf('via')

await test('the model allows every case of the reference, in one order each', async (t) => {
  const adapter = referenceAdapter()
  const permutations = permutationsFor(project, adapter, 1)
  const { traces, forbidden } = await readAll({ project, adapter, permutations, isBrief: true })
  t.same(forbidden, [])
  t.ok(traces > 2000, `${traces} traces`)
})

await test('the model allows the reference whatever the order of what races, and whichever frame is hit', async (t) => {
  const adapter = referenceAdapter()
  const racing = permutationsFor(project, adapter, 1).filter(({ ordersMax, explored }) => ordersMax ?? explored)
  const permutations = racing.filter((_, place) => place % 9 === 0)
  const { traces, forbidden } = await readAll({ project, adapter, permutations })
  t.same(forbidden, [])
  t.ok(traces > 500, `${traces} traces`)
})

/** Mutants whose fault the model does not see; by why. */
const unseen: Readonly<Record<string, readonly string[]>> = {
  'whose address octets are it is not told, and no case asks for two of nobody': ['via-names-of-strangers'],
  'a provider that cannot repair a loss may break the connection': ['via-rdma-answer-once'],
  'when a descriptor behind a fence begins is not told': ['via-rdma-reads-unfenced'],
  'what a read had brought before it was flushed is open': ['via-rdma-read-after-flush'],
  'a request that nobody hears may end with its timeout': ['via-connections-run-out'],
  'what it spoils is shown by raw octets of a descriptor only': ['via-segments-cleared'],
  'frames that befall others, or go unseen, may take messages with them': [
    'via-ethernet-skips-next',
    'via-ethernet-answers-all',
    'via-ethernet-keeps-slots',
    'via-loopback-drops-empty',
    'via-loopback-leads-to-last',
  ],
}
const isUnseen = new Set(Object.values(unseen).flat())
const viaMutants = mutants.filter((mutant) => mutant.interface === 'via' && mutant.revealedBy !== 'race')

await test('the mutants that the model cannot see are known, and the others more', async (t) => {
  const names = new Set(viaMutants.map(({ name }) => name))
  t.same(
    [...isUnseen].filter((name) => !names.has(name)),
    [],
  )
  t.equal(names.size - isUnseen.size, 549)
})

/** First the cases that say they kill it; then, unless it is unseen, those for a requirement that it breaks. */
function casesFor({ name, violates }: Mutant): Project['cases'] {
  const killing = project.cases.filter(({ declared: { kills } }) => kills.includes(name))
  if (isUnseen.has(name)) return killing
  const others = project.cases.filter(({ declared: { requirements } }) =>
    requirements.some((id) => violates.includes(id)),
  )
  return [...killing, ...others.filter((each) => !killing.includes(each))]
}

await test('the model forbids what mutants do, in cases for what they break', async (t) => {
  for (const mutant of viaMutants) {
    const { name } = mutant
    const adapter = mutantAdapter(mutant)
    const permutations = permutationsFor({ ...project, cases: casesFor(mutant) }, adapter, 1)
    const { forbidden } = await readUntilForbidden({ project, adapter, permutations, isBrief: isUnseen.has(name) })
    t.equal(forbidden.length > 0, !isUnseen.has(name), `${name}: ${forbidden[0]?.words ?? 'all allowed'}`)
  }
})
