// Puts a case in plain words: its memory, faults, steps, what must hold, and what proves it.
import type { CasePlan, DeclaredCase } from '../suite-case.ts'
import { expectationWords } from './expectations.ts'
import { faultWords } from './faults.ts'
import { memoryWords } from './octets.ts'
import { proofWords } from './sightings.ts'
import { plannedStepWords } from './steps.ts'

/** `reveal` puts the names of axes back where the plan has what stands for them. */
export function caseWords(
  plan: CasePlan,
  hosts: readonly string[],
  reveal: (text: string) => string,
): DeclaredCase['words'] {
  const several = plan.outcomes.length > 1
  const expect = plan.outcomes.flatMap(({ name, label, expectations }) =>
    expectations.map((expectation) => {
      const verifies = ` [${expectation.requirements.join(', ')}]`
      const outcome = several ? `${name} (${label}): ` : ''
      return `${outcome}${expectationWords(expectation, hosts)}${verifies}`
    }),
  )
  return {
    memory: plan.memory.map((buffer) => reveal(memoryWords(buffer, hosts))),
    faults: faultWords(plan.faults, plan.weather, hosts, plan.explored).map(reveal),
    steps: plan.steps.map((step) => reveal(plannedStepWords(step, hosts))),
    expect: expect.map(reveal),
    proves: plan.proves.map((proof) => reveal(proofWords(proof, hosts))),
  }
}
