// How EMP's hosts are set up in drawn runs: small numbers, so that few frames reach every edge.
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'

const microsecond = 1_000

const quick = { 'emp.timeout': 200 * microsecond, 'emp.timeout-cap': 800 * microsecond }

export const empSettings: readonly Configuration[] = [
  { ...quick, 'wire.mtu': 64, 'emp.collection': 2, 'emp.window': 2, 'emp.descriptors': 8 },
  { ...quick, 'wire.mtu': 64, 'emp.collection': 1, 'emp.window': 1, 'emp.descriptors': 4 },
  // Message IDs get the sign of a number of 32 bits.
  {
    ...quick,
    'wire.mtu': 96,
    'emp.collection': 3,
    'emp.window': 1,
    'emp.descriptors': 16,
    'emp.first-message': 0x7fff_fffe,
  },
  // Message IDs wrap around.
  { ...quick, 'wire.mtu': 64, 'emp.collection': 3, 'emp.window': 4, 'emp.first-message': 0xffff_fffe },
  // A page takes few frames, and descriptors are few.
  { ...quick, 'wire.mtu': 1500, 'emp.descriptors': 2 },
  // A peer that does not answer is given up.
  { ...quick, 'wire.mtu': 64, 'emp.collection': 2, 'emp.window': 2, 'emp.retries': 2 },
  { ...quick, 'wire.mtu': 64, 'emp.collection': 1, 'emp.window': 1, 'emp.retries': 1, 'emp.descriptors': 4 },
  // A NIC may see descriptors of which only some words are written.
  { ...quick, 'wire.mtu': 64, 'emp.collection': 2, 'emp.window': 2, 'emp.burst': 1 },
  // Addresses take about as long as a frame.
  {
    ...quick,
    'wire.mtu': 64,
    'emp.collection': 2,
    'emp.window': 2,
    'emp.burst': 3,
    'emp.translation': 5 * microsecond,
  },
  // And longer than a timeout.
  { ...quick, 'wire.mtu': 64, 'emp.collection': 2, 'emp.window': 2, 'emp.translation': 300 * microsecond },
  // A collection has more frames than a word has bits.
  { ...quick, 'wire.mtu': 64, 'emp.collection': 40, 'emp.window': 1 },
  // As they are found.
  {},
]
