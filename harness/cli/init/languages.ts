// The languages that `viaduct init` knows: what it copies, and what is filled in.

export interface Language {
  /** As people write it. */
  readonly title: string
  /** Files of sdk/LANGUAGE that go beside those of its template. */
  readonly sdk: readonly string[]
  /** The file of the template that is to be filled in. */
  readonly source: string
  /** True if the adapter imports this package, as `viaduct`. */
  readonly importsPackage: boolean
}

export const languages: Readonly<Record<string, Language>> = {
  c: { title: 'C', sdk: ['viaduct.h', 'viaduct.c'], source: 'adapter.c', importsPackage: false },
  python: { title: 'Python', sdk: ['viaduct.py'], source: 'adapter.py', importsPackage: false },
  typescript: { title: 'TypeScript', sdk: [], source: 'adapter.ts', importsPackage: true },
}
