// Mutants of the VIA reference that keep a rule in one case and forget it in another that is like it.
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import { frameKind } from '../../../reference/via/frame.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { Posting, Segment, Vi } from '../../../reference/via/objects.ts'
import { Peers } from '../../../reference/via/peers.ts'
import { Protection } from '../../../reference/via/protection.ts'
import { Sender } from '../../../reference/via/sender.ts'
import type { ViEvent } from '../../../reference/via/states.ts'
import { WorkQueues } from '../../../reference/via/work-queues.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** VIs that look for a peer. */
const askers = new WeakSet<Vi>()

class NotesAskers extends Peers {
  override request(vi: Vi, who: Parameters<Peers['request']>[1], timeout: number): void {
    askers.add(vi)
    super.request(vi, who, timeout)
  }
}

function looksForPeer(vi: Vi): boolean {
  return vi.state === 'connect-pending' && askers.has(vi)
}

class ChangesAskers extends Lifecycle {
  override allows(vi: Vi, event: ViEvent): boolean {
    return (event === 'change' && looksForPeer(vi)) || super.allows(vi, event)
  }
}

class KeepsContext extends NicCalls {
  override handleErrors(call: Call<'VipErrorCallback'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    const isAgain = nic !== undefined && nic.handler !== null && nic.handler === call.handler
    return super.handleErrors(isAgain ? { ...call, context: nic.context } : call)
  }
}

function isOpenRead({ kind, isAnswered }: Posting): boolean {
  return kind === frameKind.read && !isAnswered
}

/** What goes out behind a read completes before it. */
class ReadsOvertaken extends Sender {
  protected override goOn(channel: Channel): void {
    const { started } = channel
    const reads = started.filter((posting) => isOpenRead(posting))
    started.splice(0, started.length, ...started.filter((posting) => !isOpenRead(posting)), ...reads)
    super.goOn(channel)
  }
}

/** Segments whose memory was looked at when they were posted. */
const translated = new WeakSet<Segment>()

class TranslatesWhenPosted extends DescriptorAccess {
  private readonly found = new WeakMap<Posting, number>()

  override fetch(posting: Posting): number {
    const found = this.found.get(posting) ?? super.fetch(posting)
    this.found.set(posting, found)
    if (found === 0) for (const segment of posting.segments) translated.add(segment)
    return found
  }
}

class FetchesWhenPosted extends WorkQueues {
  protected override knock(posting: Posting): void {
    if (this.board.descriptors.isValid(posting)) this.board.descriptors.fetch(posting)
    super.knock(posting)
  }
}

class UsesTranslated extends Protection {
  override allows(vi: Vi, span: Segment): boolean {
    if (!translated.has(span)) return super.allows(vi, span)
    return this.board.memory.holds(this.place(span.address), span.bytes)
  }
}

export const oneSidedMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-attributes-while-asking-peer',
    words: 'Sets the attributes of a VI that looks for a peer.',
    violates: ['VIA-VI-015'],
    make: withViaParts({ peers: NotesAskers, lifecycle: ChangesAskers }),
  },
  {
    name: 'via-context-of-first',
    words: 'Keeps the context of an error handler that is registered again with another one.',
    violates: ['VIA-ERR-001', 'VIA-ERR-003'],
    make: withViaParts({ nicCalls: KeepsContext }),
  },
  {
    name: 'via-rdma-read-overtaken',
    words: 'Completes sends before an RDMA read that was posted before them.',
    violates: ['VIA-RDMA-011', 'VIA-SEND-003', 'VIA-CQ-011'],
    make: withViaParts({ sender: ReadsOvertaken }),
  },
  {
    name: 'via-memory-judged-when-posted',
    words: 'Looks whether it may use the memory of a descriptor when that is posted, and not when it is carried out.',
    violates: ['VIA-MEM-008', 'VIA-MEM-013', 'VIA-PTAG-006'],
    make: withViaParts({ descriptors: TranslatesWhenPosted, queues: FetchesWhenPosted, protection: UsesTranslated }),
  },
])
