// Calls that register memory, and that look at and change what was registered.
import type { ViaMemoryAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import type { ViaMemory, ViaPlace } from '../../spec/vocabulary/via-descriptor.ts'
import type { VipReturn } from '../../spec/vocabulary/via-returns.ts'
import { answer, badParameter, invalid, noResource, success } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { Nic, Region } from './objects.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>
type GrantedMemory = Pick<Region, 'ptag' | 'enableRdmaWrite' | 'enableRdmaRead'>
type RegionCall = { readonly nic: string | null; readonly at: ViaPlace; readonly memory: ViaMemory }

export class MemoryCalls {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  register(call: Call<'VipRegisterMem'>): ViaAnswer {
    const { protection, names, written } = this.board
    const nic = names.find('nic', call.nic)
    const address = written.addressOf(call.at)
    if (address === undefined) return invalid
    const { bytes } = call.at
    if (!nic || !this.isMemory(address, bytes)) return badParameter
    const granted = this.grant(nic, call.attributes)
    if (typeof granted === 'string') return answer(granted)
    if (!this.hasRoom(bytes)) return noResource
    const value = protection.takeValue()
    const region: Region = { kind: 'region', name: call.as, nic, value, address, bytes, alive: true, ...granted }
    names.bind(region)
    protection.add(region)
    return answer('VIP_SUCCESS', { region: { address: address.toString(16).padStart(16, '0'), handle: value } })
  }

  deregister(call: Call<'VipDeregisterMem'>): ViaAnswer {
    const region = this.find(call)
    if (!region) return badParameter
    if (this.board.written.addressOf(call.at) !== region.address) return badParameter
    region.alive = false
    this.board.protection.remove(region)
    return success
  }

  query(call: Call<'VipQueryMem'>): ViaAnswer {
    const region = this.find(call)
    if (!region) return badParameter
    const { ptag, enableRdmaWrite, enableRdmaRead } = region
    return answer('VIP_SUCCESS', { memoryAttributes: { ptag: ptag.name, enableRdmaWrite, enableRdmaRead } })
  }

  change(call: Call<'VipSetMemAttributes'>): ViaAnswer {
    const region = this.find(call)
    if (!region) return badParameter
    const granted = this.grant(region.nic, call.attributes)
    if (typeof granted === 'string') return answer(granted)
    Object.assign(region, granted)
    return success
  }

  /** Whether the process has memory there that can be a region. */
  protected isMemory(address: number, bytes: number): boolean {
    const { memory, protection } = this.board
    return Number.isSafeInteger(bytes) && bytes >= 1 && memory.holds(protection.place(address), bytes)
  }

  protected hasRoom(bytes: number): boolean {
    const { configuration: limits, names } = this.board
    const regions = names.all('region')
    const used = regions.reduce((sum, region) => sum + region.bytes, 0)
    return regions.length < limits.regions && bytes <= limits.regionOctets && used + bytes <= limits.registerOctets
  }

  /** What a region gets of what is asked for, or why it gets nothing. */
  protected grant(nic: Nic, attributes: ViaMemoryAttributes | null): GrantedMemory | VipReturn {
    if (!attributes) return 'VIP_INVALID_PARAMETER'
    const ptag = this.board.protection.tag(nic, attributes.ptag)
    if (!ptag) return 'VIP_INVALID_PTAG'
    const { enableRdmaWrite, enableRdmaRead } = attributes
    if (enableRdmaRead && this.board.reads.levels === 0) return 'VIP_INVALID_RDMAREAD'
    return { ptag, enableRdmaWrite, enableRdmaRead }
  }

  /** The region that a call names, if the address lies in it. */
  protected find({ nic: name, at, memory }: RegionCall): Region | undefined {
    const { names, written, protection } = this.board
    const nic = names.find('nic', name)
    const value = written.handleOf(memory)
    const address = written.addressOf(at)
    if (!nic || value === undefined || address === undefined) return undefined
    const region = protection.region(nic, value)
    return region && address >= region.address && address < region.address + region.bytes ? region : undefined
  }
}
