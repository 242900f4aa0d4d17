// The invariant of links: a receive whose link is changed while it is posted does not complete well.
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import { writePattern } from '../../../../spec/vocabulary/memory.ts'
import { viaDescriptorOffsets } from '../../../../spec/vocabulary/via-constants.ts'
import { hasTaken } from '../../via/account.ts'
import { livesOf, type ViLife } from '../../via/lives.ts'
import { placeOf, storyOf, type PostingSeen } from '../../via/story.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const linksKept: Monitor = {
  name: 'links-kept',
  words: 'a receive whose link is changed before any message can have come for it does not complete well',
  requirements: ['VIA-DESC-022'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      const story = storyOf(view, life.node, life.name, 'recv')
      for (const [place, posting] of (story?.posted ?? []).entries()) {
        const change = changeOf(view, life, posting)
        if (!story || !change) continue
        watching.watched(life.node)
        const again = story.posted.slice(place + 1).find(({ name }) => name === posting.name)
        const end = again?.call.record ?? Infinity
        const taken = story.taken.find(
          ({ name, record }) => name === posting.name && record > change.record && record < end,
        )
        if (!taken?.isGood) continue
        const seen = `${hostName(view, life.node)}'s receive ${posting.name} completed well at ${timeWords(taken.time)}, though its link had been changed at ${timeWords(change.time)}`
        watching.broken({ node: life.node, seen, at: taken.time })
      }
    }
  },
}

/** The first change of a posted receive's link; undefined if there is none for certain, or a message may have come. */
function changeOf(view: View, life: ViLife, { call, written }: PostingSeen): CallSeen | undefined {
  const place = written && !written.patch ? placeOf(written) : undefined
  if (!place) return undefined
  const link = { buffer: place.buffer, from: place.offset, to: place.offset + viaDescriptorOffsets.segmentCount }
  const change = view.history.calls.find(
    (seen) => seen.node === life.node && seen.record > returned(call) && isOver(seen.call.body, link),
  )
  return change && isStill(view, life, change) ? change : undefined
}

interface Link {
  readonly buffer: string
  readonly from: number
  readonly to: number
}

/** Whether a link is written over with something else than the zeros that a descriptor is written with. */
function isOver(body: CallBody, { buffer, from, to }: Link): boolean {
  if (body.operation !== 'memory.write' || body.at.buffer !== buffer) return false
  const start = Math.max(from, body.at.offset)
  const bytes = Math.min(to, body.at.offset + body.at.bytes) - start
  if (bytes <= 0) return false
  const octets = new Uint8Array(bytes)
  writePattern(body.fill, octets, { from: 0, to: bytes, position: start - body.at.offset })
  return octets.some((octet) => octet !== 0)
}

/** Whether all that the other hosts had sent by then was taken, so that no message can have found the receive. */
function isStill({ history }: View, { node, recv }: ViLife, change: CallSeen): boolean {
  const end = returned(change)
  const sent = history.calls.filter(
    (seen) => seen.node !== node && seen.record < end && seen.call.body.operation === 'VipPostSend',
  )
  const taken = recv.takes.filter((take) => returned(take) < change.record && hasTaken(take))
  return sent.length === taken.length
}
