// Descriptors of VIA in honest memory: written as the host asks, and claimed to be complete as soon as they are posted.
import { writeLe } from '../../reference/core/little-endian.ts'
import { readControl } from '../../reference/via/descriptor-access.ts'
import {
  viaControl,
  viaDescriptorOffsets as offsets,
  viaDescriptorOperations,
  viaDescriptorShape,
  viaStatusBits,
  viaStatusOperations,
} from '../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields, ViaDescriptorCall, ViaMemory } from '../../spec/vocabulary/via-descriptor.ts'
import type { ViaQueue } from '../../spec/vocabulary/via-returns.ts'
import type { HonestMemory } from './honest-memory.ts'

const { controlOctets, segmentOctets } = viaDescriptorShape
type WriteCall = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

/** What the Status field says of a send queue's descriptor, by the operation in its Control field. */
const sendOperations: readonly number[] = [
  viaStatusOperations.send,
  viaStatusOperations['rdma-write'],
  viaStatusOperations['rdma-read'],
]

export class ViaDescriptors {
  private readonly memory: HonestMemory
  private readonly handleOf: (memory: ViaMemory) => number
  /** By name: the octets from the descriptor's start on, as its memory has them. */
  private readonly written = new Map<string, Uint8Array>()

  constructor(memory: HonestMemory, handleOf: (memory: ViaMemory) => number) {
    this.memory = memory
    this.handleOf = handleOf
  }

  clear(): void {
    this.written.clear()
  }

  /** Where its memory has no room for it, it is written elsewhere: nothing ever fails. */
  write(call: WriteCall): void {
    const segments = this.segmentsOf(call)
    const size = controlOctets + segments.length * segmentOctets
    const there = this.memory.from(this.memory.address(call.at))
    const octets = there.length >= size ? there : new Uint8Array(size)
    const immediate = call.immediate === undefined ? 0 : viaControl.immediate
    octets.fill(0, 0, size)
    writeLe(octets, offsets.segmentCount, 2, segments.length)
    writeLe(octets, offsets.control, 2, viaDescriptorOperations[call.op] | immediate | (call.control ?? 0))
    writeLe(octets, offsets.immediate, 4, call.immediate ?? 0)
    writeLe(
      octets,
      offsets.length,
      4,
      call.segments.reduce((sum, { bytes }) => sum + bytes, 0),
    )
    segments.forEach(({ address, handle, bytes }, i) => {
      const from = controlOctets + i * segmentOctets
      writeLe(octets, from, 8, address)
      writeLe(octets, from + 8, 4, handle)
      writeLe(octets, from + 12, 4, bytes)
    })
    for (const { offset, width, value } of call.patch ?? []) {
      if (offset + width <= octets.length) writeLe(octets, offset, width, value)
    }
    this.written.set(call.as, octets)
  }

  /** Its fields as they stand. */
  fields(name: string): ViaControlFields {
    return readControl(this.octets(name), 0)
  }

  /** Says in its Status that all went well. */
  complete(name: string, queue: ViaQueue): void {
    const octets = this.octets(name)
    const operation = readControl(octets, 0).control & viaControl.operationMask
    const done = queue === 'recv' ? viaStatusOperations.receive : (sendOperations[operation] ?? 0)
    writeLe(octets, offsets.status, 4, viaStatusBits.done | done)
  }

  private octets(name: string): Uint8Array {
    return this.written.get(name) ?? new Uint8Array(controlOctets)
  }

  private segmentsOf({ remote, segments }: WriteCall): { address: number; handle: number; bytes: number }[] {
    const local = segments.map(({ at, memory, bytes }) => {
      return { address: this.memory.address(at), handle: this.handleOf(memory), bytes }
    })
    if (!remote) return local
    const address = Number.parseInt(remote.address, 16) + remote.offset
    return [{ address, handle: remote.handle, bytes: 0 }, ...local]
  }
}
