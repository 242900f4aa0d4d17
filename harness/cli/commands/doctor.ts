// viaduct doctor: checks an adapter before anything is billed to the implementation behind it.
import { fileURLToPath } from 'node:url'
import { counted } from '../../../spec/vocabulary/units.ts'
import { AdapterFailure } from '../../subject/adapter.ts'
import { mannerOf, reachAdapter, type NoAdapter, type Reached } from '../adapter/adapters.ts'
import { localAdapterNamed } from '../adapter/named-adapters.ts'
import type { Check, Outcome } from '../doctor/check.ts'
import { wrong } from '../doctor/check.ts'
import { checks } from '../doctor/checks.ts'
import { startCheck } from '../doctor/greeting-checks.ts'
import { knownOf } from '../project/known.ts'
import { Patient } from '../doctor/patient.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { openProject } from '../project/project.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { startFailure } from '../adapter/start-failure.ts'
import { tellingLines } from '../terminal/telling-lines.ts'
import { orRefuse, Refusal } from '../refusal.ts'
import { say, styled, wrapped } from '../terminal/terminal.ts'
import { Transcript } from '../adapter/transcript.ts'
import { GrowingFile } from '../files/growing-file.ts'

/** The flags of `doctor`, as commander reads them. */
export interface DoctorFlags {
  readonly adapter: string
  /** In milliseconds. */
  readonly callTimeout?: number
  readonly transcript?: string
}

export async function doctor(flags: DoctorFlags): Promise<number> {
  const project = openProject()
  if (!project) return exitCodes.usage
  const transcript =
    flags.transcript === undefined
      ? undefined
      : new Transcript(orRefuse(GrowingFile.open('transcript', flags.transcript)))
  const reached = orRefuse(await reachServed(flags, transcript))
  const patient = new Patient({ ...withLimits(reached), known: knownOf(project) })
  try {
    const unstarted = await startTrouble(patient)
    if (unstarted) throw new Refusal(startFailure(flags.adapter, reached.reach, unstarted), exitCodes.adapter)
    return await examine(patient, transcript)
  } finally {
    await patient.close()
    transcript?.close()
  }
}

/** One of viaduct's own is served by a process as any other is: in process there is no protocol to check. */
async function reachServed(flags: DoctorFlags, transcript: Transcript | undefined): Promise<Reached | NoAdapter> {
  const manner = mannerOf(flags, transcript)
  if (!localAdapterNamed(flags.adapter)) return reachAdapter(flags.adapter, manner)
  const program = fileURLToPath(new URL('../main.js', import.meta.url))
  const command = [process.execPath, program, 'serve', flags.adapter].map(shellWord).join(' ')
  return { reach: { command }, manner }
}

/** In milliseconds. */
const withinDefault = 10_000

function withLimits({ reach, manner }: Reached): Omit<ConstructorParameters<typeof Patient>[0], 'known'> {
  const { answerWithin = withinDefault, startWithin = withinDefault, overhear } = manner
  return { reach, answerWithin, startWithin, overhear }
}

async function startTrouble(patient: Patient): Promise<AdapterFailure | undefined> {
  try {
    await startCheck.run(patient)
    return undefined
  } catch (thrown) {
    if (thrown instanceof AdapterFailure) return thrown
    throw thrown
  }
}

async function examine(patient: Patient, transcript: Transcript | undefined): Promise<number> {
  sayOutcome(startCheck, { kind: 'right' })
  const counts = { right: 1, wrong: 0, unasked: 0, needy: 0, hung: 0 }
  const causes = new Causes()
  for (const check of checks) {
    const cause = causes.of(check)
    if (cause === undefined) transcript?.overhear('neither', `check ${check.name}: ${check.words}`)
    const found: Outcome = cause === undefined ? await outcomeOf(check, patient) : { kind: 'needy', needs: cause }
    const outcome = causes.taking(check, found)
    counts[outcome.kind]++
    sayOutcome(check, outcome)
  }
  const code = counts.wrong === 0 ? exitCodes.ok : exitCodes.failed
  say()
  say(`exit ${code}: ${lastWords(counts)}`)
  return code
}

/** What failed first, of all that was not made or could not be. */
class Causes {
  private readonly causes = new Map<string, string>()
  /** The check in which it hung first. */
  private hungIn: string | undefined

  /** The check that failed and that this one needs, if there is one. */
  of({ needs = [] }: Check): string | undefined {
    return needs.map((name) => this.causes.get(name)).find((name) => name !== undefined)
  }

  /** What a check comes to: the first in which it hangs fails by that, and no other has to be told the same. */
  taking({ name }: Check, found: Outcome): Outcome {
    const isFirstHang = found.kind === 'hung' && this.hungIn === undefined
    if (isFirstHang) this.hungIn = name
    if (found.kind === 'wrong') this.causes.set(name, name)
    if (found.kind === 'needy') this.causes.set(name, found.needs)
    if (found.kind === 'hung') this.causes.set(name, this.hungIn ?? name)
    return isFirstHang ? { kind: 'wrong', seen: found.seen, advice: adviceForHang } : found
  }
}

function lastWords(counts: Readonly<Record<Outcome['kind'], number>>): string {
  const made = counted(counts.right + counts.wrong, 'check')
  return [
    counts.wrong === 0 ? `all ${made} passed` : `${counts.wrong} of ${made} failed`,
    ...(counts.needy === 0
      ? []
      : [
          counts.needy === 1
            ? '1 was not made, since it needs one that failed'
            : `${counts.needy} were not made, since they need one that failed`,
        ]),
    ...(counts.hung === 0 ? [] : [`${counts.hung} more could not be made, since it hung again`]),
    ...(counts.unasked === 0 ? [] : [`${counts.unasked} did not apply`]),
  ].join('; ')
}

/** A failure of the adapter within a check is what the check saw. */
async function outcomeOf(check: Check, patient: Patient): Promise<Outcome> {
  try {
    return await check.run(patient)
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure)) throw thrown
    const stderr = tellingLines(thrown.stderr, stderrLinesMax).join('\n')
    const seen = stderr === '' ? thrown.message : `${thrown.message}; it wrote to stderr: ${stderr}`
    return thrown.trouble === 'hang' ? { kind: 'hung', where: thrown.message, seen } : wrong(seen)
  }
}

/** What a check asks cannot be told of an adapter that hangs in it. */
const adviceForHang =
  'Find out why it hangs there, and look again when it does not, also at what is skipped because it hung: --transcript FILE shows what was said before.'

/** How many lines of stderr are shown for one check. */
const stderrLinesMax = 5

const indent = '        '

function sayOutcome({ name, words, advice }: Check, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'right':
      say(`${styled('green', 'ok')}      ${words}`)
      return
    case 'unasked':
      say(`${styled('dim', '-')}       ${words}: ${outcome.why}`)
      return
    case 'needy':
      say(styled('dim', `skipped ${words}; needs: ${outcome.needs}`))
      return
    case 'hung':
      say(styled('dim', `skipped ${words}; it hung again: ${outcome.where}`))
      return
    case 'wrong':
      say(`${styled('red', 'FAILED')}  ${name}: ${words}`)
      say(`${indent}seen: ${outcome.seen}`)
      say(wrapped(`change: ${outcome.advice ?? advice}`, indent))
  }
}
