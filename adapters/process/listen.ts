// Serves an in-process adapter on a socket: each connection is a conversation of its own with fresh endpoints.
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { Adapter } from '../../harness/subject/adapter.ts'
import type { SocketAddress } from './attached.ts'
import { servePeer, type PeerOptions } from './peer.ts'

/** Listens until the server is closed. Rejects with what the system says where it cannot. */
export async function listenPeer(adapter: Adapter, address: SocketAddress, options: PeerOptions = {}): Promise<Server> {
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    servePeer(adapter, socket, socket, options).then(
      () => socket.end(),
      () => socket.destroy(),
    )
  })
  server.listen(address)
  await once(server, 'listening')
  return server
}
