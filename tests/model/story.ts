// Hand-made histories of two hosts, told to the EMP model one observation after the other.
import { EmpModel, type EmpModelSetting, type Judged } from '../../spec/model/emp.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { EmpCompletion } from '../../spec/vocabulary/emp.ts'
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import { crc32c, writePattern, type Pattern, type Range } from '../../spec/vocabulary/memory.ts'

export const left = 0
export const right = 1

/** What `tx` holds at first, and `rx`. */
export const sent: Pattern = { kind: 'prng', seed: 7 }
export const blank: Pattern = { kind: 'const', seed: 165 }

interface StorySetting extends Partial<Omit<EmpModelSetting, 'hosts'>> {
  readonly configuration?: Configuration
}

interface Posted {
  readonly tag?: number
  readonly peer?: number
  readonly pieces?: readonly Range[]
  readonly status?: Return['status']
}

/** Both hosts have buffers `tx` and `rx` of 20 000 octets at the beginning of a page. */
export class Story {
  readonly model: EmpModel
  private calls = 0

  constructor({
    configuration = {},
    completionEvents = false,
    wildcards = false,
    retryLimit = false,
  }: StorySetting = {}) {
    const hosts = ['left', 'right'].map((name) => ({ name, configuration }))
    this.model = new EmpModel({ hosts, completionEvents, wildcards, mpi: true, cancel: true, probe: true, retryLimit })
    for (const node of [left, right]) {
      this.allocate(node, 'tx', sent)
      this.allocate(node, 'rx', blank)
    }
  }

  allocate(
    node: number,
    as: string,
    fill: Pattern,
    more: { offset?: number; locked?: boolean; align?: number } = {},
  ): Judged {
    const { offset = 0, locked = true, align = 4096 } = more
    return this.ask(node, { operation: 'memory.allocate', as, bytes: 20_000, align, offset, fill, guard: 64, locked })
  }

  /** A call that is not answered yet: its id. */
  start(node: number, body: CallBody): number {
    const id = ++this.calls
    this.model.called(node, { id, thread: 0, body })
    return id
  }

  answer(node: number, id: number, answer: Partial<Return> = {}): Judged {
    return this.model.returned(node, { id, status: 'ok', ...answer })
  }

  ask(node: number, body: CallBody, answer: Partial<Return> = {}): Judged {
    return this.answer(node, this.start(node, body), answer)
  }

  send(as: string, bytes: number, { tag = 5, peer = right, pieces, status = 'ok' }: Posted = {}, node = left): Judged {
    return this.ask(
      node,
      { operation: 'emp.isend', as, to: peer, tag, pieces: pieces ?? [at('tx', 0, bytes)] },
      { status },
    )
  }

  receive(
    as: string,
    bytes: number,
    { tag = 5, peer = left, pieces, status = 'ok' }: Posted = {},
    node = right,
  ): Judged {
    return this.ask(
      node,
      { operation: 'emp.irecv', as, from: peer, tag, pieces: pieces ?? [at('rx', 0, bytes)] },
      { status },
    )
  }

  test(node: number, request: string, completion: Partial<EmpCompletion> | 'pending' | 'invalid'): Judged {
    const body = { operation: 'emp.test', request } as const
    if (typeof completion === 'string') return this.ask(node, body, { status: completion })
    return this.ask(node, body, { completions: [completed(node, { request, ...completion })] })
  }

  told(node: number, request: string, completion: Partial<EmpCompletion>): Judged {
    return this.model.told(node, { event: 'emp.completion', ...completed(node, { request, ...completion }) })
  }

  /** The digest of a range, said to be that of a pattern that begins there. */
  digest(node: number, range: Range, pattern: Pattern): Judged {
    return this.ask(node, { operation: 'memory.digest', at: range }, { digest: digestOf(pattern, range.bytes) })
  }
}

export function at(buffer: string, offset: number, bytes: number): Range {
  return { buffer, offset, bytes }
}

/** A completion as it mostly is: done, from or to the other host, with tag 5. */
export function completed(node: number, more: Partial<EmpCompletion> & { request: string }): EmpCompletion {
  return { outcome: 'done', bytes: 100, peer: 1 - node, tag: 5, ...more }
}

export function digestOf(pattern: Pattern, bytes: number): number {
  const octets = new Uint8Array(bytes)
  writePattern(pattern, octets, { from: 0, to: bytes, position: 0 })
  return crc32c(octets)
}
