// Invariants of sends: done when acknowledged and not before, numbered in posting order.
import { empDefaults } from '../../../../spec/vocabulary/endpoint.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import type { Course } from '../../emp/course.ts'
import type { CallSeen, PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { framesWords, timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'
import { watchLate } from './late.ts'

/** Whether the acknowledgements were true is for `acknowledged-whole` to say: it is the receiver's doing. */
export const sendDone: Monitor = {
  name: 'send-done',
  words: 'a send is done only when all collections of its message have been acknowledged',
  requirements: ['EMP-REL-009', 'EMP-REL-017'],
  needsWire: true,
  watch(view, watching) {
    for (const send of view.emp.sends) {
      const [done] = send.completions
      if (done?.completion.outcome !== 'done') continue
      const course = view.emp.messageOf(send)
      const open = openCollections(course, done.record)
      if (!course || open === undefined) continue
      watching.watched(send.node, 'EMP-REL-009')
      if (open === 0) continue
      const seen = `${hostName(view, send.node)}'s send ${send.request} was done at ${timeWords(done.time)}, but ${openWords(course, done.record)} had not been acknowledged`
      const isStray = wasStray(view, course, done.record)
      const requirements = isStray ? ['EMP-REL-009', 'EMP-REL-017'] : ['EMP-REL-009']
      watching.broken({ node: send.node, seen, at: done.time, requirements })
    }
  },
}

/** Whether the last acknowledgement that came before a send was done fits nothing: another message, or a frame not yet sent. */
function wasStray({ history, emp }: View, course: Course, record: number): boolean {
  const { from, to, message } = course
  const last = history.arrivals.findLast(
    ({ frame, node, record: at }) =>
      at < record && node === from && frame.from === to && frame.type === 'acknowledgement',
  )
  if (!last) return false
  const { frame } = last
  if (frame.message === message.id) return (message.sent.get(frame.frame)?.[0]?.record ?? Infinity) > last.record
  const other = emp.courses.find((each) => each.from === from && each.to === to && each.message.id === frame.message)
  return (openCollections(other, last.record) ?? 0) === 0
}

/** How many collections of a message had not been acknowledged before a record; undefined when that cannot be told. */
export function openCollections(course: Course | undefined, record: number): number | undefined {
  if (!course || course.collections.length === 0) return undefined
  let open = 0
  for (const { acknowledged } of course.collections) if (acknowledged >= record) open++
  return open
}

/** Frames of collections that had not been acknowledged before a record: `frames 0-2, 5`. */
export function openWords({ collections }: Course, record: number): string {
  const open: number[] = []
  for (const { first, last, acknowledged } of collections) {
    if (acknowledged >= record) for (let frame = first; frame <= last; frame++) open.push(frame)
  }
  return framesWords(open)
}

export const doneWhenAnswered: Monitor = {
  name: 'done-when-answered',
  words: 'a send is done once all collections of its message have been acknowledged',
  requirements: ['EMP-REL-009'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    for (const send of view.emp.sends) {
      const course = view.emp.messageOf(send)
      if (!course || course.isCrafted || openCollections(course, Infinity) !== 0) continue
      let since = 0
      for (const { acknowledgedAt } of course.collections) since = Math.max(since, acknowledgedAt)
      watchLate(view, watching, { post: send, since, why: 'all of its message had been acknowledged' })
    }
  },
}

export const messageIds: Monitor = {
  name: 'message-ids',
  words: 'message IDs to one host are consecutive, in posting order, from the configured first',
  requirements: ['EMP-REL-018', 'EMP-DESC-003', 'EMP-DESC-011', 'EMP-MEM-001', 'EMP-FRAME-002'],
  needsWire: true,
  watch(view, watching) {
    for (const { kind, node, call } of view.history.postings) {
      const requirement = kind === 'send' ? refusalOf(call) : undefined
      if (requirement !== undefined) watching.watched(node, requirement)
    }
    for (const course of view.emp.courses) {
      watching.watched(course.from, 'EMP-REL-018')
      if (course.header) watching.watched(course.from, 'EMP-FRAME-002')
      if (course.send) continue
      const posted = postedBefore(view, course)
      if (course.place < posted) watchHeader(view, watching, course)
      else {
        const first = view.permutation.configuration['emp.first-message'] ?? empDefaults['emp.first-message']
        watching.broken({
          node: course.from,
          seen: `${courseWords(view, course)} was sent when ${counted(posted, 'message')} had been posted, counted from ${first}`,
          requirements: [refusedBefore(view, course) ?? 'EMP-REL-018'],
        })
      }
    }
  },
}

function watchHeader(view: View, watching: Watching, course: Course): void {
  const { from: node, to, header, place } = course
  const sends = view.emp.sendsOf(node, to)
  const send = sends?.[place]
  if (!sends || !send || !header || isOf(course, send)) return
  const isMisplaced = sends.some((other) => isOf(course, other))
  watching.broken({
    node,
    seen: `${courseWords(view, course)} has tag ${header.tag} and ${counted(header.total, 'octet')}, but ${send.request}, which was posted in its place, has tag ${send.tag} and ${counted(send.bytes, 'octet')}`,
    ...(isMisplaced
      ? { requirements: ['EMP-REL-018'] }
      : {
          requirements: ['EMP-FRAME-002'],
          words: 'the message header in frame 0 says the tag and the length of the message',
        }),
  })
}

function isOf({ header }: Course, send: PostedSeen): boolean {
  return header?.tag === send.tag && header.total === send.bytes
}

function courseWords(view: View, { message, from, to }: Course): string {
  return `message ${message.id} from ${hostName(view, from)} to ${hostName(view, to)}`
}

/** Sends between the hosts of a message that had been called before it was sent, and were not refused before. */
function postedBefore({ history }: View, { from, to, start }: Course): number {
  let count = 0
  for (const { kind, node, peer, call } of history.postings) {
    if (kind !== 'send' || node !== from || peer !== to || call.record > start) continue
    const { answer } = call
    if (!answer || answer.record > start || answer.content.status === 'ok') count++
  }
  return count
}

const refusals: Readonly<Partial<Record<string, string>>> = {
  'no-descriptor': 'EMP-DESC-003',
  'too-many-pieces': 'EMP-DESC-011',
  'not-locked': 'EMP-MEM-001',
}

/** The requirement by which a posting that was refused has no effect; undefined if it was not. */
function refusalOf({ answer }: CallSeen): string | undefined {
  return answer && refusals[answer.content.status]
}

/** The requirement by which a send that was refused is not sent, if this message looks like one. */
function refusedBefore({ history }: View, course: Course): string | undefined {
  const { from, to, start } = course
  for (const post of history.postings) {
    const { kind, node, peer, call } = post
    if (kind !== 'send' || node !== from || peer !== to || call.record > start || !isOf(course, post)) continue
    const requirement = refusalOf(call)
    if (requirement !== undefined) return requirement
  }
  return undefined
}
