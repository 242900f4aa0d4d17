// The last words of a run: a count of what passed does not flatter.
import { PassThrough } from 'node:stream'
import { test } from 'tap'
import {
  answerWords,
  blamedRule,
  brokenWords,
  emptyWords,
  failureWords,
  failuresOf,
  inapplicableWords,
  unshownWords,
} from '../harness/cli/terminal/summary.ts'
import { Progress } from '../harness/cli/terminal/progress.ts'
import { tellingLines } from '../harness/cli/terminal/telling-lines.ts'
import type { AnswerCount, PermutationResult, FailureDetail, Report } from '../harness/result/report.ts'
import { green, permutation } from './reports/example-report.ts'

/** A whole run in which these permutations passed, each about one requirement, of which EMP-REL-001 is the one that is verified. */
function passed(...about: readonly string[]): Report {
  const cases = about.map((id, victim) => ({
    ...permutation({ suite: 'emp.loss', case: 'lost', title: 'Lost' }, { victim: String(victim) }),
    findings: [
      { judge: 'expectation', verdict: 'pass', requirements: id === '' ? [] : [id], expected: '', seen: '' } as const,
    ],
  }))
  const [known] = green.requirements
  if (!known) throw new Error('the example has no requirement')
  const requirements = [
    { ...known, id: 'EMP-REL-001', verdict: 'verified' },
    { ...known, id: 'EMP-REL-002', verdict: 'violated' },
    { ...known, id: 'EMP-REL-003', verdict: 'partly' },
  ] as const
  return {
    ...green,
    run: { ...green.run, selection: [] },
    cases,
    requirements,
    totals: { ...green.totals, pass: about.length },
  }
}

await test('where everything that passed is about what did not hold elsewhere, the summary says that it verifies nothing', (t) => {
  t.same(emptyWords(passed('EMP-REL-002', '', 'EMP-REL-003')), [
    'none of the 3 that passed verifies a requirement: they speak of none, since the reference did the work, or of what is violated or open elsewhere',
  ])
  t.end()
})

await test('where some of it is, the summary says how many', (t) => {
  t.same(emptyWords(passed('EMP-REL-001', '', 'EMP-REL-003')), [
    '2 of those that passed verify no requirement: they speak of none, since the reference did the work, or of what is violated or open elsewhere',
  ])
  t.end()
})

await test('where all of it is, and of a run that is not whole, the summary says nothing of the kind', (t) => {
  t.same(emptyWords(passed('EMP-REL-001')), [])
  t.same(emptyWords(passed()), [])
  const some = passed('EMP-REL-002')
  t.same(emptyWords({ ...some, run: { ...some.run, selection: ['emp.loss'] } }), [])
  t.same(emptyWords({ ...some, totals: { ...some.totals, skipped: 1 } }), [])
  t.end()
})

function answer(kind: AnswerCount['kind'], name: string, more: Partial<AnswerCount> = {}): AnswerCount {
  return {
    interface: 'via',
    kind,
    of: kind === 'code' ? 'VipCQDone' : '',
    name,
    count: 1,
    due: 'yes',
    why: '',
    ...more,
  }
}

const answers: readonly AnswerCount[] = [
  answer('code', 'VIP_SUCCESS', { count: 30 }),
  answer('code', 'VIP_NOT_DONE', { count: 0 }),
  answer('code', 'VIP_ERROR_RESOURCE', { count: 0, due: 'open', why: 'Nothing is sure to bring it about.' }),
  answer('bit', 'done'),
  answer('bit', 'partial-error', { count: 2, due: 'open', why: 'Others may stand for it.' }),
  answer('error', 'rdma-read-protection', { count: 0, due: 'not-applicable', why: 'There is no RDMA read.' }),
]

const whole: Report = {
  ...green,
  run: { ...green.run, selection: [] },
  cases: green.cases.map((row) => ({ ...row, interface: 'via' })),
  answers,
}

await test('where nothing of VIA ran, the summary does not count its answers', (t) => {
  t.same(answerWords({ ...whole, cases: green.cases }), [])
  t.end()
})

await test('the summary counts the answers that a run ought to show, and names those that were never seen', (t) => {
  t.same(answerWords(whole), [
    'answers seen: 1 of 2 return codes of calls, 1 of 1 status bits, 0 of 0 operations in Status, 0 of 0 states of a VI, 0 of 0 asynchronous errors; never: VipCQDone VIP_NOT_DONE',
  ])
  t.end()
})

await test('of answers that were never seen only the first are named', (t) => {
  const names = ['done', 'format-error', 'protection-error', 'length-error', 'partial-error']
  const [words = ''] = answerWords({ ...whole, answers: names.map((name) => answer('bit', name, { count: 0 })) })
  t.match(words, /; never: done, format-error, protection-error, and 2 more, in the report$/)
  t.end()
})

await test('a selection need not show all answers, and a run without any to show has nothing to say', (t) => {
  const [words = ''] = answerWords({ ...whole, run: { ...whole.run, selection: ['via.nic'] } })
  t.match(words, /^answers seen: 1 of 2 return codes/)
  t.notMatch(words, /never/)
  t.same(answerWords(green), [])
  t.end()
})

await test('a finding that names no requirement is told by who found it', (t) => {
  const finding = { verdict: 'crash', expected: '', seen: '' } as const
  t.equal(blamedRule({ ...finding, judge: 'harness', requirements: [] }), 'harness')
  t.equal(
    blamedRule({ ...finding, judge: 'monitor', requirements: ['EMP-REL-001', 'EMP-REL-002'] }),
    'EMP-REL-001, EMP-REL-002',
  )
  t.end()
})

/** What a reader needs of a failure in which nothing happened. */
const detail: FailureDetail = {
  faultPlan: [],
  decisions: [],
  configuration: {},
  steps: [],
  diagram: { hosts: [], events: [], omitted: 0 },
}

const lost = { suite: 'emp.loss', case: 'lost', title: 'Lost' }

await test('what did not pass is told by case and by what it came to, errors first', (t) => {
  const found = ['pass', 'fail', 'error', 'fail', 'not-applicable', 'skipped'] as const
  const cases = found.map((verdict, victim) => permutation(lost, { victim: String(victim) }, { verdict }))
  t.same(
    failuresOf(cases).map((rows) => rows.map(({ verdict, axes }) => `${verdict} ${axes['victim']}`)),
    [['error 2'], ['fail 1', 'fail 3']],
  )
  t.end()
})

await test('the last words of an adapter that crashed are told between what was seen and the command that repeats it', (t) => {
  const seen = 'The adapter exited with code 1'
  const finding = { judge: 'harness', verdict: 'crash', requirements: [], expected: 'an answer', seen } as const
  const failure = {
    ...detail,
    stderr: 'power\nself-test\nstarting\nlink is up\nsecond queue is up\nthe NIC is on fire\nend\n',
  }
  const row = permutation(lost, {}, { verdict: 'crash', findings: [finding], failure, repeat: 'npx viaduct run it' })
  t.same(failureWords(row, [row, row]), [
    `crash ${row.name}  and 2 permutations more of this case`,
    '  harness: an answer',
    `  seen: ${seen}`,
    '  stderr: starting',
    '  stderr: link is up',
    '  stderr: second queue is up',
    '  stderr: the NIC is on fire',
    '  stderr: end',
    '  npx viaduct run it',
  ])
  t.end()
})

await test('where an adapter wrote nothing to stderr, nothing is told of it', (t) => {
  const row = permutation(
    lost,
    {},
    { verdict: 'crash', findings: [], reason: 'it is gone', failure: detail, repeat: 'r' },
  )
  t.same(failureWords(row, []), [`crash ${row.name}`, '  it is gone', '  r'])
  t.end()
})

await test('a rule that was broken several times is told once, with how often', (t) => {
  const finding = {
    judge: 'monitor',
    verdict: 'fail',
    requirements: ['EMP-FRAME-001'],
    expected: 'whole frames',
  } as const
  const findings = [
    { ...finding, seen: 'frame 1 is cut' },
    { ...finding, seen: 'frame 2 is cut' },
    { ...finding, requirements: ['EMP-REL-001'], expected: 'all octets', seen: 'none' },
    { ...finding, seen: 'frame 3 is cut' },
  ]
  const row = permutation(lost, {}, { verdict: 'fail', findings, failure: detail, repeat: 'r' })
  t.same(failureWords(row, []), [
    `fail ${row.name}`,
    '  EMP-FRAME-001: whole frames',
    '  seen: frame 1 is cut, and 2 more like it',
    '  EMP-REL-001: all octets',
    '  seen: none',
    '  r',
  ])
  t.end()
})

await test('what comes out otherwise beside other worlds is told together, of whatever cases it is', (t) => {
  const shared = { verdict: 'inconclusive', blame: 'adapter', reason: 'it came to fail beside others' } as const
  const rows = ['a', 'b', 'b'].map((name) => permutation({ ...lost, case: name }, {}, shared))
  const clock = permutation(lost, {}, { ...shared, lostTo: 'clock' })
  const [together = [], alone] = failuresOf([...rows, clock])
  t.same(together, rows)
  t.same(alone, [clock])
  const [first, ...others] = together
  t.match(first && failureWords(first, others)[0], / and 2 permutations more of another case$/)
  t.end()
})

/** Ten groups of failures that are named, each of another case, and those after them. */
function failuresAfterTen(...after: readonly PermutationResult[]): ReturnType<typeof failuresOf> {
  const named = Array.from({ length: 10 }, (_, i) => permutation({ ...lost, case: `c${i}` }, {}, { verdict: 'fail' }))
  return failuresOf([...named, ...after])
}

await test('a case that did not pass in two ways is one case more', (t) => {
  const [one, two] = ['fail', 'timeout'] as const
  const after = [one, two].map((verdict) => permutation(lost, {}, { verdict }))
  t.equal(unshownWords(failuresAfterTen(...after)), '... and 1 case more, in the report')
  t.end()
})

await test('what a case that is named came to besides is told by its permutations', (t) => {
  const besides = permutation({ ...lost, case: 'c3' }, {}, { verdict: 'timeout' })
  t.equal(unshownWords(failuresAfterTen(besides)), '... and 1 permutation more of these cases, in the report')
  t.equal(unshownWords(failuresAfterTen()), undefined)
  t.end()
})

await test('where nothing applies, the most frequent reasons are told, and otherwise none', (t) => {
  const unapplied = (reason: string) => permutation(lost, {}, { verdict: 'not-applicable', reason })
  const cases = ['a', 'b', 'c', 'd', 'b', 'c', 'b'].map(unapplied)
  t.same(inapplicableWords({ ...green, cases }), ['3 permutations: b', '2 permutations: c', '1 permutation: a'])
  t.same(inapplicableWords({ ...green, cases: [...cases, permutation(lost, {})] }), [])
  t.end()
})

await test('of the report of a sanitizer its beginning is shown, and not the shadow memory at its end', (t) => {
  const said = [
    'link up',
    '==7==ERROR: AddressSanitizer: heap-buffer-overflow',
    'WRITE of size 1',
    '  #0 in take nic.c:117',
  ]
  const shadow = Array.from({ length: 30 }, () => '  0x0c: fa fa')
  t.same(tellingLines([...said, ...shadow, '==7==ABORTING', ''].join('\n'), 3), said.slice(1))
  t.same(tellingLines(['nic.c:3:9: runtime error: index 9', 'a', 'b', 'c'].join('\n'), 2), [
    'nic.c:3:9: runtime error: index 9',
    'a',
  ])
  t.end()
})

await test('of what else was written to stderr the end is shown, where a traceback says what was wrong', (t) => {
  t.same(tellingLines('Traceback\n  File "nic.py"\n    take()\nKeyError: 5\n', 2), ['    take()', 'KeyError: 5'])
  t.same(tellingLines('one\ntwo\nthree\n', 2), ['two', 'three'])
  t.end()
})

await test('in a log a run that is slow says how far it is also in the middle of a suite', (t) => {
  const log = new PassThrough({ encoding: 'utf8' })
  let now = 0
  const progress = new Progress(4, log, () => now)
  for (const seconds of [1, 29, 31, 62]) {
    now = seconds * 1000
    progress.row(permutation(lost, {}, {}))
  }
  t.equal(log.read(), '3/4  3 pass  emp.loss\n4/4  4 pass  emp.loss\n')
  t.end()
})

await test('on a terminal the line is cut to the width by what is seen of it, so that no colour stays on', (t) => {
  const narrow = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 16 })
  let now = 0
  const progress = new Progress(4, narrow, () => now)
  now = 1000
  progress.row(permutation(lost, {}, {}))
  const painted = String(narrow.read())
  const escape = String.fromCodePoint(27)
  t.match(painted, '1/4  1 pass  ')
  t.match(painted, process.env['NO_COLOR'] ? 'em' : `${escape}[2mem${escape}[22m`)
  t.notMatch(painted, 'emp')
  t.end()
})

await test('a line that was painted a moment ago is left as it is', (t) => {
  const terminal = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 80 })
  let now = 0
  const progress = new Progress(4, terminal, () => now)
  for (const milliseconds of [150, 160]) {
    now = milliseconds
    progress.row(permutation(lost, {}, {}))
  }
  t.notMatch(String(terminal.read()), '2/4')
  t.end()
})

await test('in a log each suite has a line when it is over, the last one too', (t) => {
  const log = new PassThrough({ encoding: 'utf8' })
  const progress = new Progress(3, log, () => 0)
  const row = permutation(lost, {}, {})
  for (const suite of ['emp.loss', 'emp.loss', 'emp.races']) progress.row({ ...row, suite })
  progress.end()
  t.equal(log.read(), '2/3  2 pass  emp.loss\n3/3  3 pass  emp.races\n')
  t.end()
})

await test('in a log suites in which nothing applies have no lines of their own', (t) => {
  const log = new PassThrough({ encoding: 'utf8' })
  const progress = new Progress(5, log, () => 0)
  const row = permutation(lost, {}, {})
  const unrun = { ...row, verdict: 'not-applicable' } as const
  progress.row({ ...unrun, suite: 'emp.a' })
  progress.row({ ...unrun, suite: 'emp.b' })
  progress.row({ ...row, suite: 'emp.c' })
  progress.row({ ...unrun, suite: 'emp.d' })
  progress.row({ ...unrun, suite: 'emp.e' })
  progress.end()
  t.equal(log.read(), '3/5  1 pass, 2 not-applicable  emp.c\n5/5  1 pass, 4 not-applicable  emp.e\n')
  t.end()
})

await test('where half of what ran crashed, the summary names the command that looks at the adapter', (t) => {
  const implementation = { ...green.implementation, adapter: './my adapter' }
  const none = { pass: 0, inconclusive: 0, fail: 0, timeout: 0, crash: 0, error: 0 }
  const told = (found: Partial<Report['totals']>): readonly string[] =>
    brokenWords({ ...green, implementation, totals: { ...green.totals, ...none, ...found } })
  t.same(told({ pass: 3, timeout: 1, crash: 4 }), [
    "4 of the 8 that ran crashed: npx viaduct doctor --adapter './my adapter' tells whether the adapter is at fault",
  ])
  t.same(told({ pass: 5, crash: 4 }), [])
  t.same(told({ fail: 9 }), [])
  t.end()
})
