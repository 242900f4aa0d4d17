// Tests the reports for builds and pages of others: SARIF, the Markdown summary and the badge.
import { test } from 'tap'
import type { PermutationResult, ClassResult, Report } from '../../harness/result/report.ts'
import { renderBadge } from '../../reports/badge.ts'
import { renderHtml } from '../../reports/html.ts'
import { renderMarkdown } from '../../reports/markdown.ts'
import { renderSarif } from '../../reports/sarif.ts'
import { empty, green, large, partial, permutation, red } from './example-report.ts'

interface Sarif {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly rules: readonly { readonly id: string; readonly help?: { text: string } }[] }
    }
    readonly invocations: readonly { readonly executionSuccessful: boolean; readonly exitCode: number }[]
    readonly results: readonly {
      readonly ruleId: string
      readonly ruleIndex: number
      readonly kind: string
      readonly level: string
      readonly message: { readonly text: string }
      readonly locations: readonly {
        readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string }; readonly region: object }
      }[]
      readonly suppressions?: readonly { readonly justification: string }[]
    }[]
  }[]
}

function sarif(report: Report): Sarif['runs'][number] {
  const document: Sarif = JSON.parse(renderSarif(report))
  const [run] = document.runs
  if (!run) throw new Error('no run')
  return run
}

const lost = { suite: 'emp.loss', case: 'lost', title: 'A lost frame' }

function failed(victim: number, more: Partial<PermutationResult> = {}): PermutationResult {
  const broken = {
    judge: 'expectation',
    verdict: 'fail',
    requirements: ['EMP-REL-007'],
    expected: 'one frame',
    seen: 'two',
    position: 'suites/emp/loss.yaml:28:9',
  } as const
  return {
    ...permutation(lost, { victim: String(victim) }),
    verdict: 'fail',
    reason: 'two',
    findings: [broken],
    ...more,
  }
}

void test('SARIF leads to the line of the suite and to the clause of the requirement, once for a case', (t) => {
  const [example] = green.requirements
  if (!example) throw new Error('the example has no requirement')
  const requirements = [{ ...example, id: 'EMP-REL-007', keyword: 'should', clause: 'paper 4.1' } as const]
  const { results, tool } = sarif({ ...green, requirements, cases: [failed(0), failed(1)] })
  t.equal(results.length, 1)
  t.match(results[0], {
    ruleId: 'EMP-REL-007',
    ruleIndex: 0,
    kind: 'fail',
    level: 'warning',
    message: {
      text: /^emp\.loss\/lost\S+ \(and 1 permutation more of this case\): expected: one frame; seen: two\. Repeat it: /,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'suites/emp/loss.yaml' },
          region: { startLine: 28, startColumn: 9 },
        },
      },
    ],
  })
  t.match(tool.driver.rules[0]?.help?.text, /paper 4\.1/)
  t.end()
})

void test('in SARIF what is inconclusive is open, and what is known is suppressed', (t) => {
  const open = failed(0, {
    verdict: 'inconclusive',
    findings: [],
    proves: [{ words: 'a loss', seen: false, count: 0 }],
  })
  const { results } = sarif({ ...green, cases: [open, failed(1, { known: { reason: 'is looked into' } })] })
  t.match(results[0], { ruleId: 'inconclusive', kind: 'open', level: 'none', message: { text: /not seen: a loss/ } })
  t.match(results[1]?.suppressions, [{ justification: 'is looked into' }])
  t.end()
})

void test('in SARIF an error is told of the harness, and is no result', (t) => {
  const { results, invocations } = sarif({ ...green, cases: [failed(0, { verdict: 'error' })] })
  t.same(results, [])
  t.match(invocations, [{ executionSuccessful: false }])
  t.end()
})

void test('every result in SARIF has a rule, whatever came out', (t) => {
  for (const report of [red, green, empty, partial, large(2000)]) {
    const { results, tool, invocations } = sarif(report)
    t.same(
      results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id),
      results.map(({ ruleId }) => ruleId),
    )
    t.equal(invocations[0]?.exitCode, report.exit.code)
  }
  t.end()
})

void test('the summary tells the exit code, the classes, and what failed, one line for a case', (t) => {
  const text = renderMarkdown({
    ...red,
    cases: [failed(0), failed(1)],
    exit: { code: 1, why: '2 permutations failed' },
  })
  t.match(text, /^\*\*Exit code 1:\*\* 2 permutations failed$/m)
  t.match(text, /^\| emp \| core \| /m)
  t.match(text, /^\| fail \| `emp\.loss\/lost\S+` and 1 more \| EMP-REL-007 \| two \|$/m)
  t.end()
})

void test('the summary tells a selection and a search for what they are', (t) => {
  const run = { ...green.run, selection: ['emp.loss'] }
  t.match(renderMarkdown({ ...green, run }), /^Only a selection was run: `emp\.loss`$/m)
  const searched = renderMarkdown({ ...green, run, fuzz: [] })
  t.match(searched, /^This was a search: /m)
  t.notMatch(searched, /Only a selection/)
  t.end()
})

void test('the summary leaves out what the baseline knows, and counts it', (t) => {
  const entries = [
    { pattern: 'emp.gone', verdict: 'fail', signature: 'A', reason: 'r', permutations: 0, problem: 'it is gone' },
  ] as const
  const text = renderMarkdown({ ...red, cases: [failed(0, { known: { reason: 'r' } })], baseline: { entries } })
  t.notMatch(text, /\| fail \|/)
  t.match(text, /Known to the baseline: 1.failure\. Entries of it that are no longer right: 1\./)
  t.match(text, /^- `emp\.gone`: it is gone$/m)
  t.end()
})

void test('the summary and the page call no class conformant without what was excused, and what it would be else', (t) => {
  const [core] = green.classes
  if (!core) throw new Error('the example has no class')
  const unexcused = { verdict: 'not-conformant', why: '', applicable: 5, verified: 3, violated: 2 } as const
  const gate = {
    waivers: [{ requirement: 'EMP-REL-001', reason: 'r', problem: 'it is verified' }],
    policy: { notApplicable: 1 },
    terms: [{ term: 'permutations that do not apply', asked: 'at most 1', seen: '2', standing: 'missed' as const }],
  }
  const report = { ...green, classes: [{ ...core, waived: 2, unexcused }], gate }
  const text = renderMarkdown(report)
  t.match(text, /\| conformant, 2 waived \|/)
  t.match(text, /^- emp core, if nothing were excused \(2 waived\): not-conformant, 3 of 5 verified, 2 violated$/m)
  t.match(text, /^- waiver of EMP-REL-001, no longer right: it is verified$/m)
  t.match(text, /^- gate, missed: permutations that do not apply: asked at most 1, seen 2$/m)
  const page = renderHtml(report, '', (unpacked) => unpacked)
  t.match(page, /missed<\/span\s*>\s*permutations that do not apply: asked at most 1, seen 2/)
  t.match(page, /conformant, 2 waived</)
  t.match(page, /If nothing were excused \(2 waived\): not conformant, 3 of\s+5.requirements verified, 2 violated\./)
  t.end()
})

void test('nothing that an implementation says becomes Markdown or HTML', (t) => {
  const nasty = '<img src=x> | `a` *b* [c](d)\nnext'
  const text = renderMarkdown({ ...red, cases: [failed(0, { reason: nasty, name: nasty })] })
  t.notMatch(text, /(?<!\\)<img src=x(?!> \\\| `a`)/)
  const row = text.split('\n').find((line) => line.startsWith('| fail'))
  t.match(row, /\\<img src=x\\> \\\| \\`a\\` \\\*b\\\* \\\[c\\\]\(d\) next \|$/)
  t.end()
})

function badgeOf(classes: readonly ClassResult[], more: Partial<Report> = {}): string {
  return (
    /<title>(.*)<\/title>/.exec(
      renderBadge({ ...green, run: { ...green.run, selection: [] }, classes, ...more }),
    )?.[1] ?? ''
  )
}

void test('the badge names the largest class of each interface, and nothing that is not known', (t) => {
  const [example] = green.classes
  if (!example) throw new Error('the example has no class')
  const of = (name: string, level: string, verdict: ClassResult['verdict']): ClassResult => ({
    ...example,
    interface: name,
    class: level,
    verdict,
  })
  const emp = [of('emp', 'core', 'conformant'), of('emp', 'full', 'conformant')]
  t.equal(badgeOf([...emp, of('via', 'functional', 'conformant')]), 'viaduct: EMP full, VIA functional')
  t.equal(badgeOf([...emp, of('via', 'full', 'not-conformant')]), 'viaduct: EMP full only')
  t.equal(badgeOf([of('emp', 'core', 'not-conformant')]), 'viaduct: not conformant')
  t.equal(badgeOf([of('emp', 'core', 'indeterminate')]), 'viaduct: indeterminate')
  t.equal(
    badgeOf([of('emp', 'core', 'not-assessed')], { run: { ...green.run, selection: ['emp.loss'] } }),
    'viaduct: not assessed',
  )
  t.equal(badgeOf(emp, { run: { ...green.run, interrupted: true } }), 'viaduct: interrupted')
  const excused = emp.map((each) => ({ ...each, waived: 2, disputed: 1 }))
  t.equal(badgeOf(excused), 'viaduct: EMP full (2 waived, 1 disputed)')
  t.end()
})
