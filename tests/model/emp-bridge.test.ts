// The EMP model is held against traces: it allows all that the reference does, and sees the mutants that show at the host interface.
import { test } from 'tap'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import type { Mutant } from '../../adapters/mutants/mutant.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import type { Project } from '../../harness/cli/project/project.ts'
import { permutationsFor } from '../../harness/cli/session/session.ts'
import { projectOf, readAll, readUntilForbidden } from '../traces.ts'

const project = projectOf('emp')

await test('the model allows every run of the reference', async (t) => {
  const adapter = referenceAdapter()
  const { traces, forbidden } = await readAll({ project, adapter, permutations: permutationsFor(project, adapter, 1) })
  t.same(forbidden, [])
  t.ok(traces > 2000, `${traces} traces`)
})

/** Mutants whose fault no host sees; by what it is in. */
const unseen: Readonly<Record<string, readonly string[]>> = {
  'frames and acknowledgements on the wire': [
    'emp-acks-first-frame',
    'emp-configure-ignored',
    'emp-configures-once',
    'emp-drops-out-of-order',
    'emp-goes-back',
    'emp-ignores-window',
    'emp-resends-everything',
    'emp-says-hello',
    'emp-sends-hidden-copy',
  ],
  'what a NIC does while its host waits for addresses': ['emp-translation-stops-nic'],
  'when frames are sent again': [
    'emp-cap-overshoots',
    'emp-no-back-off',
    'emp-no-timeout-reset',
    'emp-one-alarm',
    'emp-restarts-timers',
    'emp-shares-back-off',
    'emp-timeout-left-over',
    'emp-timer-left-armed',
  ],
  'what a receive for any must take, of several messages that it may': [
    'emp-keeps-found',
    'emp-probe-by-node',
    'emp-any-node-behind-any-tag',
    'emp-exact-receive-first',
    'emp-order-octet',
    'emp-wildcard-not-held',
    'emp-wildcard-takes-latest',
  ],
  'how long a message waits for headers, and whose': [
    'emp-held-by-others',
    'emp-looks-at-first-header',
    'emp-reserves-for-held',
  ],
  'how many frames were dropped': ['emp-counters-clear'],
  'which receive is the oldest once another was to be cancelled': ['emp-withdraws-by-swap'],
  'whether a header has come, which a probe must find': ['emp-probe-finds-nothing', 'emp-probe-finds-once'],
  'how often frames are sent again until a peer is given up, and who is given up with it': [
    'emp-deaf-to-given-up',
    'emp-fails-one-send',
    'emp-gives-all-up',
    'emp-gives-up-early',
    'emp-gives-up-late',
    'emp-never-gives-up',
    'emp-patient-midway',
    'emp-retries-add-up',
    'emp-revived',
    'emp-retries-count-on',
    'emp-retries-left-over',
    'emp-timer-after-giving-up',
    'emp-tries-given-up-peer',
  ],
  'what forged frames do': [
    'emp-accepts-malformed',
    'emp-compares-low-mac',
    'emp-learns-again',
    'emp-sender-octet',
    'emp-type-octet',
    'emp-strict-acknowledgement',
    'emp-takes-acks-of-unsent',
    'emp-takes-broadcast',
    'emp-trusts-sender',
  ],
}
const isUnseen = new Set(Object.values(unseen).flat())
/** Those that only a race reveals have stories of their own, which the model reads, too. */
const empMutants = mutants.filter((mutant) => mutant.interface === 'emp' && mutant.revealedBy === undefined)

await test('the mutants that the model cannot see are known, and the others more', async (t) => {
  const names = new Set(empMutants.map(({ name }) => name))
  t.same(
    [...isUnseen].filter((name) => !names.has(name)),
    [],
  )
  t.equal(names.size - isUnseen.size, 132)
})

/** First the cases that say they kill it or are for a requirement that it breaks; then, unless it is unseen, all others. */
function casesFor({ name, violates }: Mutant): Project['cases'] {
  const isAsked = ({ declared: { kills, requirements } }: Project['cases'][number]): boolean =>
    kills.includes(name) || requirements.some((id) => violates.includes(id))
  const asked = project.cases.filter(isAsked)
  return isUnseen.has(name) ? asked : [...asked, ...project.cases.filter((each) => !isAsked(each))]
}

for (const mutant of empMutants) {
  const { name } = mutant
  const cases = casesFor(mutant)
  await test(`${name} ${isUnseen.has(name) ? 'shows on the wire only' : 'does what the model forbids'}`, async (t) => {
    const adapter = mutantAdapter(mutant)
    const permutations = permutationsFor({ ...project, cases }, adapter, 1)
    const { traces, forbidden } = await readUntilForbidden({ project, adapter, permutations })
    t.ok(traces > 0, `${traces} traces`)
    t.equal(forbidden.length > 0, !isUnseen.has(name), forbidden[0]?.words ?? 'all allowed')
  })
}
