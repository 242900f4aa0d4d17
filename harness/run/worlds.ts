// Opens worlds for permutations and keeps them: a world that fits is reset, which is far cheaper than a fresh one.
import { interfaceNames } from '../../spec/vocabulary/endpoint.ts'
import type { Endpoint, EndpointSetting, HostAddress, InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import { macOf } from '../fabric/address.ts'
import type { Permutation, Role } from '../plan/case.ts'
import { onceFor } from '../plan/once-for.ts'
import { Trace } from '../result/trace.ts'
import type { Adapter, LiveHosts, RemoteHosts } from '../subject/adapter.ts'
import { World } from './world.ts'

/** How many worlds of in-process endpoints are kept, unless more are wanted. */
const keptUsual = 8

/** An opened world with its endpoints, ready for `World.begin`. */
export interface OpenWorld {
  readonly world: World
  /** The far side of the hosts of another process: those that are told the time, or those that go by a clock of their own. */
  readonly far: RemoteHosts | undefined
  readonly live: LiveHosts | undefined
}

interface KeptWorld extends OpenWorld {
  readonly key: string
  readonly endpoints: readonly Endpoint[]
  /** The hosts of another process. */
  readonly nodes: readonly NodeIndex[]
}

export class Worlds {
  private readonly adapters: Readonly<Record<Role, Adapter>>
  private readonly keptMax: number
  private readonly trace = new Trace()
  private readonly kept: KeptWorld[] = []
  /** Operations that were seen not to return at once, or to leave activities behind that go before the next call. */
  readonly waiting = new Set<string>()

  constructor(adapters: Readonly<Record<Role, Adapter>>, keptMax = keptUsual) {
    this.adapters = adapters
    this.keptMax = keptMax
  }

  /** A fresh world for the permutation. Rejects with an `AdapterFailure`, or with what an endpoint's constructor threw. */
  async take(permutation: Permutation, stepped: boolean): Promise<OpenWorld> {
    const key = `${stepped ? 'stepped' : 'free'} ${kindOf(permutation)}`
    const place = this.kept.findIndex((world) => world.key === key)
    const [known] = place < 0 ? [] : this.kept.splice(place, 1)
    const world = known ?? (await this.open(key, permutation, stepped))
    if (known) await reset(known, permutation.seed)
    this.kept.push(world)
    if (this.kept.length > this.keptMax) this.kept.shift()
    return world
  }

  /** Forgets a world that can no longer be trusted: something in it crashed or was left in the middle. */
  async discard(open: OpenWorld): Promise<void> {
    const place = this.kept.findIndex((world) => world.world === open.world)
    if (place >= 0) this.kept.splice(place, 1)
    await open.far?.close()
    await open.live?.close()
  }

  private async open(key: string, permutation: Permutation, stepped: boolean): Promise<KeptWorld> {
    const hosts: HostAddress[] = permutation.hosts.map(({ name }, node) => ({ node, name, mac: macOf(node) }))
    const common = { interface: interfaceOf(permutation), hosts, configuration: permutation.configuration, stepped }
    const settings = permutation.hosts.map(({ role }, node) => ({
      role,
      setting: { ...common, node, seed: seedOf(permutation.seed, node) },
    }))
    const ports: (Endpoint | 'remote')[] = []
    const endpoints: Endpoint[] = []
    let far: RemoteHosts | undefined
    let live: LiveHosts | undefined
    for (const role of ['iut', 'reference'] as const) {
      const own: EndpointSetting[] = settings.filter((entry) => entry.role === role).map((entry) => entry.setting)
      if (own.length === 0) continue
      const opened = await this.adapters[role].open(own)
      if (opened.kind === 'local') {
        own.forEach(({ node }, i) => {
          const endpoint = opened.endpoints[i]
          if (!endpoint)
            throw new Error(`the adapter opened ${opened.endpoints.length} endpoints instead of ${own.length}`)
          ports[node] = endpoint
          endpoints[node] = endpoint
        })
        continue
      }
      if (far ?? live) throw new Error('both roles of a world live in other processes')
      if (opened.kind === 'live') live = opened.far
      else far = opened.far
      for (const { node } of own) ports[node] = 'remote'
      // One process hosts one world at a time: opening another in it ends the worlds kept before.
      this.forgetFar()
    }
    const nodes = permutation.hosts.flatMap((_, node) => (ports[node] === 'remote' ? [node] : []))
    return { key, endpoints, nodes, far, live, world: new World(ports, { stepped, trace: this.trace }) }
  }

  /** Forgets the worlds whose hosts are in another process: that process has another world now, or is gone. */
  forgetFar(): void {
    this.kept.splice(0, this.kept.length, ...this.kept.filter(({ far, live }) => !far && !live))
  }
}

/** Permutations of the same kind are played in the same world. */
function kindOf({ interface: of, hosts, configuration }: Permutation): string {
  return `${of} ${castOf(hosts)} ${settingOf(configuration)}`
}

const castOf: (hosts: Permutation['hosts']) => string = onceFor((hosts) => JSON.stringify(hosts))
const settingOf: (configuration: Permutation['configuration']) => string = onceFor((given) => JSON.stringify(given))

/** The one interface of a world. Suites are checked against the same names before. */
function interfaceOf(permutation: Permutation): InterfaceName {
  const known = interfaceNames.find((name) => name === permutation.interface)
  if (!known) throw new Error(`${permutation.name} is for an unknown interface ${permutation.interface}`)
  return known
}

/** Makes the endpoints of a kept world fresh again. */
async function reset(kept: KeptWorld, seed: number): Promise<void> {
  kept.endpoints.forEach((endpoint, node) => endpoint.reset(seedOf(seed, node)))
  const seeds = kept.nodes.map((node) => ({ node, seed: seedOf(seed, node) }))
  kept.far?.reset(seeds)
  await kept.live?.reset(seeds)
}

/** The seed of one host of a permutation. */
function seedOf(seed: number, node: NodeIndex): number {
  return (Math.imul(seed ^ (node + 1), 0x9e3779b1) ^ (seed >>> 15)) >>> 0
}
