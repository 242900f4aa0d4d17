// The contract crosses a process: the same rows come out whether an implementation runs here or behind a pipe.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, test } from 'tap'
import { mutantAdapter } from '../adapters/mutants/adapter.ts'
import { mutants } from '../adapters/mutants/catalogue.ts'
import { startProcessAdapter } from '../adapters/process/adapter.ts'
import { referenceAdapter } from '../adapters/reference/adapter.ts'
import { openProject, type Project } from '../harness/cli/project/project.ts'
import { permutationsFor, runSession } from '../harness/cli/session/session.ts'
import { canonicalRow } from '../harness/result/canonical.ts'
import type { PermutationResult } from '../harness/result/report.ts'
import type { Adapter } from '../harness/subject/adapter.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'viaduct-parity-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Serves the reference, and cuts its answers where no line ends and no character begins. */
const oddPeer = join(folder, 'odd-peer.mjs')
writeFileSync(
  oddPeer,
  `import { servePeer } from '${pathToFileURL(join(root, 'build/adapters/process/peer.js')).href}'
import { referenceAdapter } from '${pathToFileURL(join(root, 'build/adapters/reference/adapter.js')).href}'
const sizes = [1, 7, 2, 1021, 3, 4099]
const chunk = (text) => {
  const pieces = []
  for (let from = 0, i = text.length; from < text.length; i++) {
    const size = sizes[i % sizes.length]
    pieces.push(text.slice(from, from + size))
    from += size
  }
  return pieces
}
await servePeer(referenceAdapter(), process.stdin, process.stdout, { chunk })
`,
)

function command(...words: readonly string[]): string {
  return [process.execPath, ...words].map((word) => `'${word}'`).join(' ')
}

function served(name: string): string {
  return command(join(root, 'bin/viaduct.js'), 'serve', name)
}

function opened(): Project {
  const project = openProject()
  if (!project) throw new Error('the project has errors')
  return project
}

const project = opened()

/** What each row comes to, without what says where it was made. */
async function rowsOf(adapter: Adapter, chosen: ReadonlySet<string>): Promise<PermutationResult[]> {
  const permutations = permutationsFor(project, adapter, 3).filter(
    (each) => chosen.has(each.suite) || chosen.has(`${each.suite}/${each.case}`),
  )
  const rows: PermutationResult[] = []
  for await (const row of runSession({ project, adapter, permutations, repeat: () => adapter.name })) rows.push(row)
  return rows
}

async function remoteRows(line: string, chosen: ReadonlySet<string>): Promise<PermutationResult[]> {
  const adapter = await startProcessAdapter(
    line,
    { command: line },
    { harness: { name: 'viaduct-test', version: '0' } },
  )
  try {
    return await rowsOf(adapter, chosen)
  } finally {
    await adapter.close()
  }
}

/** Races whose orders are not too many to be run three times. */
const races = [
  'post-at-any-moment',
  'post-against-arriving-frame',
  'post-against-send-inside',
  'test-against-completion',
  'test-against-send',
  'wait-at-any-moment',
  'last-descriptor',
  'post-against-freeing-test',
].map((name) => `emp.races/${name}`)
/** Of VIA: refusals and flushing, errors told unasked, and every frame a victim. */
const via = [
  'via.posting',
  'via.error-callback/last-handler',
  'via.loss/reliable-delivery-one-frame',
  'via.races/two-waits',
]
const chosen: ReadonlySet<string> = new Set(['emp.loss', 'emp.host-interface', ...races, ...via])
const near = (await rowsOf(referenceAdapter(), chosen)).map(canonicalRow)

await test('losses and races are among the rows that are compared', async (t) => {
  t.ok(near.length > 70, `${near.length} rows`)
  t.ok(near.some((row) => row.includes('"of":"victims"')))
  t.ok(near.some((row) => /"orders":[1-9]\d/.test(row)))
})

await test('the reference behind a pipe gives the same rows as in this process', async (t) => {
  const far = await remoteRows(served('reference'), chosen)
  t.same(far.map(canonicalRow), near)
})

await test('so does a peer whose answers come in pieces of odd sizes', async (t) => {
  const far = await remoteRows(command(oddPeer), chosen)
  t.same(far.map(canonicalRow), near)
})

await test('a failure of VIA is the same too', async (t) => {
  const mutant = mutants.find(({ name }) => name === 'via-flushed-well')
  if (!mutant) throw new Error('no such mutant')
  const posting = new Set(['via.posting'])
  const here = await rowsOf(mutantAdapter(mutant), posting)
  const there = await remoteRows(served('mutant:via-flushed-well'), posting)
  t.ok(here.some(({ verdict }) => verdict === 'fail'))
  t.same(there.map(canonicalRow), here.map(canonicalRow))
})

await test('failures are the same too, also beside a reference in this process', async (t) => {
  const mutant = mutants.find(({ name }) => name === 'emp-no-retransmit')
  if (!mutant) throw new Error('no such mutant')
  const lossy = new Set(['emp.loss/first-frame-lost', 'emp.loss/acknowledgement-lost'])
  const here = await rowsOf(mutantAdapter(mutant), lossy)
  const there = await remoteRows(served('mutant:emp-no-retransmit'), lossy)
  t.ok(
    here.some(({ verdict, roles }) => verdict !== 'pass' && roles !== 'iut-iut'),
    'a failure of mixed roles is among them',
  )
  t.same(there.map(canonicalRow), here.map(canonicalRow))
})
