// viaduct bridge: headers of both families, what a library lacks, what cannot be, and libraries that misbehave.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { readDescription } from '../../harness/cli/bridge/description.ts'
import { firstComplaint } from '../../harness/cli/bridge/compiler.ts'
import { readCalls } from '../../harness/cli/bridge/indirect-calls.ts'
import { viaReturnCodes } from '../../spec/vocabulary/via-returns.ts'
import { answer, complaint, folder, root, viaduct, written, type Outcome } from '../viaduct-command.ts'

const headers = join(root, 'adapters/vipl/loopback')
const tiny = join(root, 'tests/vipl/tiny.c')
const strict = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Werror']

function cc(...words: readonly string[]): void {
  execFileSync('cc', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A shared library of tiny.c, compiled with these definitions; its file. */
function tinyLibrary(name: string, ...words: readonly string[]): string {
  const file = `lib${name}.so`
  cc('-std=gnu11', '-shared', '-fPIC', `-I${headers}`, ...words, tiny, '-o', file)
  return file
}

/** A folder with a vipl.h of this text. */
function header(name: string, text: string): string {
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'vipl.h'), text)
  return name
}

/** The header without what a pattern finds. */
function without(name: string, pattern: RegExp): string {
  cpSync(headers, join(folder, name), { recursive: true })
  const file = join(folder, name, 'vipl-calls.h')
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(pattern, ''))
  return name
}

const callNames = readCalls(readFileSync(join(root, 'adapters/vipl/bridge/calls.h'), 'utf8')).map(({ name }) => name)

/** `vipl_open_nic` for VipOpenNic. */
function otherName(call: string): string {
  return call.replaceAll(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`).replace('_vip', 'vipl')
}

const renamedFlags = callNames.map((call) => `-D${call}=${otherName(call)}`)
const renamed = callNames.map((call) => `#define ${call} ${otherName(call)}`)

/** The header as one whose calls are other functions: by macros with parameters and without, and by a function in the header. */
function byOtherNames(name: string): string {
  cpSync(headers, join(folder, name), { recursive: true })
  const file = join(folder, name, 'vipl-calls.h')
  const undone = callNames.map((call) => `#undef ${call}`)
  const macros = callNames
    .filter((call) => call !== 'VipCloseNic')
    .map(
      (call, place) =>
        `#define ${call}${place % 2 === 0 ? '' : '(...)'} ${otherName(call)}${place % 2 === 0 ? '' : '(__VA_ARGS__)'}`,
    )
  const own = 'static inline VIP_RETURN VipCloseNic(VIP_NIC_HANDLE nic) { return vipl_close_nic(nic); }'
  writeFileSync(file, [...renamed, readFileSync(file, 'utf8'), ...undone, own, ...macros, ''].join('\n'))
  return name
}

/** The header as one that was written for Windows. */
function forWindows(name: string): string {
  cpSync(headers, join(folder, name), { recursive: true })
  const types = join(folder, name, 'vipl-types.h')
  const text = readFileSync(types, 'utf8')
    .replace('#include <stdint.h>\n', 'typedef WCHAR VIP_WCHAR;\n')
    .replaceAll(/\buint(\d+)_t\b/g, 'unsigned __int$1')
    .replace(/VIP_INFINITE .*/, 'VIP_INFINITE INFINITE')
  writeFileSync(types, text)
  const calls = join(folder, name, 'vipl-calls.h')
  writeFileSync(
    calls,
    readFileSync(calls, 'utf8').replaceAll('extern VIP_RETURN ', '__declspec(dllexport) VIP_RETURN __cdecl '),
  )
  return name
}

interface Wanted {
  readonly include?: string
  readonly lib?: string
  readonly device?: string
  readonly variables?: Readonly<Record<string, string>>
}

function bridge(out: string, { include = headers, lib, device = 'tiny', variables = {} }: Wanted): Promise<Outcome> {
  const words = ['bridge', 'vipl', out, '--include', include, '--lib', lib ?? usual, '--device', device]
  return viaduct(words, { variables })
}

const usual = tinyLibrary('tiny')
cc('-c', '-std=gnu11', `-I${headers}`, tiny, '-o', 'tiny.o')
execFileSync('ar', ['rcs', 'libtiny.a', 'tiny.o'], { cwd: folder })
writeFileSync(join(folder, 'other.c'), 'int other(void);\nint other(void) { return 1; }\n')
cc('-shared', '-fPIC', 'other.c', '-o', 'libother.so')
const needy = tinyLibrary('needy', '-Wl,--no-as-needed', './libother.so')
rmSync(join(folder, 'libother.so'))
writeFileSync(join(folder, 'needs.c'), 'int more(void);\nint needs(void);\nint needs(void) { return more(); }\n')
cc('-shared', '-fPIC', 'needs.c', tiny, `-I${headers}`, '-o', 'libneeds.so')
cc('-shared', '-fPIC', 'other.c', '-o', 'libno-vipl.so')
writeFileSync(join(folder, 'text.so'), 'this is no library\n')
mkdirSync(join(folder, 'full'))
writeFileSync(join(folder, 'full/of-mine.txt'), '')

/** Everything that is tried here; each starts as soon as a processor is free. */
const tried = {
  intel: bridge('intel', {}),
  giganet: bridge('giganet', { include: join(headers, 'giganet') }),
  older: bridge('older', { include: join(headers, 'giganet'), variables: { CFLAGS: '-DVIPL095' } }),
  windows: bridge('windows', { include: forWindows('windows-headers') }),
  archive: bridge('archive', { lib: 'libtiny.a' }),
  macros: bridge('macros', { include: byOtherNames('other-names'), lib: tinyLibrary('macros', ...renamedFlags) }),
  undeclared: bridge('undeclared', { include: without('less', /extern VIP_RETURN VipResizeCQ[^;]*;/g) }),
  few: bridge('few', { lib: tinyLibrary('few', '-DNOTHING_MORE') }),
  noHeader: bridge('no-header', { include: 'full' }),
  badHeader: bridge('bad-header', { include: header('bad', 'typedef int VIP_RETURN\n#include <vipl.h>\n') }),
  noLibrary: bridge('no-library', { lib: 'libnone.so' }),
  noVipl: bridge('no-vipl', { lib: 'libno-vipl.so' }),
  text: bridge('text', { lib: 'text.so' }),
  needy: bridge('needy', { lib: needy }),
  needs: bridge('needs', { lib: 'libneeds.so' }),
  noDevice: bridge('no-device', { device: 'other' }),
  noneNamed: viaduct(['bridge', 'vipl', 'none-named', '--include', headers, '--lib', usual]),
  crash: bridge('crash', { lib: tinyLibrary('crash', '-DCRASHES_AT_OPEN') }),
  noCompiler: bridge('no-compiler', { variables: { CC: 'no-such-compiler' } }),
  full: bridge('full', {}),
  api: viaduct(['bridge', 'verbs', 'x', '--include', headers, '--lib', usual]),
}

// --- headers ---------------------------------------------------------------------------------------------------------

for (const [name, outcome] of Object.entries({
  "Intel's header": tried.intel,
  "Giganet's header": tried.giganet,
  "Giganet's header with descriptors of before version 1.0": tried.older,
  'a header that was written for Windows': tried.windows,
  'a static library': tried.archive,
})) {
  await test(`a bridge is made with ${name}, unchanged`, async (t) => {
    t.match(await answer(outcome), /is an adapter for libtiny\.(so|a): tiny, by the device tiny\./)
  })
}

for (const [family, words] of [
  ['', []],
  ['giganet', ['-DVIPL095']],
] as const) {
  await test(`a client that was written for other libraries misses nothing in our header: ${family}`, (t) => {
    const include = join(headers, family)
    t.doesNotThrow(() => cc(...strict, ...words, `-I${include}`, '-fsyntax-only', join(root, 'tests/vipl/client.c')))
    t.end()
  })
}

await test('the bridge knows the 41 calls of VIPL, and no other', (t) => {
  t.same(callNames.toSorted(), Object.keys(viaReturnCodes).toSorted())
  t.equal(callNames.length, 41)
  t.end()
})

await test('the bridge compiles without a warning with either family', (t) => {
  for (const include of [headers, join(headers, 'giganet')]) {
    const made = include === headers ? 'intel' : 'giganet'
    const place = join(folder, made)
    const sources = readdirSync(place).filter((file) => file.endsWith('.c'))
    for (const file of sources) cc(...strict, '-I', place, '-isystem', include, '-fsyntax-only', join(place, file))
    t.ok(sources.length > 10)
  }
  t.end()
})

// --- what a library lacks --------------------------------------------------------------------------------------------

await test('a call that the library does not export becomes an absent option', async (t) => {
  const said = await answer(tried.few)
  t.match(said, /^ {2}it lacks .*via\.peer-to-peer, via\.notify/m)
  t.match(said, /does not export 38 calls of the 41: VipCreateVi, /)
})

await test('a call that the header does not declare is declared by the bridge', async (t) => {
  await answer(tried.undeclared)
  t.match(written('undeclared/vendor.h'), /^extern VIP_RETURN \(VipResizeCQ\)\(VIP_CQ_HANDLE, VIP_ULONG\);$/m)
  t.notMatch(written('intel/vendor.h'), /extern/, 'what it declares stays as it is')
  t.notMatch(written('intel/vendor-calls.c'), /viaduct_/)
})

await test('calls that the header makes of other functions are found, and those of them that the library lacks', async (t) => {
  const said = await answer(tried.macros)
  t.match(said, /is an adapter for libmacros\.so: tiny, by the device tiny\./)
  t.match(said, /does not export 35 calls of the 41: VipDestroyVi, /)
  const defined = written('macros/vendor-calls.c').match(/^VIP_RETURN viaduct_\w+(?=.*\{)/gm)
  t.same(
    defined?.map((each) => each.replace('VIP_RETURN viaduct_', '')),
    ['VipOpenNic', 'VipCloseNic', 'VipQueryNic', 'VipCreateVi', 'VipCreatePtag', 'VipRegisterMem'],
  )
  const run = await viaduct(['run', 'via.nic/unknown-device', '--adapter', './macros', '--report', 'of-macros'])
  t.equal(run.code, 0, run.stdout)
})

await test('return codes that the header lacks are known by their values', async (t) => {
  await answer(tried.intel)
  await answer(tried.giganet)
  t.match(written('intel/vendor.h'), /^#define VIP_NOT_REACHABLE \(\(VIP_RETURN\)15\)$/m)
  t.notMatch(written('giganet/vendor.h'), /#define/)
})

// --- what cannot be --------------------------------------------------------------------------------------------------

for (const [name, outcome, words] of [
  [
    'a folder without vipl.h',
    tried.noHeader,
    /does not take the header .*vipl\.h:\n[^]*vipl\.h: No such file[^]*Try: name the folder/,
  ],
  [
    'a header that is no C',
    tried.badHeader,
    /does not take the header [^]*vipl\.h:1:[^]*error:[^]*Try: give the compiler/,
  ],
  ['a library that is not there', tried.noLibrary, /There is no library .*libnone\.so[^]*Try: name the file itself/],
  ['a library of something else', tried.noVipl, /is no VIPL library:\n.*does not export VipOpenNic\nTry: .*nm -D/],
  ['a file that is no library', tried.text, /cannot make a bridge to .*text\.so:\n[^]*Try: /],
  [
    'a library that will not load',
    tried.needy,
    /cannot be loaded:\n.*libother\.so: cannot open[^]*Try: .*LD_LIBRARY_PATH/,
  ],
  ['a library that needs another', tried.needs, /cannot make a bridge[^]*undefined reference to `more'[^]*LDLIBS/],
  [
    'a device that will not open',
    tried.noDevice,
    /does not open other:\n.*VIP_INVALID_PARAMETER \(2\)\nTry: .*--device/,
  ],
  ['no device that is known', tried.noneNamed, /^None of the devices .*: \/dev\/via_lo%d, [^]*Try: .*--device/],
  ['a library that crashes', tried.crash, /fails when tiny is opened: it was killed by SIGABRT\n[^]*Try: .*debugger/],
  ['no compiler', tried.noCompiler, /no-such-compiler: error: there is no such program\nTry: install a C compiler/],
] as const) {
  await test(`${name}: exit 5, the first real message, and what to try`, async (t) => {
    t.match(await complaint(outcome, 5), words)
  })
}

await test('what could not be made leaves no folder behind', async (t) => {
  await complaint(tried.noHeader, 5)
  await complaint(tried.noDevice, 5)
  t.notOk(existsSync(join(folder, 'no-header')))
  t.notOk(existsSync(join(folder, 'no-device')))
})

await test('a folder of others is left alone, and wrong usage is exit 3', async (t) => {
  t.match(await complaint(tried.full), /^full is not empty/)
  t.same(readdirSync(join(folder, 'full')), ['of-mine.txt'])
  t.match(await complaint(tried.api), /Allowed choices are vipl/)
})

await test('a bridge is made again in the folder of the one before', async (t) => {
  await answer(tried.archive)
  t.match(await answer(bridge('archive', { lib: usual })), /is an adapter for libtiny\.so/)
  t.match(written('archive/adapter.yaml'), /libtiny\.so/)
})

// --- judging ---------------------------------------------------------------------------------------------------------

await test('a library that crashes, hangs or writes too far costs the case it happens in', async (t) => {
  await answer(tried.intel)
  const cases = ['via.nic/unknown-device', 'via.memory/no-octets', 'via.protection-tags/one-tag-too-many']
  const run = await viaduct(['run', ...cases, '--adapter', './intel', '--call-timeout', '500ms', '--report', 'of-tiny'])
  t.equal(run.code, 1, run.stderr)
  t.match(run.stdout, /2 pass, 1 timeout, 1 crash/)
  t.match(written('of-tiny/report.json'), /a write 8192 octets behind buffer pool of left, which has 8192/)
})

// --- small things ----------------------------------------------------------------------------------------------------

await test('what a library prints beside a description is left out', (t) => {
  const text =
    'hello\nname my NIC \noption via.notify true\noption via.rdma-read false\nvalue via.max-vis 8\nmissing VipNSInit\n'
  t.same(readDescription(text), {
    name: 'my NIC',
    options: { 'via.notify': true, 'via.rdma-read': false },
    values: { 'via.max-vis': 8 },
    missing: ['VipNSInit'],
  })
  t.end()
})

await test('of what compilers and linkers say the first complaint is shown, with what belongs to it', (t) => {
  const lead = 'In file included from probe.c:1:\n'
  t.same(firstComplaint(`${lead}x.h:3:1: error: no\n  3 | x\n    | ^\n`), ['x.h:3:1: error: no', '  3 | x', '    | ^'])
  t.same(firstComplaint('nothing that is known\n'), ['nothing that is known'])
  t.end()
})
