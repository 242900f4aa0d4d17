// What a search looks for most, and what it draws for that.
import type { MishapFate } from './plan.ts'

export const focuses = ['loss', 'reorder', 'races', 'errors'] as const
export type Focus = (typeof focuses)[number]

/** How a focus leans the drawing. */
export interface Leaning {
  /** Fates that befall frames. */
  readonly fates: readonly MishapFate[]
  /** Out of ten plans, so many whose hosts are stepped. */
  readonly stepped: number
  /** Out of ten moves, so many that are mistakes of the host program. */
  readonly mistakes: number
}

const lossy: readonly MishapFate[] = ['drop', 'corrupt', 'partition']
const disorderly: readonly MishapFate[] = ['reorder', 'delay', 'duplicate']

/** How a search leans; without a focus it does not. */
export function leaningTo(focus: Focus | undefined): Leaning {
  switch (focus) {
    case undefined:
      return { fates: [...lossy, ...disorderly], stepped: 4, mistakes: 1 }
    case 'loss':
      return { fates: lossy, stepped: 1, mistakes: 0 }
    case 'reorder':
      return { fates: disorderly, stepped: 2, mistakes: 0 }
    case 'races':
      return { fates: ['delay', 'drop'], stepped: 10, mistakes: 0 }
    case 'errors':
      return { fates: ['drop', 'duplicate'], stepped: 2, mistakes: 5 }
  }
}
