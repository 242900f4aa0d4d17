// Invariants of descriptors that a host looks at: they hold what was posted, and are handed back by their status.
import { empAny } from '../../../../spec/vocabulary/emp.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import type { RecordLayout } from '../../../plan/layout.ts'
import { requestKey, returned, type CallSeen, type PostedSeen } from '../../seen/history.ts'
import { numberAt, octetsOfHex } from '../../frames/octets.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'

/** A descriptor at one moment. */
interface Look {
  readonly call: CallSeen
  readonly post: PostedSeen
  readonly octets: string
}

/** Every descriptor of an accepted request that was looked at, in order. */
function looksAt({ history }: View): readonly Look[] {
  let looks: Look[] | undefined
  for (const call of history.calls) {
    const { body } = call.call
    const octets = call.answer?.content.octets
    if (body.operation !== 'emp.descriptor' || octets === undefined) continue
    const post = history.posted.get(requestKey(call.node, body.request))
    if (post?.call.answer?.content.status !== 'ok' || post.call.answer.record > call.record) continue
    if (looks) looks.push({ call, post, octets })
    else looks = [{ call, post, octets }]
  }
  return looks ?? none
}

const none: readonly Look[] = []

export const descriptorShows: Monitor = {
  name: 'descriptor-shows',
  words: 'a descriptor holds length, peer and tag as the host gave them',
  requirements: ['EMP-DESC-001'],
  needsWire: false,
  watch(view, watching) {
    const { descriptor } = view
    if (!descriptor) return
    for (const { call, post, octets } of looksAt(view)) {
      watching.watched(call.node)
      const wrong = wrongField(descriptor, octetsOfHex(octets), post)
      if (wrong === undefined) continue
      const seen = `the descriptor of ${hostName(view, call.node)}'s ${post.request} at ${timeWords(call.time)} ${wrong}`
      watching.broken({ node: call.node, seen, at: call.time })
    }
  },
}

function wrongField(layout: RecordLayout, octets: Uint8Array, post: PostedSeen): string | undefined {
  const { kind, peer, tag, bytes } = post
  if (octets.length === 0 || octets.length % layout.octets !== 0) {
    return `has ${counted(octets.length, 'octet')}; a slot has ${layout.octets}`
  }
  // When it is done, a receive may hold the length of its message, and its peer and tag where any was posted.
  const given = {
    ...(peer === empAny ? {} : { peer }),
    ...(tag === empAny ? {} : { tag }),
    ...(kind === 'send' ? { totlen: bytes } : {}),
  }
  for (const [name, right] of Object.entries(given)) {
    const field = layout.fields.find((each) => each.name === name)
    if (!field) continue
    const found = numberAt(octets, field.offset, field.octets, layout.octetOrder)
    if (found !== right) return `has ${name} ${found}, and the host gave ${right}`
  }
  return undefined
}

export const handedBack: Monitor = {
  name: 'handed-back',
  words: 'the status of a descriptor tells that it was handed back, and then its slots stay as they are',
  requirements: ['EMP-DESC-010'],
  needsWire: false,
  watch(view, watching) {
    const looks = looksAt(view)
    for (const [place, look] of looks.entries()) {
      const before = looks.slice(0, place).findLast(({ post }) => post === look.post)
      if (before) watchPair(view, watching, before, look)
    }
  },
}

/** Two looks at one descriptor. When it is handed back, an event tells. */
function watchPair(view: View, watching: Watching, before: Look, after: Look): void {
  const { post, call } = after
  const event = post.completions.find(({ source }) => source === 'event')
  const status = view.descriptor?.fields.find(({ name }) => name === 'stat')
  if (!event || !status || event.record > call.record) return
  watching.watched(call.node)
  const start = `the descriptor of ${hostName(view, call.node)}'s ${post.request}, handed back at ${timeWords(event.time)},`
  if (event.record < before.call.record) {
    if (before.octets === after.octets) return
    const seen = `${start} changed between ${timeWords(before.call.time)} and ${timeWords(call.time)}`
    watching.broken({ node: call.node, seen, at: call.time })
    return
  }
  const from = status.offset * 2
  const end = from + status.octets * 2
  if (returned(before.call) > event.record) return
  if (before.octets.slice(from, end) !== after.octets.slice(from, end)) return
  const seen = `${start} has the status that it had at ${timeWords(before.call.time)}, when it was outstanding`
  watching.broken({ node: call.node, seen, at: call.time })
}
