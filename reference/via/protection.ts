// Virtual addresses, registered regions, and who may touch which octets.
import type { Board } from './board.ts'
import type { ViaHandle } from '../../spec/vocabulary/via-attributes.ts'
import { pageOctets } from './configuration.ts'
import type { Nic, Ptag, Region, Segment, Vi } from './objects.ts'

/** What VIs and regions let the peer do. */
export type RdmaRight = 'enableRdmaWrite' | 'enableRdmaRead'

/** Addresses lie above 32 bits, so that both halves of a 64-bit field matter. */
const lowestAddress = 0x7_0000_0000

/** Bounds are held to the octet. */
export class Protection {
  protected readonly board: Board
  private readonly regions = new Map<number, Region>()
  /** Address of arena place 0; follows from the seed. */
  private base = 0
  private nextValue = 0

  constructor(board: Board) {
    this.board = board
    this.reset(board.setting.seed)
  }

  reset(seed: number): void {
    const draw = Math.imul((seed | 0) ^ 0x2545_f491, 0x9e37_79b1) >>> 0
    this.regions.clear()
    this.base = lowestAddress + draw * pageOctets
    this.nextValue = (draw & 0xffff) * 0x100 + 1
  }

  address(place: number): number {
    return this.base + place
  }

  place(address: number): number {
    return address - this.base
  }

  /** A memory handle that was never given before. */
  takeValue(): number {
    return this.nextValue++
  }

  add(region: Region): void {
    this.regions.set(region.value, region)
  }

  remove(region: Region): void {
    this.regions.delete(region.value)
  }

  /** The live protection tag of that name, if it is that NIC handle's. */
  tag(nic: Nic, name: ViaHandle): Ptag | undefined {
    const ptag = this.board.names.find('ptag', name)
    return ptag?.nic === nic ? ptag : undefined
  }

  /** The live region of a memory handle, if it is that NIC handle's. */
  region(nic: Nic, value: number): Region | undefined {
    const region = this.regions.get(value)
    return region?.nic === nic ? region : undefined
  }

  /** Whether `vi` may use `bytes` octets from `address` by memory handle `handle`. */
  allows(vi: Vi, span: Segment): boolean {
    const region = this.region(vi.nic, span.handle)
    return region !== undefined && this.sameTag(region, vi) && this.within(region, span.address, span.bytes)
  }

  /** Whether the peer of `vi` may do to `bytes` octets from `address` what `right` is for. */
  // cites: VIA-RDMA-003, VIA-RDMA-010
  permits(vi: Vi, span: Segment, right: RdmaRight): boolean {
    if (span.bytes === 0) return true
    const region = this.region(vi.nic, span.handle)
    return region !== undefined && region[right] && vi.attributes[right] && this.allows(vi, span)
  }

  protected sameTag(region: Region, vi: Vi): boolean {
    return region.ptag === vi.attributes.ptag
  }

  protected within(region: Region, address: number, bytes: number): boolean {
    return address >= region.address && address + bytes <= region.address + region.bytes
  }
}
