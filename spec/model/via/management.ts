// System management: what is known of hosts, and that nothing else can be asked for.
import { viaInfoTypes } from '../../vocabulary/via-constants.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { found, type Host } from './host.ts'
import { wantNic } from './nics.ts'
import { codes } from './ruling.ts'
import type { World } from './world.ts'

const unsupported = codes.parameter | codes.notSupported

export function judgeManagement(
  world: World,
  host: Host,
  { nic, infoType }: ViplCallOf<'VipQuerySystemManagementInfo'>,
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  if (!wantNic(world, found(host.nics, nic))) return undefined
  ruling.blame(~0, 'VIA-MGT-001')
  if (infoType === viaInfoTypes.autodiscovery) ruling.permit(unsupported)
  else ruling.refuse(unsupported, 'VIA-MGT-002')
  const judged = ruling.judge(answer)
  return judged ?? (answer.code === 'VIP_SUCCESS' ? judgeDiscovery(world, host, answer) : undefined)
}

function judgeDiscovery({ hosts, setting }: World, { name }: Host, { discovery }: ViaReturn): Judged {
  const start = `${name}'s VipQuerySystemManagementInfo told`
  if (!discovery) return forbidden(['VIA-MGT-001'], `${start} nothing`)
  const seen = new Set<number | string>()
  for (const { host, discriminator } of discovery.addresses) {
    // Where the harness is the wire, there are no hosts but those of the world.
    const isStrange = setting.calm && !(typeof host === 'number' && hosts[host])
    if (isStrange) return forbidden(['VIA-MGT-003'], `${start} an address that is of no host`)
    if (seen.has(host) || discriminator !== '') {
      return forbidden(['VIA-MGT-003'], `${start} host ${host} ${seen.has(host) ? 'twice' : 'with a discriminator'}`)
    }
    seen.add(host)
  }
  return undefined
}
