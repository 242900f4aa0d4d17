// Makes vendor.h: the vendor's vipl.h as it is, and what it lacks of what the bridge names.
// And vendor-calls.c, with a function for each call that the header makes of something else.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstComplaint, ran, type Compiler } from './compiler.ts'
import { definition, redirection, symbolProbe, type CallShape } from './indirect-calls.ts'

/** Return codes that only some headers have, with the values that they have there. */
const laterCodes: Readonly<Record<string, number>> = { VIP_NOT_REACHABLE: 15, VIP_ERROR_NOT_SUPPORTED: 16 }

const discovery = 'VIP_AUTODISCOVERY_LIST'
const discoveryShape = 'typedef struct { VIP_ULONG NumberOfHops; VIP_NET_ADDRESS *ADAddrArray; VIP_ULONG NumAdAddrs; }'

/** Ways to begin with the header: as it is, or with the names that Windows gives. */
const beginnings = ['#include <vipl.h>\n', '#include "windows-names.h"\n#include <vipl.h>\n']

export interface Probing {
  readonly folder: string
  readonly compiler: Compiler
  /** Where the vendor's header is. */
  readonly include: string
  readonly calls: readonly CallShape[]
}

/** What the compiler makes of the header. */
export interface Vendor {
  /** How a file begins that takes the header in. */
  readonly beginning: string
  /** What the header lacks, in C. */
  readonly additions: readonly string[]
  /** Calls that are macros, or functions in the header itself. */
  readonly indirect: readonly CallShape[]
}

/** What the header has and lacks; or the compiler's first complaint about it. */
export function readVendorHeader(probing: Probing): Vendor | { readonly refused: readonly string[] } {
  const refusals = beginnings.map((beginning) => ({ beginning, refused: whyNot(beginning, probing) }))
  const beginning = refusals.find(({ refused }) => refused === undefined)?.beginning
  if (beginning === undefined) return { refused: firstComplaint(refusals[0]?.refused ?? '') }
  const indirect = indirectCalls(beginning, probing)
  const direct = probing.calls.filter((call) => !indirect.includes(call))
  const lacks = lacking(beginning, { ...probing, calls: direct })
  const calls = direct.filter(({ name }) => lacks.has(name))
  const codes = Object.entries(laterCodes).filter(([name]) => lacks.has(name))
  const additions = [
    ...calls.map(({ name, parameters }) => `extern VIP_RETURN (${name})(${parameters});`),
    ...codes.map(([name, value]) => `#define ${name} ((VIP_RETURN)${value})`),
    ...(lacks.has(discovery) ? [`${discoveryShape} ${discovery};`] : []),
  ]
  return { beginning, additions, indirect }
}

/** Writes vendor.h and vendor-calls.c into the folder, with functions for the calls that are `reached`. */
export function writeVendorFiles(
  folder: string,
  { beginning, additions, indirect }: Vendor,
  reached: readonly CallShape[],
): void {
  const write = (file: string, words: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, file), `/* Made by viaduct bridge: ${words}. */\n${beginning}${lines.join('\n')}\n`)
  const redirections = indirect.map((call) => redirection(call))
  write('vendor.h', 'the header of the library, and below what it lacks', [...additions, ...redirections])
  const definitions = reached.map((call) => definition(call))
  write('vendor-calls.c', 'calls that the header makes of something else, as functions', definitions)
}

/** The calls that have no symbol of their name. All at once are tried first: usually there is none. */
function indirectCalls(beginning: string, probing: Probing): readonly CallShape[] {
  const compiles = (calls: readonly CallShape[]): boolean =>
    whyNot(`${beginning}${calls.map(symbolProbe).join('\n')}\n`, probing) === undefined
  return compiles(probing.calls) ? [] : probing.calls.filter((call) => !compiles([call]))
}

/** The names that the header does not declare. All at once are tried first: usually it has them. */
function lacking(beginning: string, probing: Probing): ReadonlySet<string> {
  const uses = new Map([
    ...probing.calls.map(({ name }): [string, string] => [name, `(void)&${name};`]),
    ...Object.keys(laterCodes).map((name): [string, string] => [name, `(void)(VIP_RETURN)${name};`]),
    [discovery, `${discovery} list; (void)list.ADAddrArray;`] satisfies [string, string],
  ])
  const compiles = (statements: Iterable<string>): boolean =>
    whyNot(`${beginning}void probe(void);\nvoid probe(void) {\n${[...statements].join('\n')}\n}\n`, probing) ===
    undefined
  if (compiles(uses.values())) return new Set()
  return new Set([...uses].filter(([, statement]) => !compiles([statement])).map(([name]) => name))
}

/** In milliseconds. */
const compileWithin = 60_000

/** What the compiler says of the text; undefined if it takes it. */
function whyNot(text: string, { folder, compiler, include }: Probing): string | undefined {
  writeFileSync(join(folder, 'probe.c'), text)
  const words = ['-std=gnu11', '-w', ...compiler.flags, '-isystem', include, '-fsyntax-only', 'probe.c']
  const { code, fate, stderr } = ran(compiler.program, words, { folder, within: compileWithin })
  if (code === 0) return undefined
  return fate === undefined ? stderr : `${compiler.program}: error: ${fate}`
}
