// The names of one case, as its steps make them known: hosts, buffers, descriptors and where the next one would lie.
import type { Pattern, Range } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { grants, type Pics } from '../../subject/pics.ts'
import type { Permutation } from '../permutation.ts'
import type { ExpectedOctets } from '../expectation.ts'
import { Handles } from '../handles.ts'
import type { KnownBuffer } from '../read/scope.ts'
import { writePattern } from './values.ts'
import { oneOrMore, unless, type Written } from './written.ts'

export class Names {
  readonly handles = new Handles()
  private readonly hosts: readonly string[]
  private readonly buffers: KnownBuffer[] = []

  private readonly pics: Pics

  constructor({ hosts, memory }: Pick<Permutation, 'hosts' | 'memory'>, pics: Pics) {
    this.pics = pics
    this.hosts = hosts.map(({ name }) => name)
    for (const { node, allocate } of memory) this.makeBuffer(node, allocate)
  }

  makeBuffer(node: NodeIndex, { as, bytes, fill }: { as: string; bytes: number; fill: Pattern }): void {
    this.buffers.push({ node, name: as, bytes, fill })
  }

  /** Whether a word that implies this option leaves the case applicable. */
  grants(option: string): boolean {
    return grants(this.pics, option)
  }

  host(node: NodeIndex): string {
    const name = this.hosts[node]
    if (name === undefined) throw new RangeError(`there is no host ${node}`)
    return name
  }

  hostIf(node: NodeIndex | undefined): string | undefined {
    return node === undefined ? undefined : this.host(node)
  }

  /** `tx`, or `tx@0+512`. */
  range(node: NodeIndex, { buffer, offset, bytes }: Range): string {
    const isWhole = offset === 0 && bytes === this.buffer(node, buffer)?.bytes
    return isWhole ? buffer : `${buffer}@${offset}+${bytes}`
  }

  buffer(node: NodeIndex, name: string): KnownBuffer | undefined {
    return this.buffers.find((each) => each.node === node && each.name === name)
  }

  /** Whether a range of a buffer lies in it. */
  holds(node: NodeIndex, { buffer, offset, bytes }: Range): boolean {
    return offset + bytes <= (this.buffer(node, buffer)?.bytes ?? -1)
  }

  /** Octets that the host `seenBy` has: named after the buffer of another host that was filled with them, if there is one. */
  octets(seenBy: NodeIndex, pieces: ExpectedOctets): Written {
    return oneOrMore(pieces.map((piece) => this.piece(seenBy, piece)))
  }

  private piece(seenBy: NodeIndex, { pattern, position, bytes }: ExpectedOctets[number]): Written {
    const filled = this.buffers.filter(
      ({ fill, bytes: size }) => fill.kind === pattern.kind && fill.seed === pattern.seed && position + bytes <= size,
    )
    const source = filled.find(({ node }) => node !== seenBy) ?? filled[0]
    if (!source || pattern.kind === 'const') return { ...writePattern(pattern), position: unless(0, position), bytes }
    return `${this.host(source.node)}.${this.range(source.node, { buffer: source.name, offset: position, bytes })}`
  }
}
