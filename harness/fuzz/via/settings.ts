// How VIA's hosts are set up in drawn runs: short timeouts, and queues that are soon full.
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'

const quick = { 'via.retransmission-timeout': millisecond / 5, 'via.connection-timeout': 5 * millisecond }

export const viaSettings: readonly Configuration[] = [
  { ...quick, 'wire.mtu': 576 },
  { ...quick, 'wire.mtu': 576, 'via.max-descriptors': 2, 'via.max-cq-entries': 4 },
  // As they are found.
  {},
]
