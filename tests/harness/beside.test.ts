// A run that did not pass beside one of the reference: where both part, in words and in rows.
import { test } from 'tap'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { referenceInPlaceOf } from '../../adapters/reference/adapter.ts'
import { referencePics } from '../../adapters/reference/pics.ts'
import { withFewerRows } from '../../harness/cli/report/fewer-rows.ts'
import { besideLines } from '../../harness/cli/terminal/beside-log.ts'
import { permutationsFor, runSession } from '../../harness/cli/session/session.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import type { Beside, PermutationResult } from '../../harness/result/report.ts'
import { BesideReference } from '../../harness/run/beside.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import { ask, permutation, puppets, test as asks, type Habits } from './puppet.ts'
import { project, shown, wrong } from './shown.ts'

/** One puppet beside another that stands for the reference. */
async function beside(
  planned: Permutation,
  { mine = {}, its = {}, iut = puppets(mine) }: { mine?: Habits; its?: Habits; iut?: Adapter },
): Promise<Beside> {
  const like = puppets(its)
  const { rows } = await shown([planned], iut, {
    monitors: [wrong],
    beside: new BesideReference({ like, declared: referencePics }),
  })
  const told = rows[0]?.failure?.beside
  if (!told) throw new Error(`nothing is told: ${rows[0]?.verdict ?? ''} ${rows[0]?.reason ?? ''}`)
  return told
}

async function wordsOf(planned: Permutation, habits: Parameters<typeof beside>[1]): Promise<string> {
  const told = await beside(planned, habits)
  return told.kind === 'played' ? told.words : told.why
}

const twoCalls = permutation([ask(0, asks('a')), ask(0, asks('b'))])

await test('two runs that do the same are told to be the same, and no rows are shown', async (t) => {
  t.same(await beside(twoCalls, {}), {
    kind: 'played',
    words: 'both did the same at the same times, from beginning to end',
    rows: [],
  })
})

await test('what the reference answers otherwise is named, with what the implementation answered', async (t) => {
  const mine: Habits = {
    onCall: (puppet, { id, body }) =>
      puppet.answer(id, 'request' in body && body.request === 'b' ? { status: 'pending' } : {}),
  }
  const told = await beside(twoCalls, { mine })
  if (told.kind !== 'played') throw new Error(told.why)
  t.equal(
    told.words,
    'at first both did the same; then with the reference a call of left returned "ok", and with the implementation a call of left returned "pending"',
  )
  const parted = told.rows[told.parting ?? -1]
  t.match(parted, { implementation: { label: 'pending' }, reference: { label: 'ok' }, same: false })
  t.ok(
    told.rows.slice(0, told.parting).every(({ same }) => same),
    'all rows before are the same',
  )
})

await test('that the implementation does something later and the reference never is told with its time', async (t) => {
  const planned = permutation([ask(0, asks('a')), { kind: 'advance', by: 9000, position: twoCalls.position }])
  const mine: Habits = {
    onCall: (puppet, { id }) => {
      puppet.answer(id)
      puppet.wakeAt = 5000
    },
    onWake: (puppet) => puppet.tell('a'),
  }
  t.equal(
    await wordsOf(planned, { mine }),
    'until 5us both did the same; then with the implementation left was told "a done, 0 octets, peer right, tag 5", and with the reference nothing of the kind',
  )
})

function tells(at: number): Habits {
  return {
    onCall: (puppet, { id }) => {
      puppet.answer(id)
      puppet.wakeAt = at
    },
    onWake: (puppet) => puppet.tell('a'),
  }
}

await test('where only the times differ, that is what is told, and the row is marked where they first do', async (t) => {
  const planned = permutation([ask(0, asks('a')), { kind: 'advance', by: 9000, position: twoCalls.position }])
  const told = await beside(planned, { mine: tells(2000), its: tells(3000) })
  if (told.kind !== 'played') throw new Error(told.why)
  t.match(
    told.words,
    /^both did the same from beginning to end, but not at the same times: first, left was told .* at 2us with the implementation, and at 3us with the reference$/,
  )
  t.match(told.rows[told.parting ?? -1], { implementation: { time: 2000 }, reference: { time: 3000 }, same: true })
})

await test('an implementation that crashed did nothing more', async (t) => {
  const mine: Habits = {
    onCall: (puppet, { id, body }) => {
      if ('request' in body && body.request === 'b') throw new Error('it broke')
      puppet.answer(id)
    },
  }
  t.match(
    await wordsOf(twoCalls, { mine }),
    /then with the reference a call of left returned "ok", and with the implementation nothing of the kind until it crashed$/,
  )
})

/** One host answers late, and the other at once. */
function late(node: number): Habits {
  return {
    onCall: (puppet, { id }) => {
      if (puppet.node !== node) puppet.answer(id)
      else puppet.wakeAt = 4000
    },
    onWake: (puppet) => puppet.answer(puppet.node),
  }
}

await test('what one host does late does not count as another order of what others do', async (t) => {
  const planned = permutation([
    ask(0, asks('a'), { start: true, label: 'a' }),
    ask(1, asks('b'), { start: true, label: 'b' }),
    { kind: 'advance', by: 9000, position: twoCalls.position },
  ])
  t.match(await wordsOf(planned, { mine: late(0), its: late(1) }), /^both did the same .* but not at the same times/)
})

const refusals: Readonly<Record<string, { planned?: Partial<Permutation>; iut?: Partial<Adapter>; says: RegExp }>> = {
  'a wire that is hidden': {
    iut: { pics: { ...referencePics, wire: 'none' } },
    says: /the wire is hidden/,
  },
  'a clock that is real': { iut: { pics: { ...referencePics, clock: 'real' } }, says: /by a real clock/ },
  'a value that the reference cannot have': {
    planned: { configuration: { 'emp.page': 8192 } },
    says: /the reference cannot be set so: emp.page is fixed at 4096/,
  },
  'more hosts than a picture has room for': {
    planned: { hosts: Array.from({ length: 7 }, (_, i) => ({ name: `h${i}`, role: 'iut' as const })) },
    says: /it has 7 hosts, and a picture has room for 6/,
  },
}
for (const [name, { planned = {}, iut = {}, says }] of Object.entries(refusals)) {
  await test(`beside ${name} the reference is not played, and it is said why`, async (t) => {
    const told = await beside({ ...twoCalls, ...planned }, { iut: puppets({}, iut) })
    t.match(told, { kind: 'not-played', why: says })
  })
}

/** What a session makes of some permutations. */
async function rowsOf(adapter: Adapter, chosen: string): Promise<readonly PermutationResult[]> {
  const permutations = permutationsFor(project, adapter, 1).filter(({ name }) => name.startsWith(chosen))
  const rows: PermutationResult[] = []
  for await (const row of runSession({ project, adapter, permutations, repeat: () => 'again' })) rows.push(row)
  return rows
}

function mutant(name: string): Adapter {
  const found = mutants.find((each) => each.name === name)
  if (!found) throw new Error(`there is no mutant ${name}`)
  return mutantAdapter(found)
}

await test('a planted fault shows where the mutant and the reference part', async (t) => {
  const [row] = await rowsOf(mutant('emp-resends-everything'), 'emp.loss/one-data-frame-lost/victim=1/roles=iut-iut')
  if (!row) throw new Error('it has no row')
  const lines = besideLines(row)
  t.match(
    lines[0],
    /beside the reference: until 50ms both did the same; then with the implementation left sent "data m0 f3/,
  )
  const mark = lines.indexOf('  -- here they part')
  t.match(lines[mark - 1], /^ {2}= .*sent data m0 f2/)
  t.match(lines[mark + 1], /^ {2}- .*sent data m0 f3/)
})

await test('the reference is played with the options that the implementation declares', async (t) => {
  const { options } = referencePics
  const lacking = { ...referencePics, interfaces: ['via'], options: { ...options, 'via.peer-to-peer': false } }
  const like = referenceInPlaceOf(lacking)
  const iut: Adapter = { ...like, pics: lacking, isReference: false }
  const planned = permutationsFor(project, iut, 1).filter(
    ({ suite, notApplicable }) => suite === 'via.options' && notApplicable === undefined,
  )
  t.ok(planned.length > 0, 'some cases are about what is lacking')
  const { rows } = await shown(planned, iut, {
    monitors: [wrong],
    reference: like,
    beside: new BesideReference({ like, declared: referencePics }),
  })
  for (const { failure } of rows) t.match(failure?.beside, { words: /^both did the same at the same times/ })
})

await test('of each case the first two failures keep their rows, and the words stay with all', async (t) => {
  const rows = withFewerRows(await rowsOf(mutant('emp-resends-everything'), 'emp.loss/one-data-frame-lost'))
  const told = rows.flatMap(({ failure }) => (failure?.beside?.kind === 'played' ? [failure.beside] : []))
  t.ok(told.length > 3, 'several fail')
  t.same(
    told.map(({ rows: each, cut }) => each.length > 0 && cut === undefined),
    told.map((_, place) => place < 2),
  )
  t.ok(told.every(({ words }) => words.startsWith('until')))
})
