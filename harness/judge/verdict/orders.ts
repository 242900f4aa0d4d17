// One judgement for all orders of a race: the worst order counts, and a sighting made in any of them is made.
import { worstOf, type RanVerdict } from '../../result/verdict.ts'
import { conclude, type Judgement } from '../judge.ts'
import type { ProofSeen } from '../sightings/proofs.ts'

/** What an order showed, proofs aside: in a race a single order need not show everything. */
export function foundVerdict({ findings }: Judgement): RanVerdict {
  return worstOf(findings)
}

/** The better seen of two: proofs of two orders of the same case, in the same places. */
export function mergeProofs(some: readonly ProofSeen[], others: readonly ProofSeen[]): readonly ProofSeen[] {
  if (some.length === 0) return others
  return some.map((proof, place) => {
    const other = others[place]
    if (!other) return proof
    const better = other.count > proof.count ? other : proof
    return { ...better, seen: proof.seen || other.seen }
  })
}

/** The judgement of the worst order, with the sightings of all. */
export function judgementOfOrders(worst: Judgement, proves: readonly ProofSeen[]): Judgement {
  const { findings, outcome, blame } = worst
  return conclude({ findings, proves, outcome, blame: blame === 'nobody' ? 'implementation' : blame })
}
