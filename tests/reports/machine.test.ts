// Tests the reports that machines read, JUnit and TAP: their text, their form, and what every verdict becomes.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert, constant, oneof, property, string } from 'fast-check'
import { test, type Test } from 'tap'
import { Parser, type FinalResults, type Result } from 'tap-parser'
import type { Report } from '../../harness/result/report.ts'
import { renderJunit } from '../../reports/junit.ts'
import { renderTap } from '../../reports/tap.ts'
import { empty, green, large, partial, permutation, red } from './example-report.ts'

/** From build/tests/reports, where this runs. */
const golden = fileURLToPath(new URL('../../../tests/golden/', import.meta.url))

/** Compares with a file of tests/golden, or writes it where UPDATE_GOLDEN=1. */
function compare(t: Test, name: string, text: string): void {
  const path = join(golden, name)
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  t.equal(text, readFileSync(path, 'utf8'), `is tests/golden/${name}; UPDATE_GOLDEN=1 rewrites it`)
}

/** The part of the usual JUnit schema (Jenkins' junit-10) that we write. */
const schema = `<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="seconds"><xs:restriction base="xs:string"><xs:pattern value="[0-9]+\\.[0-9]{6}"/></xs:restriction></xs:simpleType>
  <xs:complexType name="trouble" mixed="true">
    <xs:attribute name="type" type="xs:string" use="required"/><xs:attribute name="message" type="xs:string" use="required"/>
  </xs:complexType>
  <xs:element name="property"><xs:complexType>
    <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="value" type="xs:string" use="required"/>
  </xs:complexType></xs:element>
  <xs:element name="testcase"><xs:complexType>
    <xs:choice minOccurs="0" maxOccurs="unbounded">
      <xs:element name="skipped"><xs:complexType mixed="true"><xs:attribute name="message" type="xs:string"/></xs:complexType></xs:element>
      <xs:element name="failure" type="trouble"/><xs:element name="error" type="trouble"/>
      <xs:element name="system-out" type="xs:string"/><xs:element name="system-err" type="xs:string"/>
    </xs:choice>
    <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="classname" type="xs:string"/>
    <xs:attribute name="time" type="seconds"/>
  </xs:complexType></xs:element>
  <xs:element name="testsuite"><xs:complexType>
    <xs:sequence>
      <xs:element name="properties" minOccurs="0"><xs:complexType><xs:sequence><xs:element ref="property" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
      <xs:element ref="testcase" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="tests" type="xs:integer" use="required"/>
    <xs:attribute name="failures" type="xs:integer" use="required"/><xs:attribute name="errors" type="xs:integer" use="required"/>
    <xs:attribute name="skipped" type="xs:integer"/><xs:attribute name="time" type="seconds"/><xs:attribute name="timestamp" type="xs:dateTime"/>
  </xs:complexType></xs:element>
  <xs:element name="testsuites"><xs:complexType>
    <xs:sequence><xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="name" type="xs:string"/><xs:attribute name="time" type="seconds"/><xs:attribute name="tests" type="xs:integer"/>
    <xs:attribute name="failures" type="xs:integer"/><xs:attribute name="errors" type="xs:integer"/>
  </xs:complexType></xs:element>
</xs:schema>`

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0

/** What xmllint complains of; empty if the document is well-formed and as the schema says. */
function complaints(xml: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'viaduct-junit-'))
  try {
    writeFileSync(join(folder, 'junit.xsd'), schema)
    const run = spawnSync('xmllint', ['--nonet', '--noout', '--schema', join(folder, 'junit.xsd'), '-'], {
      input: xml,
      encoding: 'utf8',
    })
    return run.status === 0 ? '' : run.stderr
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A report of one failing permutation into which `text` has found its way everywhere. */
function spoiled(text: string): Report {
  const named = { suite: 'emp.loss', case: 'spoiled', title: text }
  const told = {
    judge: 'monitor',
    verdict: 'fail',
    requirements: [text],
    expected: text,
    seen: text,
    position: text,
  } as const
  const failed = permutation(
    named,
    { text },
    { verdict: 'fail', reason: text, findings: [told], proves: [{ words: text, seen: false, count: 0 }] },
  )
  return {
    ...red,
    implementation: { ...red.implementation, name: text },
    exit: { code: 1, why: text },
    cases: [failed, { ...failed, verdict: 'skipped' }],
  }
}

/** Every ASCII character, controls and all, and what else has hurt writers of XML and YAML. */
const nasty = `${String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code))}]]> -- \u0085\u2028\uFEFF\uFFFE\uFFFF\uD800 # SKIP \\# \n  ...\nok 1\n`

function parsed(tap: string): { results: FinalResults; points: readonly Result[] } {
  const points: Result[] = []
  const parser = new Parser({ strict: true })
  parser.on('assert', (point) => points.push(point))
  let results: FinalResults | undefined
  parser.on('complete', (all) => {
    results = all
  })
  parser.end(tap)
  if (results === undefined) throw new Error('tap-parser did not complete')
  return { results, points }
}

void test('JUnit', (t) => {
  compare(t, 'report-junit.txt', renderJunit(red))
  const xml = renderJunit(red)
  t.equal(xml.split('<testcase ').length - 1, red.cases.length)
  t.equal(xml.split('<failure ').length - 1, 4, 'fail, timeout, crash and inconclusive')
  t.equal(xml.split('<error ').length - 1, 1)
  t.equal(xml.split('<skipped ').length - 1, 3, 'not applicable twice, skipped once')
  t.match(xml, 'tests="10" failures="4" errors="1"')
  t.end()
})

void test('JUnit is well-formed and as its schema says', { skip: hasXmllint ? false : 'no xmllint here' }, (t) => {
  for (const [name, report] of Object.entries({
    red,
    green,
    empty,
    partial,
    nasty: spoiled(nasty),
    large: large(2000),
  })) {
    t.equal(complaints(renderJunit(report)), '', name)
  }
  t.end()
})

void test('JUnit holds no character that XML cannot', (t) => {
  assert(
    property(string({ unit: 'binary' }), (text) => {
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      return !/[\0-\x08\x0B-\x1F\uFFFE\uFFFF]|\p{Surrogate}/u.test(renderJunit(spoiled(text)))
    }),
    { seed: 1, numRuns: 100 },
  )
  t.end()
})

void test('TAP', (t) => {
  compare(t, 'report-tap.txt', renderTap(red))
  const { results, points } = parsed(renderTap(red))
  t.equal(results.failures.filter(({ tapError }) => tapError).length, 0, 'nothing that the parser rejects')
  t.match(results, { count: 10, pass: 5, fail: 5, skip: 3, ok: false })
  for (const [place, row] of red.cases.entries()) {
    const ok = row.verdict === 'pass' || row.verdict === 'not-applicable' || row.verdict === 'skipped'
    t.equal(points[place]?.ok, ok, `${row.verdict} is ${ok ? 'ok' : 'not ok'}`)
    t.equal(points[place]?.name, row.name)
  }
  t.match(points[1]?.diag, {
    verdict: 'fail',
    findings: [{ requirements: ['EMP-REL-007'], at: 'suites/emp/loss.yaml:31:9' }],
  })
  t.ok(parsed(renderTap(green)).results.ok)
  t.equal(parsed(renderTap(empty)).results.plan.end, 0)
  t.ok(parsed(renderTap(partial)).results.bailout, 'what was cut short is no success')
  t.end()
})

void test('TAP is not confused by what an implementation says', (t) => {
  assert(
    property(oneof(constant(nasty), string({ unit: 'binary' })), (text) => {
      const { results, points } = parsed(renderTap(spoiled(text)))
      const diagnostics: unknown = points[0]?.diag
      return (
        results.count === 2 &&
        results.fail === 1 &&
        results.skip === 1 &&
        typeof diagnostics === 'object' &&
        diagnostics !== null
      )
    }),
    { seed: 1, numRuns: 100 },
  )
  t.end()
})
