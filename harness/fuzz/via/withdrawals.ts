// Calls that take away what a program may still need.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { usualHandles } from '../../plan/handles.ts'
import type { LinkEnd } from './links.ts'

const { nic, ptag } = usualHandles

const deregister = (memory: string): CallBody => ({
  operation: 'VipDeregisterMem',
  nic,
  at: { buffer: memory, offset: 0 },
  memory,
})

export const withdrawals: readonly ((end: LinkEnd) => CallBody)[] = [
  ({ vi }) => ({ operation: 'VipDestroyVi', vi }),
  () => deregister('in'),
  () => deregister('out'),
  () => ({ operation: 'VipDestroyPtag', nic, ptag }),
  () => ({ operation: 'VipCloseNic', nic }),
  () => deregister('pool'),
  ({ cq, vi }) => (cq === null ? { operation: 'VipDestroyVi', vi } : { operation: 'VipDestroyCQ', cq }),
]
