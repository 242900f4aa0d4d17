// What the server of a drawn meeting makes of a request.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { otherLevel, type LinkEnd } from './links.ts'
import type { Story } from './meeting.ts'
import { plainly, post } from './posting.ts'
import { connectAccept, connectReject } from './vipl-calls.ts'

export function answers(story: Story): void {
  const { link, meeting, links } = story
  const { server } = link
  switch (meeting.answer) {
    case 3:
    case 4:
    case 5:
    case 6:
      matches(story)
      return
    case 1:
      reject(story)
      return
    case 2:
      return
    case 7:
      accept(story, server)
      accept(story, links.beside(server, {}))
      return
    case 8:
      reject(story)
      reject(story)
      return
    case 9:
      reject(story)
      accept(story, server)
      return
    case 10:
      accept(story, server)
      reject(story)
      return
    case 11: {
      // With a VI that is connected already.
      const other = links.copy(link)
      story.connects(other)
      accept(story, other.server)
      accept(story, server)
      return
    }
    case 12: // What is sent at once overtakes nothing.
      accept(story, server)
      post(story.script, server, 'send', plainly(24))
      return
    case 13:
      call(story, connectAccept(null, server.vi))
      call(story, connectReject(null))
      call(story, connectAccept(story.as, null))
      accept(story, server)
      return
    default:
      accept(story, server)
  }
}

/** Accepts with a VI whose attributes are others. */
function matches(story: Story): void {
  const { link, meeting, links } = story
  const { server } = link
  const beside = (changed: Partial<LinkEnd['attributes']>): LinkEnd => links.beside(server, changed)
  const { reliabilityLevel, maxTransferSize, enableRdmaWrite } = server.attributes
  switch (meeting.answer) {
    case 3: // At another level at first.
      accept(story, beside({ reliabilityLevel: otherLevel(reliabilityLevel) }))
      accept(story, server)
      return
    case 4:
      accept(story, beside({ maxTransferSize: maxTransferSize + 1 }))
      accept(story, server)
      return
    case 5:
      accept(story, beside({ maxTransferSize: maxTransferSize - 1 }))
      reject(story)
      return
    default: // With other rights.
      accept(story, beside({ enableRdmaWrite: !enableRdmaWrite }))
  }
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
