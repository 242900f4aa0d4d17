// Calls of VIPL by their names.
import type { ViplCall, ViplOperation } from '../../vocabulary/via-calls.ts'

export type ViplCallOf<Operation extends ViplOperation> = Extract<ViplCall, { readonly operation: Operation }>
