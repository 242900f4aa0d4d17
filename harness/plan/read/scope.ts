// The names of one case and what they stand for: hosts, buffers, requests, labels.
import type { Pattern, Range } from '../../../spec/vocabulary/memory.ts'
import { counted, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Doubt } from './doubt.ts'
import type { ExpectedOctets } from '../expectation.ts'
import type { Findings, Mark } from '../yaml/findings.ts'
import type { Fixture } from './fixtures.ts'
import { Handles } from '../handles.ts'
import { didYouMean, nearest } from '../yaml/nearest.ts'
import type { Place } from '../yaml/place.ts'
import { integerAt } from '../yaml/scalars.ts'
import { patternAt } from './values.ts'

export interface KnownBuffer {
  readonly node: NodeIndex
  readonly name: string
  readonly bytes: number
  readonly fill: Pattern
}

export interface KnownRequest {
  readonly node: NodeIndex
  readonly name: string
  readonly send: boolean
  readonly pieces: readonly Range[]
  /** False if some of its pieces could not be read. */
  readonly isWhole: boolean
}

export interface KnownLabel {
  readonly node: NodeIndex
  readonly thread: number
  readonly mark: Mark
  /** True until it is joined. */
  open: boolean
  readonly started: boolean
}

export class Scope {
  /** What the case is about: calls of another interface have no place in it. */
  readonly interface: string
  readonly hosts: readonly string[]
  readonly needs: ReadonlySet<string>
  /** Every key that a PICS may have. */
  readonly configurationKeys: readonly string[]
  readonly findings: Findings
  readonly fixtures: ReadonlyMap<string, Fixture>
  /** Nothing is said about names that may be unknown only because their declarations could not be read. */
  readonly doubt: Doubt
  /** Keys are `host.name`, hosts as node indexes. */
  readonly buffers = new Map<string, KnownBuffer>()
  readonly usedBuffers = new Set<string>()
  readonly requests = new Map<string, KnownRequest>()
  readonly labels = new Map<string, KnownLabel>()
  readonly usedLabels = new Set<string>()
  readonly handles = new Handles()
  /** Options that a call, a link or an expectation needs, beside those that the case names. */
  readonly implied = new Set<string>()
  readonly #threads = new Map<string, number>()
  readonly #threadCounts = new Map<NodeIndex, number>()

  constructor(
    given: Pick<Scope, 'interface' | 'hosts' | 'needs' | 'configurationKeys' | 'findings' | 'fixtures' | 'doubt'>,
  ) {
    this.interface = given.interface
    this.hosts = given.hosts
    this.needs = given.needs
    this.configurationKeys = given.configurationKeys
    this.findings = given.findings
    this.fixtures = given.fixtures
    this.doubt = given.doubt
  }

  host(place: Place, name: string | undefined = place.text()): NodeIndex | undefined {
    if (name === undefined) return undefined
    const node = this.hosts.indexOf(name)
    if (node !== -1) return node
    if (!this.doubt.has('hosts', name))
      this.findings.add(place.mark(), `there is no host \`${name}\``, didYouMean(name, this.hosts))
    return undefined
  }

  /** Reports a use of something that only an option makes possible. */
  need(option: string, place: Place, what: string): void {
    if (this.needs.has(option)) return
    this.findings.add(place.keyMark(), `${what} needs the option \`${option}\``, `add \`${option}\` to \`needs\``)
  }

  /** Threads of a host are numbered in order of appearance; `main` is 0. */
  thread(node: NodeIndex, name: string): number {
    if (name === 'main') return 0
    const known = this.#threads.get(`${node}.${name}`)
    if (known !== undefined) return known
    const number = (this.#threadCounts.get(node) ?? 0) + 1
    this.#threadCounts.set(node, number)
    this.#threads.set(`${node}.${name}`, number)
    return number
  }

  /** The started call that is still open on a thread. */
  openCall(node: NodeIndex, thread: number): string | undefined {
    for (const [label, known] of this.labels) {
      if (known.open && known.node === node && known.thread === thread) return label
    }
    return undefined
  }

  label(place: Place): string | undefined {
    const name = place.text()
    if (name === undefined) return undefined
    this.usedLabels.add(name)
    if (this.labels.has(name)) return name
    // The one that was meant is not unused as well.
    this.usedLabels.add(nearest(name, this.labels.keys()) ?? name)
    const message = `no call before this is labelled \`${name}\``
    if (!this.doubt.has('labels', name)) this.findings.add(place.mark(), message, didYouMean(name, this.labels.keys()))
    return undefined
  }

  request(place: Place, node: NodeIndex): KnownRequest | undefined {
    const name = place.text()
    if (name === undefined) return undefined
    const known = this.requests.get(`${node}.${name}`)
    if (known) return known
    if (this.doubt.has('requests', name, node)) return undefined
    const names = [...this.requests.values()].filter((request) => request.node === node).map((request) => request.name)
    const host = this.hosts[node] ?? ''
    const message = `\`${host}\` has posted no request \`${name}\` before this`
    this.findings.add(place.mark(), message, didYouMean(name, names))
    return undefined
  }

  requestNames(list: Place, node: NodeIndex): string[] {
    return list.items().flatMap((item) => this.request(item, node)?.name ?? [])
  }

  buffer(place: Place, node: NodeIndex, name: string | undefined = place.text()): KnownBuffer | undefined {
    if (name === undefined) return undefined
    const known = this.buffers.get(`${node}.${name}`)
    if (known) {
      this.usedBuffers.add(`${node}.${name}`)
      return known
    }
    if (this.doubt.has('buffers', name, node)) return undefined
    const names = [...this.buffers.values()].filter((buffer) => buffer.node === node).map((buffer) => buffer.name)
    this.usedBuffers.add(`${node}.${nearest(name, names) ?? name}`)
    const message = `\`${this.hosts[node] ?? ''}\` has no buffer \`${name}\``
    this.findings.add(place.mark(), message, didYouMean(name, names))
    return undefined
  }

  /** A range of a buffer of this host: `rx`, or `rx@1024+512`. */
  range(place: Place, node: NodeIndex): Range | undefined {
    const text = place.text()
    const parts = text === undefined ? undefined : splitRange(text)
    if (text === undefined) return undefined
    if (!parts || parts.host !== undefined) {
      this.findings.add(place.mark(), `\`${text}\` is not a range such as \`tx\` or \`tx@0+512\``)
      return undefined
    }
    const known = this.buffer(place, node, parts.buffer)
    return known && this.#cut(place, known, parts)
  }

  /** Octets as expectations name them: ranges as they were declared to be filled, patterns, or a list. */
  octets(place: Place): ExpectedOctets | undefined {
    const pieces = place.oneOrMore().map((item) => (item.isMap ? this.#patternOctets(item) : this.#rangeOctets(item)))
    const known = pieces.filter((piece) => piece !== undefined)
    return known.length === pieces.length && known.length > 0 ? known : undefined
  }

  #patternOctets(place: Place): ExpectedOctets[number] | undefined {
    const pattern = patternAt(place, this.findings)
    const bytes = integerAt(place.get('bytes'), this.findings)
    const position = integerAt(place.get('position'), this.findings) ?? 0
    return pattern && bytes !== undefined ? { pattern, position, bytes } : undefined
  }

  #rangeOctets(place: Place): ExpectedOctets[number] | undefined {
    const text = place.text()
    const parts = text === undefined ? undefined : splitRange(text)
    if (text === undefined) return undefined
    if (!parts) {
      this.findings.add(place.mark(), `\`${text}\` is not a range such as \`left.tx@0+512\``)
      return undefined
    }
    const node = parts.host === undefined ? this.#onlyOwner(place, parts.buffer) : this.host(place, parts.host)
    const known = node === undefined ? undefined : this.buffer(place, node, parts.buffer)
    const range = known && this.#cut(place, known, parts)
    return range && { pattern: known.fill, position: range.offset, bytes: range.bytes }
  }

  #onlyOwner(place: Place, name: string): NodeIndex | undefined {
    const owners = [...this.buffers.values()].filter((buffer) => buffer.name === name)
    if (owners.length === 1) return owners[0]?.node
    if (this.hosts.some((_, node) => this.doubt.has('buffers', name, node))) return undefined
    const full = [...this.buffers.values()].map((buffer) => `${this.hosts[buffer.node] ?? ''}.${buffer.name}`)
    if (owners.length === 0) {
      const plain = [...this.buffers.values()].map((buffer) => buffer.name)
      this.findings.add(place.mark(), `there is no buffer \`${name}\``, didYouMean(name, plain))
    } else {
      const choices = full.filter((candidate) => candidate.endsWith(`.${name}`)).join('`, `')
      this.findings.add(place.mark(), `several hosts have a buffer \`${name}\``, `say which: \`${choices}\``)
    }
    return undefined
  }

  #cut(place: Place, { name, bytes: size }: KnownBuffer, parts: RangeParts): Range {
    const offset = parts.offset ?? 0
    const bytes = parts.bytes ?? size
    if (offset + bytes > size) {
      const end = `\`${name}@${offset}+${bytes}\` ends at octet ${offset + bytes}`
      this.findings.add(place.mark(), `${end}, but \`${name}\` has ${counted(size, 'octet')}`)
    }
    return { buffer: name, offset, bytes }
  }
}

interface RangeParts {
  readonly host: string | undefined
  readonly buffer: string
  readonly offset: number | undefined
  readonly bytes: number | undefined
}

function splitRange(text: string): RangeParts | undefined {
  const found = /^(?:([a-z0-9-]+)\.)?([a-z0-9-]+)(?:@(\d+)\+(\d+))?$/.exec(text)
  if (found?.[2] === undefined) return undefined
  const [, host, buffer, offset, bytes] = found
  return {
    host,
    buffer,
    offset: offset === undefined ? undefined : Number(offset),
    bytes: bytes === undefined ? undefined : Number(bytes),
  }
}

/** Splits `left.isend` into host and kind. */
export function splitKind(name: string): { readonly host: string; readonly kind: string } {
  const dot = name.lastIndexOf('.')
  return { host: name.slice(0, Math.max(0, dot)), kind: name.slice(dot + 1) }
}
