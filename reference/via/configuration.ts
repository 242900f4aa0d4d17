// The configuration of one VIA endpoint with every default resolved.
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import type { Duration } from '../../spec/vocabulary/units.ts'
import { viaDefaults } from '../../spec/vocabulary/via-attributes.ts'

/** What a NIC offers, and how long its wire waits. */
export interface ViaConfiguration {
  readonly nics: number
  readonly ptags: number
  readonly vis: number
  readonly cqs: number
  readonly cqEntries: number
  /** Descriptors of each work queue. */
  readonly descriptors: number
  readonly segments: number
  readonly regions: number
  readonly regionOctets: number
  readonly registerOctets: number
  readonly transfer: number
  readonly discriminator: number
  readonly retransmission: Duration
  /** How long a peer may be silent while it owes an answer. */
  readonly silence: Duration
  /** Octets of Ethernet payload. */
  readonly mtu: number
}

/** Octets of a page of host memory. */
export const pageOctets = 4096

/** Enough for a connection request with the longest discriminators. */
const mtuLeast = 576

/** Resolves `given` against the defaults. Throws a RangeError for what is not a whole number in range. */
export function readConfiguration(given: Configuration): ViaConfiguration {
  return {
    nics: read(given, 'via.max-nics', 1),
    ptags: read(given, 'via.max-ptags', 1),
    vis: read(given, 'via.max-vis', 1),
    cqs: read(given, 'via.max-cqs', 1),
    cqEntries: read(given, 'via.max-cq-entries', 1),
    descriptors: read(given, 'via.max-descriptors', 1),
    segments: read(given, 'via.max-segments', 1),
    regions: read(given, 'via.max-regions', 1),
    regionOctets: read(given, 'via.max-region-octets', 1),
    registerOctets: read(given, 'via.max-register-octets', 1),
    transfer: read(given, 'via.max-transfer', 1),
    discriminator: Math.min(255, read(given, 'via.max-discriminator', 1)),
    retransmission: read(given, 'via.retransmission-timeout', 1),
    silence: read(given, 'via.connection-timeout', 1),
    mtu: read(given, 'wire.mtu', mtuLeast),
  }
}

function read(given: Configuration, key: keyof typeof viaDefaults, least: number): number {
  const value = given[key] ?? viaDefaults[key]
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`${key}: ${value}`)
  return value
}
