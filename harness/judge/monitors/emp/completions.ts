// Invariants of what a completion says: peer, tag, length and outcome are those of the message.
import { empAny, type EmpCompletion } from '../../../../spec/vocabulary/emp.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import type { Course } from '../../emp/course.ts'
import { firstTaker, takerOf, type Lane } from '../../emp/lanes.ts'
import type { CompletionSeen, PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import { watchLate } from './late.ts'
import { wasProbed } from './probing.ts'
import { hasUnknown, isTotalOfAny, totalOf } from './receives.ts'
import { anyRequirements } from './wildcards.ts'
import type { Monitor } from '../monitor.ts'

export const asAsked: Monitor = {
  name: 'as-asked',
  words:
    'a request completes with the peer and the tag that it was posted for, or those of its message where it was posted for any',
  requirements: ['EMP-MATCH-002', 'EMP-HOST-002', 'EMP-MATCH-014', 'EMP-MATCH-015'],
  needsWire: false,
  watch(view, watching) {
    for (const { kind, node, request, peer, tag, bytes, completions } of view.history.postings) {
      const requirement = kind === 'receive' ? 'EMP-MATCH-002' : 'EMP-HOST-002'
      if (completions.length > 0) {
        watching.watched(node, requirement)
        if (peer === empAny) watching.watched(node, 'EMP-MATCH-014')
        if (tag === empAny) watching.watched(node, 'EMP-MATCH-015')
      }
      for (const { completion, time } of completions) {
        const isPeer = completion.peer === peer || (kind === 'receive' && peer === empAny)
        const isTag = completion.tag === tag || (kind === 'receive' && tag === empAny)
        const isLength = kind === 'receive' || completion.outcome === 'failed' || completion.bytes === bytes
        if (isPeer && isTag && isLength) continue
        const seen = `${hostName(view, node)}'s ${request}, posted for peer ${peer} and tag ${tag}, was told at ${timeWords(time)} to have ended with peer ${completion.peer}, tag ${completion.tag} and ${counted(completion.bytes, 'octet')}`
        watching.broken({ node, seen, at: time, requirements: [requirement] })
        break
      }
      const named = completions.find(({ completion }) => namesAny(completion))
      if (!named) continue
      const { completion, time } = named
      const seen = `${hostName(view, node)}'s ${request} was told at ${timeWords(time)} to have taken a message of peer ${completion.peer} with tag ${completion.tag}, and no message has such`
      watching.broken({ node, seen, at: time, requirements: anyRequirements(completion) })
    }
  },
}

/** A receive that was withdrawn tells what it was posted for; a message is of one peer and has one tag (R18). */
function namesAny({ outcome, peer, tag }: EmpCompletion): boolean {
  return outcome !== 'cancelled' && (peer === empAny || tag === empAny)
}

export const outcomeTells: Monitor = {
  name: 'outcome-tells',
  words: 'a receive is truncated if and only if the message is longer',
  requirements: ['EMP-MATCH-009', 'EMP-MATCH-010'],
  needsWire: false,
  watch(view, watching) {
    for (const { kind, node, request, bytes, completions } of view.history.postings) {
      const [first] = completions
      if (!first || first.completion.outcome === 'failed' || first.completion.outcome === 'cancelled') continue
      const { outcome, bytes: length } = first.completion
      const isLonger = kind === 'receive' && length > bytes
      const requirement = isLonger ? 'EMP-MATCH-009' : 'EMP-MATCH-010'
      if (kind === 'receive') watching.watched(node, requirement)
      if (isLonger === (outcome === 'truncated')) continue
      const seen = `${hostName(view, node)}'s ${request} of ${counted(bytes, 'octet')} was told at ${timeWords(first.time)} to be ${outcome}, with ${counted(length, 'octet')}`
      watching.broken({ node, seen, at: first.time, requirements: [requirement] })
    }
  },
}

export const realLength: Monitor = {
  name: 'real-length',
  words: 'a receive reports the length that its message has',
  requirements: ['EMP-MATCH-009', 'EMP-MATCH-010', 'EMP-MATCH-011'],
  needsWire: true,
  watch(view, watching) {
    for (const lane of view.emp.lanes) {
      if (lane.completions.length === 0 || !lane.isOrdered) continue
      if (lane.known < lane.courses.length || hasUnknown(view, lane)) continue
      for (const done of lane.completions) {
        const { bytes, request, outcome } = done.completion
        const requirement = lengthRequirement(lane, done, outcome)
        watching.watched(lane.to, requirement)
        if (isTotalOfAny(lane, bytes)) continue
        const seen = `${hostName(view, lane.to)}'s receive ${request} was told at ${timeWords(done.time)} to have taken ${counted(bytes, 'octet')}; no message from ${hostName(view, lane.from)} with tag ${lane.tag} has that length`
        watching.broken({ node: lane.to, seen, at: done.time, requirements: [requirement] })
      }
    }
  },
}

function lengthRequirement(lane: Lane, { completion }: CompletionSeen, outcome: string): string {
  const place = lane.receives.findIndex(({ request }) => request === completion.request)
  if (totalOf(lane, place) === 0) return 'EMP-MATCH-011'
  return outcome === 'truncated' ? 'EMP-MATCH-009' : 'EMP-MATCH-010'
}

export const doneWhenReceived: Monitor = {
  name: 'done-when-received',
  words: 'a receive is done once all of its message has arrived',
  requirements: [
    'EMP-REL-010',
    'EMP-MATCH-004',
    'EMP-MATCH-006',
    'EMP-MATCH-009',
    'EMP-MATCH-011',
    'EMP-MATCH-012',
    'EMP-MATCH-020',
  ],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const { emp } = view
    for (const course of emp.courses) {
      const { lane, collections } = course
      const receive = lane && !course.isCrafted ? takerOf(lane, course) : undefined
      if (!receive || collections.length === 0) continue
      const since = emp.keptWhole(course)
      if (since === Infinity) continue
      const requirements = promisesOf(view, course, receive)
      watchLate(view, watching, { post: receive, since, why: 'all frames of its message had arrived', requirements })
    }
    for (const lane of emp.lanes) {
      if (lane.from !== lane.to || !lane.isOrdered) continue
      for (const [place, send] of lane.sends.entries()) {
        const receive = lane.receives[place]
        const sent = send.call.answer?.time ?? Infinity
        const posted = receive?.call.answer?.time ?? Infinity
        // A message that found no receive goes again when its time has come, which may have grown to the cap (R7).
        const since = Math.max(sent, sent < posted ? posted + emp.cap : posted)
        if (!receive || since === Infinity || emp.retries > 0) continue
        const given = { since, why: 'both it and its other side had been posted', requirements: ['EMP-MATCH-012'] }
        watchLate(view, watching, { post: send, ...given })
        watchLate(view, watching, { post: receive, ...given })
      }
    }
  },
}

/** The requirements by which a receive becomes done. */
function promisesOf(view: View, course: Course, receive: PostedSeen): readonly string[] {
  const { header, headerArrived } = course
  const promises: string[] = []
  if (header?.total === 0) promises.push('EMP-MATCH-011')
  if ((header?.total ?? 0) > receive.bytes) promises.push('EMP-MATCH-009')
  if (receive.call.record > (headerArrived?.record ?? Infinity)) {
    promises.push('EMP-MATCH-006')
    if (wasProbed(view, course, receive.call.record)) promises.push('EMP-MATCH-020')
  }
  if (view.emp.courses.some((other) => isWaitingBefore(other, course))) promises.push('EMP-MATCH-004')
  return promises.length > 0 ? promises : ['EMP-REL-010']
}

/** Whether an earlier message of the same sender has no receive. */
function isWaitingBefore(other: Course, { from, to, place }: Course): boolean {
  if (other.from !== from || other.to !== to || other.place >= place || !other.lane) return false
  return firstTaker(other.lane, other) === undefined
}
