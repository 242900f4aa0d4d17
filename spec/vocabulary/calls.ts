// Every call, return and provider event that crosses the endpoint contract.
import type { EmpCall, EmpCompletion, EmpEvent, EmpMessage } from './emp.ts'
import type { MemoryCall } from './memory.ts'
import type { ViaCall } from './via-calls.ts'
import type { ViaControlFields } from './via-descriptor.ts'
import type { ViaReturn } from './via-returns.ts'
import type { ViaEvent } from './via.ts'

/** What a call asks, without who asks it. */
export type CallBody = MemoryCall | EmpCall | ViaCall

/** Whether a call is one of the harness about a host's memory, which every interface has. */
export function isMemoryCall(body: CallBody): body is MemoryCall {
  return body.operation.startsWith('memory.')
}

/** One call of a host program. `id` is unique in its world; `thread` numbers the host's threads from 0 (main). */
export interface Call {
  readonly id: number
  readonly thread: number
  readonly body: CallBody
}

/** How a call answered. Everything but `ok` and `pending` is a refusal and has no effect. */
export const returnStatuses = [
  'ok',
  'pending', // test, testall: not done yet; probe: no such message
  'no-descriptor', // R16: not enough free descriptor slots
  'too-many-pieces', // R14: more pieces than an indirect page lists
  'not-locked', // E48: a page is not resident
  'invalid', // an argument that cannot be: unknown buffer, range outside it, unknown request, unknown node
  'unsupported', // an operation or option that this implementation does not offer
] as const
export type ReturnStatus = (typeof returnStatuses)[number]

/** The answer to the call `id`. Which further members are present depends on the operation. */
export interface Return {
  readonly id: number
  readonly status: ReturnStatus
  /** emp.test, emp.testall, emp.wait, emp.waitall: the finished requests, in the order asked; emp.waitany: the one. */
  readonly completions?: readonly EmpCompletion[]
  /** emp.probe: the message that waits. */
  readonly message?: EmpMessage
  /** memory.digest: CRC-32C. */
  readonly digest?: number
  /** memory.read, emp.descriptor: the octets, as lower-case hexadecimal digits. */
  readonly octets?: string
  /** memory.guards: offset of the first damaged octet relative to the buffer's start (negative before it); null if none. */
  readonly damaged?: number | null
  /** emp.counters: counts by drop reason; an absent key counts 0. */
  readonly counters?: Readonly<Record<string, number>>
  /** Every call of VIPL that the adapter could make: what the provider answered. `status` is then `ok`, whatever the code. */
  readonly vip?: ViaReturn
  /** descriptor.read: the control segment at that moment. */
  readonly control?: ViaControlFields
}

/** What a provider tells without being asked. */
export type ProviderEvent = EmpEvent | ViaEvent
