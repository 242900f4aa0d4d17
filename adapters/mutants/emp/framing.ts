// Mutants that cut messages wrongly, or take frames that they should not.
import { writeU16 } from '../../../reference/core/octets.ts'
import { Fragments } from '../../../reference/emp/fragments.ts'
import { empEthertype, FrameView } from '../../../reference/emp/frame.ts'
import { ethernetOctets, frameHeaderOctets, messageHeaderOctets } from '../../../reference/emp/headers.ts'
import { Intake } from '../../../reference/emp/intake.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import type { EmpDropReason } from '../../../spec/vocabulary/emp.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

class HeaderInEveryFrame extends Fragments {
  override hasMessageHeader(_frame: number): boolean {
    return true
  }
}

/** How many octets too short full frames are: less than the smallest MTU leaves for data. */
const shortBy = 8

class ShortFrames extends Fragments {
  override capacity(frame: number): number {
    return super.capacity(frame) - shortBy
  }
}

class NoFrameForNothing extends Fragments {
  override count(total: number): number {
    return total === 0 ? 0 : super.count(total)
  }
}

class UncheckedOctets extends Intake {
  protected override wellFormed(view: FrameView): EmpDropReason | undefined {
    return view.ethertype === empEthertype ? undefined : 'unknown-type'
  }
}

/** Does not compare a frame with what its message's header has said, either. */
class UncheckedFrames extends Receiver {
  override receive(view: FrameView): void {
    const record = this.unfinished.find(view.sender, view.message)
    if (record >= 0 && this.unfinished.state(record) === messageState.active) this.accept(record, view)
    else super.receive(view)
  }
}

class UncheckedSender extends Intake {
  protected override sourceMatches(_view: FrameView): boolean {
    return true
  }
}

/** Takes frames that are for everybody, or for a group. */
class TakesBroadcast extends Intake {
  protected override destinationMatches(view: FrameView): boolean {
    return isForSeveral(view.destinationHigh) || super.destinationMatches(view)
  }
}

/** The lowest bit of the first octet says so. */
function isForSeveral(firstOctets: number): boolean {
  return (firstOctets & 0x0100) !== 0
}

/** Takes all that arrived behind the headers for data. */
class WholeView extends FrameView {
  override get length(): number {
    return this.arrived - ethernetOctets - frameHeaderOctets - (this.frame === 0 ? messageHeaderOctets : 0)
  }
}

class PaddingTaker extends Receiver {
  private readonly whole = new WholeView()

  protected override accept(record: number, view: FrameView): void {
    super.accept(record, this.whole.show(this.board.memory.octets, view.at, view.arrived))
  }
}

/** Where the sender of a frame stands in its octets, and what no node is called. */
const senderAt = 14
const nobody = 0xffff

/** Names itself in frame 0 alone, as if that told whose the other frames of the message are. */
class NamesItselfOnce extends Sender {
  protected override sendFrame(head: number, frame: number): void {
    const { link, memory } = this.board
    const place = link.open(this.peers[head] ?? 0)
    super.sendFrame(head, frame)
    if (frame > 0) writeU16(memory.octets, place + senderAt, nobody)
  }
}

export const framingMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-header-in-every-frame',
    words: 'Repeats the message header in every frame, so that all frames but the first carry 8 octets less.',
    violates: ['EMP-FRAME-002', 'EMP-FRAME-004'],
    make: withEmpParts({ fragments: HeaderInEveryFrame }),
  },
  {
    name: 'emp-names-itself-once',
    words: 'Names the sender of a message in its first frame only.',
    violates: ['EMP-FRAME-001'],
    make: withEmpParts({ sender: NamesItselfOnce }),
  },
  {
    name: 'emp-short-frames',
    words: 'Leaves the last 8 octets of every full frame unused.',
    violates: ['EMP-FRAME-003', 'EMP-FRAME-004', 'EMP-FRAME-007'],
    make: withEmpParts({ fragments: ShortFrames }),
  },
  {
    name: 'emp-zero-length-lost',
    words: 'Cuts a message of no octets into no frames: it is never sent, never taken and never done.',
    violates: ['EMP-FRAME-009', 'EMP-MATCH-011'],
    make: withEmpParts({ fragments: NoFrameForNothing }),
  },
  {
    name: 'emp-accepts-malformed',
    words: 'Believes every frame: types, lengths, frame numbers and totals are not checked.',
    violates: ['EMP-FRAME-006', 'EMP-FRAME-010'],
    make: withEmpParts({ intake: UncheckedOctets, receiver: UncheckedFrames }),
  },
  {
    name: 'emp-trusts-sender',
    words: 'Believes the sender field of a frame without comparing the source MAC.',
    violates: ['EMP-FRAME-008', 'EMP-FRAME-010'],
    make: withEmpParts({ intake: UncheckedSender }),
  },
  {
    name: 'emp-takes-broadcast',
    words: 'Takes frames that are addressed to everybody or to a group as if they were for it.',
    violates: ['EMP-FRAME-008', 'EMP-FRAME-010'],
    make: withEmpParts({ intake: TakesBroadcast }),
  },
  {
    name: 'emp-delivers-padding',
    words: 'Writes all octets that arrived behind the headers, padding included, as far as the receive has room.',
    violates: ['EMP-FRAME-005', 'EMP-MATCH-013'],
    make: withEmpParts({ receiver: PaddingTaker }),
  },
])
