// The host library: requests by name, posting, and waiting for descriptors to come back (E42, E50, E51).
import { empAny } from '../../spec/vocabulary/emp.ts'
import type { EmpCall, EmpCompletion, EmpOutcome } from '../../spec/vocabulary/emp.ts'
import type { Range } from '../../spec/vocabulary/memory.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'
import type { IntegerQueue } from '../core/integer-queue.ts'
import type { Answer, Buffers } from '../core/buffers.ts'
import { stat } from './descriptors.ts'
import type { DescriptorPool, PieceList } from './descriptors.ts'
import { probeMark } from './doorbell.ts'
import type { Matching } from './matching.ts'
import type { Postings } from './postings.ts'
import type { Unfinished } from './unfinished.ts'
import type { Memory } from '../core/memory.ts'
import type { Output } from '../core/output.ts'

/** What a host library works on. */
export interface HostMeans {
  readonly memory: Memory
  readonly buffers: Buffers
  readonly descriptors: DescriptorPool
  /** The calls that post. */
  readonly postings: Postings
  readonly output: Output
  /** What the NIC has not taken up yet. */
  readonly doorbell: IntegerQueue
  /** What a probe looks at. */
  readonly matching: Matching
  readonly unfinished: Unfinished
  /** Number of nodes in the world. */
  readonly nodes: number
}

/** A posting that the host has not seen done. */
export interface Request {
  readonly name: string
  /** Head slot of its descriptor. */
  readonly head: number
  /** The host has seen it done: its descriptor is no longer its own. */
  seen: boolean
}

/** A wait that has not returned: for all of its requests, or for any one. */
export interface OpenWait {
  readonly call: number
  readonly requests: readonly Request[]
  readonly any: boolean
}

type PostCall = Extract<EmpCall, { pieces: readonly Range[] }>

const longestPiece = 0xffff
const invalid: Answer = { status: 'invalid' }

/** One host program's view of its NIC. A request stays known until the host has seen its completion. */
export class HostLibrary {
  protected readonly means: HostMeans
  protected readonly named = new Map<string, Request>()
  private readonly byHead: (Request | undefined)[] = []
  private waits: OpenWait[] = []
  private readonly probes: { readonly call: number; readonly from: number; readonly tag: number }[] = []
  private readonly pieces: PieceList

  constructor(means: HostMeans) {
    this.means = means
    const most = means.descriptors.piecesMax
    this.pieces = { addresses: new Float64Array(most), lengths: new Int32Array(most), count: 0, total: 0 }
  }

  clear(): void {
    this.named.clear()
    this.byHead.length = 0
    this.waits = []
    this.probes.length = 0
  }

  /** Posts a send or a receive, by call `id`: a refusal at once, and otherwise `ok` as soon as the descriptor is written. */
  // cites: EMP-HOST-001
  post(call: PostCall, id: number, now: Instant): Answer | undefined {
    const sending = call.operation === 'emp.isend'
    const peer = sending ? call.to : call.from
    if (!this.isNamed(peer, call.tag, !sending) || this.isTaken(call.as)) return invalid
    const refusal = this.collect(call.pieces)
    if (refusal) return refusal
    const head = this.means.descriptors.take(this.pieces.count)
    if (head < 0) return { status: 'no-descriptor' }
    const direction = sending ? stat.send : stat.receive
    this.means.descriptors.compose(head, { direction, peer, tag: call.tag }, this.pieces)
    if (!this.means.postings.begin({ call: id, name: call.as, head }, this.pieces.count, now)) return undefined
    this.name(call.as, head)
    return { status: 'ok' }
  }

  /** Goes on with the posting that is being written. */
  write(): void {
    const posting = this.means.postings.write()
    if (!posting) return
    this.name(posting.name, posting.head)
    this.means.output.returned({ id: posting.call, status: 'ok' })
  }

  /** Whether all of `names` are done; if they are, the host has seen them. */
  // cites: EMP-HOST-002, EMP-HOST-005
  test(...names: readonly string[]): Answer {
    const requests = this.find(names)
    if (!requests) return invalid
    if (!requests.every((request) => this.isDone(request))) return { status: 'pending' }
    const answer: Answer = { status: 'ok', completions: this.seeAll(requests) }
    this.review()
    return answer
  }

  /** Opens a wait of call `call` for all `names`; it returns when all are done, which may be now. */
  // cites: EMP-HOST-003, EMP-HOST-004
  wait(call: number, names: readonly string[]): Answer | undefined {
    return this.open(call, names, false)
  }

  /** Opens a wait of call `call` for any one of `names`. */
  // cites: EMP-HOST-006
  waitAny(call: number, names: readonly string[]): Answer | undefined {
    return this.open(call, names, true)
  }

  /** Asks the NIC to withdraw a receive. What became of it is what its completion says (R24). */
  // cites: EMP-MATCH-016
  cancel(name: string): Answer {
    const request = this.named.get(name)
    if (!request || (this.means.descriptors.stat(request.head) & stat.send) !== 0) return invalid
    this.means.doorbell.push(~request.head)
    return { status: 'ok' }
  }

  /** Asks the NIC for the message that a receive posted now would take: behind all that was posted before. */
  probe(call: number, from: number, tag: number): Answer | undefined {
    if (!this.isNamed(from, tag, true)) return invalid
    this.probes.push({ call, from, tag })
    this.means.doorbell.push(probeMark)
    return undefined
  }

  /** The NIC has come to the oldest probe. */
  answerProbe(): void {
    const probe = this.probes.shift()
    if (probe) this.means.output.returned({ id: probe.call, ...this.look(probe.from, probe.tag) })
  }

  // cites: EMP-MATCH-017, EMP-MATCH-020
  protected look(from: number, tag: number): Answer {
    const { matching, unfinished } = this.means
    const record = matching.find(from, tag)
    if (record < 0) return { status: 'pending' }
    const message = {
      peer: unfinished.peers[record] ?? 0,
      tag: unfinished.tags[record] ?? 0,
      bytes: unfinished.totals[record] ?? 0,
    }
    return { status: 'ok', message }
  }

  /** The octets of the descriptor slots that hold a request. */
  descriptor(name: string): Answer {
    const request = this.named.get(name)
    return request ? { status: 'ok', octets: this.means.descriptors.hex(request.head) } : invalid
  }

  /** The `stat` of the descriptor at `head` has been written: tells it, and ends the waits that it ends. */
  handedBack(head: number): void {
    const request = this.byHead[head]
    if (!request) return
    this.means.output.event({ event: 'emp.completion', ...this.completion(request) })
    this.review()
  }

  /** The host has seen `head` done: its slots are free again. */
  // cites: EMP-DESC-004
  protected release(head: number): void {
    this.means.descriptors.release(head)
  }

  /** Ends every open wait whose requests are all done, or of which another call has seen one before. */
  private review(): void {
    for (let i = 0; i < this.waits.length;) {
      const wait = this.waits[i]
      if (!wait || !this.isOver(wait)) {
        i++
        continue
      }
      this.waits.splice(i, 1)
      this.finish(wait)
      // What this wait has seen may have made an earlier one stale.
      i = 0
    }
  }

  protected open(call: number, names: readonly string[], any: boolean): Answer | undefined {
    const requests = this.find(names)
    if (!requests || (any && requests.length === 0)) return invalid
    this.waits.push({ call, requests, any })
    this.review()
    return undefined
  }

  protected find(names: readonly string[]): readonly Request[] | undefined {
    const requests: Request[] = []
    for (const name of names) {
      const request = this.named.get(name)
      if (!request) return undefined
      requests.push(request)
    }
    return requests
  }

  /** Whether the requests of a wait are done, all or one as it asks, or another call has seen one of them before. */
  protected isOver({ requests, any }: OpenWait): boolean {
    if (isStale(requests)) return true
    return any ? requests.some((request) => this.isDone(request)) : requests.every((request) => this.isDone(request))
  }

  protected finish({ call, requests, any }: OpenWait): void {
    if (isStale(requests)) {
      this.means.output.returned({ id: call, status: 'invalid' })
      return
    }
    const over = any ? requests.filter((request) => this.isDone(request)).slice(0, 1) : requests
    this.means.output.returned({ id: call, status: 'ok', completions: this.seeAll(over) })
  }

  /** The completions of requests that are done; the host has seen them now. */
  protected seeAll(requests: readonly Request[]): readonly EmpCompletion[] {
    const completions = requests.map((request) => this.completion(request))
    for (const request of requests) this.see(request)
    return completions
  }

  /** Whether a posting may name `peer` and `tag`; in a receive either may be any (R18). */
  // cites: EMP-MATCH-014, EMP-MATCH-015
  protected isNamed(peer: number, tag: number, receiving: boolean): boolean {
    if (receiving && peer === empAny) return tag === empAny || isIndex(tag, empAny)
    return isIndex(peer, this.means.nodes) && ((receiving && tag === empAny) || isIndex(tag, empAny))
  }

  /** From here on the host knows the request by its name. */
  private name(name: string, head: number): void {
    const request: Request = { name, head, seen: false }
    this.named.set(name, request)
    this.byHead[head] = request
  }

  private isTaken(name: string): boolean {
    return this.named.has(name) || this.means.postings.has(name)
  }

  protected see(request: Request): void {
    if (request.seen) return
    request.seen = true
    this.named.delete(request.name)
    this.byHead[request.head] = undefined
    this.release(request.head)
  }

  protected isDone({ head }: Request): boolean {
    return (this.means.descriptors.stat(head) & stat.nic) === 0
  }

  protected completion({ name, head }: Request): EmpCompletion {
    const { descriptors } = this.means
    const word = descriptors.stat(head)
    const bytes = descriptors.totalLength(head)
    return { request: name, outcome: outcomeOf(word), bytes, peer: descriptors.peer(head), tag: descriptors.tag(head) }
  }

  /** Translates `ranges` into physical pieces, none crossing a page (E48, R14). */
  // cites: EMP-MEM-001, EMP-DESC-008, EMP-DESC-011
  private collect(ranges: readonly Range[]): Answer | undefined {
    const { memory, buffers } = this.means
    const { addresses, lengths } = this.pieces
    let count = 0
    let total = 0
    for (const range of ranges) {
      const buffer = buffers.holding(range)
      if (!buffer) return invalid
      if (range.bytes > 0 && !buffer.locked) return { status: 'not-locked' }
      const end = buffer.start + range.offset + range.bytes
      for (let place = buffer.start + range.offset; place < end; count++) {
        const length = Math.min(end - place, memory.page - (place % memory.page), longestPiece)
        addresses[count] = memory.address(place)
        lengths[count] = length
        place += length
      }
      total += range.bytes
    }
    this.pieces.count = count
    this.pieces.total = total
    if (count > addresses.length) return { status: 'too-many-pieces' }
    if (count === 0) {
      addresses[0] = 0
      lengths[0] = 0
    }
    return undefined
  }
}

function outcomeOf(word: number): EmpOutcome {
  if (word & stat.failed) return 'failed'
  if (word & stat.cancelled) return 'cancelled'
  return word & stat.truncated ? 'truncated' : 'done'
}

function isStale(requests: readonly Request[]): boolean {
  return requests.some(({ seen }) => seen)
}

function isIndex(value: number, end: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < end
}
