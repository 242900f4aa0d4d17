// What a permutation came to is believed, or it is run again: late by a real clock, or alone in a fresh process.
import type { PermutationResult } from '../result/report.ts'
import { isBad } from '../result/verdict.ts'
import type { Adapter, Carrier } from '../subject/adapter.ts'
import type { Incident } from '../subject/incident.ts'

/** How a permutation ended, and what it is that says so. */
export interface Ended {
  readonly row: PermutationResult
  readonly choices: readonly number[]
  /** The adapter did not answer in real time. */
  readonly hung: boolean
  /** Present if it may be another world of the process that failed: then this says nothing. */
  readonly incident: Incident | undefined
}

/** Runs the permutation; a race in one order only if it is given. */
export type Run = (choices?: readonly number[]) => Promise<Ended>

/**
 * A failure in a process that hosted other worlds before or beside it, or one of liveness by a real clock, is believed only
 * when it comes again, alone in a fresh process. What the failure of another world may have cut short is run anew.
 * `atOnce`: nothing is run again.
 */
export async function runBelievably({ carrier, pics }: Adapter, run: Run, atOnce: boolean): Promise<Ended> {
  const wasFresh = carrier?.isFresh !== false
  const inTime = (): Promise<Ended> => runInTime(run)
  const ended = await (carrier?.sharing ? carrier.sharing.share(inTime) : inTime())
  const { row, choices, incident } = ended
  const isUnsure = !wasFresh || (pics.clock === 'real' && row.verdict === 'timeout')
  if (!carrier || atOnce || !isUnsure || !isBad(row.verdict)) return ended
  const again = await alone(carrier, () => run(row.exploration && !incident ? choices : undefined))
  if (again.row.verdict === 'skipped') return again
  if (incident) return afterIncident(incident, again, row)
  if (isBad(again.row.verdict)) return { ...ended, hung: again.hung }
  return pics.clock === 'real'
    ? inconclusive(
        again,
        `it came to ${row.verdict} once (${row.reason}), and not when it was run again alone`,
        'clock',
      )
    : inconclusive(again, `it ${cameTo(row)} in a process in which other cases ran, ${suspicion(carrier)}`)
}

/** In a fresh process, with nobody beside. */
function alone(carrier: Carrier, run: () => Promise<Ended>): Promise<Ended> {
  const afresh = async (): Promise<Ended> => {
    await carrier.renew()
    return run()
  }
  return carrier.sharing ? carrier.sharing.alone(afresh) : afresh()
}

/** What a run by itself says counts; unless it was the last hope to explain why the process failed. */
function afterIncident(incident: Incident, again: Ended, row: PermutationResult): Ended {
  if (!incident.playedAlone(isBad(again.row.verdict))) return again
  const words = `it ${cameTo(row)} beside other cases in one process, and none of them does so alone`
  return inconclusive(again, `${words}: do its worlds share anything (try --worlds 1)?`)
}

function cameTo({ verdict, reason }: PermutationResult): string {
  return `came to ${verdict} (${reason})`
}

/** What may have come from one case to another. */
function suspicion({ worldsMax = 1 }: Carrier): string {
  const sharing = worldsMax === 1 ? '' : ', and do worlds share nothing (try --worlds 1)'
  return `and not alone in a fresh one: does reset forget everything${sharing}?`
}

function inconclusive(again: Ended, reason: string, lostTo?: 'clock'): Ended {
  const row = {
    ...again.row,
    verdict: 'inconclusive',
    blame: 'adapter',
    reason,
    ...(lostTo ? { lostTo } : {}),
  } as const
  return { ...again, row }
}

/** How often a permutation is run in which something came too late by a real clock. */
const timesForLate = 3

/** Now and then the machine is late, and an implementation always: what came too late by a real clock is tried again. */
async function runInTime(run: Run): Promise<Ended> {
  let ended = await run()
  for (let times = 1; times < timesForLate && isLate(ended.row); times++) ended = await run()
  return ended
}

export function isLate({ verdict, lostTo }: PermutationResult): boolean {
  return verdict === 'inconclusive' && lostTo === 'clock'
}
