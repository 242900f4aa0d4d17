// What the server of a drawn meeting makes of a request.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { pick } from '../drawn.ts'
import { otherLevel, type LinkEnd } from './links.ts'
import type { Story } from './meeting.ts'
import { plainly, post } from './posting.ts'
import { connectAccept, connectReject } from './vipl-calls.ts'

/** Milliseconds that a client beside has patience, and a server for it. */
const patience = 40

type Answering = (story: Story) => void

export const answerings: readonly Answering[] = [
  acceptsAsAsked,
  reject,
  leavesItOpen,
  acceptsAtOtherLevelFirst,
  acceptsWithMoreOctetsFirst,
  acceptsWithFewerOctetsThenRejects,
  acceptsWithOtherRights,
  acceptsTwice,
  rejectsTwice,
  rejectsThenAccepts,
  acceptsThenRejects,
  acceptsWithConnectedFirst,
  acceptsAndSends,
  asksForNothingFirst,
  acceptsEarlierOfTwo,
  rejectsEarlierOfTwo,
]

export function answers(story: Story): void {
  pick(answerings, story.meeting.answer)(story)
}

function acceptsAsAsked(story: Story): void {
  accept(story, story.link.server)
}

function leavesItOpen(): void {}

function acceptsAtOtherLevelFirst(story: Story): void {
  const { reliabilityLevel } = story.link.server.attributes
  accept(story, beside(story, { reliabilityLevel: otherLevel(reliabilityLevel) }))
  acceptsAsAsked(story)
}

function acceptsWithMoreOctetsFirst(story: Story): void {
  const { maxTransferSize } = story.link.server.attributes
  accept(story, beside(story, { maxTransferSize: maxTransferSize + 1 }))
  acceptsAsAsked(story)
}

function acceptsWithFewerOctetsThenRejects(story: Story): void {
  const { maxTransferSize } = story.link.server.attributes
  accept(story, beside(story, { maxTransferSize: maxTransferSize - 1 }))
  reject(story)
}

function acceptsWithOtherRights(story: Story): void {
  const { enableRdmaWrite } = story.link.server.attributes
  accept(story, beside(story, { enableRdmaWrite: !enableRdmaWrite }))
}

function acceptsTwice(story: Story): void {
  acceptsAsAsked(story)
  accept(story, beside(story, {}))
}

function rejectsTwice(story: Story): void {
  reject(story)
  reject(story)
}

function rejectsThenAccepts(story: Story): void {
  reject(story)
  acceptsAsAsked(story)
}

function acceptsThenRejects(story: Story): void {
  acceptsAsAsked(story)
  reject(story)
}

/** With a VI that is connected already. */
function acceptsWithConnectedFirst(story: Story): void {
  const other = story.links.copy(story.link)
  story.connects(other)
  accept(story, other.server)
  acceptsAsAsked(story)
}

/** What is sent at once overtakes nothing. */
function acceptsAndSends(story: Story): void {
  acceptsAsAsked(story)
  post(story.script, story.link.server, 'send', plainly(24))
}

function asksForNothingFirst(story: Story): void {
  call(story, connectAccept(null, story.link.server.vi))
  call(story, connectReject(null))
  call(story, connectAccept(story.as, null))
  acceptsAsAsked(story)
}

function acceptsEarlierOfTwo(story: Story): void {
  besideAnother(story, () => acceptsAsAsked(story))
}

function rejectsEarlierOfTwo(story: Story): void {
  besideAnother(story, () => reject(story))
}

/** The server has taken another request when it answers this one, and accepts it then. */
function besideAnother({ script, links, link, waits, asks }: Story, answer: () => void): void {
  const other = links.copy(link)
  const as = script.fresh('c')
  const waiting = script.start(link.server.node, { ...waits, timeout: patience, as })
  const asked = script.start(link.client.node, { ...asks, timeout: patience, vi: other.client.vi })
  script.join(waiting)
  answer()
  script.call(link.server.node, connectAccept(as, other.server.vi))
  script.join(asked)
}

/** Another VI of the server, whose attributes are as changed. */
function beside({ link, links }: Story, changed: Partial<LinkEnd['attributes']>): LinkEnd {
  return links.beside(link.server, changed)
}

function accept(story: Story, { vi }: LinkEnd): void {
  call(story, connectAccept(story.as, vi))
}

function reject(story: Story): void {
  call(story, connectReject(story.as))
}

function call({ script, link }: Story, body: CallBody): void {
  script.call(link.server.node, body)
}
