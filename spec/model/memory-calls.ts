// Calls on memory, as far as they are the same in every world: what one is about, and when it may be refused.
import type { Return } from '../vocabulary/calls.ts'
import { memoryReadMax, type MemoryCall } from '../vocabulary/memory.ts'
import { forbidden, type Judged } from './forbidden.ts'
import type { Buffer, Piece } from './memory.ts'

/** A call on memory that has not been answered. */
export interface OpenMemoryCall {
  readonly call: MemoryCall
  /** The range or the buffer that it is about; undefined if there is none such. */
  readonly piece: Piece | undefined
  /** What had changed when it was made. */
  readonly changes: number
}

/** Judges a call that was refused, or about nothing. A buffer that was refused is gone again. */
export function judgeIneffective(
  host: { readonly name: string; readonly buffers: Map<string, Buffer> },
  { call, piece }: OpenMemoryCall,
  { status }: Return,
): Judged {
  const wrong = (right: string): Judged =>
    forbidden([], `${host.name}'s ${call.operation} answered ${status}; ${right}`)
  if (status === 'ok') return wrong('there is no such buffer or range, or the name is taken')
  if (call.operation === 'memory.allocate' && piece) host.buffers.delete(call.as)
  return status === 'invalid' && (!piece || mayBeRefused(call)) ? undefined : wrong('its arguments can be')
}

/** An allocation may fail for want of memory, and a read be too long. */
function mayBeRefused(call: MemoryCall): boolean {
  return call.operation === 'memory.allocate' || (call.operation === 'memory.read' && call.at.bytes > memoryReadMax)
}
