// Invariants of single frames: their headers, their lengths, and the message header in frame 0.
import { framesOf, lengthOf } from '../../cutting.ts'
import { ethernetOctets } from '../../dissect.ts'
import type { FrameSeen } from '../../history.ts'
import { headerOf, type MessageSeen } from '../../messages.ts'
import { hostName, type View } from '../../view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const frameHeader: Monitor = {
  name: 'frame-header',
  words: 'every frame carries a whole frame header with its sender, and is no longer than the MTU allows',
  requirements: ['EMP-FRAME-001', 'EMP-FRAME-003'],
  needsWire: true,
  watch(view, watching) {
    const mtu = view.permutation.configuration['wire.mtu']
    for (const frame of view.history.frames) {
      if (frame.crafted) continue
      const node = frame.from
      watching.watched(node)
      const { fields, malformed, source } = frame.dissection
      const broken = (seen: string, requirement: string): void =>
        watching.broken({
          node,
          seen: `${frameWords(view, frame)} ${seen}`,
          at: frame.time,
          requirements: [requirement],
        })
      if (mtu !== undefined && frame.octets.length > mtu + ethernetOctets) {
        broken(
          `has ${frame.octets.length - ethernetOctets} octets after its Ethernet header, the MTU is ${mtu}`,
          'EMP-FRAME-003',
        )
      }
      if (malformed !== undefined) broken(`is malformed: ${malformed}`, 'EMP-FRAME-001')
      else if (fields['sender'] !== undefined && fields['sender'] !== node) {
        broken(`names node ${fields['sender']} as its sender, not ${node}`, 'EMP-FRAME-001')
      } else if (source !== view.macs[node]) broken(`has source address ${source}, not its own`, 'EMP-FRAME-001')
    }
  },
}

export const cutting: Monitor = {
  name: 'cutting',
  words: 'number of frames and length of each follow from total length and MTU; all but the last are full',
  requirements: ['EMP-FRAME-003', 'EMP-FRAME-004'],
  needsWire: true,
  watch(view, watching) {
    if (view.permutation.configuration['wire.mtu'] === undefined) return
    for (const message of view.messages.sent) {
      const { header, from: node } = message
      if (!header || !hasSteadyHeader(message)) continue
      watching.watched(node)
      const frames = framesOf(view.cutting, header.total)
      const first = message.sent.get(0)?.[0]
      if (first && header.frames !== frames) {
        const seen = `${frameWords(view, first)} says ${header.frames} frames for ${header.total} octets, which need ${frames}`
        watching.broken({ node, seen, at: first.time, requirements: ['EMP-FRAME-004'] })
        continue
      }
      for (const frame of [...message.sent.values()].flat()) {
        const wrong = wrongLength(view, frame, header.total, frames)
        if (wrong === undefined) continue
        const { seen, requirement } = wrong
        watching.broken({
          node,
          seen: `${frameWords(view, frame)} ${seen}`,
          at: frame.time,
          requirements: [requirement],
        })
        break
      }
    }
  },
}

export const messageHeader: Monitor = {
  name: 'message-header',
  words: 'frame 0 carries the message header, the same each time it is sent',
  requirements: ['EMP-FRAME-002'],
  needsWire: true,
  watch(view, watching) {
    for (const message of view.messages.sent) {
      for (const frame of message.sent.get(0) ?? []) {
        const node = message.from
        watching.watched(node)
        const header = headerOf(frame)
        const first = message.header
        const isSame =
          header && first && header.total === first.total && header.frames === first.frames && header.tag === first.tag
        if (isSame) continue
        const differs =
          header && first
            ? `says ${headerWords(header)}, before it said ${headerWords(first)}`
            : 'has no message header'
        watching.broken({ node, seen: `${frameWords(view, frame)} ${differs}`, at: frame.time })
        break
      }
    }
  },
}

/** Whether all transmissions of frame 0 agree; monitors that rest on the header stand down otherwise. */
export function hasSteadyHeader(message: MessageSeen): boolean {
  const { header } = message
  if (!header) return false
  return (message.sent.get(0) ?? []).every((frame) => {
    const other = headerOf(frame)
    return other?.total === header.total && other.frames === header.frames && other.tag === header.tag
  })
}

/** `left's data m0 f2 (1488 octets), sent at 12.1us,` without what follows. */
export function frameWords(view: View, frame: FrameSeen): string {
  return `${hostName(view, frame.from)}'s frame "${frame.dissection.summary}", sent at ${timeWords(frame.time)},`
}

function headerWords(header: { total: number; frames: number; tag: number }): string {
  return `${header.total} octets, ${header.frames} frames, tag ${header.tag}`
}

function wrongLength(
  view: View,
  frame: FrameSeen,
  total: number,
  frames: number,
): { seen: string; requirement: string } | undefined {
  if (frame.frame >= frames)
    return { seen: `is past the ${frames} frames of its message`, requirement: 'EMP-FRAME-004' }
  const length = frame.dissection.fields['length']
  const right = lengthOf(view.cutting, total, frame.frame)
  if (length === right || length === undefined) return undefined
  const isFull = frame.frame < frames - 1
  return {
    seen: `carries ${length} octets, not ${right}${isFull ? ': it is not the last and must be full' : ''}`,
    requirement: isFull ? 'EMP-FRAME-003' : 'EMP-FRAME-004',
  }
}
