// Tests the page: all is escaped, answer and failures stand in it without scripts, nothing is loaded, no two texts meet.
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { test } from 'tap'
import type { Report } from '../../harness/result/report.ts'
import { inReadingOrder, staticMax } from '../../reports/reading-order.ts'
import { count, span } from '../../reports/figures.ts'
import { renderHtml } from '../../reports/html.ts'
import { escapeHtml, html } from '../../reports/markup.ts'
import { layOut } from '../../reports/sequence-layout.ts'
import { empty, green, large, lossDiagram, partial, permutation, red, silent } from './example-report.ts'

function rendered(report: Report): string {
  return renderHtml(report, 'void "</script><!--"', (text) => gzipSync(text).toString('base64'))
}

function times(text: string, part: string): number {
  return text.split(part).length - 1
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

void test('of the cases of a requirement those that failed stand first, whoever found it, and then what stayed open', (t) => {
  const [requirement] = green.requirements
  if (!requirement) throw new Error('the example has no requirement')
  const cases = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ suite: 'emp.loss', case: name, title: name }))
  const said = { expected: '', seen: '', requirements: [requirement.id] }
  const rows = cases.map((named, i) => {
    const verdict = i === 4 ? 'inconclusive' : i === 5 ? 'fail' : 'pass'
    return permutation(
      named,
      {},
      { verdict, findings: [{ judge: i === 5 ? 'monitor' : 'expectation', verdict, ...said }] },
    )
  })
  const expecting = cases.slice(0, 5).map((named) => `${named.suite}/${named.case}`)
  const page = rendered({ ...green, cases: rows, requirements: [{ ...requirement, cases: expecting }] })
  const [, links = ''] = /<ul class="links">(.*?)<\/ul>/s.exec(page.slice(page.indexOf('id="requirements"'))) ?? []
  t.same(
    [...links.matchAll(/>([^<>]+)<\/a>/g)].map(([, words]) => words),
    ['emp.loss/f', 'emp.loss/e', 'emp.loss/a', 'emp.loss/b', 'and 2 more'],
  )
  t.end()
})

/** The text of a page, without what is in it for its script. */
function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>')).replaceAll(/<script.*?<\/script>/gs, '')
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/[\s\u00A0]+/g, ' ')
}

void test('a rule that was broken several times stands once in a failure, with all that was seen of it', (t) => {
  const finding = {
    judge: 'monitor',
    verdict: 'fail',
    requirements: ['EMP-REL-001'],
    expected: 'whole frames',
  } as const
  const findings = ['frame 1 is cut', 'frame 2 is cut', 'frame 3 is cut'].map((seen) => ({ ...finding, seen }))
  const named = { suite: 'emp.loss', case: 'cut', title: 'Cut' }
  const page = rendered({ ...red, cases: [permutation(named, {}, { verdict: 'fail', findings })] })
  const details = page.slice(page.indexOf('id="failures"'), page.indexOf('id="requirements"'))
  t.equal(times(details, '<div class="finding">'), 1)
  t.match(textOf(`<body>${details}`), /frame 1 is cut .* Seen 2 more times .*frame 2 is cut .*frame 3 is cut/)
  t.end()
})

void test('the page of a search speaks of kinds of failure and drawn runs, and of no permutations that ran', (t) => {
  const search = { interface: 'emp', seed: 1, runs: 200, realMilliseconds: 9, pairs: 5, grownAt: 150, failures: [] }
  // A search counts no answers.
  const { answers: _, ...whole } = red
  const found = {
    ...whole,
    run: { ...red.run, selection: ['fuzz emp'], interrupted: false },
    cases: red.cases.filter(({ verdict }) => verdict === 'fail'),
    exit: { code: 1, why: '' },
    fuzz: [search],
  }
  const text = textOf(rendered(found))
  t.match(text, /\d+ kinds of failure in 200 drawn runs:/)
  t.match(text, /This was a search\./)
  t.notMatch(text, /Only a selection|no permutation pronounced|permutations? of \d+ cases?/)
  t.match(text, / Kinds of failure /)
  const nothing = textOf(rendered({ ...empty, fuzz: [search] }))
  t.match(nothing, /no kind of failure in 200 drawn runs /)
  t.match(nothing, /None was found\./)
  t.end()
})

void test('what is put into a template is escaped, markup is not', (t) => {
  t.equal(
    html`<a title="${'"<&\''}">${html`<b>${1}</b>`}${undefined}${[html`x`, html`y`]}</a>`.text,
    '<a title="&quot;&lt;&amp;&#39;"><b>1</b>xy</a>',
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const escaped = escapeHtml(text)
      const back = escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? '')
      return !/[<>"']/.test(escaped) && back === text
    }),
    { seed: 1 },
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"'\p{Surrogate}]|[^\P{Cc}\t\n]/u.test(escapeHtml(text))),
    { seed: 1 },
  )
  t.equal(escapeHtml('\u001b[1m\0'), '␛[1m␀', 'control characters are shown')
  t.end()
})

void test('nothing that an implementation says becomes markup', (t) => {
  const evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
  const spoiled: Report = JSON.parse(
    JSON.stringify(red)
      .replaceAll('Tigon EMP', JSON.stringify(evil).slice(1, -1))
      .replaceAll('frames of an', JSON.stringify(evil).slice(1, -1)),
  )
  const page = rendered(spoiled)
  t.notOk(page.includes('<img'), '<img')
  t.equal(times(page, '<script>'), 1, 'one script')
  t.equal(times(page, '</script>'), 2, 'the data and the script')
  t.notOk(page.includes('<!--'), '<!--')
  t.end()
})

void test('nothing is loaded', (t) => {
  for (const report of [green, red, empty, partial, silent()]) {
    const page = rendered(report)
    t.same(/https?:\/\/|src=|@import|url\(|<link/.exec(page), null)
    t.ok(page.includes("default-src 'none'"), "default-src 'none'")
  }
  t.end()
})

void test('where judges contradict each other, all three are told', (t) => {
  const page = rendered(red)
  for (const words of [
    'The model',
    'right: any other answer would have been forbidden',
    'The monitors',
    'wrong: it was told twice',
    'The expectations',
    'held: the receive is done once',
  ]) {
    t.ok(page.includes(words), words)
  }
  t.end()
})

void test('the first screen answers', (t) => {
  const page = rendered(red)
  const answer = page.slice(page.indexOf('<header class="answer">'), page.indexOf('</header>'))
  for (const words of [
    'Tigon EMP',
    '2.3.1',
    'not conformant',
    '2 musts are violated',
    '7\u00A0requirements apply',
    '3 verified',
    '2 violated',
    'Exit code 4',
    'Example Networks',
    'viaduct 0.1.0',
    'sha256-5d1f0a77c2',
    '20260301',
    '2026-03-01 12:30:05 UTC',
    '--seed 20260301',
    '41 of 44',
  ]) {
    t.ok(times(answer, words) > 0, words)
  }
  t.notOk(page.includes('was interrupted'), 'was interrupted')
  t.ok(rendered(partial).includes('This run was interrupted'), 'This run was interrupted')
  t.ok(rendered(partial).includes('Only a selection was run'), 'Only a selection was run')
  t.ok(rendered(green).includes('<span class="mark good"'), '<span class="mark good"')
  t.notOk(rendered(green).includes('What failed'), 'What failed')
  t.ok(rendered(empty).includes('No class was judged'), 'No class was judged')
  t.end()
})

void test('failures stand in the page without scripts, up to a bound', (t) => {
  const page = rendered(red)
  const order = ['id="failed"', 'id="failures"', 'id="requirements"', 'id="cases"', 'id="not-applicable"', 'id="pics"']
  t.same(
    order.map((id) => page.indexOf(id)),
    order.map((id) => page.indexOf(id)).toSorted((a, b) => a - b),
    'in this order',
  )
  t.equal(times(page, '<details class="failure"'), 5, 'all that ran and did not pass')
  t.equal(times(page, 'class="sequence"'), 5)
  for (const words of [
    'Frames 0 to 4 were sent again',
    'suites/emp/loss.yaml:31:9',
    'drop the first copy',
    'SIGSEGV',
    '&lt;frame 5&gt; &amp;',
    '0.2.1',
    'AddressSanitizer',
    'Not tied to a violated requirement',
    'rests on: harness',
  ]) {
    t.ok(page.includes(words), words)
  }
  const many = rendered(silent(400))
  t.equal(times(many, '<details class="failure"'), staticMax)
  t.ok(many.includes('The first 50 of 800 permutations'), 'The first 50 of 800 permutations')
  t.ok(many.length < 4_000_000, `${many.length} characters`)
  t.end()
})

void test('the page tells which answers were seen, which were missed, and why others are not', (t) => {
  const page = rendered(red)
  const section = page.slice(page.indexOf('<section id="answers"'), page.indexOf('<section id="not-applicable"'))
  for (const words of [
    '3 of 4\u00A0answers',
    '<code>VIP_SUCCESS</code> 12\u202F345',
    '<td><code>VIP_NOT_DONE</code> </td>',
    '<strong>No limit is declared.</strong> <code>VipErrorCallback VIP_ERROR_RESOURCE</code>',
    'Asynchronous errors',
  ]) {
    t.equal(times(section, words), 1, words)
  }
  t.notOk(rendered(green).includes('id="answers"'), 'nothing where nothing was counted')
  t.end()
})

void test('different cases come before repetitions of one', (t) => {
  const first = inReadingOrder(silent(60)).slice(0, 60)
  t.equal(new Set(first.map(({ row }) => row.case)).size, 60)
  t.equal(inReadingOrder(red).at(-1)?.row.verdict, 'inconclusive')
  t.equal(inReadingOrder(large(10_000)).length, 99)
  t.end()
})

void test('what a baseline knows comes last, and is marked', (t) => {
  const [first] = inReadingOrder(red)
  if (!first) throw new Error('nothing is red')
  const cases = red.cases.map((row, place) => (place === first.place ? { ...row, known: { reason: 'told' } } : row))
  const report = { ...red, cases }
  t.equal(inReadingOrder(report).at(-1)?.place, first.place)
  const page = rendered(report)
  t.match(page, new RegExp(`href="#p-${first.place}">[^<]*</a>\\s*<span class="note">\\(known\\)</span>`))
  t.notMatch(rendered(red), /\(known\)/)
  t.end()
})

for (const [what, report] of [
  ['a whole run', red],
  ['a selection', { ...red, cases: red.cases.filter(({ suite }) => suite !== 'emp.loss') }],
] as const)
  void test(`of ${what} headings do not skip a level, ids are unique, links in the static page lead somewhere`, (t) => {
    const page = rendered(report)
    const levels = [...page.matchAll(/<h([1-6])/g)].map((found) => Number(found[1]))
    t.equal(levels[0], 1)
    t.ok(levels.every((level, place) => place === 0 || level <= (levels[place - 1] ?? 0) + 1))
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map((found) => found[1])
    t.equal(new Set(ids).size, ids.length)
    const links = [...page.matchAll(/<a\s[^>]*href="#([^"?]*)/g)].map((found) => found[1])
    t.same(
      links.filter((link) => !ids.includes(link)),
      [],
    )
    t.end()
  })

void test('in a diagram every event has a row of its own and arrows point forward in time', (t) => {
  for (const hosts of [
    ['a', 'b'],
    ['a', 'b', 'c'],
  ]) {
    const { rows, columns, width, height } = layOut({ ...lossDiagram, hosts })
    const tops = rows.map(({ top }) => top).toSorted((a, b) => a - b)
    t.ok(
      tops.every((top, place) => place === 0 || top - (tops[place - 1] ?? 0) >= 24),
      'room for a line of text',
    )
    t.ok(
      rows.every(({ top, bottom }, place) =>
        lossDiagram.events[place]?.kind === 'frame' ? bottom > top : bottom === top,
      ),
    )
    t.ok(columns.every((x, place) => x > (columns[place - 1] ?? 0) && x < width))
    t.ok(rows.every(({ bottom }) => bottom < height))
  }
  const delayed = layOut(lossDiagram).rows
  t.ok((delayed[6]?.bottom ?? 0) > (delayed[7]?.bottom ?? 0), 'what was delayed arrives after what was sent later')
  t.doesNotThrow(() => layOut({ hosts: [], events: [], omitted: 0 }))
  t.end()
})

void test('figures', (t) => {
  t.equal(count(1_234_567), '1\u202F234\u202F567')
  t.same([0, 999, 1_500, 2_048_512, 5e9].map(span), ['0', '999\u00A0ns', '1.5\u00A0µs', '2.049\u00A0ms', '5\u00A0s'])
  t.end()
})

void test('a failure shows the reference beside it, marks once where they part, and does not call that the fault', (t) => {
  const page = rendered(red)
  const failures = page.slice(page.indexOf('id="failures"'), page.indexOf('id="requirements"'))
  t.equal(times(failures, 'class="sequence beside"'), 1)
  t.equal(times(failures, 'class="parting"'), 1)
  const text = textOf(`<body>${failures}`)
  t.match(text, /Played with the same seed, weather and schedule: until 900us both did the same;/)
  t.match(text, /one of several ways that are allowed: where they part is a place to look, and need not be the fault/)
  t.match(text, /7 rows from shortly before they part; 4 events before and 1 event behind are left out/)
  t.match(text, /both, 25 µs, left \(IUT\) sends: .* \(the reference at 26 µs\)/)
  t.match(text, /Here they part\. implementation, 900 µs/)
  t.notMatch(text, /no deadline is <armed>/)
  t.end()
})

void test('where the reference could not be played, one line says why', (t) => {
  t.match(textOf(rendered(red)), /Beside the reference Not shown: the wire is hidden\./)
  t.end()
})

void test('a failure tells on what it depends, and the first screen whether what was played twice came out the same', (t) => {
  const stability = { label: 'deterministic', by: 'trace', same: 3, of: 3 } as const
  const cases = red.cases.map((row) => (row.verdict === 'fail' ? { ...row, stability } : row))
  const playedTwice = { sample: 12, same: 12, different: [] }
  const text = textOf(rendered({ ...red, cases, run: { ...red.run, playedTwice } }))
  t.match(text, /Stability deterministic: played again, it had the same trace 3 of 3 times/)
  t.match(text, /Determinism sample of 12 permutations played twice: all the same/)
  t.end()
})
