// An adapter that runs already and is reached through a socket: under a debugger, or on another machine.
import { createConnection, type Socket } from 'node:net'
import type { OpenTransport, Transport, TransportListener } from './transport.ts'

/** Where it listens: `tcp://host:port`, or the path of a Unix socket. */
export type SocketAddress = { readonly host: string; readonly port: number } | { readonly path: string }

/** Reads `tcp://host:port` or `unix:path`; undefined if it is neither, a problem in words if it is a broken one. */
export function readSocketAddress(text: string): SocketAddress | { readonly problem: string } | undefined {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length)
    return path === '' ? { problem: `${text} names no path: unix:/run/adapter.sock` } : { path }
  }
  if (!text.startsWith('tcp:')) return undefined
  const found = /^tcp:\/\/(?<host>\[[0-9a-fA-F:]+\]|[^:/]+):(?<port>\d+)$/.exec(text)
  const port = Number(found?.groups?.['port'])
  if (!found?.groups || !(port <= 65_535)) return { problem: `${text} is no address: tcp://host:port` }
  return { host: (found.groups['host'] ?? '').replaceAll(/[[\]]/g, ''), port }
}

export function attachedTransport(address: SocketAddress): OpenTransport {
  return (listener) => new Attached(address, listener)
}

class Attached implements Transport {
  readonly isOurs = false
  readonly stderr = ''
  readonly heldOctets = undefined
  readonly gone: Promise<void>
  private readonly socket: Socket

  constructor(address: SocketAddress, listener: TransportListener) {
    const socket = createConnection({ ...address, noDelay: true })
    this.socket = socket
    let isConnected = false
    socket.on('connect', () => {
      isConnected = true
    })
    socket.on('data', (chunk: Uint8Array) => listener.octets(chunk))
    socket.on('error', (error) => {
      if (isConnected) listener.ended(`the connection to the adapter broke: ${error.message}`)
      else listener.unreachable(`nothing answers there: ${error.message}`)
    })
    socket.on('end', () => listener.ended('the adapter closed the connection'))
    this.gone = new Promise((resolve) => {
      socket.once('close', () => resolve())
    })
    socket.unref()
  }

  write(text: string): void {
    this.socket.write(text)
  }

  end(): void {
    this.socket.destroy()
  }

  forgetStderr(): void {}
}
