// The EMP model is held against traces: it allows all that the reference does, and sees the mutants that show at the host interface.
import { test } from 'tap'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import type { Mutant } from '../../adapters/mutants/mutant.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { oracleOf } from '../../harness/judge/oracle/of-interface.ts'
import { pronounce, type Pronounced } from '../../harness/judge/oracle/pronounce.ts'
import { concerning, openProject, type Project } from '../../harness/cli/project.ts'
import { permutationsFor, runSession } from '../../harness/cli/session.ts'
import type { Permutation } from '../../harness/plan/case.ts'
import type { Trace } from '../../harness/result/trace.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import type { Pics } from '../../harness/subject/pics.ts'

function opened(): Project {
  const project = openProject()
  if (!project) throw new Error('the project has faults')
  return concerning(project, ['emp'])
}

const project = opened()

/** Traces that a model read, and what it forbade in them, by permutation. */
interface Reading {
  traces: number
  readonly forbidden: (Pronounced & { readonly permutation: string })[]
}

function pronouncedOf(permutation: Permutation, trace: Trace, pics: Pics): Pronounced | undefined {
  const oracle = oracleOf(permutation, pics)
  if (!oracle) throw new Error(`no oracle of ${permutation.interface}`)
  return pronounce(oracle, trace)
}

/** Runs cases of the project until `isEnough`, and reads every trace. */
async function read(
  adapter: Adapter,
  cases: Project['cases'],
  isEnough: (reading: Reading) => boolean,
): Promise<Reading> {
  const reading: Reading = { traces: 0, forbidden: [] }
  const permutations = permutationsFor({ ...project, cases }, adapter, 1)
  const session = runSession({
    project,
    adapter,
    permutations,
    repeat: () => '',
    brief: true,
    believesAtOnce: true,
    interrupted: () => isEnough(reading),
    isEnough: () => isEnough(reading),
    onTrace: (permutation, trace) => {
      const judged = pronouncedOf(permutation, trace, adapter.pics)
      reading.traces++
      if (judged) reading.forbidden.push({ ...judged, permutation: permutation.name })
    },
  })
  while (!(await session.next()).done);
  return reading
}

await test('the model allows every run of the reference', async (t) => {
  const { traces, forbidden } = await read(referenceAdapter(), project.cases, () => false)
  t.same(forbidden, [])
  t.ok(traces > 2000, `${traces} traces`)
})

/** Mutants whose fault no host sees; by what it is in. */
const unseen: Readonly<Record<string, readonly string[]>> = {
  'frames and acknowledgements on the wire': [
    'emp-acks-first-frame',
    'emp-configure-ignored',
    'emp-drops-out-of-order',
    'emp-ignores-window',
    'emp-resends-everything',
    'emp-says-hello',
    'emp-sends-hidden-copy',
  ],
  'what a NIC does while its host waits for addresses': ['emp-translation-stops-nic'],
  'when frames are sent again': ['emp-no-back-off', 'emp-no-timeout-reset', 'emp-timer-left-armed'],
  'what a receive for any must take, of several messages that it may': [
    'emp-exact-receive-first',
    'emp-wildcard-not-held',
    'emp-wildcard-takes-latest',
  ],
  'whether a header has come, which a probe must find': ['emp-probe-finds-nothing', 'emp-probe-finds-once'],
  'how often frames are sent again until a peer is given up, and who is given up with it': [
    'emp-fails-one-send',
    'emp-gives-all-up',
    'emp-gives-up-early',
    'emp-gives-up-late',
    'emp-never-gives-up',
    'emp-retries-count-on',
    'emp-timer-after-giving-up',
    'emp-tries-given-up-peer',
  ],
  'what forged frames do': ['emp-accepts-malformed', 'emp-takes-acks-of-unsent', 'emp-trusts-sender'],
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
  t.equal(names.size - isUnseen.size, 82)
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
    const { traces, forbidden } = await read(mutantAdapter(mutant), cases, (reading) => reading.forbidden.length > 0)
    t.ok(traces > 0, `${traces} traces`)
    t.equal(forbidden.length > 0, !isUnseen.has(name), forbidden[0]?.words ?? 'all allowed')
  })
}
