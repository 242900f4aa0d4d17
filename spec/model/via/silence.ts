// Reliable messages that did not arrive although the world came to rest: then their connection is broken (REL-007, REL-012).
import type { Connection } from './connection.ts'
import type { Vi } from './vi.ts'

const lost = ['VIA-REL-007', 'VIA-REL-012']

/** A receive of `vi` was owed a message and has none: the sender's end is in error. */
export function breakSilently(connection: Connection, vi: Vi): void {
  const sender = connection.peerOf(vi)
  connection.isBroken = true
  if (sender.connection === connection && sender.leaving === 0) sender.seeError()
}

/** The end of `vi` is connected after the world came to rest: what it had sent before has arrived. */
export function confirm(vi: Vi): void {
  const { connection } = vi
  if (!connection) return
  const { items } = connection.peerOf(vi).recv
  for (const item of items) if (item.owedBy === connection && item.isAccepted && !item.isGhost) item.due ??= lost
}
