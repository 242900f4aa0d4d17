// Opens a world of two hosts in the process that checks share, by whatever clock the adapter goes.
import { ask, ignore } from '../../../adapters/process/question.ts'
import { writeOpen, type Greeting } from '../../../adapters/process/protocol.ts'
import {
  interfaceNames,
  type Configuration,
  type EndpointSetting,
  type InterfaceName,
} from '../../../spec/vocabulary/endpoint.ts'
import { macOf } from '../../fabric/address.ts'
import { configure } from '../../subject/pics.ts'
import { LiveWorld } from './live-world.ts'
import type { Patient } from './patient.ts'
import { VirtualWorld } from './virtual-world.ts'
import type { Visit } from './visit.ts'
import { hostNames, type World } from './world.ts'

export interface WorldWish {
  /** The first that is declared, unless said. */
  readonly interface?: InterfaceName
  readonly seed?: number
  /** False unless said. */
  readonly stepped?: boolean
  /** With a virtual clock: its number among the worlds of the process; 0 unless said. */
  readonly world?: number
  /** Values other than those that are declared; the greeting has to allow them. */
  readonly configuration?: Configuration
}

/** The interfaces of the greeting that are known. */
export function interfacesOf({ pics }: Greeting): readonly InterfaceName[] {
  return interfaceNames.filter((name) => pics.interfaces.includes(name))
}

export function openWorld(patient: Patient, greeting: Greeting, wish: WorldWish = {}): Promise<World> {
  return greeting.pics.clock === 'real' ? openLive(patient, greeting, wish) : openVirtual(patient, greeting, wish)
}

/** In a process that no other check shares. */
export async function openIn({ conversation }: Visit, greeting: Greeting): Promise<void> {
  await ask(conversation, { op: 'open', members: writeOpen(settings(greeting, {})), read: ignore })
}

/** Of an adapter with a clock of its own. */
export async function openLive(patient: Patient, greeting: Greeting, wish: WorldWish = {}): Promise<LiveWorld> {
  const { conversation } = await patient.visit()
  const wanted = settings(greeting, wish)
  const nodes = wanted.map(({ node }) => node)
  const read = (): LiveWorld => new LiveWorld(conversation, nodes)
  return ask(conversation, { op: 'open', members: writeOpen(wanted), read })
}

/** Of an adapter with a virtual clock. */
export async function openVirtual(patient: Patient, greeting: Greeting, wish: WorldWish = {}): Promise<VirtualWorld> {
  const { conversation } = await patient.visit()
  const { world = 0 } = wish
  await ask(conversation, { op: 'open', world, members: writeOpen(settings(greeting, wish)), read: ignore })
  return new VirtualWorld(conversation, world)
}

function settings(greeting: Greeting, wish: WorldWish): EndpointSetting[] {
  const { interface: wished, seed = 1, stepped = false, configuration: wanted = {} } = wish
  const [first = 'emp'] = interfacesOf(greeting)
  const hosts = hostNames.map((name, node) => ({ node, name, mac: macOf(node) }))
  const configured = configure(greeting.pics, wanted)
  const configuration = 'configuration' in configured ? configured.configuration : {}
  return hosts.map(({ node }) => ({
    interface: wished ?? first,
    node,
    hosts,
    configuration,
    stepped,
    seed,
  }))
}
