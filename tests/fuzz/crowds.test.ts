// Crowds of messages: what is too small for them shows, and the reference is large enough for all of them.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { Attempts } from '../../harness/fuzz/attempt.ts'
import { crowdKinds } from '../../harness/fuzz/emp/crowds.ts'
import { empLanguage } from '../../harness/fuzz/emp/language.ts'
import type { EmpMove } from '../../harness/fuzz/emp/moves.ts'
import { empSettings } from '../../harness/fuzz/emp/settings.ts'
import { Permuter } from '../../harness/fuzz/permutation.ts'
import type { Mishap } from '../../harness/fuzz/plan.ts'
import type { Finding } from '../../harness/result/report.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import { mutantNamed, project, subjectOf } from './subject.ts'

/** As hosts are found, with as many descriptors as the paper says. */
const roomy = empSettings.length - 1

/** 65 messages, and 130; some kinds have twice as many. */
const beyondTables = 6
const most = 7

type Kind = (typeof crowdKinds)[number]

interface Crowd {
  readonly kind: Kind
  readonly count: number
  readonly mishaps?: readonly Mishap[]
}

async function wrongOf(iut: Adapter, { kind, count, mishaps = [] }: Crowd): Promise<readonly Finding[]> {
  const move: EmpMove = { act: 'crowd', host: 0, peer: 1, tag: 0, count, kind: crowdKinds.indexOf(kind) }
  const plan = { hosts: 2, setting: roomy, seed: 0, moves: [move], mishaps, choices: [] }
  const permuter = new Permuter(empLanguage(project.layouts.emp, iut.pics), iut.pics)
  return (await new Attempts(subjectOf(iut)).make(permuter.permute(plan))).wrong
}

for (const kind of crowdKinds) {
  await test(`nothing is forbidden in a crowd of the reference, ${kind}`, async (t) => {
    t.same(await wrongOf(referenceAdapter(), { kind, count: most }), [])
  })
}

const lost: Mishap = { fate: 'drop', host: 0, ordinal: 64, full: 0, amount: 0 }

const tooSmall: readonly (Crowd & { readonly mutant: string; readonly broken: string })[] = [
  { mutant: 'emp-few-lists', broken: 'EMP-DESC-002', kind: 'listed', count: beyondTables },
  { mutant: 'emp-small-table', broken: 'EMP-MATCH-004', kind: 'left-alone', count: beyondTables },
  { mutant: 'emp-wait-bits', broken: 'EMP-REL-010', kind: 'awaited', count: beyondTables },
  { mutant: 'emp-few-messages', broken: 'EMP-MATCH-004', kind: 'left-alone', count: most },
  { mutant: 'emp-few-receives', broken: 'EMP-MATCH-004', kind: 'unmet', count: most },
  { mutant: 'emp-order-octet', broken: 'EMP-MATCH-018', kind: 'wild-between', count: most },
  { mutant: 'emp-cancel-places-run-out', broken: 'EMP-MATCH-016', kind: 'withdrawn', count: beyondTables },
  { mutant: 'emp-few-timers', broken: 'EMP-REL-006', kind: 'received-first', count: beyondTables, mishaps: [lost] },
]

for (const { mutant, broken, ...crowd } of tooSmall) {
  await test(`${mutant} shows in a crowd, ${crowd.kind}`, async (t) => {
    const wrong = await wrongOf(mutantNamed(mutant), crowd)
    t.ok(wrong.some(({ requirements }) => requirements.includes(broken)))
    t.same(await wrongOf(mutantNamed(mutant), { ...crowd, count: 0 }), [], 'and not among a few')
  })
}
