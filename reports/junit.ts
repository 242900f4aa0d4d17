// The report as JUnit XML: one test suite per suite file, one test case per permutation.
import type { PermutationResult, Finding, Report } from '../harness/result/report.ts'
import type { Verdict } from '../harness/result/verdict.ts'
import { counted } from '../spec/vocabulary/units.ts'
import { grouped } from './grouped.ts'
import { knownWords } from './row-words.ts'

type Outcome = 'passed' | 'failure' | 'error' | 'skipped'

/** An inconclusive permutation is no pass; JUnit knows nothing between. */
const outcomes: Readonly<Record<Verdict, Outcome>> = {
  pass: 'passed',
  inconclusive: 'failure',
  fail: 'failure',
  timeout: 'failure',
  crash: 'failure',
  error: 'error',
  'not-applicable': 'skipped',
  skipped: 'skipped',
}

const findingsMax = 20

export function renderJunit(report: Report): string {
  const { implementation, run } = report
  const suites = [...grouped(report.cases, ({ suite }) => suite)]
  const attributes = {
    name: `${implementation.name} ${implementation.version}`,
    ...tally(report.cases),
    time: seconds(run.realMilliseconds * 1000),
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    open('testsuites', { ...attributes, skipped: undefined }),
    ...suites.flatMap(([name, rows]) => testSuite(name, rows, report)),
    '</testsuites>',
    '',
  ].join('\n')
}

function testSuite(name: string, rows: readonly PermutationResult[], report: Report): readonly string[] {
  const time = seconds(rows.reduce((sum, { realMicroseconds }) => sum + realMicroseconds, 0))
  return [
    open('testsuite', { name, ...tally(rows), time, timestamp: moment(report.run.startedAt) }, '  '),
    '    <properties>',
    ...properties(report).map(
      ([key, value]) => `      <property name="${attribute(key)}" value="${attribute(value)}"/>`,
    ),
    '    </properties>',
    ...rows.flatMap(testCase),
    '  </testsuite>',
  ]
}

function properties({ harness, implementation, suites, run, exit }: Report): readonly (readonly [string, string])[] {
  return [
    ['implementation', `${implementation.name} ${implementation.version}`],
    ['adapter', implementation.adapter],
    ['harness', `${harness.name} ${harness.version}`],
    ['suites', suites.digest],
    ['seed', String(run.seed)],
    ['interrupted', String(run.interrupted)],
    ['selection', run.selection.join(' ')],
    ['exit', `${exit.code} ${exit.why}`],
  ]
}

function testCase(row: PermutationResult): readonly string[] {
  const head = open(
    'testcase',
    { name: pathIn(row), classname: row.suite, time: seconds(row.realMicroseconds) },
    '    ',
  )
  const outcome = outcomes[row.verdict]
  if (outcome === 'passed') return [head.replace(/>$/, '/>')]
  const reason = row.reason === '' ? row.verdict : row.reason
  const message = row.known ? knownWords(row.known) : reason
  if (outcome === 'skipped') return [head, `      <skipped message="${attribute(message)}"/>`, '    </testcase>']
  const stderr = row.failure?.stderr ?? ''
  return [
    head,
    `      <${outcome} type="${row.verdict}" message="${attribute(message)}">${content(diagnosis(row))}</${outcome}>`,
    ...(stderr === '' ? [] : [`      <system-err>${content(stderr)}</system-err>`]),
    '    </testcase>',
  ]
}

/** `case/axes`: the full name without its suite, which is the class name. */
function pathIn({ name, suite: prefix }: PermutationResult): string {
  return name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : name
}

function diagnosis(row: PermutationResult): string {
  const wrong = row.findings.filter(({ verdict }) => verdict !== 'pass')
  const missing = row.proves.filter(({ seen }) => !seen)
  const { faultPlan = [], stack } = row.failure ?? {}
  return [
    `${row.title} (${row.verdict}, rests on: ${row.blame})`,
    ...wrong.slice(0, findingsMax).flatMap(findingLines),
    ...(wrong.length > findingsMax ? [`and ${counted(wrong.length - findingsMax, 'more finding')}`] : []),
    ...missing.map(({ words }) => `not seen: ${words}`),
    ...faultPlan.map((line, place) => `fault ${place}: ${line}`),
    ...(stack === undefined ? [] : [stack]),
    `repeat: ${row.repeat}`,
  ].join('\n')
}

function findingLines({ judge, verdict, requirements, expected, seen, position }: Finding): readonly string[] {
  return [
    '',
    `${[verdict, ...requirements].join(' ')} (${judge}${position === undefined ? '' : `, ${position}`})`,
    `  expected: ${expected}`,
    `  seen:     ${seen}`,
  ]
}

function tally(
  rows: readonly PermutationResult[],
): Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', string>> {
  const of = (outcome: Outcome): string => String(rows.filter(({ verdict }) => outcomes[verdict] === outcome).length)
  return { tests: String(rows.length), failures: of('failure'), errors: of('error'), skipped: of('skipped') }
}

function open(element: string, attributes: Readonly<Record<string, string | undefined>>, indent = ''): string {
  const written = Object.entries(attributes).map(([name, value]) =>
    value === undefined ? '' : ` ${name}="${attribute(value)}"`,
  )
  return `${indent}<${element}${written.join('')}>`
}

function seconds(microseconds: number): string {
  return (microseconds / 1e6).toFixed(6)
}

/** The schemas in use want `xs:dateTime` without fraction and zone. */
function moment(iso: string): string | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(iso)?.[0]
}

function content(text: string): string {
  return legal(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function attribute(text: string): string {
  return content(text).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;')
}

/** XML 1.0 has no way to write most control characters, halves of surrogate pairs and U+FFFE: they are left out. */
function legal(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '')
    .replace(/[\p{Surrogate}\uFFFE\uFFFF]/gu, '')
}
