// The signals that ask this process to end: who has something to save does so; otherwise it ends at once.
import process from 'node:process'
import { exitCodes } from '../gate/exit-codes.ts'

let instead: (() => void) | undefined

/** What is done at the next such signal instead of ending; after that, or if undefined, a signal ends this process. */
export function insteadOfEnding(save: (() => void) | undefined): void {
  instead = save
}

/**
 * Listens for Ctrl-C, for what ends a job, and for a terminal that closes. Left to itself, such a signal ends this process
 * where it stands, and adapter processes, which have sessions of their own, outlive it.
 */
export function endAtSignals(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end)
}

function end(): void {
  if (!instead) process.exit(exitCodes.interrupted)
  const save = instead
  instead = undefined
  save()
}
