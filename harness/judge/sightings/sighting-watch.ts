// Tells, again and again while a world runs, whether something that a case waits for has been seen.
import type { Permutation } from '../../plan/permutation.ts'
import type { Sighting } from '../../plan/expectation.ts'
import { numberCalls } from '../../plan/numbering.ts'
import type { Trace } from '../../result/trace.ts'
import { matches } from './frame-filter.ts'
import { History, type TraceReading } from '../seen/history.ts'
import { errorsMeant } from '../via/errors.ts'
import { handlersMeant } from '../via/notified.ts'

/** Reads each record of a trace once; give a fresh one to every run. */
export class SightingWatch {
  private readonly sighting: Sighting
  private readonly history: History
  private readonly call: number | undefined
  private position = 0
  private count = 0

  constructor(sighting: Sighting, permutation: Permutation, reading: TraceReading) {
    this.sighting = sighting
    this.history = new History(reading)
    this.call = sighting.kind === 'returned' ? numberCalls(permutation).ofLabel.get(sighting.label) : undefined
  }

  /** Whether it has been seen so far, from the beginning of the run on. */
  seen(trace: Trace): boolean {
    this.history.catchUp(trace)
    const { sighting, history } = this
    switch (sighting.kind) {
      case 'frames':
        for (; this.position < history.frames.length; this.position++) {
          const frame = history.frames[this.position]
          if (frame && matches(sighting.filter, frame, history.ordinals)) this.count++
        }
        return this.count >= sighting.times.least
      case 'arrived':
        for (; this.position < history.arrivals.length; this.position++) {
          const frame = history.arrivals[this.position]?.frame
          if (frame && matches(sighting.filter, frame, history.ordinals)) this.count++
        }
        return this.count >= sighting.times.least
      case 'returned':
        return this.call !== undefined && history.callById.get(this.call)?.answer !== undefined
      case 'error':
        return errorsMeant(sighting.filter, history).length >= sighting.times.least
      case 'notified':
        return handlersMeant(sighting.filter, history).length >= sighting.times.least
      case 'completed':
        return history.completionsOf(sighting.node, sighting.request).length > 0
    }
  }
}
