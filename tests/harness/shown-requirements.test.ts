// What a run shows of a requirement that its case is not about: only what a monitor had something of the kind to watch for.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { openProject, type Project } from '../../harness/cli/project/project.ts'
import { permutationsFor, runSession } from '../../harness/cli/session/session.ts'
import { judgeRequirements, type JudgedRow } from '../../harness/judge/requirements/requirements.ts'

function opened(): Project {
  const project = openProject()
  if (!project) throw new Error('the project has faults')
  return project
}

const project = opened()
const adapter = referenceAdapter()
const all = permutationsFor(project, adapter, 1)

/** The row of the first permutation of a case, run by the reference. */
async function rowOf(id: string): Promise<JudgedRow> {
  const permutations = all.filter((each) => `${each.suite}/${each.case}` === id).slice(0, 1)
  for await (const row of runSession({ project, adapter, permutations, repeat: () => '' })) return row
  throw new Error(`no case ${id}`)
}

/** In how many of these rows a requirement is said to have been shown. */
function passedIn(results: readonly JudgedRow[], requirement: string): number | undefined {
  const { catalogue } = project
  const common = { catalogue, declared: [], pics: adapter.pics, selection: true, strong: new Set<string>() }
  return judgeRequirements({ ...common, results }).find(({ id }) => id === requirement)?.passed
}

const kinds: readonly (readonly [requirement: string, what: string, shown: string, notShown: string])[] = [
  ['EMP-MATCH-014', 'a receive for any node', 'emp.wildcards/any-node', 'emp.truncation/longer-message'],
  ['EMP-MATCH-009', 'a message that is too long', 'emp.truncation/longer-message', 'emp.wildcards/any-node'],
  ['EMP-HOST-005', 'a testall', 'emp.several-requests/testall-sees-all-or-none', 'emp.wildcards/any-node'],
  ['EMP-DESC-003', 'a send without a descriptor', 'emp.descriptors/one-pool', 'emp.wildcards/any-node'],
  ['EMP-REL-006', 'a collection that nobody acknowledges', 'emp.loss/one-data-frame-lost', 'emp.wildcards/any-node'],
  ['VIA-VI-019', 'a VI that is gone', 'via.attributes/no-such-vi', 'via.connection/accepting-with-a-connected-vi'],
  [
    'VIA-CON-014',
    'a VI that is connected already',
    'via.connection/accepting-with-a-connected-vi',
    'via.completion-queues/one-entry-for-each-receive',
  ],
  [
    'VIA-IMM-001',
    'immediate data',
    'via.completion-queues/one-entry-for-each-receive',
    'via.connection/receives-posted-before-connecting',
  ],
]

for (const [requirement, what, shown, notShown] of kinds) {
  await test(`${requirement} is shown by a run with ${what}, and by no other`, async (t) => {
    t.equal(passedIn([await rowOf(shown)], requirement), 1, shown)
    t.equal(passedIn([await rowOf(notShown)], requirement), 0, notShown)
  })
}
