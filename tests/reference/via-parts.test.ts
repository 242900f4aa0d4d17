// Parts of the VIA reference swapped for wrong ones: each shows in what one fixed story ends with.
import { test } from 'tap'
import type { Channel } from '../../reference/via/channel.ts'
import { Completions } from '../../reference/via/completions.ts'
import { DescriptorAccess } from '../../reference/via/descriptor-access.ts'
import type { ViaHeader } from '../../reference/via/frame.ts'
import { Lifecycle } from '../../reference/via/lifecycle.ts'
import type { Posting, Vi, WorkQueue } from '../../reference/via/objects.ts'
import type { ViaParts } from '../../reference/via/parts.ts'
import { Protection } from '../../reference/via/protection.ts'
import { Receiver } from '../../reference/via/receiver.ts'
import { Sender } from '../../reference/via/sender.ts'
import { ViCalls } from '../../reference/via/vi-calls.ts'
import { Waits } from '../../reference/via/waits.ts'
import { WorkQueues } from '../../reference/via/work-queues.ts'
import { success } from '../../reference/via/answers.ts'
import type { ViaAnswer } from '../../reference/via/answers.ts'
import { ViaPair, local } from './via-pair.ts'

/** Everything that a story about two connected hosts ends with. */
function story(parts: Partial<ViaParts>): string {
  const pair = new ViaPair({ parts })
  const seen: unknown[] = []
  pair.prepare('reliable-reception', { recv: 'cq' })
  pair.makeVi(1, 'other', { reliabilityLevel: 2 })
  pair.makeVi(1, 'alone')
  pair.connect()
  seen.push(pair.done(1, 'Recv'), pair.state(0), pair.state(1))
  const from = pair.sent.length
  pair.fate = ({ kind }, ordinal) => {
    if (ordinal === from + 3 || ordinal === from + 5) return []
    return kind === 7 ? [300_000] : [10_000, 700_000]
  }
  for (let i = 0; i < 4; i++) pair.post(1, 'Recv', `r${i}`, { slot: i, offset: i * 8000, bytes: 4000 })
  for (let i = 0; i < 3; i++) {
    const segments = [{ at: { buffer: 'data', offset: i }, memory: 'm.data', bytes: 1000 + i * 1000 }]
    pair.write(0, `s${i}`, i, { segments, immediate: i })
    pair.postWritten(0, 'Send', `s${i}`)
  }
  pair.run(pair.now + 200_000)
  seen.push(pair.done(0, 'Send'))
  pair.run(pair.now + 500_000_000)
  for (let i = 0; i < 3; i++) {
    seen.push(pair.done(0, 'Send'), pair.call(1, { operation: 'VipCQDone', cq: 'cq' })?.vip, pair.done(1, 'Recv'))
    seen.push(pair.digest(1, i * 8000, 8000))
  }
  seen.push(pair.call(1, { operation: 'VipCQDone', cq: 'cq' })?.vip)
  pair.call(0, { operation: 'VipCreatePtag', nic: 'n', as: 'p2' })
  const attributes = { ptag: 'p2', enableRdmaWrite: false, enableRdmaRead: false }
  const at = { buffer: 'data', offset: 0 }
  pair.call(0, { operation: 'VipSetMemAttributes', nic: 'n', at, memory: 'm.data', attributes })
  pair.post(0, 'Send', 'bad', { slot: 5, bytes: 65_536 - 4096 })
  pair.post(0, 'Send', 'worse', { slot: 6, bytes: 10 })
  pair.run(pair.now + 500_000_000)
  seen.push(pair.done(0, 'Send'), pair.done(0, 'Send'), pair.state(0), pair.state(1), pair.done(1, 'Recv'))
  for (const node of [0, 1]) pair.call(node, { operation: 'VipDisconnect', vi: 'v' })
  seen.push(pair.done(1, 'Recv'), pair.state(1))
  const there = { host: 1, discriminator: '01' } as const
  pair.open(1, { operation: 'VipConnectWait', nic: 'n', local: there, timeout: 100, as: 'c2' })
  pair.open(0, { operation: 'VipConnectRequest', vi: 'v', local, remote: there, timeout: 100 })
  pair.settle()
  seen.push(pair.code(1, { operation: 'VipConnectAccept', connection: 'c2', vi: 'other' }))
  pair.post(0, 'Recv', 'pending', { slot: 7, bytes: 10 })
  pair.call(0, { operation: 'VipDisconnect', vi: 'v' })
  const pool = { buffer: 'pool', offset: 0 }
  pair.call(0, { operation: 'VipSetMemAttributes', nic: 'n', at: pool, memory: 'm.pool', attributes })
  pair.post(0, 'Recv', 'foreign', { slot: 8, bytes: 10 })
  seen.push(pair.done(0, 'Recv'), pair.done(0, 'Recv'), pair.events)
  return JSON.stringify(seen)
}

const wrong: Readonly<Record<string, Partial<ViaParts>>> = {
  'flush forgotten': {
    lifecycle: class extends Lifecycle {
      protected override flush(): void {}
    },
  },
  'disconnect leaves receives': {
    lifecycle: class extends Lifecycle {
      protected override flush(vi: Vi): void {
        this.board.queues.flush(vi.send)
      }
    },
  },
  'error state skipped': {
    lifecycle: class extends Lifecycle {
      protected override enterError(vi: Vi): void {
        this.move(vi, 'disconnect')
      }
    },
  },
  'last receive first': {
    queues: class extends WorkQueues {
      protected override pick(queue: WorkQueue): Posting | undefined {
        return queue.queue === 'send' ? super.pick(queue) : queue.postings.findLast(({ state }) => state === 'posted')
      }
    },
  },
  'completes on the wire': {
    sender: class extends Sender {
      protected override isFinished(channel: Channel, posting: Posting): boolean {
        return channel.next >= posting.firstSequence + posting.frames
      }
    },
  },
  'never sends again': {
    sender: class extends Sender {
      protected override retransmit(): void {}
    },
  },
  'takes frames twice': {
    receiver: class extends Receiver {
      protected override acceptsNext(channel: Channel, header: ViaHeader): boolean {
        return super.acceptsNext(channel, header) || header.sequence < channel.expected
      }
    },
  },
  'any tag will do': {
    protection: class extends Protection {
      protected override sameTag(): boolean {
        return true
      }
    },
  },
  'too long is taken': {
    descriptors: class extends DescriptorAccess {
      protected override isTooLong(): boolean {
        return false
      }
    },
  },
  'length not written': {
    descriptors: class extends DescriptorAccess {
      protected override writeLength(): void {}
    },
  },
  'immediate dropped': {
    descriptors: class extends DescriptorAccess {
      protected override writeImmediate(): void {}
    },
  },
  'entry lost': {
    completions: class extends Completions {
      protected override putEntry(): void {}
    },
  },
  'entry twice': {
    completions: class extends Completions {
      protected override putEntry(posting: Posting): void {
        super.putEntry(posting)
        super.putEntry(posting)
      }
    },
  },
  'an empty queue succeeds': {
    waits: class extends Waits {
      protected override emptyQueue(): ViaAnswer {
        return success
      }
    },
  },
  'accepts whatever is asked': {
    viCalls: class extends ViCalls {
      protected override mismatch(): undefined {}
    },
  },
}

const right = story({})

await test('every wrong part shows', async (t) => {
  t.equal(story({}), right, 'the story repeats')
  for (const [name, parts] of Object.entries(wrong)) t.not(story(parts), right, name)
})
