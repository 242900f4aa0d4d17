// Which of the calls that a header makes of something else the library can be linked for.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { linkWords, type Bridge } from './bridge-folder.ts'
import { ran } from './compiler.ts'
import { definition, type CallShape } from './indirect-calls.ts'
import type { Vendor } from './vendor-header.ts'

/** In milliseconds, for each. */
const linkWithin = 60_000

/** A symbol that is not there becomes NULL by itself; what stands behind a macro is tried, call by call. */
export function withinReach(bridge: Bridge, { beginning, indirect }: Vendor): readonly CallShape[] {
  const { folder, compiler } = bridge
  const reached = indirect.filter((call) => {
    writeFileSync(join(folder, 'probe.c'), `${beginning}${definition(call)}\nint main(void) { return 0; }\n`)
    const words = linkWords(bridge, 'probe', ['probe.c'])
    return ran(compiler.program, words, { folder, within: linkWithin }).code === 0
  })
  for (const file of ['probe', 'probe.c']) rmSync(join(folder, file), { force: true })
  return reached
}
