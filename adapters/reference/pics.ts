// What the reference declares of itself, for both interfaces.
import type { Pics, PicsValue } from '../../harness/subject/pics.ts'
import { interfaceDefaults } from '../../spec/vocabulary/endpoint.ts'
import { viaLeast } from '../../spec/vocabulary/via-constants.ts'

/** Ranges in which the defaults may be set; a key that is not here is fixed. */
const ranges: Readonly<Record<string, { least: number; most: number }>> = {
  'emp.collection': { least: 1, most: 64 },
  'emp.window': { least: 1, most: 64 },
  'emp.timeout': { least: 10_000, most: 10_000_000_000 },
  'emp.timeout-cap': { least: 10_000, most: 10_000_000_000 },
  'emp.retries': { least: 0, most: 1000 },
  'emp.first-message': { least: 0, most: 0xffff_ffff },
  'emp.descriptors': { least: 1, most: 640 },
  'emp.translation': { least: 0, most: 1_000_000_000 },
  'emp.burst': { least: 1, most: 20 },
  // Limits go down to one, except where every NIC has to offer more.
  'via.max-nics': { least: 1, most: 8 },
  'via.max-ptags': { least: 1, most: 32 },
  'via.max-vis': { least: 1, most: 2048 },
  'via.max-cqs': { least: 1, most: 32 },
  'via.max-cq-entries': { least: 1, most: 4096 },
  'via.max-descriptors': { least: 1, most: 256 },
  'via.max-segments': { least: viaLeast.segments, most: 1024 },
  'via.max-regions': { least: 1, most: 256 },
  'via.max-region-octets': { least: 1, most: 16_777_216 },
  'via.max-register-octets': { least: 1, most: 67_108_864 },
  'via.max-transfer': { least: viaLeast.transferSize, most: 1_048_576 },
  'via.max-discriminator': { least: 1, most: 255 },
  'via.retransmission-timeout': { least: 10_000, most: 10_000_000_000 },
  'via.connection-timeout': { least: 10_000, most: 10_000_000_000 },
  // One key for both interfaces: EMP takes all of these, VIA needs 576 and its cases keep to that.
  'wire.mtu': { least: 64, most: 9000 },
}

function declared([key, value]: [string, number]): [string, PicsValue] {
  const settable = ranges[key]
  return [key, settable ? { value, settable } : { value }]
}

export const referencePics: Pics = {
  interfaces: ['emp', 'via'],
  clock: 'virtual',
  wire: 'frames',
  profile: 'emp-1',
  options: {
    stepped: true,
    'emp.counters': true,
    'emp.descriptors': true,
    'emp.completion-events': true,
    'emp.wildcards': true,
    'emp.mpi': true,
    'emp.cancel': true,
    'emp.probe': true,
    'emp.retry-limit': true,
    'emp.word-writes': true,
    'emp.slow-translation': true,
    'via.reliable-delivery': true,
    'via.reliable-reception': true,
    'via.rdma-write': true,
    'via.rdma-read': true,
    'via.peer-to-peer': true,
    'via.notify': true,
    'via.thread-safe': true,
  },
  values: Object.fromEntries(Object.entries({ ...interfaceDefaults.emp, ...interfaceDefaults.via }).map(declared)),
}
