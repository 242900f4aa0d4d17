// Writes durations, counts and patterns.
import { formatDuration, type Duration } from '../../../spec/vocabulary/units.ts'
import type { Pattern } from '../../../spec/vocabulary/memory.ts'
import type { Times } from '../expectation.ts'
import type { Written, WrittenMap } from './written.ts'

export function writeDuration(duration: Duration | undefined): string | undefined {
  return duration === undefined ? undefined : formatDuration(duration)
}

/** A plain number is exactly so many. */
export function writeTimes({ least, most }: Times): Written {
  return least === most ? least : writeBounds({ least, ...(most === undefined ? {} : { most }) })
}

/** Where a plain number is at least so many, and nothing is once or more often. */
export function writeOften({ least, most }: Times): Written | undefined {
  if (most !== undefined) return writeBounds({ least, most })
  return least === 1 ? undefined : least
}

/** As `writeOften`, where something has to be written. */
export function writeLeast(times: Times): Written {
  return writeOften(times) ?? times.least
}

function writeBounds({ least, most }: Times): Written {
  if (most === undefined) return { min: least }
  return least === 0 ? { max: most } : { min: least, max: most }
}

export function writePattern({ kind, seed }: Pattern): WrittenMap {
  return { [kind]: seed }
}
