// Permutations written out as cases: what is written is what is read, and it runs the same.
import { isDeepStrictEqual } from 'node:util'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { referencePics } from '../../adapters/reference/pics.ts'
import { textAt } from '../../harness/cli/files/package-texts.ts'
import { openProject, type Project } from '../../harness/cli/project/project.ts'
import { runSession } from '../../harness/cli/session/session.ts'
import type { Permutation, Step } from '../../harness/plan/permutation.ts'
import { caseText } from '../../harness/plan/write/cases.ts'
import { parseCatalogue } from '../../harness/plan/specification/catalogue.ts'
import { expand } from '../../harness/plan/expand.ts'
import { copiesMax } from '../../harness/plan/read/faults.ts'
import { rollUp } from '../../harness/plan/write/roll-up.ts'
import { unroll } from '../../harness/plan/unroll.ts'
import type { SuiteContext } from '../../harness/plan/read/suite-case.ts'
import { parseSuites, type SuitesRead } from '../../harness/plan/read/suites.ts'
import { labelsNamed } from '../../harness/plan/write/labels.ts'
import type { PermutationResult } from '../../harness/result/report.ts'
import type { Trace } from '../../harness/result/trace.ts'
import type { Pics } from '../../harness/subject/pics.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { answer, complaint, folder, viaduct } from '../viaduct-command.ts'

const opened = openProject()
if (!opened) throw new Error('the project has errors')
const project: Project = opened

const picsFiles = ['spec/pics/emp.yaml', 'spec/pics/via.yaml'].map((file) => textAt(file))
const { options, keys } = parseCatalogue([], textAt('spec/pics/classes.yaml'), picsFiles)
const context: SuiteContext = { catalogue: project.catalogue, fixtures: new Map(), mutants: [], options, keys }

function permutationsOf({ cases }: Pick<SuitesRead, 'cases'>, seed: number, pics = referencePics): Permutation[] {
  return expand(cases, pics, { roles: ['iut-iut'], seed })
}

const declared = permutationsOf(project, 1).filter(({ notApplicable }) => notApplicable === undefined)
const needs = new Map(project.declared.map((each) => [each.id, { needs: each.needs, lacks: each.lacks }]))

/** The text of a suite with these permutations of one suite; their cases are called after their places. */
function written(permutations: readonly Permutation[], pics = referencePics): string {
  const cases = permutations.map((permutation, i) => {
    const known = needs.get(`${permutation.suite}/${permutation.case}`)
    return { id: `case-${i}`, permutation, needs: known?.needs ?? [], lacks: known?.lacks ?? [] }
  })
  const about = { suite: 'emp.written', title: 'Written out', pics, durations: project.durations }
  return caseText(cases, about)
}

function read(text: string): SuitesRead {
  return parseSuites([{ file: 'suites/emp/written.yaml', text }], context)
}

/** All that a permutation is but its names and places, as plain data. */
function meaning(permutation: Permutation): unknown {
  const { name: _name, suite: _suite, case: _case, axes: _axes, ...said } = permutation
  const labels = labelsNamed(permutation)
  const text = JSON.stringify(said, (key, value: unknown) => {
    if (key === 'position' || key === 'text') return undefined
    const isNameless = key === 'label' && typeof value === 'string' && !labels.has(value)
    // The label of an outcome is none of a call.
    return isNameless && value !== 'conformant' && value !== 'tolerated' ? undefined : value
  })
  const plain: unknown = JSON.parse(text)
  return plain
}

function permutationNamed(part: string): Permutation {
  const found = declared.find(({ name }) => name.startsWith(part))
  if (!found) throw new Error(`no permutation ${part}`)
  return found
}

await test('every case that the suites declare is read back as it was written', (t) => {
  t.ok(declared.length > 2700, `${declared.length} permutations`)
  // The first and the last of a case have the ends of its axes; a case is read as it is, whichever of its values stand in it.
  const ends = declared.filter(
    (one, i) =>
      declared[i - 1]?.case !== one.case || declared[i + 1]?.case !== one.case || one.suite !== declared[i - 1]?.suite,
  )
  t.ok(ends.length > 1000, `${ends.length} permutations`)
  for (const suite of new Set(declared.map((each) => each.suite))) {
    const permutations = ends.filter((each) => each.suite === suite)
    const { cases, diagnostics } = read(written(permutations))
    t.same(diagnostics, [], `${suite} has no mistakes`)
    // Another seed of the run: what is written has its own.
    const again = permutationsOf({ cases }, 2)
    t.equal(again.length, permutations.length)
    const others = permutations.filter((one, i) => {
      const other = again[i]
      return !other || !isDeepStrictEqual(meaning(one), meaning(other))
    })
    t.same(
      others.map(({ name }) => name),
      [],
      `${suite} says the same`,
    )
  }
  t.end()
})

await test('a case for what an implementation does not offer is written for such an implementation', (t) => {
  const without = { ...referencePics.options, 'via.reliable-delivery': false, 'via.reliable-reception': false }
  const poor: Pics = { ...referencePics, options: without }
  const lacking = permutationsOf(project, 1, poor).filter(
    ({ suite, case: of, notApplicable }) => notApplicable === undefined && needs.get(`${suite}/${of}`)?.lacks.length,
  )
  t.ok(lacking.length > 0)
  const again = permutationsOf(read(written(lacking, poor)), 2, poor)
  t.same(
    again.map((each) => meaning(each)),
    lacking.map((each) => meaning(each)),
  )
  t.end()
})

type Mutation = (permutation: Permutation) => Permutation

/** The n-th of these, as often as it takes, changed. */
function changed<T>(items: readonly T[], n: number, change: (item: T) => T): T[] {
  return items.map((item, i) => (i === n % items.length ? change(item) : item))
}

function withoutExpectation(n: number): Mutation {
  return (permutation) => ({
    ...permutation,
    outcomes: permutation.outcomes.map((outcome) => {
      const { expectations } = outcome
      const place = n % expectations.length
      return expectations.length === 1
        ? outcome
        : { ...outcome, expectations: expectations.filter((_, i) => i !== place) }
    }),
  })
}

function largerBuffer(n: number, octets: number): Mutation {
  return (permutation) => ({
    ...permutation,
    memory: changed(permutation.memory, n, ({ node, allocate }) => ({
      node,
      allocate: {
        ...allocate,
        bytes: allocate.bytes + octets,
        guard: octets,
        offset: octets,
        locked: octets % 2 === 0,
      },
    })),
  })
}

function shorterSends(octets: number): Mutation {
  return (permutation) => ({
    ...permutation,
    steps: permutation.steps.map((step) => {
      if (step.kind !== 'call' || step.body.operation !== 'emp.isend') return step
      const pieces = step.body.pieces.map((piece) => ({ ...piece, bytes: Math.max(0, piece.bytes - octets) }))
      return { ...step, body: { ...step.body, pieces } }
    }),
  })
}

function otherFaults(n: number, number: number): Mutation {
  return (permutation) => ({
    ...permutation,
    faults: changed(permutation.faults, n, ({ before: _before, ...rule }) => ({
      ...rule,
      ...(rule.amount === 0 ? {} : { amount: rule.fate === 'duplicate' ? 1 + (number % copiesMax) : number }),
      ordinal: number,
      octets: number,
      after: number,
      occurrence: n + 1,
    })),
  })
}

function otherWeather(chance: number, number: number): Mutation {
  return ({ weather, ...others }) => ({
    ...others,
    ...(weather && {
      weather: {
        ...weather,
        loss: chance,
        reorder: chance,
        reorderSpan: number,
        delay: chance,
        delayMax: number,
        until: number,
      },
    }),
  })
}

function otherTimes(number: number): Mutation {
  return (permutation) => ({
    ...permutation,
    link: { bitsPerSecond: number * 1_000_000, delay: number },
    steps: permutation.steps.map((step) => {
      if (step.kind === 'advance') return { ...step, by: number }
      if (step.kind === 'advance-to') return { ...step, instant: number }
      return step.kind === 'settle' || step.kind === 'join' || step.kind === 'until'
        ? { ...step, within: number }
        : step
    }),
  })
}

function pinned(seed: number, schedule: readonly number[]): Mutation {
  return (permutation) => ({
    ...permutation,
    seed,
    ...(permutation.ordersMax === undefined && !permutation.explored ? {} : { schedule }),
  })
}

function onConfiguration(number: number): Mutation {
  return ({ configuration, ...others }) => ({
    ...others,
    configuration: {
      ...configuration,
      ...('emp.timeout' in configuration ? { 'emp.timeout': 10_000 + number, 'emp.window': 1 + (number % 64) } : {}),
      ...('via.max-discriminator' in configuration ? { 'via.connection-timeout': 10_000 + number } : {}),
    },
  })
}

const [small, large] = [fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 2_000_000_000 })]
const chance = fc.double({ min: 0, max: 1, noNaN: true })

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  small.map(withoutExpectation),
  fc.tuple(small, small).map(([n, octets]) => largerBuffer(n, octets)),
  small.map(shorterSends),
  fc.tuple(small, large).map(([n, number]) => otherFaults(n, number)),
  fc.tuple(chance, large).map(([loss, number]) => otherWeather(loss, number)),
  large.map(otherTimes),
  large.map(onConfiguration),
  fc
    .tuple(fc.nat({ max: 0xffff_ffff }), fc.array(small, { minLength: 1 }))
    .map(([seed, schedule]) => pinned(seed, schedule)),
)

await test('what was changed in a permutation is written and read back, too', (t) => {
  const seed = 20260101
  t.comment(`seed ${seed}`)
  let compared = 0
  fc.assert(
    fc.property(
      fc.nat({ max: declared.length - 1 }),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (n, mutations) => {
        const drawn = declared[n]
        if (!drawn) return
        const one = mutations.reduce((permutation, mutate) => mutate(permutation), drawn)
        const { cases, diagnostics } = read(written([one]))
        // What only a dropped expectation used has to go with it, and lint says so.
        const others = diagnostics.filter(({ message }) => !message.startsWith('nothing uses the buffer'))
        t.same(others, [], one.name)
        if (diagnostics.length > 0) return
        const [other] = permutationsOf({ cases }, 2)
        // Without the expectation that lets a call be refused the case needs room for it.
        if (one.notApplicable === undefined && / needs at least /.test(other?.notApplicable ?? '')) return
        if (!other || !isDeepStrictEqual(meaning(one), meaning(other)))
          t.same(other && meaning(other), meaning(one), one.name)
        compared++
      },
    ),
    { seed, numRuns: 250 },
  )
  t.ok(compared > 200, `${compared} compared`)
  t.end()
})

interface Ran {
  readonly rows: readonly PermutationResult[]
  /** Of the trace of every run that the rows stand for. */
  readonly digests: readonly string[]
}

async function run(permutations: readonly Permutation[]): Promise<Ran> {
  const rows: PermutationResult[] = []
  const digests: string[] = []
  const onTrace = (_: Permutation, trace: Trace): number => digests.push(trace.digest())
  const session = runSession({ project, adapter: referenceAdapter(), permutations, repeat: () => '', onTrace })
  for await (const row of session) rows.push(row)
  return { rows, digests }
}

for (const name of [
  'emp.loss/one-data-frame-lost/victim=2',
  'emp.weather/',
  'emp.races/',
  'emp.malformed/',
  'via.weather/',
  'via.loss/',
  'via.races/',
]) {
  await test(`what is written of ${name} runs as it did`, async (t) => {
    const one = permutationNamed(name)
    const { rows, digests } = await run([one])
    const again = await run(permutationsOf(read(written([one])), 2))
    t.ok(digests.length > 0)
    t.same(again.digests, digests)
    t.equal(again.rows[0]?.verdict, rows[0]?.verdict)
  })
}

await test('another seed is another run: without `seed:` the name of the case decides', async (t) => {
  const text = written([permutationNamed('emp.weather/')])
  const withSeed = await run(permutationsOf(read(text), 2))
  const without = await run(permutationsOf(read(text.replace(/^ +seed: \d+\n/m, '')), 2))
  t.notSame(without.digests, withSeed.digests)
})

await test('a case with `schedule:` is run in that order alone, and proves no number of orders', async (t) => {
  const one = permutationNamed('emp.races/')
  const { rows } = await run(permutationsOf(read(written([{ ...one, schedule: [1] }])), 2))
  t.match(rows[0], { verdict: 'pass', exploration: { orders: 1, exhausted: false } })
  const whole = await run([one])
  t.ok((whole.rows[0]?.exploration?.orders ?? 0) > 1)
})

function mistakesOf(text: string): string[] {
  return read(text).diagnostics.map(({ message }) => message)
}

await test('lint wants the option to step where an order is pinned, and refuses a seed that is none', (t) => {
  const text = written([permutationNamed('emp.loss/one-data-frame-lost/victim=2')])
  const scheduled = text.replace(/^( +)steps:/m, '$1schedule: [0, 1]\n$1steps:')
  t.same(mistakesOf(scheduled), ['a schedule without a race needs the option `stepped`'])
  t.equal(mistakesOf(text.replace(/seed: \d+/, 'seed: 4294967296')).length, 1)
  t.same(mistakesOf(text.replace(/seed: \d+/, 'seed: 4294967295')), [])
  t.end()
})

await test('a case reads as a person would write it', (t) => {
  const one = permutationNamed('emp.loss/one-data-frame-lost/victim=2')
  t.equal(
    written([{ ...one, seed: 7 }]),
    `suite: emp.written
title: Written out
interface: emp
class: core
needs: [wire.frames, clock.virtual]
cases:
  - id: case-0
    title: A lost data frame is sent again, and only its collection
    roles: [iut-iut]
    configuration: { emp.timeout: 50ms }
    memory:
      left.tx: { bytes: 6000, fill: { prng: 7 } }
      right.rx: { bytes: 8192, fill: { const: 165 } }
    faults:
      - drop: { from: left, type: data, message: 1, frame: 2, occurrence: 1 }
    seed: 7
    steps:
      - right.irecv: { from: left, tag: 5, buffer: rx, as: r }
      - left.isend: { to: right, tag: 5, buffer: tx, as: s }
      - settle: { within: 5s }
    expect:
      - right.done: { request: r, bytes: 6000, data: left.tx }
        for: EMP-REL-001
      - left.done: { request: s }
        for: EMP-REL-009
      - wire.retransmitted: { from: left, collection-of: 2, times: { min: 1 }, others: { min: 0 } }
        for: EMP-REL-006
      - wire.retransmitted: { from: left, collection-of: 2, times: { min: 1 }, others: 0 }
        for: EMP-REL-007
      - left.deadline: none
        for: EMP-REL-012
      - right.untouched: rx@6000+2192
        for: EMP-MATCH-013
      - right.guards: rx
        for: EMP-MATCH-013
    proves:
      - fault: 0
        fired: 1
`,
  )
  t.end()
})

await test('explain --case prints the case of a full name, and a file that holds it has no mistakes', async (t) => {
  const { name: full } = permutationNamed('via.loss/')
  const text = await answer(viaduct(['explain', full, '--case']))
  t.match(text, /^suite: via\.loss\.[a-z-]+\n/)
  writeFileSync(join(folder, 'one.yaml'), text)
  t.match(await answer(viaduct(['lint', 'one.yaml'])), /1 case/)
})

function complaintOf(name: string): Promise<string> {
  return complaint(viaduct(['explain', name, '--case']))
}

await test('explain --case of what is not one permutation is wrong usage, with what to do', async (t) => {
  const id = 'emp.loss/one-data-frame-lost'
  t.match(
    await complaintOf(id),
    /stands for 12 permutations.* full name, such as emp\.loss\/one-data-frame-lost\/victim=1\/roles=/,
  )
  t.match(await complaintOf('emp.loss/*'), /is a pattern.* full name/)
  t.match(await complaintOf(`${id}/victim=9`), /no permutation .*\/victim=9\. One of that case is emp\.loss/)
  t.match(await complaintOf('emp.los'), /Did you mean emp\.loss\?/)
  t.match(await complaintOf('EMP-REL-007'), /a requirement, and no permutation/)
})

await test('calls that are made again and again are written once', (t) => {
  const many = declared.filter(({ steps }) => steps.length > 200)
  t.ok(many.length > 5, `${many.length} permutations with many steps`)
  for (const one of many) {
    const lines = written([one]).split('\n').length
    t.ok(lines < Math.max(200, one.steps.length / 4), `${lines} lines for ${one.steps.length} steps of ${one.name}`)
  }
  t.end()
})

await test('a turn of several steps that is taken again and again is written once, with the names that it makes itself', (t) => {
  const one = { ...permutationNamed('emp.matching/'), outcomes: [], proves: [] }
  const { position } = one
  const call = (node: number, body: CallBody): Step => ({ kind: 'call', node, thread: 0, body, start: false, position })
  const pieces = [{ buffer: 'rx', offset: 0, bytes: 10 }]
  const turn = (n: number): Step[] => [
    call(1, { operation: 'emp.irecv', as: `r-${n}`, from: 0, tag: 1, pieces }),
    { kind: 'advance', by: 1000, position },
    call(1, { operation: 'emp.waitall', requests: [`r-${n}`] }),
  ]
  const [first = [], ...others] = [1, 2, 3, 4, 5].map(turn)
  const rolled = rollUp({ ...one, steps: [first, ...others].flat() })
  const steps = [{ body: { as: 'r' } }, { kind: 'advance' }, { body: { requests: ['r'] } }]
  t.match(rolled, [{ kind: 'repeat', howOften: { count: 5 }, steps }])
  t.same(unroll(rolled, {}), { steps: [first, ...others].flat() })
  t.end()
})

await test('a numbered name that is used singly keeps its calls from being written once', (t) => {
  const one = { ...permutationNamed('via.nic/'), outcomes: [], proves: [] }
  const { position } = one
  const call = (body: CallBody): Step => ({ kind: 'call', node: 0, thread: 0, body, start: false, position })
  const opens = [1, 2, 3, 4].map((n) => call({ operation: 'VipOpenNic', device: 'default', as: `spare-${n}` }))
  const close = call({ operation: 'VipCloseNic', nic: 'spare-3' })
  const [singly, once] = [[...opens, close], opens].map((steps) => rollUp({ ...one, steps }).length)
  t.same({ singly, once }, { singly: 5, once: 1 })
  t.end()
})
