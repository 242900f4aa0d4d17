// The handles and descriptors of a case: which names stand for what, and where descriptors lie.
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import { viaDescriptorShape } from '../../spec/vocabulary/via-constants.ts'

/** What a handle of VIPL can be of. */
export const handleKinds = ['nic', 'vi', 'cq', 'ptag', 'memory', 'connection'] as const
export type HandleKind = (typeof handleKinds)[number]

/** Words for a kind, with its article. */
export const handleKindWords: Readonly<Record<HandleKind, string>> = {
  nic: 'a NIC handle',
  vi: 'a VI',
  cq: 'a completion queue',
  ptag: 'a protection tag',
  memory: 'a memory handle',
  connection: 'a connection handle',
}

/** The names of handles that calls take unless they say another. */
export const usualHandles = { nic: 'nic', ptag: 'tag' } as const

export class Handles {
  private readonly kinds = new Map<string, HandleKind>()
  private readonly descriptors = new Map<string, string | undefined>()
  /** By node, the first octet of the descriptor pool that no descriptor has taken. */
  private readonly free = new Map<NodeIndex, number>()

  /** False if the host has a handle of that name already. */
  make(node: NodeIndex, name: string, kind: HandleKind): boolean {
    const key = keyOf(node, name)
    if (this.kinds.has(key)) return false
    this.kinds.set(key, kind)
    return true
  }

  kindOf(node: NodeIndex, name: string): HandleKind | undefined {
    return this.kinds.get(keyOf(node, name))
  }

  /** Names of the host's handles of that kind. */
  names(node: NodeIndex, kind: HandleKind): string[] {
    return [...this.kinds].flatMap(([key, other]) => (other === kind ? nameIn(node, key) : []))
  }

  /** A descriptor is written; `buffer`: where, if that is a buffer. */
  write(node: NodeIndex, name: string, buffer: string | undefined): void {
    this.descriptors.set(keyOf(node, name), buffer)
  }

  hasDescriptor(node: NodeIndex, name: string): boolean {
    return this.descriptors.has(keyOf(node, name))
  }

  /** The buffer that a descriptor lies in. */
  bufferOf(node: NodeIndex, name: string): string | undefined {
    return this.descriptors.get(keyOf(node, name))
  }

  descriptorNames(node: NodeIndex): string[] {
    return [...this.descriptors.keys()].flatMap((key) => nameIn(node, key))
  }

  /** The place that `take` would take. */
  next(node: NodeIndex): number {
    return this.free.get(node) ?? 0
  }

  /** Takes the next place of the pool that fits a descriptor of so many segments. */
  take(node: NodeIndex, segments: number): number {
    const { alignment, controlOctets, segmentOctets } = viaDescriptorShape
    const place = this.next(node)
    const octets = controlOctets + segments * segmentOctets
    this.free.set(node, place + Math.ceil(octets / alignment) * alignment)
    return place
  }
}

function keyOf(node: NodeIndex, name: string): string {
  return `${node}.${name}`
}

function nameIn(node: NodeIndex, key: string): string[] {
  return key.startsWith(`${node}.`) ? [key.slice(key.indexOf('.') + 1)] : []
}
