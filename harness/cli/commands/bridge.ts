// viaduct bridge: makes an adapter of a vendor's VIPL library and its header, without a line of code.
import { rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { counted } from '../../../spec/vocabulary/units.ts'
import {
  callsText,
  compileWords,
  copySources,
  whyNotInto,
  writeAdapterFile,
  type Bridge,
} from '../bridge/bridge-folder.ts'
import { firstComplaint, ran, systemCompiler, type Ran } from '../bridge/compiler.ts'
import { readDescription, type Description } from '../bridge/description.ts'
import { readCalls } from '../bridge/indirect-calls.ts'
import { withinReach } from '../bridge/reach.ts'
import { readVendorHeader, writeVendorFiles } from '../bridge/vendor-header.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { Refusal, refuseIf } from '../refusal.ts'
import { say, table, wrapped } from '../terminal/terminal.ts'
import { messageOf } from '../../subject/thrown.ts'

/** The flags of `bridge`, as commander reads them. */
export interface BridgeFlags {
  readonly include: string
  readonly lib: string
  readonly device?: readonly string[]
}

/** Devices that are tried, in order, where none is named. `%d` stands for the number of the host. */
const devicesUsual = ['/dev/via_lo%d', '/dev/via_lo', '/dev/via_eth0', '/dev/clanvi0', 'VINIC', 'nic0']

/** Why there is no bridge: what is wrong, the first lines of who says so, and what to try. */
interface NoBridge {
  readonly what: string
  readonly said: readonly string[]
  readonly advice: string
}

export function bridge(folder: string, { include, lib, device }: BridgeFlags): number {
  refuseIf(whyNotInto(folder))
  const made: Bridge = {
    folder,
    compiler: systemCompiler(process.env),
    include: resolve(include),
    library: resolve(lib),
  }
  let undo: (() => void) | undefined
  try {
    const missing = noLibrary(made.library)
    if (!missing) undo = copySources(folder)
    const built = missing ?? compiled(made) ?? described(made, device ?? devicesUsual)
    if ('what' in built) throw new Refusal(linesOf(built), exitCodes.adapter)
    writeAdapterFile(made, built.words)
    sayWhatItIs(folder, lib, built)
    return exitCodes.ok
  } catch (thrown) {
    undo?.()
    if (thrown instanceof Refusal) throw thrown
    throw new Refusal(`${folder} cannot be written: ${messageOf(thrown)}`)
  }
}

function linesOf({ what, said, advice }: NoBridge): string {
  return [what, ...said.map((line) => `  ${line}`), `Try: ${advice}`].join('\n')
}

function noLibrary(library: string): NoBridge | undefined {
  if (statSync(library, { throwIfNoEntry: false })?.isFile() === true) return undefined
  return {
    what: `There is no library ${library}.`,
    said: [],
    advice: 'name the file itself, such as --lib /usr/lib/libvipl.so or libvipl.a',
  }
}

/** In milliseconds: how long compiling may take, and asking the library what it is. */
const compileWithin = 120_000
const describeWithin = 20_000

/** Compiles the bridge; says why that cannot be. */
function compiled(made: Bridge): NoBridge | undefined {
  const { folder, compiler, include } = made
  const header = readVendorHeader({ folder, compiler, include, calls: readCalls(callsText()) })
  rmSync(join(folder, 'probe.c'), { force: true })
  if ('refused' in header) {
    return {
      what: `${compiler.program} does not take the header ${join(include, 'vipl.h')}:`,
      said: header.refused,
      advice: adviceOnHeader(header.refused.join('\n')),
    }
  }
  writeVendorFiles(folder, header, header.indirect)
  const unlinked = linked(made)
  if (!unlinked || header.indirect.length === 0) return unlinked
  const reached = withinReach(made, header)
  // Where none can be linked something else is wrong.
  if (reached.length === 0) return unlinked
  writeVendorFiles(folder, header, reached)
  return linked(made)
}

function linked(made: Bridge): NoBridge | undefined {
  const { folder, compiler } = made
  const { code, fate, stderr } = ran(compiler.program, compileWords(made), { folder, within: compileWithin })
  if (code === 0) return undefined
  const said = firstComplaint(fate ?? stderr)
  return {
    what: `${compiler.program} cannot make a bridge to ${made.library}:`,
    said,
    advice: adviceOnLinking(said.join('\n')),
  }
}

function adviceOnHeader(said: string): string {
  if (/no such program/.test(said)) return 'install a C compiler (gcc or clang), or name one: CC=gcc viaduct bridge ...'
  if (/vipl\.h: No such file/.test(said)) return 'name the folder that holds vipl.h: --include DIR'
  if (/No such file/.test(said))
    return 'name the folder of what is missing, too: CFLAGS=-I/its/folder viaduct bridge ...'
  return 'give the compiler what the header expects: CFLAGS="-DNAME -include FILE" viaduct bridge ...'
}

function adviceOnLinking(said: string): string {
  if (/undefined reference/.test(said))
    return 'name the libraries that it needs itself: LDLIBS="-lname" viaduct bridge ...'
  if (/format|truncated|not recognized|incompatible/.test(said))
    return 'name a library that was built for this machine: `file LIBRARY` says for which it was'
  if (/recompile with/.test(said))
    return 'compile the library with -fPIC, or link without: LDFLAGS=-no-pie viaduct bridge ...'
  return 'compare the header with the library: they have to be of one version'
}

/** What the library says of itself, and the words that the bridge is started with. */
interface Described extends Description {
  readonly words: readonly string[]
  readonly device: string
}

/** Asks the library through the bridge, on the first set of devices that it opens. */
function described(made: Bridge, devices: readonly string[]): Described | NoBridge {
  // What was named belongs together, a device for each host; what is tried, does not.
  const sets = devices === devicesUsual ? devices.map((name) => [name]) : [devices]
  let last: NoBridge | undefined
  for (const set of sets) {
    const words = set.flatMap((name) => ['--device', name])
    const asked = ran(join(resolve(made.folder), 'bridge'), ['--describe', ...words], {
      folder: made.folder,
      within: describeWithin,
    })
    if (asked.code === 0) {
      const description = readDescription(asked.stdout)
      const nics = ['--nics', String(description.values['via.max-nics'] ?? 0)]
      return { ...description, words: [...nics, ...words], device: set.join(', ') }
    }
    last = noBridgeOf(asked, made.library, set)
    if (!/cannot be opened/.test(asked.stderr)) return last
  }
  if (last && sets.length > 1)
    return {
      ...last,
      what: `None of the devices that VIPL libraries usually have can be opened: ${devices.join(', ')}`,
    }
  return last ?? { what: 'No device was named.', said: [], advice: adviceOnDevice }
}

const adviceOnDevice =
  'name the device as the library knows it, --device NAME, once for each host; check that its driver runs and that you may open it'

function noBridgeOf({ code, fate, stderr }: Ran, library: string, devices: readonly string[]): NoBridge {
  const said = firstComplaint(stderr)
  if (/cannot be opened: VipOpenNic/.test(stderr))
    return { what: `The library does not open ${devices[0] ?? ''}:`, said, advice: adviceOnDevice }
  if (/does not export/.test(stderr))
    return {
      what: `${library} is no VIPL library:`,
      said,
      advice: `look at what it exports: nm -D ${shellWord(library)}`,
    }
  if (code === 127 || /cannot open shared object|undefined symbol|symbol lookup/.test(stderr))
    return {
      what: `${library} cannot be loaded:`,
      said,
      advice:
        'put what is missing beside the library, or where the loader looks: LD_LIBRARY_PATH=DIR viaduct bridge ...',
    }
  return {
    what: `The library fails when ${devices[0] ?? ''} is opened: ${fate ?? `exit status ${code ?? '?'}`}`,
    said,
    advice: 'open the device with a small program of your own, under a debugger: VipOpenNic, VipQueryNic, VipCloseNic',
  }
}

function sayWhatItIs(folder: string, lib: string, { name, device, options, missing }: Described): void {
  const named = folder.startsWith('.') || folder.startsWith('/') ? folder : `./${folder}`
  const having = (wanted: boolean): string => {
    const found = Object.keys(options).filter((option) => options[option] === wanted)
    return found.length === 0 ? 'nothing' : found.join(', ')
  }
  say(`${folder} is an adapter for ${lib}: ${name === '' ? 'a NIC without a name' : name}, by the device ${device}.`)
  say()
  say(
    table(
      [
        ['it offers', having(true)],
        ['it lacks', having(false)],
      ],
      '  ',
    ),
  )
  if (missing.length > 0) {
    say()
    say(
      wrapped(`The library does not export ${counted(missing.length, 'call')} of the 41: ${missing.join(', ')}`, '  '),
    )
  }
  say()
  say('Next:')
  say()
  const steps = [
    [`npx viaduct doctor --adapter ${shellWord(named)}`, 'checks that it can be judged'],
    [`npx viaduct run --adapter ${shellWord(named)} --jobs 32`, 'judges it, writes viaduct-report/index.html'],
  ]
  say(table(steps, '  '))
  say()
  say('docs/judging-a-vipl-library.md in the package of viaduct is the guide.')
}
