// What came of playing something again, in words.
import { counted } from '../../spec/vocabulary/units.ts'
import type { PlayedTwice, Stability } from './report.ts'

/** `deterministic: played again, it had the same trace 3 of 3 times`. */
export function stabilityWords({ label, by, same, of }: Stability): string {
  const what = by === 'trace' ? 'had the same trace' : 'failed in the same way'
  const again = `played again, it ${what} ${same} of ${of} times`
  switch (label) {
    case 'deterministic':
      return `${by === 'trace' ? 'deterministic' : 'steady'}: ${again}`
    case 'schedule':
      return `depends on the order: ${again} in this one, and in another it does not fail so`
    case 'clock':
      return `depends on the clock: ${again}`
    case 'environment':
      return `depends on something that nobody handed in: ${again}`
  }
}

/** How many of those that were played twice came out the same, and which not. */
export function playedTwiceWords({ sample, same, different }: PlayedTwice): string {
  if (same === sample) return `sample of ${counted(sample, 'permutation')} played twice: all the same`
  const names = different.map(({ name, blame }) => `${name} (rests on the ${blame})`).join(', ')
  return `sample of ${counted(sample, 'permutation')} played twice: ${same} the same, and not so ${names}`
}
