// How VIA's hosts are set up in drawn runs: short timeouts, and limits that are soon reached.
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'

const quick = {
  'via.retransmission-timeout': millisecond / 5,
  'via.connection-timeout': 5 * millisecond,
  'wire.mtu': 576,
  // More than 16 bits count, by more than a frame.
  'via.max-transfer': 67_000,
}

/** So few of everything that a short program comes to the end of it, and most programs do not. */
const tight = {
  ...quick,
  'via.max-nics': 3,
  'via.max-ptags': 3,
  'via.max-vis': 4,
  'via.max-cqs': 3,
  'via.max-cq-entries': 4,
  'via.max-descriptors': 2,
  'via.max-regions': 7,
  'via.max-region-octets': 12_000,
  'via.max-register-octets': 32_000,
  'via.max-discriminator': 8,
}

export const viaSettings: readonly Configuration[] = [quick, tight]
