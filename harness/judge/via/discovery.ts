// What a list of discovered addresses has to be like.
import type { ViaDiscovery } from '../../../spec/vocabulary/via-returns.ts'

/** Whether each host stands there once, by an address without a discriminator. */
export function areOnce({ addresses }: ViaDiscovery): boolean {
  const hosts = new Set(addresses.map(({ host }) => host))
  return hosts.size === addresses.length && addresses.every(({ discriminator }) => discriminator === '')
}

/** Whether all of them are hosts of a world that has so many. */
export function areOfHosts({ addresses }: ViaDiscovery, count: number): boolean {
  return addresses.every(({ host }) => typeof host === 'number' && host < count)
}
