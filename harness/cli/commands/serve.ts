// viaduct serve: an adapter of this project behind the adapter protocol, on stdin and stdout or on a socket.
import { existsSync } from 'node:fs'
import type { Server } from 'node:net'
import { readSocketAddress, type SocketAddress } from '../../../adapters/process/attached.ts'
import { listenPeer } from '../../../adapters/process/listen.ts'
import { servePeer, type PeerOptions } from '../../../adapters/process/peer.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { knownAdapters, localAdapterNamed } from '../adapter/named-adapters.ts'
import { orRefuse, Refusal } from '../refusal.ts'
import { insteadOfEnding } from '../signals.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { nearest } from '../../plan/yaml/nearest.ts'
import { complain } from '../terminal/terminal.ts'
import { messageOf } from '../../subject/thrown.ts'

export interface ServeFlags {
  readonly clock: 'virtual' | 'real'
  readonly wire: 'frames' | 'none'
  /** Where to listen; standard input and output unless given. */
  readonly listen?: string
}

/** Worlds share nothing here, so that any number would do; more than these make nothing faster. */
const worldsServed = 32

export async function serve(name: string, { clock, wire, listen }: ServeFlags): Promise<number> {
  if (clock === 'virtual' && wire === 'none')
    throw new Refusal('The wire can be hidden only with --clock real: in virtual time the harness carries the frames.')
  const adapter = localAdapterNamed(name)
  if (!adapter) throw new Refusal(unknown(name), exitCodes.adapter)
  const live = { clock: () => Math.round(performance.now() * 1_000_000), hidesWire: wire === 'none' }
  const options = clock === 'real' ? { live } : { worlds: worldsServed }
  if (listen !== undefined) return listenOn(listen, adapter, options)
  await servePeer(adapter, process.stdin, process.stdout, options)
  return exitCodes.ok
}

function unknown(name: string): string {
  const names = knownAdapters().map((known) => known.name)
  const close = nearest(name, names)
  const hint = close === undefined ? 'viaduct list --adapters shows the names.' : `Did you mean ${close}?`
  return `There is no adapter ${name} to serve. ${hint}`
}

/** A socket file that an earlier process did not live to remove is in the way of the next. */
function inTheWay(address: SocketAddress): string {
  const isFile = 'path' in address && existsSync(address.path)
  return isFile ? `, or remove ${address.path} if nobody listens there any more` : ''
}

/** Where it listens: of port 0 the system makes one that is free. */
function addressOf(server: Server, listen: string): string {
  const bound = server.address()
  return typeof bound === 'object' && bound ? listen.replace(/\d+$/, String(bound.port)) : listen
}

/** Serves whoever connects, until it is interrupted. */
async function listenOn(listen: string, adapter: Adapter, options: PeerOptions): Promise<number> {
  const address = readSocketAddress(listen)
  if (!address) throw new Refusal(`${listen} is no address to listen on: tcp://host:port or unix:path`)
  const place = orRefuse(address)
  try {
    const server = await listenPeer(adapter, place, options)
    complain(`${adapter.name} is served on ${addressOf(server, listen)}; Ctrl-C ends it`)
    await new Promise<void>(insteadOfEnding)
    server.close()
    return exitCodes.ok
  } catch (thrown) {
    const why = messageOf(thrown)
    throw new Refusal(`Nobody can be served on ${listen}: ${why}. Name another address${inTheWay(place)}.`)
  }
}
