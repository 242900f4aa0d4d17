// Makes vendor.h: the vendor's vipl.h as it is, and what it lacks of what the bridge names.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstComplaint, ran, type Compiler } from './compiler.ts'

/** A call of VIPL, as calls.h of the bridge has it. */
interface CallShape {
  readonly name: string
  readonly parameters: string
}

/** The calls in calls.h, one on a line. */
export function readCalls(text: string): readonly CallShape[] {
  return [...text.matchAll(/^CALL\((\w+), (.*)\)$/gm)].map(([, name = '', parameters = '']) => ({ name, parameters }))
}

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

/** The text of vendor.h and the calls that the header lacks; or the compiler's first complaint about the header. */
export function vendorHeader(
  probing: Probing,
): { readonly text: string; readonly undeclared: readonly string[] } | { readonly refused: readonly string[] } {
  const refusals = beginnings.map((beginning) => ({ beginning, refused: whyNot(beginning, probing) }))
  const beginning = refusals.find(({ refused }) => refused === undefined)?.beginning
  if (beginning === undefined) return { refused: firstComplaint(refusals[0]?.refused ?? '') }
  const lacks = lacking(beginning, probing)
  const calls = probing.calls.filter(({ name }) => lacks.has(name))
  const codes = Object.entries(laterCodes).filter(([name]) => lacks.has(name))
  const additions = [
    ...calls.map(({ name, parameters }) => `extern VIP_RETURN (${name})(${parameters});`),
    ...codes.map(([name, value]) => `#define ${name} ((VIP_RETURN)${value})`),
    ...(lacks.has(discovery) ? [`${discoveryShape} ${discovery};`] : []),
  ]
  const words = '/* Made by viaduct bridge: the header of the library, and below what it lacks. */\n'
  return { text: `${words}${beginning}${additions.join('\n')}\n`, undeclared: calls.map(({ name }) => name) }
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
