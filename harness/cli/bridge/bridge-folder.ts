// The folder that `viaduct bridge` makes: the sources of the bridge, and how they are compiled and started.
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { adapterFileName } from '../adapter/adapter-file.ts'
import { makeFolder } from '../files/make-folder.ts'
import { packageRoot } from '../files/package.ts'
import { shellWord } from '../terminal/shell-word.ts'
import type { Compiler } from './compiler.ts'

const sources = join(packageRoot, 'adapters/vipl/bridge')
const sdk = join(packageRoot, 'sdk/c')
const sdkFiles = ['viaduct.h', 'viaduct.c']
/** What is made for the vendor's header, beside vendor.h. */
const vendorFile = 'vendor-calls.c'

/** The first words of an adapter.yaml that this command wrote, and may write again. */
const signature = '# Made by viaduct bridge.'

export interface Bridge {
  readonly folder: string
  readonly compiler: Compiler
  /** Absolute, as the folder's commands need them. */
  readonly include: string
  readonly library: string
}

/** Why the folder cannot be written; undefined if it can: it is not there, empty, or was made by this command. */
export function whyNotInto(folder: string): string | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (!stat.isDirectory()) return `${folder} is a file. Name a folder that is not there yet.`
  if (readdirSync(folder).length === 0 || isOurs(folder)) return undefined
  return `${folder} is not empty, and nothing in it is to be overwritten. Name a folder that is not there yet.`
}

function isOurs(folder: string): boolean {
  const file = join(folder, adapterFileName)
  return existsSync(file) && readFileSync(file, 'utf8').startsWith(signature)
}

/** Puts the sources into the folder. What it returns takes everything away again that was not there before. */
export function copySources(folder: string): () => void {
  const wasOurs = existsSync(folder) && isOurs(folder)
  makeFolder(folder)
  for (const file of readdirSync(sources)) cpSync(join(sources, file), join(folder, file))
  for (const file of sdkFiles) cpSync(join(sdk, file), join(folder, file))
  return () => {
    if (!wasOurs) rmSync(folder, { recursive: true, force: true })
  }
}

/** The table of calls that the bridge is made of. */
export function callsText(): string {
  return readFileSync(join(sources, 'calls.h'), 'utf8')
}

/** The words that compile the bridge, in its folder. */
export function compileWords({ compiler, include, library }: Bridge): readonly string[] {
  const parts = [...readdirSync(sources).filter((file) => file.endsWith('.c')), vendorFile, 'viaduct.c']
  return linkWords({ compiler, include, library }, 'bridge', parts)
}

/** The words that make a program of parts and the library. */
export function linkWords(
  { compiler, include, library }: Pick<Bridge, 'compiler' | 'include' | 'library'>,
  program: string,
  parts: readonly string[],
): readonly string[] {
  return [
    '-std=gnu11',
    '-g',
    '-pthread',
    ...compiler.flags,
    '-I.',
    '-isystem',
    include,
    '-o',
    program,
    ...parts,
    ...compiler.linkerFlags,
    ...libraryWords(library),
    ...compiler.libraries,
  ]
}

/** Every call is a weak reference, for which no linker takes a library unless it is told to. */
function libraryWords(library: string): readonly string[] {
  if (library.endsWith('.a')) return ['-Wl,--whole-archive', library, '-Wl,--no-whole-archive']
  return ['-Wl,--no-as-needed', library, `-Wl,-rpath,${dirname(library)}`]
}

/** In the folder: whether the bridge was made after the file. */
function isNewerThan(file: string): string {
  return `test bridge -nt ${shellWord(file)}`
}

/** Writes adapter.yaml. `words` are those that the bridge is started with. */
export function writeAdapterFile(bridge: Bridge, words: readonly string[]): void {
  const { folder, compiler, include, library } = bridge
  const compile = [compiler.program, ...compileWords(bridge)].map(shellWord).join(' ')
  const build = `${isNewerThan(library)} && ${isNewerThan(join(include, 'vipl.h'))} || ${compile}`
  const text = [
    `${signature} It compiles again only when library or header are newer; both commands run in this folder.`,
    `build: ${JSON.stringify(build)}`,
    `command: ${JSON.stringify(['exec ./bridge', ...words.map(shellWord)].join(' '))}`,
  ]
  writeFileSync(join(folder, adapterFileName), `${text.join('\n')}\n`)
}
