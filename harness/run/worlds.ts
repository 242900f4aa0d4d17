// Opens worlds for permutations and keeps them: a world that fits is reset, which is far cheaper than a fresh one.
import type { Endpoint, EndpointSetting, HostAddress } from '../../spec/vocabulary/endpoint.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import { macOf } from '../fabric/address.ts'
import type { Permutation, Role } from '../plan/permutation.ts'
import { onceFor } from '../plan/once-for.ts'
import { Trace } from '../result/trace.ts'
import type { Adapter, FarHosts, OpenedHosts } from '../subject/adapter.ts'
import { World } from './world.ts'

/** How many worlds of in-process endpoints are kept, unless more are wanted. */
const keptUsual = 8

/** An opened world with its endpoints, ready for `World.begin`. */
export interface OpenWorld {
  readonly world: World
  /** The hosts of another process, if there are any. */
  readonly elsewhere: FarHosts | undefined
}

interface KeptWorld extends OpenWorld {
  readonly endpoints: readonly Endpoint[]
  /** The hosts of another process. */
  readonly nodes: readonly NodeIndex[]
}

/** A host could not be had: its adapter threw `cause`, an `AdapterFailure` or anything else. `node` is -1 for any of the implementation. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure'
  readonly node: NodeIndex
  override readonly cause: unknown

  constructor(node: NodeIndex, cause: unknown) {
    super(`host ${node} could not be had`)
    this.node = node
    this.cause = cause
  }
}

export class Worlds {
  private readonly adapters: Readonly<Record<Role, Adapter>>
  private readonly keptMax: number
  private readonly trace = new Trace()
  /** By kind, the one that was used longest ago first. */
  private readonly kept = new Map<string, KeptWorld>()
  /** Operations that were seen not to return at once, or to leave activities behind that go before the next call. */
  private readonly waiting = new Set<string>()

  constructor(adapters: Readonly<Record<Role, Adapter>>, keptMax = keptUsual) {
    this.adapters = adapters
    this.keptMax = keptMax
  }

  /** A fresh world for the permutation. Rejects with a `HostFailure` if a host could not be had; anything else is our own fault. */
  async take(permutation: Permutation, stepped: boolean): Promise<OpenWorld> {
    const key = `${stepped ? 'stepped' : 'free'} ${kindOf(permutation)}`
    const kept = this.kept.get(key)
    const known = kept?.elsewhere?.far.isOpen === false ? undefined : kept
    this.kept.delete(key)
    const world = known ?? (await this.open(permutation, stepped, kept))
    if (known) await reset(known, permutation.seed)
    this.kept.set(key, world)
    if (this.kept.size > this.keptMax) this.forgetOldest()
    return world
  }

  /** Forgets a world that can no longer be trusted: something in it crashed or was left in the middle. */
  async discard(open: OpenWorld): Promise<void> {
    for (const [key, kept] of this.kept) if (kept.world === open.world) this.kept.delete(key)
    await open.elsewhere?.far.close()
  }

  /** `before`: a world of the same kind that is open no more. Without endpoints of this process nothing of it is left but the engine. */
  private async open(permutation: Permutation, stepped: boolean, before?: KeptWorld): Promise<KeptWorld> {
    const hosts: HostAddress[] = permutation.hosts.map(({ name }, node) => ({ node, name, mac: macOf(node) }))
    const common = { interface: permutation.interface, hosts, configuration: permutation.configuration, stepped }
    const settings = permutation.hosts.map(({ role }, node) => ({
      role,
      setting: { ...common, node, seed: hostSeed(permutation.seed, node) },
    }))
    const ports: (Endpoint | 'remote')[] = []
    const endpoints: Endpoint[] = []
    let elsewhere: FarHosts | undefined
    for (const role of ['iut', 'reference'] as const) {
      const own: EndpointSetting[] = settings.filter((entry) => entry.role === role).map((entry) => entry.setting)
      if (own.length === 0) continue
      const opened = await this.openAs(role, own)
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
      if (elsewhere) throw new Error('both roles of a world live in other processes')
      elsewhere = opened
      for (const { node } of own) ports[node] = 'remote'
    }
    const nodes = permutation.hosts.flatMap((_, node) => (ports[node] === 'remote' ? [node] : []))
    const engine = endpoints.length === 0 ? before?.world : undefined
    return { endpoints, nodes, elsewhere, world: engine ?? new World(ports, { stepped, trace: this.trace }) }
  }

  private async openAs(role: Role, own: readonly EndpointSetting[]): Promise<OpenedHosts> {
    try {
      return await this.adapters[role].open(own)
    } catch (thrown) {
      // Which of its hosts an implementation could not open, it does not say.
      throw new HostFailure(role === 'iut' ? -1 : (own[0]?.node ?? -1), thrown)
    }
  }

  /** Whether calls of this operation return at once as a rule, as far as has been seen. */
  returnsAtOnce(operation: string): boolean {
    return !this.waiting.has(operation)
  }

  /** One did not, in a world of any kind. */
  sawWaiting(operation: string): void {
    this.waiting.add(operation)
  }

  private forgetOldest(): void {
    for (const key of this.kept.keys()) {
      this.kept.delete(key)
      return
    }
  }
}

/** Permutations of the same kind are played in the same world. */
function kindOf({ interface: of, hosts, configuration }: Permutation): string {
  return `${of} ${numberOf(hosts)} ${numberOf(configuration)}`
}

/** A number for each thing that reads the same as JSON. */
const numberOf: (thing: object) => number = onceFor((thing) => {
  const text = JSON.stringify(thing)
  const known = numbers.get(text)
  if (known !== undefined) return known
  numbers.set(text, numbers.size)
  return numbers.size - 1
})
const numbers = new Map<string, number>()

/** Makes the endpoints of a kept world fresh again. */
async function reset({ endpoints, nodes, elsewhere }: KeptWorld, seed: number): Promise<void> {
  endpoints.forEach((endpoint, node) => {
    try {
      endpoint.reset(hostSeed(seed, node))
    } catch (thrown) {
      throw new HostFailure(node, thrown)
    }
  })
  if (!elsewhere) return
  const seeds = nodes.map((node) => ({ node, seed: hostSeed(seed, node) }))
  try {
    await elsewhere.far.reset(seeds)
  } catch (thrown) {
    throw new HostFailure(-1, thrown)
  }
}

/** The seed of one host of a permutation. */
function hostSeed(seed: number, node: NodeIndex): number {
  return (Math.imul(seed ^ (node + 1), 0x9e3779b1) ^ (seed >>> 15)) >>> 0
}
