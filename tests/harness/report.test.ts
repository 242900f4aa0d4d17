// The result document: its schema, what real runs make of it, its canonical form, and the order of verdicts.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { test } from 'tap'
import { degenerateAdapter, degenerateNames } from '../../adapters/degenerate/adapter.ts'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { assembleReport } from '../../harness/cli/report/assemble.ts'
import { openProject, type Project } from '../../harness/cli/project/project.ts'
import { permutationsFor, runSession } from '../../harness/cli/session/session.ts'
import { AnswerCounts } from '../../harness/judge/via/answer-counts.ts'
import { canonicalReport, canonicalRow } from '../../harness/result/canonical.ts'
import { reportVersion, type PermutationResult, type Report, type RunFacts } from '../../harness/result/report.ts'
import { ranVerdicts, worse } from '../../harness/result/verdict.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import * as examples from '../reports/example-report.ts'

const schemaFile = join(resolve(import.meta.dirname, '../../..'), 'spec/schema/report.schema.json')
const schema: unknown = JSON.parse(readFileSync(schemaFile, 'utf8'))
if (typeof schema !== 'object' || schema === null) throw new Error('the schema is no object')
const matches = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema)

/** What the schema has against a document, after it has been JSON; empty for nothing. */
function objections(document: unknown): string[] {
  const read: unknown = JSON.parse(JSON.stringify(document))
  if (matches(read)) return []
  return (matches.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`)
}

function opened(): Project {
  const project = openProject()
  if (!project) throw new Error('the project has errors')
  return project
}

const project = opened()

const facts: RunFacts = {
  seed: 1,
  selection: [],
  command: 'npx viaduct run',
  interrupted: false,
  startedAt: '2026-03-01T12:00:00.000Z',
  realMilliseconds: 12,
  environment: { node: 'v20.19.0', platform: 'linux x64' },
}

/** The report of a run of some suites and cases. */
async function reportOf(adapter: Adapter, chosen: readonly string[], more: Partial<RunFacts> = {}): Promise<Report> {
  const all = permutationsFor(project, adapter, 1)
  const permutations = all.filter(
    (each) => chosen.includes(each.suite) || chosen.includes(`${each.suite}/${each.case}`),
  )
  const cases: PermutationResult[] = []
  const repeat = (): string => `repeat ${more.command ?? ''}`
  const counts = new AnswerCounts()
  const onTrace = counts.see.bind(counts)
  for await (const row of runSession({ project, adapter, permutations, repeat, onTrace })) cases.push(row)
  const run = { ...facts, selection: chosen, ...more }
  const strength = { mutants: {}, races: {}, floor: {} }
  const answers = counts.of(adapter.pics)
  return assembleReport({ project, adapter, permutations: all.length, run, cases, answers, strength })
}

function mutantNamed(name: string): Adapter {
  const mutant = mutants.find((each) => each.name === name)
  if (!mutant) throw new Error(`no mutant ${name}`)
  return mutantAdapter(mutant)
}

const green = await reportOf(referenceAdapter(), ['emp.loss', 'emp.truncation'])

// --- the schema -----------------------------------------------------------------------------------------------------

await test('the report of a green run is as the schema says', async (t) => {
  t.equal(green.totals.pass, green.cases.length)
  t.same(objections(green), [])
})

await test('the report tells how often each answer of VIA was seen, and what was not', async (t) => {
  const { answers = [] } = await reportOf(referenceAdapter(), ['via.management'])
  const query = answers.filter(({ of }) => of === 'VipQuerySystemManagementInfo')
  t.match(query, [
    { name: 'VIP_SUCCESS', due: 'yes', count: Number },
    { name: 'VIP_INVALID_PARAMETER', due: 'yes', count: Number },
    { name: 'VIP_ERROR_NOT_SUPPORTED', due: 'open', count: 0 },
  ])
  for (const { count, due } of query) t.equal(count > 0, due === 'yes')
})

await test('the report of races and failures is as the schema says', async (t) => {
  const report = await reportOf(mutantNamed('emp-no-retransmit'), ['emp.loss', 'emp.races/post-against-arriving-frame'])
  t.ok(report.totals.fail + report.totals.timeout > 0, JSON.stringify(report.totals))
  t.ok(
    report.cases.some(({ failure }) => failure?.schedule),
    'a failed race is among them',
  )
  t.same(objections(report), [])
})

for (const name of degenerateNames) {
  await test(`the report of degenerate:${name} is as the schema says, red, and verifies nothing`, async (t) => {
    const report = await reportOf(degenerateAdapter(name), ['emp.truncation', 'emp.memory', 'emp.malformed'])
    t.same(objections(report), [])
    t.equal(report.exit.code, 1)
    t.same(
      report.requirements.filter(({ verdict }) => verdict === 'verified').map(({ id }) => id),
      [],
    )
  })
}

await test('the report of an interrupted run is as the schema says', async (t) => {
  const adapter = referenceAdapter()
  const permutations = permutationsFor(project, adapter, 1).slice(0, 5)
  const cases: PermutationResult[] = []
  const options = { project, adapter, permutations, repeat: () => '', interrupted: () => cases.length > 1 }
  for await (const row of runSession(options)) cases.push(row)
  const run = { ...facts, interrupted: true }
  const strength = { mutants: {}, races: {}, floor: {} }
  const report = assembleReport({ project, adapter, permutations: 5, run, cases, strength })
  t.match(report, { totals: { skipped: 3 }, exit: { code: 130 } })
  t.same(objections(report), [])
})

await test('the examples that reporters are tested with are as the schema says', async (t) => {
  const reports = Object.values(examples).filter(
    (each: unknown): each is Report => typeof each === 'object' && each !== null && 'format' in each,
  )
  t.ok(reports.length > 0)
  for (const report of reports) t.same(objections(report), [])
})

await test('every member of a report is required but the answers, of which EMP has none, and no other is allowed', async (t) => {
  for (const key of Object.keys(green)) {
    if (key === 'answers') continue
    const without = Object.fromEntries(Object.entries(green).filter(([name]) => name !== key))
    t.same(objections(without), [` must have required property '${key}'`])
  }
  t.same(objections({ ...green, extra: 1 }), [' must NOT have additional properties'])
})

const [row] = green.cases

const wrong: Readonly<Record<string, unknown>> = {
  'no report at all': [],
  'a report of another version': { ...green, version: reportVersion + 1 },
  'another document': { ...green, format: 'viaduct-history' },
  'a verdict that is none': { ...green, cases: [{ ...row, verdict: 'ok' }] },
  'a row without a name': { ...green, cases: [{ ...row, name: '' }] },
  'a row with something else': { ...green, cases: [{ ...row, host: 'here' }] },
  'a digest that is none': { ...green, cases: [{ ...row, traceDigest: 'XYZ' }] },
  'a time with a fraction': { ...green, cases: [{ ...row, virtualNanoseconds: 1.5 }] },
  'a negative count': { ...green, totals: { ...green.totals, pass: -1 } },
  'a total too few': { ...green, totals: { pass: 1 } },
  'a requirement id that is none': { ...green, requirements: [{ ...green.requirements[0], id: 'REL-1' }] },
  'an answer that is due for no reason': { ...green, answers: [{ ...green.answers?.[0], due: 'maybe' }] },
  'an exit code that says nothing about a run': { ...green, exit: { code: 3, why: 'usage' } },
  'a clock that is neither': { ...green, pics: { ...green.pics, clock: 'sundial' } },
}

for (const [name, document] of Object.entries(wrong)) {
  await test(`the schema refuses ${name}`, async (t) => {
    t.not(objections(document).length, 0)
  })
}

// --- what a report says ---------------------------------------------------------------------------------------------

await test('only what did not pass has a failure to show', async (t) => {
  const races = await reportOf(referenceAdapter(), [
    'emp.races/post-against-arriving-frame',
    'emp.races/last-descriptor',
  ])
  for (const { name, verdict, failure } of [...green.cases, ...races.cases])
    t.equal(failure !== undefined, verdict !== 'pass', name)
})

await test('totals count the rows', async (t) => {
  const sum = Object.values(green.totals).reduce((all, count) => all + count, 0)
  t.equal(sum, green.cases.length)
})

await test('with a selection no class is judged', async (t) => {
  for (const { verdict } of green.classes) t.equal(verdict, 'not-assessed')
})

await test('a mutant is red for a requirement that it breaks', async (t) => {
  const report = await reportOf(mutantNamed('emp-no-retransmit'), ['emp.loss'])
  t.equal(report.exit.code, 1)
  const violated = report.requirements.filter(({ verdict }) => verdict === 'violated').map(({ id }) => id)
  const breaks = mutants.find(({ name }) => name === 'emp-no-retransmit')?.violates ?? []
  t.ok(
    violated.some((id) => breaks.includes(id)),
    violated.join(),
  )
})

// --- the canonical form ---------------------------------------------------------------------------------------------

await test('two runs of one implementation have one canonical report, whenever and however they were made', async (t) => {
  const suites = ['emp.loss', 'emp.weather']
  const one = await reportOf(referenceAdapter(), suites)
  const other = await reportOf({ ...referenceAdapter(), name: 'node adapter.js' }, suites, {
    command: 'npx viaduct run --adapter "node adapter.js"',
    startedAt: '2027-01-01T00:00:00.000Z',
    realMilliseconds: 99_999,
    environment: { node: 'v22.0.0' },
  })
  t.equal(canonicalReport(other), canonicalReport(one))
})

await test('two runs of different implementations have different canonical reports', async (t) => {
  const report = await reportOf(mutantNamed('emp-no-retransmit'), ['emp.loss', 'emp.truncation'])
  t.not(canonicalReport(report), canonicalReport(green))
})

/** Every member and element of a JSON value, with the path to it. */
function* inside(value: unknown, path = ''): Generator<readonly [path: string, value: unknown]> {
  yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) yield* inside(member, `${path}/${key}`)
}

await test('the canonical form has no fractions', async (t) => {
  const red = await reportOf(degenerateAdapter('yes'), ['emp.truncation'])
  for (const report of [green, red]) {
    const numbers = [...inside(JSON.parse(canonicalReport(report)))].filter(([, value]) => typeof value === 'number')
    t.same(
      numbers.filter(([, value]) => !Number.isSafeInteger(value)),
      [],
    )
  }
})

await test('the canonical form has its keys in order', async (t) => {
  const unordered = [...inside(JSON.parse(canonicalReport(green)))].filter(([, value]) => {
    const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
    return keys.some((key, i) => i > 0 && key < (keys[i - 1] ?? ''))
  })
  t.same(unordered, [])
})

await test('the canonical form keeps rows in their order, virtual times and digests', async (t) => {
  const text = canonicalReport(green)
  const places = green.cases.map(({ name }) => text.indexOf(`"name": "${name}"`))
  t.same(
    places,
    places.toSorted((a, b) => a - b),
  )
  t.notOk(places.includes(-1))
  t.ok(row && text.includes(row.traceDigest) && text.includes(`"virtualNanoseconds": ${row.virtualNanoseconds}`))
})

const named = { suite: 'emp.made', case: 'made', title: 'Made by hand' }

await test('the canonical form of a row knows nothing of where and when', async (t) => {
  const made = examples.permutation(named, {})
  t.equal(canonicalRow({ ...made, realMicroseconds: 5, repeat: 'here' }), canonicalRow(made))
  t.not(canonicalRow({ ...made, virtualNanoseconds: 5 }), canonicalRow(made))
})

// --- verdicts -------------------------------------------------------------------------------------------------------

await test('of two verdicts the worse one counts, whichever comes first', async (t) => {
  const verdict = fc.constantFrom(...ranVerdicts)
  fc.assert(
    fc.property(verdict, verdict, verdict, (a, b, c) => {
      const isEither = worse(a, b) === a || worse(a, b) === b
      return isEither && worse(a, b) === worse(b, a) && worse(worse(a, b), c) === worse(a, worse(b, c))
    }),
  )
  for (const each of ranVerdicts) {
    t.equal(worse('pass', each), each)
    t.equal(worse(each, 'error'), 'error')
  }
})
