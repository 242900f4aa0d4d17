// Why a command is not carried out. Whoever finds it out throws it; `main` tells it, and ends with its exit code.
import { exitCodes } from '../gate/exit-codes.ts'

/** The message is for people: what is in the way, and what to do. What had begun is undone on the way up. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.usage) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Given in place of what was looked for. */
interface Problem {
  readonly problem: string
}

/** What was looked for; where there is a problem instead, a refusal, with the exit code that comes with it. */
export function orRefuse<Found extends object>(found: Found): Exclude<Found, Problem> {
  if (isFound(found)) return found
  throw refusalOf(found)
}

/** Goes on only where nothing is in the way. */
export function refuseIf(why: string | undefined): void {
  if (why !== undefined) throw new Refusal(why)
}

function isFound<Found extends object>(found: Found): found is Exclude<Found, Problem> {
  return !('problem' in found)
}

function refusalOf(found: object): Refusal {
  const problem = 'problem' in found ? String(found.problem) : ''
  const exitCode = 'exitCode' in found ? Number(found.exitCode) : undefined
  return new Refusal(problem, exitCode)
}
