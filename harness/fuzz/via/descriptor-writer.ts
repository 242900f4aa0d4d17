// Writes the descriptors of a drawn program, each under a name and at a place of its own.
import type { ViaDescriptorCall, ViaSegment } from '../../../spec/vocabulary/via-descriptor.ts'
import type { ViaHost } from './host.ts'

export type DescriptorWrite = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

/** What immediate data begins from; every send has another. */
const immediateBase = 0xda7a0000

export class DescriptorWriter {
  private written = 0

  write(
    host: ViaHost,
    op: 'send' | 'receive',
    { bytes, shape, immediate }: { bytes: number; shape: number; immediate: boolean },
  ): DescriptorWrite {
    const segments = segmentsOf(host, op === 'send' ? 'out' : 'in', { bytes, shape })
    const number = ++this.written
    return {
      operation: 'descriptor.write',
      as: `d${number}`,
      at: host.slot(segments.length),
      op,
      segments,
      ...(immediate ? { immediate: immediateBase + number } : {}),
    }
  }
}

function segmentsOf(
  host: ViaHost,
  memory: 'out' | 'in',
  { bytes, shape }: { bytes: number; shape: number },
): ViaSegment[] {
  const half = bytes >> 1
  const sizes = shape === 5 ? [half, bytes - half] : shape === 6 ? [half, 0, bytes - half] : [bytes]
  if (bytes === 0 && shape === 7) return []
  return sizes.map((each) => {
    const { buffer, offset } = host.take(memory, each)
    return { at: { buffer, offset }, memory, bytes: each }
  })
}
