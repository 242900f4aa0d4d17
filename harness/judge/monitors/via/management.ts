// The invariant of system management: what is discovered are hosts, each once.
import { areOfHosts, areOnce } from '../../via/discovery.ts'
import { hostName } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const discoversHosts: Monitor = {
  name: 'discovers-hosts',
  words: 'what is discovered are hosts of the world, each once',
  requirements: ['VIA-MGT-003'],
  // Behind a wire of its own there may be hosts that the harness does not know.
  needsWire: true,
  watch(view, watching) {
    for (const { node, time, answer } of view.history.calls) {
      const discovery = answer?.content.vip?.discovery
      if (!discovery) continue
      watching.watched(node)
      const isOnce = areOnce(discovery)
      if (isOnce && areOfHosts(discovery, view.permutation.hosts.length)) continue
      const what = isOnce ? 'an address that is of no host' : 'an address twice, or with a discriminator'
      const seen = `${hostName(view, node)}'s VipQuerySystemManagementInfo told ${what} at ${timeWords(time)}`
      watching.broken({ node, seen, at: time })
    }
  },
}
