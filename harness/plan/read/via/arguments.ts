// Reads the arguments of a call of VIPL: handles, addresses, places, attributes, times.
import { millisecond, type NodeIndex } from '../../../../spec/vocabulary/units.ts'
import type {
  ViaHandle,
  ViaMemoryAttributes,
  ViaNetAddress,
  ViaViAttributes,
} from '../../../../spec/vocabulary/via-attributes.ts'
import type { ViaTimeout } from '../../../../spec/vocabulary/via-calls.ts'
import { viaInfinite, viaLeast, viaReliabilityLevels } from '../../../../spec/vocabulary/via-constants.ts'
import type { ViaMemory, ViaPlace, ViaSegment, ViaSpan } from '../../../../spec/vocabulary/via-descriptor.ts'
import { handleKindWords, usualHandles, type HandleKind } from '../../handles.ts'
import { didYouMean } from '../../yaml/nearest.ts'
import type { Place } from '../../yaml/place.ts'
import type { Scope } from '../scope.ts'
import { flagAt, integerAt } from '../../yaml/scalars.ts'
import { durationAt } from '../values.ts'

/** Every reader answers something; whether all of it could be read, `isWhole` tells at the end. */
export class Arguments {
  readonly place: Place
  readonly node: NodeIndex
  readonly scope: Scope
  isWhole = true

  constructor(place: Place, node: NodeIndex, scope: Scope) {
    this.place = place
    this.node = node
    this.scope = scope
  }

  /** A handle of that kind, made before, or NULL as `null` or `none`; `without`: what is meant where the key is absent. */
  handle(kind: HandleKind, key: string = kind, without?: string | null): ViaHandle {
    const place = this.place.get(key)
    if (place.isNull || place.text() === 'none') return null
    const name = place.text() ?? without
    if (name === undefined) return this.lacking('')
    if (name === null) return null
    this.check(place.present ? place : this.place, name, kind)
    return name
  }

  /** The NIC handle, which most calls leave unsaid. */
  nic(): ViaHandle {
    return this.handle('nic', 'nic', usualHandles.nic)
  }

  /** The name of the handle that the call makes. */
  made(kind: HandleKind): string {
    const place = this.place.get('as')
    const name = place.text()
    if (name === undefined) return this.lacking('')
    if (!this.scope.handles.make(this.node, name, kind)) {
      const host = this.scope.hosts[this.node] ?? ''
      this.scope.findings.add(place.mark(), `\`${host}\` has a handle \`${name}\` already`, 'a name stands for one')
    }
    return name
  }

  viAttributes(): ViaViAttributes | null {
    if (this.place.get('attributes').isNull) return null
    return {
      reliabilityLevel: this.level(),
      maxTransferSize: this.count('max-transfer', viaLeast.transferSize),
      qos: this.count('qos', 0),
      ...this.rights(),
    }
  }

  memoryAttributes(): ViaMemoryAttributes | null {
    return this.place.get('attributes').isNull ? null : this.rights()
  }

  private rights(): ViaMemoryAttributes {
    const { findings } = this.scope
    return {
      ptag: this.handle('ptag', 'ptag', usualHandles.ptag),
      enableRdmaWrite: flagAt(this.place.get('rdma-write'), findings) ?? false,
      enableRdmaRead: flagAt(this.place.get('rdma-read'), findings) ?? false,
    }
  }

  /** A level by its name is one that the implementation has to offer; as a mask it may be anything. */
  private level(): number {
    const place = this.place.get('level')
    // Where words are made, an axis is a number that means its name.
    if (place.example() !== place.text()) return Number(place.text())
    const name = place.text() ?? 'unreliable'
    const known = Object.entries(viaReliabilityLevels).find(([level]) => level === name)
    if (!known) return this.mask(place, name)
    if (known[0] !== 'unreliable') this.scope.implied.add(`via.${known[0]}`)
    return known[1]
  }

  private mask(place: Place, name: string): number {
    if (place.number() !== undefined) return integerAt(place, this.scope.findings) ?? this.lacking(0)
    const help = didYouMean(name, Object.keys(viaReliabilityLevels))
    this.scope.findings.add(place.mark(), `\`${name}\` is no reliability level`, help)
    return this.lacking(0)
  }

  count(key: string, without?: number): number {
    return integerAt(this.place.get(key), this.scope.findings) ?? without ?? this.lacking(0)
  }

  timeout(): ViaTimeout {
    const place = this.place.get('timeout')
    if (place.example() === 'infinite') return viaInfinite
    const duration = durationAt(place, this.scope.findings)
    if (duration === undefined) return this.lacking(0)
    // Where words are made, an axis is a number that means its name.
    if (duration % millisecond !== 0 && place.example() === place.text()) {
      const help = 'VIPL counts timeouts in milliseconds'
      this.scope.findings.add(place.mark(), `\`${place.flow()}\` is not a whole number of milliseconds`, help)
    }
    return Math.floor(duration / millisecond)
  }

  /** `right/0a01`, or its parts. `without`: the discriminator of this host's own address where the key is absent. */
  address(key: string, without?: string): ViaNetAddress | null {
    const place = this.place.get(key)
    if (!place.present && without !== undefined) return { host: this.node, discriminator: without }
    if (place.isNull) return null
    return readAddress(place, this.scope) ?? this.lacking(null)
  }

  /** A text, or NULL; `without`: what is meant where the key is absent. */
  textOrNull(key: string, without?: string): string | null {
    const place = this.place.get(key)
    if (place.isNull) return null
    return place.text() ?? without ?? this.lacking('')
  }

  /** A place of this host: `rx`, `rx@64`, or an address as such. */
  at(place: Place, without?: string): ViaPlace {
    if (place.isMap) {
      const offset = integerAt(place.get('offset'), this.scope.findings) ?? 0
      return { address: place.get('address').text() ?? this.lacking(''), offset }
    }
    const text = place.text() ?? without
    const found = text === undefined ? null : /^([a-z0-9-]+)(?:@(\d+))?$/.exec(text)
    if (!found?.[1]) {
      if (text !== undefined) {
        this.scope.findings.add(place.mark(), `\`${text}\` is not a place such as \`rx\` or \`rx@64\``)
      }
      return this.lacking({ buffer: '', offset: 0 })
    }
    const buffer = this.scope.buffer(place.present ? place : this.place, this.node, found[1])
    if (!buffer) this.isWhole = false
    return { buffer: found[1], offset: Number(found[2] ?? 0) }
  }

  /** A range of this host, or so many octets from an address as such. */
  span(place: Place): ViaSpan {
    if (place.isMap) {
      const bytes = integerAt(place.get('bytes'), this.scope.findings) ?? this.lacking(0)
      return { ...this.at(place), bytes }
    }
    return this.scope.range(place, this.node) ?? this.lacking({ buffer: '', offset: 0, bytes: 0 })
  }

  /** A data segment: a range, with the handle named like its buffer; or its parts, which may lie about each other. */
  segment(place: Place): ViaSegment {
    if (!place.isMap) {
      const range = this.scope.range(place, this.node)
      if (!range) return this.lacking({ at: { buffer: '', offset: 0 }, memory: 0, bytes: 0 })
      this.check(place, range.buffer, 'memory')
      return { at: { buffer: range.buffer, offset: range.offset }, memory: range.buffer, bytes: range.bytes }
    }
    const at = this.at(place.get('at'))
    const bytes = integerAt(place.get('bytes'), this.scope.findings) ?? this.lacking(0)
    return { at, memory: this.memory(place.get('memory'), 'buffer' in at ? at.buffer : undefined), bytes }
  }

  /** A memory handle by name or value; `without`: the one that is meant where the place is absent. */
  memory(place: Place, without: string | undefined): ViaMemory {
    const value = place.number()
    if (value !== undefined) return value
    const name = place.text() ?? without
    if (name === undefined) return this.lacking(0)
    this.check(place.present ? place : this.place, name, 'memory')
    return name
  }

  /** Notes that something could not be read. */
  lacking<T>(instead: T): T {
    this.isWhole = false
    return instead
  }

  private check(place: Place, name: string, kind: HandleKind): void {
    const { handles, findings, hosts, doubt } = this.scope
    const known = handles.kindOf(this.node, name)
    if (known === kind || doubt.has('handles', name, this.node)) return
    const host = hosts[this.node] ?? ''
    const message =
      known === undefined
        ? `\`${host}\` has made ${handleKindWords[kind].replace(/^an? /, 'no ')} \`${name}\` before this`
        : `\`${name}\` of \`${host}\` is ${handleKindWords[known]}, not ${handleKindWords[kind]}`
    findings.add(place.mark(), message, didYouMean(name, handles.names(this.node, kind)))
    this.isWhole = false
  }
}

/** An address that is written; undefined if it cannot be. */
export function readAddress(place: Place, scope: Scope): ViaNetAddress | undefined {
  const text = place.text()
  const slash = text?.indexOf('/') ?? -1
  const [name, discriminator] = place.isMap
    ? [place.get('host').text(), place.get('discriminator').text() ?? '']
    : [text?.slice(0, slash), text?.slice(slash + 1)]
  if (name === undefined || discriminator === undefined) return undefined
  if (place.isMap && /^(?:[0-9a-f]{2})+$/.test(name) && !scope.hosts.includes(name))
    return { host: name, discriminator }
  const host = scope.host(place, name)
  return host === undefined ? undefined : { host, discriminator }
}
