// viaduct serve: an adapter of this project behind the adapter protocol, on stdin and stdout.
import { servePeer } from '../../../adapters/process/peer.ts'
import { knownAdapters, localAdapterNamed } from '../adapters.ts'
import { exitCodes } from '../exit-codes.ts'
import { nearest } from '../../plan/nearest.ts'
import { complain } from '../terminal.ts'

export interface ServeFlags {
  readonly clock: 'virtual' | 'real'
  readonly wire: 'frames' | 'none'
}

export async function serve(name: string, { clock, wire }: ServeFlags): Promise<number> {
  if (clock === 'virtual' && wire === 'none') {
    complain('The wire can be hidden only with --clock real: in virtual time the harness carries the frames.')
    return exitCodes.usage
  }
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
  const live = { clock: () => Math.round(performance.now() * 1_000_000), hidesWire: wire === 'none' }
  await servePeer(adapter, process.stdin, process.stdout, clock === 'real' ? { live } : {})
  return exitCodes.ok
}
