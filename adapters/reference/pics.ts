// What the EMP reference declares of itself.
import type { Pics, PicsValue } from '../../harness/subject/pics.ts'
import { empDefaults } from '../../spec/vocabulary/endpoint.ts'

/** Ranges in which the defaults may be set; a key that is not here is fixed. */
const ranges: Readonly<Record<string, { least: number; most: number }>> = {
  'emp.collection': { least: 1, most: 64 },
  'emp.window': { least: 1, most: 64 },
  'emp.timeout': { least: 10_000, most: 10_000_000_000 },
  'emp.timeout-cap': { least: 10_000, most: 10_000_000_000 },
  'emp.first-message': { least: 0, most: 0xffff_ffff },
  'emp.descriptors': { least: 1, most: 640 },
  'wire.mtu': { least: 64, most: 9000 },
}

function declared([key, value]: [string, number]): [string, PicsValue] {
  const settable = ranges[key]
  return [key, settable ? { value, settable } : { value }]
}

export const referencePics: Pics = {
  interfaces: ['emp'],
  clock: 'virtual',
  wire: 'frames',
  profile: 'emp-1',
  options: {
    stepped: true,
    'emp.counters': true,
    'emp.descriptors': true,
    'emp.completion-events': true,
    'emp.wildcards': false,
    'emp.cancel': false,
    'emp.probe': false,
  },
  values: Object.fromEntries(Object.entries(empDefaults).map(declared)),
}
