// Frames of other protocols in drawn runs: where the wire is seen they come, and what they break is billed to the rule about them.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { Attempts, kindOf } from '../../harness/fuzz/attempt.ts'
import { believe } from '../../harness/fuzz/belief.ts'
import { Permuter } from '../../harness/fuzz/permutation.ts'
import type { Plan } from '../../harness/fuzz/plan.ts'
import { viaLanguage } from '../../harness/fuzz/via/language.ts'
import type { ViaMove } from '../../harness/fuzz/via/moves.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import { mutantNamed, subjectOf } from './subject.ts'

/** Left and right are connected without reliability; a frame of another protocol comes, and right behind it a message. */
const plan: Plan<ViaMove> = {
  hosts: 2,
  setting: 0,
  seed: 0,
  moves: [{ act: 'foreign', host: 0, peer: 1, link: 0, kind: 0, burst: 0, met: 1 }],
  mishaps: [],
  choices: [],
}

function drawnFor({ pics }: Adapter): Permutation {
  return new Permuter(viaLanguage(pics), pics).permute(plan)
}

await test('what a provider does after a frame of another protocol is billed to the rule about those', async (t) => {
  const iut = mutantNamed('via-ethernet-skips-next')
  const attempts = new Attempts(subjectOf(iut))
  const permutation = drawnFor(iut)
  const [wrong] = (await attempts.make(permutation)).wrong
  if (!wrong) throw new Error('nothing is wrong')
  const { finding } = await believe(attempts, permutation, kindOf(wrong))
  t.equal(finding?.requirements[0], 'VIA-NIC-014')
})

await test('a provider that leaves frames of other protocols alone is not accused', async (t) => {
  const iut = referenceAdapter()
  const { wrong, trace } = await new Attempts(subjectOf(iut)).make(drawnFor(iut))
  t.same(wrong, [])
  t.ok(Array.from({ length: trace.length }, (_, record) => trace.kind(record)).includes('crafted'))
})

await test('where the wire is hidden, no frame is put there', (t) => {
  const hidden = mutantNamed('via-loopback-leads-to-last')
  t.notOk(drawnFor(hidden).steps.some(({ kind }) => kind === 'craft'))
  t.ok(drawnFor(referenceAdapter()).steps.some(({ kind }) => kind === 'craft'))
  t.end()
})
