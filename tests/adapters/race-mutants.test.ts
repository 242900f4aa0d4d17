// Each mutant that only a race reveals goes wrong in a story of its own, and without the race is as the reference.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'tap'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants as all } from '../../adapters/mutants/catalogue.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { openProject, type Project } from '../../harness/cli/project/project.ts'
import { permutationsFor, runSession } from '../../harness/cli/session/session.ts'
import { oracleOf } from '../../harness/judge/oracle/of-interface.ts'
import { pronounce, type Pronounced } from '../../harness/judge/oracle/pronounce.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import type { PermutationResult } from '../../harness/result/report.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'

const root = resolve(import.meta.dirname, '../../..')
const files = ['tests/adapters/races/emp.yaml', 'tests/adapters/races/via.yaml']

function opened(): Project {
  const project = openProject(files.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') })))
  if (!project) throw new Error('the stories have faults')
  return project
}

const project = opened()
const stories = new Map(
  permutationsFor(project, referenceAdapter(), 1).map((permutation) => [permutation.case, permutation]),
)
const mutants = all.filter(({ revealedBy }) => revealedBy === 'race')

/** A story, told twice by the same endpoints, which are reset in between. */
interface Told {
  readonly row: PermutationResult
  readonly digest: string
  readonly again: string
  /** What the oracle forbids, if the interface has one. */
  readonly judged: Pronounced | undefined
}

async function tell(adapter: Adapter, permutation: Permutation): Promise<Told> {
  const digests: string[] = []
  let judged: Pronounced | undefined
  const session = runSession({
    project,
    adapter,
    permutations: [permutation, permutation],
    repeat: () => '',
    believesAtOnce: true,
    onTrace: (_, trace) => {
      digests.push(trace.digest())
      const oracle = oracleOf(permutation, adapter.pics)
      if (oracle) judged = pronounce(oracle, trace)
    },
  })
  const rows: PermutationResult[] = []
  for await (const row of session) rows.push(row)
  const [row] = rows
  if (!row) throw new Error(`${permutation.name} was not run`)
  return { row, digest: digests[0] ?? '', again: digests[1] ?? '', judged }
}

/** The same calls in the common order, over a wire that does nothing to frames. */
function withoutRace(permutation: Permutation): Permutation {
  const { schedule: _order, ordersMax: _most, ...plain } = permutation
  return { ...plain, faults: [], proves: [] }
}

/** Requirements that a run broke, by who says so. */
function broken({ row, judged }: Told): Readonly<Record<'monitor' | 'expectation' | 'oracle', readonly string[]>> {
  const failed = row.findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'timeout')
  const by = (judge: 'monitor' | 'expectation'): readonly string[] =>
    failed
      .filter((finding) => (finding.judge === 'monitor') === (judge === 'monitor'))
      .flatMap((each) => each.requirements)
  return { monitor: by('monitor'), expectation: by('expectation'), oracle: judged?.requirements ?? [] }
}

await test('every mutant that only a race reveals has a story, and no other', async (t) => {
  t.same([...stories.keys()].toSorted(), mutants.map(({ name }) => name).toSorted())
})

for (const mutant of mutants) {
  const story = stories.get(mutant.name)
  if (!story) continue
  await test(`${mutant.name} goes wrong in its race, and only there`, async (t) => {
    const plain = withoutRace(story)
    const right = await tell(referenceAdapter(), plain)
    const common = await tell(mutantAdapter(mutant), plain)
    t.equal(right.row.verdict, 'pass', `without the race the reference does it right: ${right.row.reason}`)
    t.equal(common.digest, right.digest, 'and the mutant the same')

    const raced = await tell(referenceAdapter(), story)
    t.equal(raced.row.verdict, 'pass', `in the race the reference does it right: ${raced.row.reason}`)
    t.equal(raced.judged, undefined, raced.judged?.words ?? 'and the oracle allows it')

    const told = await tell(mutantAdapter(mutant), story)
    const { monitor, oracle, expectation } = broken(told)
    // What holds in every run is the better witness.
    const witness = monitor.length + oracle.length > 0 ? [...monitor, ...oracle] : expectation
    t.ok(
      witness.some((requirement) => mutant.violates.includes(requirement)),
      `the mutant breaks ${witness.join(', ')}`,
    )
    t.equal(told.again, told.digest, 'it does so again when it is reset')
  })
}
