// viaduct serve: an adapter of this project behind the adapter protocol, on stdin and stdout.
import { servePeer } from '../../../adapters/process/peer.ts'
import { knownAdapters, localAdapterNamed } from '../adapters.ts'
import { exitCodes } from '../exit-codes.ts'
import { didYouMean } from '../../plan/nearest.ts'
import { complain } from '../terminal.ts'

export async function serve(name: string): Promise<number> {
  const adapter = localAdapterNamed(name)
  if (!adapter) {
    complain(
      `There is no adapter ${name} to serve. ${didYouMean(
        name,
        knownAdapters.map((known) => known.name),
      )}`,
    )
    return exitCodes.adapter
  }
  await servePeer(adapter, process.stdin, process.stdout)
  return exitCodes.ok
}
