// Descriptors that are malformed, or that point where they may not.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { viaControl, viaDescriptorOffsets } from '../../../spec/vocabulary/via-constants.ts'
import { pick } from '../drawn.ts'
import type { DescriptorWrite, DescriptorWriter } from './descriptor-writer.ts'
import type { ViaHost } from './host.ts'
import { transferMax, type LinkEnd } from './links.ts'

/** A memory handle that no registration gives. */
const strangeHandle = 0xdead_beef

const octets = 16

type Spoil = (written: DescriptorWrite) => DescriptorWrite

/** What is done to a good descriptor. */
const spoilings: readonly Spoil[] = [
  (written) => ({ ...written, patch: [{ offset: viaDescriptorOffsets.length, width: 4, value: octets + 1 }] }),
  (written) => ({ ...written, op: 'reserved' }),
  (written) => ({ ...written, segments: written.segments.map((each) => ({ ...each, memory: strangeHandle })) }),
  (written) => ({ ...written, patch: [{ offset: viaDescriptorOffsets.segmentCount, width: 2, value: 300 }] }),
  (written) => ({ ...written, control: viaControl.reserved & 0x10 }),
  // More than the VI carries, and more than there is.
  (written) => ({ ...written, segments: written.segments.map((each) => ({ ...each, bytes: transferMax + 1 })) }),
  // Octets of the pool, which is registered, but not under this handle.
  (written) => ({ ...written, segments: written.segments.map((each) => ({ ...each, memory: 'pool' })) }),
]

/** Writes a spoiled descriptor and posts it, or posts one with the wrong handle for its own memory. */
export function blunder(
  { kind, queue }: { readonly kind: number; readonly queue: number },
  { vi }: LinkEnd,
  { host, writer }: { host: ViaHost; writer: DescriptorWriter },
): CallBody[] {
  const op = queue === 0 ? 'send' : 'receive'
  const operation = queue === 0 ? 'VipPostSend' : 'VipPostRecv'
  const good = writer.write(host, op, { bytes: octets, shape: 0, immediate: false })
  if (kind % (spoilings.length + 1) === spoilings.length)
    return [good, { operation, vi, descriptor: good.as, memory: strangeHandle }]
  return [pick(spoilings, kind % (spoilings.length + 1))(good), { operation, vi, descriptor: good.as, memory: 'pool' }]
}
