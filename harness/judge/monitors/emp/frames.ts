// Invariants of single frames: their headers, their lengths, and the message header in frame 0.
import { counted } from '../../../../spec/vocabulary/units.ts'
import { onceFor } from '../../../plan/once-for.ts'
import { framesOf, lengthOf } from '../../emp/cutting.ts'
import { ethernetOctets } from '../../frames/dissect.ts'
import type { FrameSeen } from '../../seen/history.ts'
import { headerOf, type MessageHeader, type MessageSeen } from '../../seen/messages.ts'
import { octetsOfHex } from '../../frames/octets.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Breach, Monitor } from '../monitor.ts'

export const frameHeader: Monitor = {
  name: 'frame-header',
  words: 'every frame carries a whole frame header with its sender, and is no longer than the MTU allows',
  requirements: ['EMP-FRAME-001', 'EMP-FRAME-003'],
  needsWire: true,
  watch(view, watching) {
    const mtu = view.permutation.configuration['wire.mtu'] ?? Infinity
    const addresses = addressesOf(view.macs)
    for (const frame of view.history.frames) {
      if (frame.crafted) continue
      const { from, octets } = frame
      watching.watched(from)
      if (octets.length > mtu + ethernetOctets) {
        const seen = `has ${counted(octets.length - ethernetOctets, 'octet')} after its Ethernet header, the MTU is ${mtu}`
        watching.broken(breachOf(view, frame, seen, 'EMP-FRAME-003'))
      }
      if (isHeaderRight(frame, addresses)) continue
      watching.broken(breachOf(view, frame, wrongHeader(frame), 'EMP-FRAME-001'))
    }
  },
}

/** Whether a frame is whole, and of its sender. */
export function isHeaderRight({ from, octets, dissection }: FrameSeen, addresses: readonly Uint8Array[]): boolean {
  const sender = dissection.fields['sender']
  if (dissection.malformed !== undefined || (sender !== undefined && sender !== from)) return false
  return isFrom(octets, addresses[from])
}

/** The octets of all addresses. */
export const addressesOf: (macs: readonly string[]) => readonly Uint8Array[] = onceFor((macs) =>
  macs.map((mac) => octetsOfHex(mac)),
)

function isFrom(octets: Uint8Array, address: Uint8Array | undefined): boolean {
  if (!address) return false
  for (let i = 0; i < address.length; i++) if (octets[address.length + i] !== address[i]) return false
  return true
}

function wrongHeader({ from, dissection: { fields, malformed, source } }: FrameSeen): string {
  if (malformed !== undefined) return `is malformed: ${malformed}`
  const { sender } = fields
  if (sender !== undefined && sender !== from) return `names node ${sender} as its sender, not ${from}`
  return `has source address ${source}, not its own`
}

function breachOf(view: View, frame: FrameSeen, seen: string, requirement: string): Breach {
  const words = `${frameWords(view, frame)} ${seen}`
  return { node: frame.from, seen: words, at: frame.time, requirements: [requirement] }
}

export const cutting: Monitor = {
  name: 'cutting',
  words: 'number of frames and length of each follow from total length and MTU; all but the last are full',
  requirements: ['EMP-FRAME-003', 'EMP-FRAME-004', 'EMP-FRAME-009'],
  needsWire: true,
  watch(view, watching) {
    if (view.permutation.configuration['wire.mtu'] === undefined) return
    for (const { message, from, header } of view.emp.courses) {
      if (!header) continue
      const frames = framesOf(view.cutting, header.total)
      watching.watched(from, pastRequirement(header.total))
      if (frames > 1) watching.watched(from, 'EMP-FRAME-003')
      const first = message.sent.get(0)?.[0]
      if (first && header.frames !== frames) {
        const seen = `says ${counted(header.frames, 'frame')} for ${counted(header.total, 'octet')}, which ${header.total === 1 ? 'needs' : 'need'} ${frames}`
        watching.broken(breachOf(view, first, seen, header.total === 0 ? 'EMP-FRAME-009' : 'EMP-FRAME-004'))
        continue
      }
      const wrong = wrongLength(view, message, header.total, frames)
      if (wrong) watching.broken(wrong)
    }
  },
}

/** The first frame of a message that does not carry what it must. */
function wrongLength(view: View, { sent }: MessageSeen, total: number, frames: number): Breach | undefined {
  for (const [number, transmissions] of sent) {
    const right = lengthOf(view.cutting, total, number)
    for (const frame of transmissions) {
      const length = frame.dissection.fields['length']
      if (number >= frames) {
        return breachOf(view, frame, `is past the ${counted(frames, 'frame')} of its message`, pastRequirement(total))
      }
      if (length === right || length === undefined) continue
      const isFull = number < frames - 1
      const seen = `carries ${counted(length, 'octet')}, not ${right}${isFull ? ': it is not the last and must be full' : ''}`
      return breachOf(view, frame, seen, isFull ? 'EMP-FRAME-003' : pastRequirement(total))
    }
  }
  return undefined
}

function pastRequirement(total: number): string {
  return total === 0 ? 'EMP-FRAME-009' : 'EMP-FRAME-004'
}

export const messageHeader: Monitor = {
  name: 'message-header',
  words: 'frame 0 carries the message header, the same each time it is sent',
  requirements: ['EMP-FRAME-002'],
  needsWire: true,
  watch(view, watching) {
    for (const message of view.messages.sent) {
      const firsts = message.sent.get(0)
      if (!firsts) continue
      watching.watched(message.from)
      for (const frame of firsts) {
        if (isSameHeader(headerOf(frame), message.header)) continue
        watching.broken({
          node: message.from,
          seen: `${frameWords(view, frame)} ${otherHeader(frame, message)}`,
          at: frame.time,
        })
        break
      }
    }
  },
}

function isSameHeader(one: MessageHeader | undefined, other: MessageHeader | undefined): boolean {
  return one !== undefined && one.total === other?.total && one.frames === other.frames && one.tag === other.tag
}

function otherHeader(frame: FrameSeen, { header: first }: MessageSeen): string {
  const header = headerOf(frame)
  if (!header || !first) return 'has no message header'
  return `says ${headerWords(header)}, before it said ${headerWords(first)}`
}

/** `left's frame "data m0 f2 (1488 octets)", sent at 12.1us,` without what follows. */
export function frameWords(view: View, frame: FrameSeen): string {
  return `${hostName(view, frame.from)}'s frame "${frame.dissection.summary}", sent at ${timeWords(frame.time)},`
}

function headerWords({ total, frames, tag }: MessageHeader): string {
  return `${counted(total, 'octet')}, ${counted(frames, 'frame')}, tag ${tag}`
}
