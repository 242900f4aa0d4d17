// viaduct doctor: checks an adapter before anything is billed to the implementation behind it.
import { fileURLToPath } from 'node:url'
import { counted } from '../../../spec/vocabulary/units.ts'
import { AdapterFailure } from '../../subject/adapter.ts'
import { localAdapterNamed, mannerOf, reachAdapter, type NoAdapter, type Reached } from '../adapters.ts'
import type { Check, Outcome } from '../doctor/check.ts'
import { wrong } from '../doctor/check.ts'
import { checks } from '../doctor/checks.ts'
import { startCheck } from '../doctor/greeting-checks.ts'
import { knownOf } from '../known.ts'
import { Patient } from '../doctor/patient.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { openProject } from '../project.ts'
import { shellWord } from '../shell-word.ts'
import { startFailure } from '../start-failure.ts'
import { complain, say, styled, wrapped } from '../terminal.ts'
import { Transcript } from '../transcript.ts'

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
  const transcript = flags.transcript === undefined ? undefined : Transcript.open(flags.transcript)
  if (transcript && 'problem' in transcript) {
    complain(transcript.problem)
    return exitCodes.usage
  }
  const reached = await reachServed(flags, transcript)
  if ('problem' in reached) {
    complain(reached.problem)
    return reached.exitCode
  }
  const patient = new Patient({ ...withLimits(reached), known: knownOf(project) })
  try {
    const unstarted = await startTrouble(patient)
    if (unstarted) {
      complain(startFailure(flags.adapter, reached.reach, unstarted))
      return exitCodes.adapter
    }
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
  const counts = { right: 1, wrong: 0, unasked: 0, needy: 0 }
  /** Of each check that failed, or was not made, the one that failed first. */
  const causes = new Map<string, string>()
  for (const check of checks) {
    const cause = check.needs?.map((name) => causes.get(name)).find((name) => name !== undefined)
    if (cause === undefined) transcript?.overhear('neither', `check ${check.name}: ${check.words}`)
    const outcome: Outcome = cause === undefined ? await outcomeOf(check, patient) : { kind: 'needy', needs: cause }
    if (outcome.kind === 'wrong') causes.set(check.name, check.name)
    if (outcome.kind === 'needy') causes.set(check.name, outcome.needs)
    counts[outcome.kind]++
    sayOutcome(check, outcome)
  }
  const code = counts.wrong === 0 ? exitCodes.ok : exitCodes.failed
  say()
  say(`exit ${code}: ${lastWords(counts)}`)
  return code
}

function lastWords(counts: Readonly<Record<Outcome['kind'], number>>): string {
  const made = counted(counts.right + counts.wrong, 'check')
  return [
    counts.wrong === 0 ? `all ${made} passed` : `${counts.wrong} of ${made} failed`,
    ...(counts.needy === 0 ? [] : [`${counts.needy} were not made, since they need one that failed`]),
    ...(counts.unasked === 0 ? [] : [`${counts.unasked} did not apply`]),
  ].join('; ')
}

/** A failure of the adapter within a check is what the check saw. */
async function outcomeOf(check: Check, patient: Patient): Promise<Outcome> {
  try {
    return await check.run(patient)
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure)) throw thrown
    const stderr = thrown.stderr.trim().split('\n').slice(-stderrLinesMax).join('\n')
    const seen = stderr === '' ? thrown.message : `${thrown.message}; it wrote to stderr: ${stderr}`
    return thrown.trouble === 'hang' ? { kind: 'wrong', seen, advice: adviceForHang } : wrong(seen)
  }
}

/** What a check asks cannot be told of an adapter that hangs in it. */
const adviceForHang =
  'Find out why it hangs there, and look at this check again when it does not: --transcript FILE shows what was said before.'

/** How many of the last lines of stderr are shown for one check. */
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
    case 'wrong':
      say(`${styled('red', 'FAILED')}  ${name}: ${words}`)
      say(`${indent}seen: ${outcome.seen}`)
      say(wrapped(`change: ${outcome.advice ?? advice}`, indent))
  }
}
