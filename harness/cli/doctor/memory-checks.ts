// Checks of memory: what a buffer is filled with, what of it is read back, and what is refused.
import { isDeepStrictEqual } from 'node:util'
import { greeted, right, unasked, wrong, wrongIf, type Check, type Outcome } from './check.ts'
import { openWorld } from './open-world.ts'
import {
  alignmentSteps,
  nameSteps,
  offsetSteps,
  patternSteps,
  refusedSteps,
  sendUnlocked,
  unlockedSteps,
  type Step,
} from './memory-steps.ts'
import type { World } from './world.ts'

export const memoryChecks: readonly Check[] = [
  {
    name: 'patterns',
    words: 'buffers are filled with the patterns of the test vectors, and their octets and digests read back',
    advice: 'Hold patterns and CRC-32C against the test vectors in docs/adapter-protocol.md.',
    run: walk(patternSteps),
  },
  {
    name: 'offsets',
    words: 'a pattern is written at an offset, and nothing beside it changes',
    advice: 'A pattern begins with its first octet at the offset of its range, wherever that lies.',
    needs: ['patterns'],
    run: walk(offsetSteps),
  },
  {
    name: 'alignment',
    words: 'buffers of any alignment and offset hold their octets within whole guard zones',
    advice:
      'Put guard octets of guard zone before and behind the bytes of a buffer, and let none of them belong to it.',
    needs: ['patterns'],
    run: walk(alignmentSteps),
  },
  {
    name: 'refused-ranges',
    words: 'ranges outside a buffer, and buffers that are not there, are refused as invalid, without effect',
    advice: 'Return the status invalid unless offset >= 0, bytes >= 0 and offset + bytes <= the size of the buffer.',
    needs: ['patterns'],
    run: walk(refusedSteps),
  },
  {
    name: 'names',
    words: 'a name is taken until its buffer is given back',
    advice: 'Return invalid for a second buffer of one name, and for every call on one that was freed.',
    needs: ['patterns'],
    run: walk(nameSteps),
  },
  {
    name: 'unlocked',
    words: 'a buffer whose pages are not locked is memory for the host, and no place to send from',
    advice: 'Make the buffer of locked: false as any other, and refuse emp.isend and emp.irecv on it as not-locked.',
    needs: ['patterns'],
    run: greeted(async (patient, greeting) => {
      const world = await openWorld(patient, greeting)
      const broken = await firstBroken(world, unlockedSteps)
      if (broken !== undefined) return wrong(broken)
      return greeting.pics.interfaces.includes('emp') ? refusesUnlocked(world) : right
    }),
  },
]

/** A check that opens a world and makes these calls at its first host. */
function walk(steps: readonly Step[]): Check['run'] {
  return greeted(async (patient, greeting) => wrongIf(await firstBroken(await openWorld(patient, greeting), steps)))
}

/** In words, the first call that did not return what it has to. */
async function firstBroken(world: World, steps: readonly Step[]): Promise<string | undefined> {
  for (const [call, expected] of steps) {
    const answer = await world.call(0, call)
    if (!answer) return `${JSON.stringify(call)} did not return at once`
    const { id: _id, ...seen } = answer
    const members = Object.entries(expected)
    if (members.every(([name, value]) => isDeepStrictEqual(new Map(Object.entries(seen)).get(name), value))) continue
    return `${JSON.stringify(call)} returned ${JSON.stringify(seen)}, where ${JSON.stringify(expected)} was due`
  }
  return undefined
}

async function refusesUnlocked(world: World): Promise<Outcome> {
  const sent = await world.call(0, sendUnlocked)
  if (sent?.status === 'not-locked') return right
  if (sent?.status === 'unsupported') return unasked('emp.isend is not supported yet')
  return wrong(`emp.isend from it ${sent ? `returned ${sent.status}` : 'did not return at once'}`)
}
