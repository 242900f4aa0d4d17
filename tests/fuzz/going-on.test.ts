// Runs that never come to rest: what must have come about by then is held to be due all the same.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { Attempts } from '../../harness/fuzz/attempt.ts'
import { Permuter } from '../../harness/fuzz/permutation.ts'
import type { Plan } from '../../harness/fuzz/plan.ts'
import { viaLanguage } from '../../harness/fuzz/via/language.ts'
import { linkKinds, openLinkKinds } from '../../harness/fuzz/via/links.ts'
import type { ViaMove } from '../../harness/fuzz/via/moves.ts'
import type { Finding } from '../../harness/result/report.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import { mutantNamed, subjectOf } from './subject.ts'

/** The first link whose VIs permit RDMA, at Reliable Delivery. */
const openReliable = linkKinds - openLinkKinds + 1

/** Left reads, at Reliable Delivery, four frames of right's memory and waits for that; the second of them is lost. */
const plan: Plan<ViaMove> = {
  hosts: 2,
  setting: 0,
  seed: 0,
  moves: [
    { act: 'rdma', host: 0, peer: 1, link: openReliable, size: 12, shape: 0, what: 1, target: 0, memory: 0, order: 2 },
  ],
  mishaps: [{ fate: 'drop', host: 1, ordinal: 1, full: 1, amount: 0 }],
  choices: [],
}

async function wrongOf(iut: Adapter): Promise<{ wrong: readonly Finding[]; lost: number }> {
  const { wrong, trace } = await new Attempts(subjectOf(iut)).make(
    new Permuter(viaLanguage(iut.pics), iut.pics).permute(plan),
  )
  let lost = 0
  for (let record = 0; record < trace.length; record++) if (trace.kind(record) === 'fate') lost++
  return { wrong, lost }
}

await test('a read is not done while both ends send frames for ever: it had to be', async (t) => {
  const { wrong, lost } = await wrongOf(mutantNamed('via-rdma-answer-once'))
  t.equal(lost, 1)
  t.ok(wrong.some(({ requirements }) => requirements.includes('VIA-RDMA-009')))
})

await test('a read is done when what was lost is sent again', async (t) => {
  t.same(await wrongOf(referenceAdapter()), { wrong: [], lost: 1 })
})
