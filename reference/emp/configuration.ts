// The configuration of one EMP endpoint with every default resolved.
import { empDefaults } from '../../spec/vocabulary/endpoint.ts'
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import type { Duration } from '../../spec/vocabulary/units.ts'

/** Qualified settings. Only `collection` changes while the endpoint lives (E12). */
export interface EmpConfiguration {
  /** Frames acknowledged together (E11, E12). */
  collection: number
  /** Collections in flight for each message (R20). */
  readonly window: number
  /** How long a sent collection may stay unacknowledged at first, and at most (R20). */
  readonly timeout: Duration
  readonly timeoutCap: Duration
  /** How often a collection is sent again before its peer is given up; 0: without limit (R23). */
  readonly retries: number
  /** The ID of the first message to every destination (R5). */
  readonly firstMessage: number
  /** Slots of the descriptor pool, which also bounds the unfinished messages of one peer (E41, R5). */
  readonly descriptors: number
  /** Octets of a physical page. */
  readonly page: number
  /** How long the kernel takes to translate the address of one page (E48). */
  readonly translation: Duration
  /** Words of a descriptor that the host writes before anything else may happen (E49). */
  readonly burst: number
  /** Octets of Ethernet payload (R2). */
  readonly mtu: number
}

/** Resolves `given` against the defaults. Throws a RangeError for what is not a whole number in range. */
export function readConfiguration(given: Configuration): EmpConfiguration {
  const timeout = read(given, 'emp.timeout', 1)
  return {
    collection: read(given, 'emp.collection', 1),
    window: read(given, 'emp.window', 1),
    timeout,
    timeoutCap: Math.max(timeout, read(given, 'emp.timeout-cap', 1)),
    retries: read(given, 'emp.retries', 0),
    firstMessage: read(given, 'emp.first-message', 0) >>> 0,
    descriptors: read(given, 'emp.descriptors', 1),
    page: read(given, 'emp.page', 64),
    translation: read(given, 'emp.translation', 0),
    burst: read(given, 'emp.burst', 1),
    mtu: read(given, 'wire.mtu', 46),
  }
}

function read(given: Configuration, key: keyof typeof empDefaults, least: number): number {
  const value = given[key] ?? empDefaults[key]
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`${key}: ${value}`)
  return value
}
