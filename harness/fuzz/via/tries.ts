// All that a drawn program tries, by what it is about.
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
export const tries: readonly (readonly Try[])[] = [
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

/** Of the topic that has the most. */
export const triesMost = Math.max(...tries.map(({ length }) => length))
