// What a permutation comes to in a process that hosts several worlds at once.
import { test } from 'tap'
import type { Verdict } from '../../harness/result/verdict.ts'
import { runBelievably, type Ended } from '../../harness/run/believing.ts'
import type { Adapter, Carrier } from '../../harness/subject/adapter.ts'
import { Incident } from '../../harness/subject/incident.ts'
import { Sharing } from '../../harness/subject/sharing.ts'
import { permutation, puppets } from './puppet.ts'
import { shown } from './shown.ts'
import { toldLater } from './told-later.ts'

const [template] = (await shown([permutation([])], puppets({}))).rows
if (!template) throw new Error('a permutation without steps has no row')
const row = template

function ended(verdict: Verdict, incident?: Incident): Ended {
  return { row: { ...row, verdict, reason: `a ${verdict}` }, choices: [], hung: false, incident }
}

/** An adapter in a process with several worlds, and what happens to that process. */
function beside(): { readonly iut: Adapter; readonly told: string[]; readonly sharing: Sharing } {
  const told: string[] = []
  const sharing = new Sharing()
  const carrier: Carrier = { isFresh: false, renew: async () => void told.push('renewed'), worldsMax: 4, sharing }
  return { iut: puppets({}, { carrier }), told, sharing }
}

/** Comes to one thing after the other. */
function coming(...all: readonly Ended[]): () => Promise<Ended> {
  let next = 0
  return async () => all[next++] ?? ended('error')
}

await test('a failure beside other worlds is run again in a fresh process when nobody else plays', async (t) => {
  const { iut, told, sharing } = beside()
  const { tell: go, heard } = toldLater()
  const neighbour = sharing.share(() => heard.then(() => void told.push('left')))
  const believed = runBelievably(iut, coming(ended('fail'), ended('fail')), false)
  go()
  await neighbour
  t.equal((await believed).row.verdict, 'fail')
  t.same(told, ['left', 'renewed'])
})

await test('what passes beside other worlds is not run again', async (t) => {
  const { iut, told } = beside()
  t.equal((await runBelievably(iut, coming(ended('pass')), false)).row.verdict, 'pass')
  t.same(told, [])
})

await test('a failure that does not come again alone is billed to what worlds share', async (t) => {
  const { iut } = beside()
  const { row: told } = await runBelievably(iut, coming(ended('fail'), ended('pass')), false)
  t.match(told, { verdict: 'inconclusive', blame: 'adapter', reason: /and do worlds share nothing \(try --worlds 1\)/ })
})

await test('what was interrupted before it could fail again alone is skipped, and not called doubtful', async (t) => {
  const { iut } = beside()
  t.equal((await runBelievably(iut, coming(ended('fail'), ended('skipped')), false)).row.verdict, 'skipped')
})

await test('of worlds that were asked when their process failed, those that pass alone have passed, if one fails alone', async (t) => {
  const { iut } = beside()
  const incident = new Incident(2)
  const guilty = await runBelievably(iut, coming(ended('crash', incident), ended('crash')), false)
  const innocent = await runBelievably(iut, coming(ended('crash', incident), ended('pass')), false)
  t.equal(guilty.row.verdict, 'crash')
  t.equal(innocent.row.verdict, 'pass')
})

await test('what fails alone is believed as it fails there, not as the process did', async (t) => {
  const { iut } = beside()
  const { row: told } = await runBelievably(iut, coming(ended('crash', new Incident(3)), ended('fail')), false)
  t.equal(told.verdict, 'fail')
})

await test('if none of them fails alone, the last tells of it', async (t) => {
  const { iut } = beside()
  const incident = new Incident(2)
  const first = await runBelievably(iut, coming(ended('crash', incident), ended('pass')), false)
  const last = await runBelievably(iut, coming(ended('crash', incident), ended('pass')), false)
  t.equal(first.row.verdict, 'pass')
  t.match(last.row, {
    verdict: 'inconclusive',
    reason: /came to crash .* none of them does so alone: do its worlds share/,
  })
})

await test('what failed elsewhere in the process bills nobody here, whatever comes of it', async (t) => {
  const { iut } = beside()
  const { row: told } = await runBelievably(iut, coming(ended('crash', Incident.elsewhere()), ended('pass')), false)
  t.equal(told.verdict, 'pass')
})
