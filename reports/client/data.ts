// Unpacks the compressed data that the page carries.
import type { LazyCase } from '../case-row.ts'

async function unpacked(id: string): Promise<string> {
  const packed = atob(document.getElementById(id)?.textContent ?? '')
  const octets = Uint8Array.from(packed, (character) => character.charCodeAt(0))
  const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream('gzip'))
  return await new Response(stream).text()
}

/** Runs once per argument; whoever asks later gets the same answer. */
function once<Argument, Result>(make: (argument: Argument) => Result): (argument: Argument) => Result {
  const made = new Map<Argument, Result>()
  return (argument) => {
    const known = made.get(argument)
    if (known !== undefined) return known
    const result = make(argument)
    made.set(argument, result)
    return result
  }
}

/** Every case with its permutations. What the page carries was written by `lazyData`, and needs no checking. */
export const cases: (key: 'rows') => Promise<ReadonlyMap<string, LazyCase>> = once(async (key) => {
  const list: readonly LazyCase[] = JSON.parse(await unpacked(key))
  return new Map(list.map((one) => [one.name, one]))
})

/** The markup of a chunk of failures. */
export const chunk: (place: number) => Promise<readonly string[]> = once(async (place) => {
  const fragments: readonly string[] = JSON.parse(await unpacked(`chunk-${place}`))
  return fragments
})
