// What calls on a VIA endpoint answer, in the shape of its returns.
import type { Return } from '../../spec/vocabulary/calls.ts'
import type { ViaReturn, VipReturn } from '../../spec/vocabulary/via-returns.ts'

/** What a call answers, without the call's id. */
export type ViaAnswer = Omit<Return, 'id'>

/** An answer with code `code`. */
export function answer(code: VipReturn, outputs?: Omit<ViaReturn, 'code'>): ViaAnswer {
  return { status: 'ok', vip: { code, ...outputs } }
}

/** The harness' own mistake. */
export const invalid: ViaAnswer = { status: 'invalid' }
export const badParameter: ViaAnswer = answer('VIP_INVALID_PARAMETER')
export const success: ViaAnswer = answer('VIP_SUCCESS')
export const badState: ViaAnswer = answer('VIP_INVALID_STATE')
export const noResource: ViaAnswer = answer('VIP_ERROR_RESOURCE')
