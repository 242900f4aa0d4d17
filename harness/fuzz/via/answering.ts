// What the server of a drawn meeting makes of a request.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { pick } from '../drawn.ts'
import { otherLevel, type LinkEnd } from './links.ts'
import type { Story } from './meeting.ts'
import { plainly, post } from './posting.ts'
import { connectAccept, connectReject } from './vipl-calls.ts'

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
