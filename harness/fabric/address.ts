// The MAC addresses that the harness gives its hosts, and the way back from an address to a host.
import type { NodeIndex } from '../../spec/vocabulary/units.ts'

/** Locally administered, unicast; the last two octets are the node. */
const prefix = [0x02, 0x56, 0x44, 0x00] as const

const prefixDigits = prefix.map((octet) => octet.toString(16).padStart(2, '0')).join('')

/** The address of a host as twelve hexadecimal digits. */
export function macOf(node: NodeIndex): string {
  return prefixDigits + node.toString(16).padStart(4, '0')
}

/** The host that the first six octets of a frame name, or -1 for none of `hosts` hosts. */
export function destinationOf(octets: Uint8Array, hosts: number): NodeIndex {
  const isOurs =
    octets[0] === prefix[0] && octets[1] === prefix[1] && octets[2] === prefix[2] && octets[3] === prefix[3]
  if (!isOurs) return -1
  const node = ((octets[4] ?? 0) << 8) | (octets[5] ?? 0)
  return node < hosts ? node : -1
}
