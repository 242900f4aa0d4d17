// viaduct serve: an adapter of this project behind the adapter protocol, on stdin and stdout.
import { servePeer } from '../../../adapters/process/peer.ts'
import { knownAdapters, localAdapterNamed } from '../adapters.ts'
import { exitCodes } from '../exit-codes.ts'
import { nearest } from '../../plan/nearest.ts'
import { complain } from '../terminal.ts'

export async function serve(name: string): Promise<number> {
  const adapter = localAdapterNamed(name)
  if (!adapter) {
    const close = nearest(
      name,
      knownAdapters.map((known) => known.name),
    )
    const hint = close === undefined ? 'viaduct list --adapters shows the names.' : `Did you mean ${close}?`
    complain(`There is no adapter ${name} to serve. ${hint}`)
    return exitCodes.adapter
  }
  await servePeer(adapter, process.stdin, process.stdout)
  return exitCodes.ok
}
