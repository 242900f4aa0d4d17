// Streams of messages over one connection: what numbers them in too few bits shows.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { Attempts } from '../../harness/fuzz/attempt.ts'
import { Permuter } from '../../harness/fuzz/permutation.ts'
import { viaLanguage } from '../../harness/fuzz/via/language.ts'
import type { ViaMove } from '../../harness/fuzz/via/moves.ts'
import type { Finding } from '../../harness/result/report.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import { mutantNamed, subjectOf } from './subject.ts'

/** Between the same two hosts, over plain links. */
const link = { unreliable: 0, reliable: 1 } as const
const ends = { host: 0, peer: 1 }

/** 260 messages, and 70. */
const most = 6
const fewer = 5

async function wrongOf(iut: Adapter, move: ViaMove): Promise<readonly Finding[]> {
  const plan = { hosts: 2, setting: 0, seed: 0, moves: [move], mishaps: [], choices: [] }
  return (await new Attempts(subjectOf(iut)).make(new Permuter(viaLanguage(iut.pics), iut.pics).permute(plan))).wrong
}

const tooFewBits = [
  { mutant: 'via-messages-of-eight-bits', broken: 'VIA-SEND-002', over: 'unreliable' },
  { mutant: 'via-frames-of-eight-bits', broken: 'VIA-SEND-002', over: 'reliable' },
] as const

for (const { mutant, broken, over } of tooFewBits) {
  const stream = (count: number): ViaMove => ({ act: 'stream', ...ends, link: link[over], count, pace: 1 })
  await test(`${mutant} shows in a long stream over ${over} delivery, and the reference takes it`, async (t) => {
    const wrong = await wrongOf(mutantNamed(mutant), stream(most))
    t.ok(wrong.some(({ requirements }) => requirements.includes(broken)))
    t.same(await wrongOf(mutantNamed(mutant), stream(fewer)), [], 'and not in a shorter one')
    t.same(await wrongOf(referenceAdapter(), stream(most)), [])
  })
}
