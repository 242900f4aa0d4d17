// Reads the address segments of RDMA operations: places in regions of other hosts.
import { didYouMean } from '../../yaml/nearest.ts'
import type { Place } from '../../yaml/place.ts'
import { integerAt } from '../../yaml/scalars.ts'
import type { ViaRegionName, ViaRemotePlace } from '../../../../spec/vocabulary/via-descriptor.ts'
import type { Arguments } from './arguments.ts'

/** What stands for an address or a handle until the region has been registered. */
const unknownRegion = { address: '0'.repeat(16), handle: 0 } as const

/** `right.rx@64`: octet 64 of the region rx of right; or its parts, which may lie about each other. */
export function readRemotePlace(given: Arguments, place: Place): ViaRemotePlace {
  if (!place.isMap) {
    const { region, offset } = regionAt(given, place)
    return { ...unknownRegion, offset, ...(region ? { addressOf: region, handleOf: region } : {}) }
  }
  const at = place.get('at')
  const named = at.present ? regionAt(given, at) : undefined
  const offset = named?.offset ?? integerAt(place.get('offset'), given.scope.findings) ?? 0
  const address = at.present ? unknownRegion.address : (place.get('address').text() ?? given.lacking(''))
  const addressed = named?.region ? { addressOf: named.region } : {}
  return { address, offset, ...addressed, ...readHandle(given, place.get('memory'), named?.region) }
}

/** The handle: a value, the name of a region, or that of the place unless said. */
function readHandle(
  given: Arguments,
  place: Place,
  without: ViaRegionName | undefined,
): Pick<ViaRemotePlace, 'handle' | 'handleOf'> {
  if (!place.present) return without ? { handle: 0, handleOf: without } : { handle: given.lacking(0) }
  if (place.number() !== undefined) {
    return { handle: integerAt(place, given.scope.findings) ?? given.lacking(0) }
  }
  const { region } = regionAt(given, place)
  return { handle: 0, ...(region ? { handleOf: region } : {}) }
}

interface RegionRead {
  readonly region: ViaRegionName | undefined
  readonly offset: number
}

/** `right.rx`, or `right.rx@64`. */
function regionAt(given: Arguments, place: Place): RegionRead {
  const { findings } = given.scope
  const text = place.text() ?? ''
  const [, host, memory, offset] = /^([a-z0-9-]+)\.([a-z0-9-]+)(?:@(\d+))?$/.exec(text) ?? []
  if (host === undefined || memory === undefined) {
    const message = `\`${text}\` is not a place in a region of a host such as \`right.rx\` or \`right.rx@64\``
    findings.add(place.mark(), message)
    return given.lacking({ region: undefined, offset: 0 })
  }
  const node = given.scope.host(place, host)
  if (node === undefined || !isRegion(given, place, { node, memory }))
    return given.lacking({ region: undefined, offset: 0 })
  return { region: { node, memory }, offset: Number(offset ?? 0) }
}

function isRegion({ scope }: Arguments, place: Place, { node, memory }: ViaRegionName): boolean {
  const { handles, findings, hosts, doubt } = scope
  if (handles.kindOf(node, memory) === 'memory') return true
  if (!doubt.has('handles', memory, node)) {
    const help = didYouMean(memory, handles.names(node, 'memory'))
    findings.add(place.mark(), `\`${hosts[node] ?? ''}\` has registered no region \`${memory}\` before this`, help)
  }
  return false
}
