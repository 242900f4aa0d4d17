// The gate that a run was given, as its report tells of it.
import type { GateFacts } from '../../result/report.ts'
import type { GivenGate } from '../report/assemble.ts'

/** Without what became of it. */
export function givenGate({ waivers, policy }: GateFacts): GivenGate {
  return {
    waivers: waivers.map((standing) => {
      const { problem: _, ...waiver } = standing
      return waiver
    }),
    policy,
  }
}
