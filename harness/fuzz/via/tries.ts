// All that a drawn program tries, by what it is about.
import { nat, oneof, type Arbitrary } from 'fast-check'
import { attributeTries } from './tries-attributes.ts'
import { notifyTries } from './tries-handlers.ts'
import { memoryTries } from './tries-memory.ts'
import { nameTries } from './tries-names.ts'
import { handlerTries, nicTries, tagTries } from './tries-nic.ts'
import { peerTries } from './tries-peers.ts'
import { queueTries } from './tries-queues.ts'
import { viTries } from './tries-vi.ts'
import type { Try } from './try.ts'

/** Topics, with what there is to try of each. */
const topics: readonly (readonly Try[])[] = [
  viTries,
  queueTries,
  memoryTries,
  tagTries,
  nicTries,
  handlerTries,
  nameTries,
  notifyTries,
  peerTries,
  attributeTries,
]

/** One topic after the other. */
export const tries: readonly Try[] = topics.flat()

/** The place of one of them: each topic as often as any other, however much there is to try of it. */
export const placesOfTries: Arbitrary<number> = oneof(
  ...topics.map((topic, i) => {
    const before = topics.slice(0, i).flat().length
    return nat(topic.length - 1).map((place) => before + place)
  }),
)
