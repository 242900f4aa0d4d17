// Network addresses of hosts and their discriminators, as calls give them and as connection frames carry them.
import type { HostAddress } from '../../spec/vocabulary/endpoint.ts'
import type { ViaNetAddress, ViaRemoteAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { readU16, readU32, toHex, writeU16, writeU32 } from '../core/octets.ts'

/** An address that is well-formed. `node` is -1 for a host that the world does not have. */
export interface KnownAddress {
  readonly node: number
  readonly discriminator: string
}

/** Reads an address; undefined if it cannot be one. `most`: octets of the longest discriminator. */
export function readAddress(
  address: ViaNetAddress | null,
  hosts: readonly HostAddress[],
  most: number,
): KnownAddress | undefined {
  if (!address || !/^(?:[0-9a-f]{2})*$/.test(address.discriminator)) return undefined
  const { host, discriminator } = address
  if (discriminator.length > 2 * most) return undefined
  if (typeof host === 'number') return hosts[host] ? { node: host, discriminator } : undefined
  if (!/^[0-9a-f]{12}$/.test(host)) return undefined
  return { node: hosts.findIndex(({ mac }) => mac === host), discriminator }
}

/** What a connection frame carries after its header. */
export interface Introduction {
  readonly attributes: ViaRemoteAttributes
  /** Discriminators: of the one who is looked for, and of the one who asks. */
  readonly wanted: string
  readonly own: string
}

const fixedOctets = 13

export function writeIntroduction({ attributes, wanted, own }: Introduction): Uint8Array {
  const octets = new Uint8Array(fixedOctets + (wanted.length + own.length) / 2)
  writeU16(octets, 0, attributes.reliabilityLevel)
  writeU32(octets, 2, attributes.maxTransferSize)
  writeU32(octets, 6, attributes.qos)
  octets[10] = (attributes.enableRdmaWrite ? 1 : 0) | (attributes.enableRdmaRead ? 2 : 0)
  octets[11] = wanted.length / 2
  octets[12] = own.length / 2
  const digits = wanted + own
  for (let i = 0; i < digits.length; i += 2) {
    octets[fixedOctets + i / 2] = Number.parseInt(digits.slice(i, i + 2), 16)
  }
  return octets
}

/** Reads the introduction of `bytes` octets at `at`; undefined if it is cut off. */
export function readIntroduction(octets: Uint8Array, at: number, bytes: number): Introduction | undefined {
  const wantedOctets = octets[at + 11] ?? 0
  const ownOctets = octets[at + 12] ?? 0
  if (bytes !== fixedOctets + wantedOctets + ownOctets) return undefined
  const rights = octets[at + 10] ?? 0
  const names = at + fixedOctets
  return {
    attributes: {
      reliabilityLevel: readU16(octets, at),
      maxTransferSize: readU32(octets, at + 2),
      qos: readU32(octets, at + 6),
      enableRdmaWrite: (rights & 1) !== 0,
      enableRdmaRead: (rights & 2) !== 0,
    },
    wanted: toHex(octets, names, names + wantedOctets),
    own: toHex(octets, names + wantedOctets, names + wantedOctets + ownOctets),
  }
}
