// The repository tests its own style: a job line in every file, no dead files, no banned names, no words of other places.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { test } from 'tap'

const root = resolve(import.meta.dirname, '../..')
const ignored = new Set(['node_modules', 'build', '.git', '.tap', 'viaduct-report'])

/** Adapters of whoever works in a clone are no part of it, as .gitignore says too. */
function isOthers(path: string): boolean {
  return path.startsWith('my-')
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    if (ignored.has(name) || isOthers(join(folder, name))) return []
    const path = folder === '' ? name : join(folder, name)
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path]
  })
}

const files = filesBelow('')
const sources = files.filter((file) => file.endsWith('.ts'))
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

await test('every source file opens with a sentence that says its job', async (t) => {
  const offenders = sources.filter((file) => !/^\/\/ .*[.:]$/m.test(text(file).split('\n')[0] ?? ''))
  t.same(offenders, [])
})

await test('what init writes in a clone by the name that the guide gives it is left alone by every check', async (t) => {
  const [, name = ''] = /viaduct init (\S+)/.exec(text('docs/writing-an-adapter.md')) ?? []
  t.ok(isOthers(name), name)
  // Lint, format and knip go by this file.
  t.ok(text('.gitignore').split('\n').includes('/my-*/'))
})

await test('file and folder names are kebab-case and say what is inside', async (t) => {
  const banned = new Set(['utils', 'util', 'helpers', 'helper', 'misc', 'common', 'index', 'lib'])
  t.same(
    sources.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(basename(file))),
    [],
  )
  t.same(
    sources.filter((file) => file.split('/').some((part) => banned.has(part.replace(/\.ts$/, '')))),
    [],
  )
})

await test('every source file is imported by another, or is an entry', async (t) => {
  const entries = new Set([
    'harness/cli/main.ts',
    'harness/cli/project/keep-project.ts',
    'harness/cli/mutants/trial-worker.ts',
    'harness/cli/fuzz/mutant-worker.ts',
    'harness/cli/fuzz/worker.ts',
    'bench/main.ts',
    'reports/client/main.ts',
    'sdk/typescript/template/adapter.ts',
  ])
  const imported = new Set(
    sources.flatMap((file) =>
      [...text(file).matchAll(/['"](\.{1,2}\/[^'"]+\.ts)['"]/g)].map((found) => join(dirname(file), found[1] ?? '')),
    ),
  )
  const dead = sources.filter((file) => !imported.has(file) && !entries.has(file) && !file.endsWith('.test.ts'))
  t.same(dead, [])
})

await test('every import leads to a file', async (t) => {
  const missing = sources.flatMap((file) =>
    [...text(file).matchAll(/^import[^'"]*['"](\.{1,2}\/[^'"]+)['"]/gms)]
      .map((found) => join(dirname(file), found[1] ?? ''))
      .filter((reached) => !existsSync(join(root, reached))),
  )
  t.same(missing, [])
})

await test('every requirement that code or suites cite exists', async (t) => {
  const known = new Set(
    files
      .filter((file) => file.startsWith('spec/requirements/'))
      .flatMap((file) => [...text(file).matchAll(/\bid: ((?:EMP|VIA)-[A-Z]+-\d{3})/g)].map((found) => found[1])),
  )
  t.ok(known.size >= 30, `${known.size} requirements`)
  const cited = files
    .filter((file) => /^(reference|suites|harness|adapters|spec\/model)\//.test(file))
    .flatMap((file) =>
      [...text(file).matchAll(/\b(?:EMP|VIA)-[A-Z]+-\d{3}\b/g)].map((found) => ({ file, id: found[0] })),
    )
  t.same(
    cited.filter(({ id }) => !known.has(id)),
    [],
  )
})
