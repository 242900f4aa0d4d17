// The doors between rooms: every import goes through a door that the room's tsconfig names, and packages stay where they belong.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'tap'

const root = resolve(import.meta.dirname, '../..')

interface RoomFile {
  readonly references: readonly { readonly path: string }[]
}

function readJson(path: string): RoomFile {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof parsed === 'object' && parsed !== null && 'references' in parsed && Array.isArray(parsed.references)) {
    return { references: parsed.references.filter((entry: unknown): entry is { path: string } => hasPath(entry)) }
  }
  throw new Error(`${path} has no references`)
}

function hasPath(entry: unknown): entry is { path: string } {
  return typeof entry === 'object' && entry !== null && 'path' in entry && typeof entry.path === 'string'
}

const rooms = readJson(join(root, 'tsconfig.json')).references.map(({ path }) => path.replace(/^\.\//, ''))

/** Room name -> rooms that it may import. */
const doors = new Map(
  rooms.map((room) => [
    room,
    readJson(join(root, room, 'tsconfig.json')).references.map(({ path }) => relative(root, resolve(root, room, path))),
  ]),
)

/** Packages that a room may import, beside what every room may. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'harness/fabric': ['pure-rand'],
  'harness/plan': ['yaml', '#generated'],
  'harness/run': ['pure-rand'],
  'harness/fuzz': ['pure-rand', 'fast-check'],
  adapters: ['node:'],
  // Its template imports the package as others see it.
  'sdk/typescript': ['node:', 'viaduct'],
  'harness/cli': ['node:', 'commander', '#generated'],
  bench: ['node:', 'tinybench'],
  tests: ['node:', 'tap', 'tap-parser', 'fast-check', 'yaml', 'ajv', 'playwright-core', 'axe-core', '#generated'],
}

function roomOf(file: string): string {
  const found = rooms.filter((room) => file.startsWith(`${room}/`)).toSorted((a, b) => b.length - a.length)[0]
  if (found === undefined) throw new Error(`${file} is in no room`)
  return found
}

const sources = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name))
    .filter((file) => roomOf(file) === room),
)

/** Static imports and re-exports, side-effect imports, and dynamic ones. */
const importPattern = /^(?:import|export)\b[^;'"]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm

const imports = sources.flatMap((file) => {
  // Programs that tests write into temporary folders stand in template strings; what they import is no door of ours.
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/`(?:\\.|[^`\\])*`/g, '``')
  return [...text.matchAll(importPattern)].map((found) => ({
    file,
    room: roomOf(file),
    target: found[1] ?? found[2] ?? found[3] ?? '',
  }))
})

await test('the rooms hold sources and imports at all', async (t) => {
  t.ok(sources.length > 50, `${sources.length} files`)
  t.ok(imports.length > 100, `${imports.length} imports`)
})

await test('a relative import names its file and stays in the room or goes through a door', async (t) => {
  const offenders = imports
    .filter(({ target }) => target.startsWith('.'))
    .filter(({ file, room, target }) => {
      const reached = join(dirname(file), target)
      if (!reached.endsWith('.ts')) return true
      const other = roomOf(reached)
      return other !== room && !(doors.get(room) ?? []).includes(other)
    })
  t.same(offenders, [])
})

await test('a package is imported only where it belongs', async (t) => {
  const offenders = imports
    .filter(({ target }) => !target.startsWith('.'))
    .filter(
      ({ room, target }) =>
        !(packages[room] ?? []).some(
          (allowed) => target === allowed || target.startsWith(allowed.endsWith(':') ? allowed : `${allowed}/`),
        ),
    )
  t.same(offenders, [])
})

await test('the two doors that carry the design do not exist', async (t) => {
  t.notOk(
    doors.get('reference')?.some((door) => door.startsWith('harness') || door === 'spec/model'),
    'reference sees only words',
  )
  for (const [room, open] of doors) {
    if (!room.startsWith('harness/')) continue
    t.notOk(open.includes('reference'), `${room} does not see the reference`)
    t.equal(open.includes('adapters'), room === 'harness/cli', `${room} and the adapters`)
  }
  t.same(doors.get('reports'), ['spec/vocabulary', 'harness/result'], 'reports see the result document alone')
})

await test('the protocols of the reference are strangers to each other', async (t) => {
  const offenders = imports.filter(({ file, target }) => {
    const reached = join(dirname(file), target)
    return (
      (file.startsWith('reference/emp/') && reached.startsWith('reference/via/')) ||
      (file.startsWith('reference/via/') && reached.startsWith('reference/emp/'))
    )
  })
  t.same(offenders, [])
})

await test('doors lead downwards: no room reaches itself', async (t) => {
  const reaches = (room: string, seen: ReadonlySet<string>): boolean =>
    (doors.get(room) ?? []).some((next) => seen.has(next) || reaches(next, new Set([...seen, next])))
  for (const room of rooms) t.notOk(reaches(room, new Set([room])), room)
})
