// Suite files become permutations, or every diagnostic that they deserve, at its place.
import * as fc from 'fast-check'
import { test } from 'tap'
import { parseCatalogue } from '../../harness/plan/specification/catalogue.ts'
import { formatDiagnostic } from '../../harness/plan/yaml/code-frame.ts'
import { expand } from '../../harness/plan/expand.ts'
import { expectationWords } from '../../harness/plan/words/expectations.ts'
import { faultWords } from '../../harness/plan/words/faults.ts'
import { didYouMean, nearest } from '../../harness/plan/yaml/nearest.ts'
import { parseRecordLayout, parseWireLayout } from '../../harness/plan/specification/parse-layout.ts'
import type { Requirement } from '../../harness/plan/requirement.ts'
import { seedOf } from '../../harness/plan/seed.ts'
import { matcherOf, select } from '../../harness/plan/select.ts'
import { stepWords } from '../../harness/plan/words/steps.ts'
import type { SuiteContext } from '../../harness/plan/read/suite-case.ts'
import { parseSuites } from '../../harness/plan/read/suites.ts'
import type { Pics } from '../../harness/subject/pics.ts'

const lossSuite = `suite: emp.loss
title: Loss of frames
interface: emp
class: core
needs: [wire.frames, clock.virtual]
cases:
  - id: one-data-frame-lost
    title: A lost data frame is sent again, and only its collection
    axes: { victim: [0, 1, 2, last] }
    memory: { left.tx: { bytes: 6000, fill: { prng: 7 } }, right.rx: { bytes: 8192, guard: 64 } }
    faults:
      - drop: { from: left, type: data, message: 1, frame: $victim, occurrence: 1 }
    steps:
      - right.irecv: { from: left, tag: 5, buffer: rx, as: r }
      - left.isend: { to: right, tag: 5, buffer: tx, as: s }
      - settle: { within: 5s }
    expect:
      - right.done: { request: r, times: 1, length: 6000, data: tx@0+6000 }
        for: EMP-REL-001
      - left.done: { request: s }
        for: EMP-REL-009
      - wire.retransmitted: { collection-of: $victim, others: 0 }
        for: EMP-REL-007
      - left.deadline: none
        for: EMP-REL-012
    proves: [{ fault: 0, fired: 1 }]
    kills: [emp-no-retransmit, emp-resends-everything, emp-duplicate-delivery]
`

function requirement(id: string, untestable?: string): Requirement {
  return {
    id,
    interface: 'emp',
    area: 'reliability',
    title: id,
    words: id,
    keyword: 'must',
    class: 'core',
    basis: 'sourced',
    source: ['E1'],
    clause: '4',
    needs: [],
    lacks: [],
    ...(untestable === undefined ? {} : { untestable }),
    position: { file: 'requirements.yaml', line: 1, column: 1 },
  }
}

const context: SuiteContext = {
  catalogue: {
    requirements: [
      ...['EMP-REL-001', 'EMP-REL-007', 'EMP-REL-009', 'EMP-REL-012'].map((id) => requirement(id)),
      requirement('EMP-HOST-009', 'nobody sees it from outside'),
    ],
    classes: [
      { interface: 'emp', class: 'core', words: '' },
      { interface: 'emp', class: 'full', words: '' },
    ],
  },
  mutants: ['emp-no-retransmit', 'emp-resends-everything', 'emp-duplicate-delivery'],
  options: ['wire.frames', 'clock.virtual', 'stepped', 'emp.counters', 'emp.descriptors', 'emp.completion-events'],
  keys: ['emp.collection', 'emp.timeout', 'wire.mtu'],
  fixtures: new Map(),
}

const pics: Pics = {
  interfaces: ['emp'],
  clock: 'virtual',
  wire: 'frames',
  profile: 'emp-1',
  options: { stepped: true },
  values: {
    'emp.collection': { value: 3, settable: { least: 1, most: 16 } },
    'emp.timeout': { value: 800_000 },
    'wire.mtu': { value: 1500, settable: { least: 576, most: 9000 } },
  },
}

function problemsOf(text: string): string[] {
  return parseSuites([{ file: 'a.yaml', text }], context).diagnostics.map(
    ({ position, message, suggestion }) =>
      `${position.line}:${position.column} ${message}${suggestion === '' ? '' : ` | ${suggestion}`}`,
  )
}

/** Problems of the example after each `[what, instead]` was replaced, which must occur. */
function problemsAfter(...edits: readonly (readonly [what: string, instead: string])[]): string[] {
  let text = lossSuite
  for (const [what, instead] of edits) {
    if (!text.includes(what)) throw new Error(`the example has no ${what}`)
    text = text.replace(what, () => instead)
  }
  return problemsOf(text)
}

function permutationsOf(text: string, options: Partial<Parameters<typeof expand>[2]> = {}, given: Pics = pics) {
  const { cases, diagnostics } = parseSuites([{ file: 'a.yaml', text }], context)
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('; '))
  return expand(cases, given, { roles: undefined, seed: 1, ...options })
}

const edits: Readonly<
  Record<string, readonly [edits: readonly (readonly [string, string])[], problems: readonly string[]]>
> = {
  'an unknown key': [
    [['    proves:', '    proofs: []\n    proves:']],
    ['26:5 unknown key `proofs` | did you mean `proves`?'],
  ],
  'an unknown kind of step': [
    [['left.isend', 'left.isnd']],
    ['15:9 unknown key `left.isnd` | did you mean `left.isend`?'],
  ],
  'a key twice': [
    [['class: core\n', 'class: core\nclass: full\n']],
    ['5:1 this key stands here twice | remove or rename one'],
  ],
  'text that is no YAML': [
    [['[0, 1, 2, last]', '[0, 1, 2, last']],
    [
      '9:36 Flow sequence in block collection must be sufficiently indented and end with a ]',
      '10:5 Flow map in block collection must be sufficiently indented and end with a }',
    ],
  ],
  'an alias': [
    [
      ['fill: { prng: 7 }', 'fill: &f { prng: 7 }'],
      ['bytes: 8192', 'bytes: 8192, fill: *f'],
    ],
    ['10:94 aliases have no place in these files | write the value again, or use an axis'],
  ],
  'an unknown requirement': [
    [['EMP-REL-007', 'EMP-REL-077']],
    ['23:14 there is no requirement `EMP-REL-077` | did you mean `EMP-REL-007`?'],
  ],
  'an untestable requirement': [
    [['for: EMP-REL-009', 'for: [EMP-REL-009, EMP-HOST-009]']],
    ['21:28 `EMP-HOST-009` is marked untestable: nobody sees it from outside | name another requirement'],
  ],
  'an unknown mutant': [
    [['emp-no-retransmit', 'emp-no-retransmits']],
    ['27:13 there is no mutant `emp-no-retransmits` | did you mean `emp-no-retransmit`?'],
  ],
  'an unknown host': [
    [['right.irecv: { from: left', 'right.irecv: { from: lefty']],
    ['14:30 there is no host `lefty` | did you mean `left`?'],
  ],
  'an unknown host in a key': [[['- left.done', '- lft.done']], ['20:9 there is no host `lft` | did you mean `left`?']],
  'an unknown buffer': [[['buffer: tx,', 'buffer: txt,']], ['15:50 `left` has no buffer `txt` | did you mean `tx`?']],
  'an unknown buffer as content': [
    [['data: tx@0+6000', 'data: ty@0+6000']],
    ['18:65 there is no buffer `ty` | did you mean `tx`?'],
  ],
  'a buffer that two hosts have': [
    [
      ['right.rx: {', 'right.tx: {'],
      ['buffer: rx', 'buffer: tx'],
    ],
    ['18:65 several hosts have a buffer `tx` | say which: `left.tx`, `right.tx`'],
  ],
  'an unknown request': [
    [['request: s', 'request: r']],
    ['20:31 `left` has posted no request `r` before this | there is `s`'],
  ],
  'a request twice': [
    [['      - settle', '      - left.isend: { to: right, tag: 6, buffer: tx, as: s }\n      - settle']],
    ['16:58 `left` has a request `s` already | a name stands for one request'],
  ],
  'an unknown label': [
    [['- left.deadline: none', '- left.returned: { call: w, status: ok }']],
    ['24:32 no call before this is labelled `w`'],
  ],
  'a label twice': [
    [
      ['as: r }', 'as: r, label: a }'],
      ['as: s }', 'as: s, label: a }'],
    ],
    ['15:68 another call has the label `a` | a label stands for one call'],
  ],
  'a buffer twice': [
    [['      - settle', '      - left.allocate: { as: tx, bytes: 6000 }\n      - settle']],
    ['16:30 `left` has a buffer `tx` already | a name stands for one buffer'],
  ],
  'an unknown axis': [
    [['collection-of: $victim', 'collection-of: $victin']],
    ['22:46 there is no axis `victin` | did you mean `victim`?'],
  ],
  'an unused axis': [
    [['axes: { victim', 'axes: { size: [1, 2], victim']],
    ['9:13 nothing uses the axis `size` | write `$size`, or remove it'],
  ],
  'a shuffle that is not the last rule': [
    [['      - drop', '      - shuffle: { from: right, frames: 3 }\n      - drop']],
    ['13:9 there is a rule behind `shuffle` | put `shuffle` last'],
  ],
  'a shuffle of one frame': [
    [['drop: { from: left, type: data, message: 1, frame: $victim, occurrence: 1 }', 'shuffle: { frames: 1 }']],
    ['12:28 2 to 6 frames can be shuffled'],
  ],
  'a shuffle of seven frames': [
    [['drop: { from: left, type: data, message: 1, frame: $victim, occurrence: 1 }', 'shuffle: { frames: 7 }']],
    ['12:28 2 to 6 frames can be shuffled'],
  ],
  'a shuffle that does not say of how many frames': [
    [['drop: { from: left, type: data, message: 1, frame: $victim, occurrence: 1 }', 'shuffle: { from: left }']],
    ['12:9 the key `frames` is missing | add `frames:`: how many frames, from 2 to 6'],
  ],
  'a shuffle beside another rule that is explored': [
    [
      [
        'drop: { from: left, type: data, message: 1, frame: $victim, occurrence: 1 }',
        'drop: { from: left, victim: every-frame }\n      - shuffle: { frames: 2 }',
      ],
    ],
    ['13:9 another rule is explored already | one rule of a case can be'],
  ],
  'an unknown fault': [[['fault: 0', 'fault: 1']], ['26:23 there is no fault 1 | faults are numbered from 0: `0`']],
  'a range outside its buffer': [
    [['buffer: tx,', 'buffer: tx@100+6000,']],
    ['15:50 `tx@100+6000` ends at octet 6100, but `tx` has 6000 octets'],
  ],
  'more data than a receive takes': [
    [['buffer: rx,', 'buffer: rx@0+100,']],
    ['18:65 data has 6000 octets, but `r` takes 100'],
  ],
  'an unused buffer': [
    [['right.rx: {', 'right.unused: { bytes: 1 }, right.rx: {']],
    ['10:60 nothing uses the buffer `right.unused` | remove it'],
  ],
  'an unknown need': [
    [['clock.virtual', 'clock.virtul']],
    ['5:22 there is no option `clock.virtul` | did you mean `clock.virtual`?'],
  ],
  'a case that needs an option and its absence': [
    [['  - id: one-data-frame-lost', '  - id: one-data-frame-lost\n    lacks: [clock.virtual]']],
    ['8:13 `clock.virtual` is needed as well, so that the case never applies | remove one of the two'],
  ],
  'options that are used and not needed': [
    [['needs: [wire.frames, clock.virtual]', 'needs: [clock.virtual]']],
    [
      '11:5 a fault needs the option `wire.frames` | add `wire.frames` to `needs`',
      '22:9 `wire.retransmitted` needs the option `wire.frames` | add `wire.frames` to `needs`',
      '26:16 a fault needs the option `wire.frames` | add `wire.frames` to `needs`',
    ],
  ],
  'an unknown configuration key': [
    [['    faults:', '    configuration: { emp.colection: 4 }\n    faults:']],
    ['11:22 there is no configuration key `emp.colection` | did you mean `emp.collection`?'],
  ],
  'a second call on a thread with an open one': [
    [
      [
        '      - settle',
        '      - left.wait: { request: s, start: w }\n      - left.test: { request: s }\n      - settle',
      ],
    ],
    [
      '17:9 the call `w` is still open on thread main of `left` | `join: w` before this, or give this call another `thread`',
    ],
  ],
  'a join of a call that was awaited': [
    [['      - settle', '      - left.wait: { request: s, label: w }\n      - join: w\n      - settle']],
    ['17:15 `w` is never started before this | use `start: w` instead of `label: w`'],
  ],
  'a join of nothing': [
    [['      - settle', '      - join: w\n      - settle']],
    ['16:15 `w` is never started before this'],
  ],
  'no proofs': [
    [['    proves: [{ fault: 0, fired: 1 }]\n', '']],
    [
      '7:5 a case without `proves`: a pass would prove nothing | add `proves:`: sightings without which a pass is only inconclusive',
    ],
  ],
  'empty proofs': [
    [['    proves: [{ fault: 0, fired: 1 }]\n', '    proves: []\n']],
    ['26:5 `proves` is empty: a pass would prove nothing | sightings without which a pass is only inconclusive'],
  ],
  'an expectation without requirement': [
    [['        for: EMP-REL-012\n', '']],
    ['24:9 an expectation without `for`: nothing would be verified | add `for:`: requirements that this verifies'],
  ],
  'unknown roles': [
    [['    faults:', '    roles: [iut-iut, iut-ref]\n    faults:']],
    ['11:22 there are no roles `iut-ref` | there are `iut-iut`, `iut-reference`, `reference-iut`'],
  ],
  'an unknown class': [[['class: core', 'class: cor']], ['4:8 there is no class `cor` | did you mean `core`?']],
  'an unknown word': [
    [['type: data', 'type: dat']],
    ['12:35 `dat` is none of data, acknowledgement | did you mean `data`?'],
  ],
  'a word for a number': [
    [['tag: 5', 'tag: five']],
    ['14:41 `five` is not a whole number, any, or an axis as `$name`'],
  ],
  'a negative size': [[['bytes: 8192', 'bytes: -1']], ['10:79 `-1` is not allowed: it must be at least 0']],
  'a buffer for which no host has memory': [
    [['bytes: 8192', 'bytes: 6000000000000']],
    [
      '10:79 no host has to have the 6000000004224 octets of this buffer, its guard zones and its alignment | a buffer takes 268435456 octets at most',
    ],
  ],
  'a frame that no link carries': [
    [
      [
        '      - settle',
        '      - craft: { from: left, to: right, type: data, message: 0, frame: 0, payload: { prng: 3, bytes: 9089 } }\n      - settle',
      ],
    ],
    ['16:102 no link carries a frame of 9089 octets | 9088 at most'],
  ],
  'guard zones for which no host has memory': [
    [['guard: 64', 'guard: 600000000']],
    [
      '10:92 no host has to have the 1200012288 octets of this buffer, its guard zones and its alignment | a buffer takes 268435456 octets at most',
    ],
  ],
  'an axis value that cannot stand where it is used': [
    [['victim: [0, 1, 2, last]', 'victim: [0, first]']],
    ['12:60 `first` is not a whole number', '22:46 `first` is not a whole number'],
  ],
  'more copies than there can be': [
    [['- drop: { ', '- duplicate: { amount: 1001, ']],
    ['12:30 a frame is not duplicated more than 1000 times'],
  ],
  'no duration': [[['within: 5s', 'within: 5sec']], ['16:27 `5sec` is not a duration such as `3ms`, `800us`, `5s`']],
  'a missing key': [
    [['to: right, ', '']],
    ['15:9 the key `to` is missing | add `to:`: the host that the message goes to'],
  ],
  'two messages in one call': [
    [['buffer: tx,', 'buffer: tx, pieces: [tx],']],
    ['15:9 has both `buffer` and `pieces` | give `buffer` one range, or `pieces` a list of ranges'],
  ],
  'two kinds in one step': [
    [['      - settle: { within: 5s }', '      - settle: { within: 5s }\n        advance: 3ms']],
    ['16:9 has more than 1 key | one step, by its kind'],
  ],
  'errors of every kind at once, and none that follows from another': [
    [
      ['title: A lost', 'titel: A lost'],
      ['left.tx: { bytes: 6000', 'left.ty: { bytes: few'],
      ['right.rx: {', 'right.idle: { bytes: 1 }, right.rx: {'],
      ['type: data', 'type: dat'],
      ['as: r }', 'as: r, label: idle }'],
      ['left.isend', 'left.isnd'],
      ['buffer: tx, as: s', 'buffer: ty, as: s, label: sent'],
      ['      - settle', '      - right.wait: { request: x }\n      - settle'],
      ['data: tx@0+6000', 'data: ty@0+6000'],
      ['- left.deadline: none', '- left.returned: { call: sent, status: ok }'],
      ['EMP-REL-012', 'EMP-REL-021'],
      ['proves: [', 'proves: [{ returned: nobody }, { fault: 3, fired: 1 }, '],
    ],
    [
      '7:5 the key `title` is missing | add `title:`: what must hold, in one sentence',
      '8:5 unknown key `titel` | did you mean `title`?',
      '10:33 `few` is not a whole number, or an axis as `$name`',
      '10:59 nothing uses the buffer `right.idle` | remove it',
      '12:35 `dat` is none of data, acknowledgement | did you mean `data`?',
      '14:70 nothing uses the label `idle` | remove it',
      '15:9 unknown key `left.isnd` | did you mean `left.isend`?',
      '16:32 `right` has posted no request `x` before this | there is `r`',
      '26:14 there is no requirement `EMP-REL-021` | did you mean `EMP-REL-001`?',
      '27:26 no call before this is labelled `nobody` | there are `idle`, `sent`',
      '27:45 there is no fault 3 | faults are numbered from 0: `0`',
    ],
  ],
  'what follows from a name that is missing': [
    [
      ['tag: 5, buffer: rx, as: r }', 'tag: 5, buffer: rxx }'],
      ['request: s }', 'request: t }'],
    ],
    [
      '14:9 the key `as` is missing | add `as:`: name of the request',
      '14:52 `right` has no buffer `rxx` | did you mean `rx`?',
      '20:31 `left` has posted no request `t` before this | there is `s`',
    ],
  ],
  'what follows from steps that are missing': [
    [
      ['    steps:', '    stepz:'],
      ['emp-no-retransmit,', 'emp-no-retransmits,'],
    ],
    [
      '7:5 the key `steps` is missing | add `steps:`: what happens, in order',
      '13:5 unknown key `stepz` | did you mean `steps`?',
      '27:13 there is no mutant `emp-no-retransmits` | did you mean `emp-no-retransmit`?',
    ],
  ],
  'a step of an unknown host': [
    [['- left.isend', '- lft.isend']],
    ['15:9 there is no host `lft` | did you mean `left`?'],
  ],
  'a label that nothing uses': [[['as: s }', 'as: s, label: w }']], ['15:68 nothing uses the label `w` | remove it']],
  'a need of the suite and of the case': [
    [['    faults:', '    needs: [clock.virtual]\n    faults:']],
    ['11:13 the suite needs `clock.virtual` already | remove it'],
  ],
  'a need twice': [
    [['needs: [wire.frames,', 'needs: [wire.frames, wire.frames,']],
    ['5:1 lists the same item twice | remove one'],
  ],
  'everything that is wrong, not only the first': [
    [
      ['type: data', 'type: dat'],
      ['EMP-REL-007', 'EMP-REL-077'],
      ['emp-no-retransmit', 'emp-no-retransmits'],
      ['    proves', '    provs: 1\n    proves'],
    ],
    [
      '12:35 `dat` is none of data, acknowledgement | did you mean `data`?',
      '23:14 there is no requirement `EMP-REL-077` | did you mean `EMP-REL-007`?',
      '26:5 unknown key `provs` | did you mean `proves`?',
      '28:13 there is no mutant `emp-no-retransmits` | did you mean `emp-no-retransmit`?',
    ],
  ],
}

function seedsOf(text: string, options: Partial<Parameters<typeof expand>[2]> = {}): Map<string, number> {
  return new Map(permutationsOf(text, options).map(({ name, seed }) => [name, seed]))
}

function requirementText(id: string): string {
  return `  - { id: ${id}, title: T, keyword: must, class: core, basis: sourced, source: [E1], clause: "4", words: W, needs: [wire.frames] }\n`
}

await test('each mistake in a suite is reported at its place', async (t) => {
  for (const [what, [changes, problems]] of Object.entries(edits)) t.same(problemsAfter(...changes), problems, what)
  t.same(problemsOf(lossSuite), [], 'and none where there is none')
  const again = lossSuite.slice(lossSuite.indexOf('  - id'))
  t.same(problemsOf(lossSuite + again), [
    '28:9 another case of this suite has the id `one-data-frame-lost` | ids are unique, old ones too',
  ])
  t.same(problemsOf(''), ['1:1 the file is empty | a suite needs `suite`, `title`, `interface`, `class` and `cases`'])
})

await test('mistakes of several files are reported in the order of the files', async (t) => {
  const files = [
    { file: 'suites/emp/a.yaml', text: lossSuite.replace('EMP-REL-012', 'EMP-REL-013') },
    { file: 'suites/emp/loss.yaml', text: lossSuite.replace('type: data', 'type: dat') },
  ]
  const { diagnostics } = parseSuites(files, context)
  t.same(
    diagnostics.map(({ position, message }) => `${position.file}:${position.line}:${position.column} ${message}`),
    [
      'suites/emp/a.yaml:1:8 the suite `emp.loss` stands in the file of `emp.a`',
      'suites/emp/a.yaml:25:14 there is no requirement `EMP-REL-013`',
      'suites/emp/loss.yaml:1:8 another file has the suite `emp.loss`',
      'suites/emp/loss.yaml:12:35 `dat` is none of data, acknowledgement',
    ],
  )
})

await test('a diagnostic is printed with its line, a caret and help', async (t) => {
  const text = lossSuite.replace('buffer: tx,', 'buffer: txt,')
  const [diagnostic] = parseSuites([{ file: 'a.yaml', text }], context).diagnostics
  if (!diagnostic) throw new Error('there is no diagnostic')
  t.same(formatDiagnostic(diagnostic, text).split('\n'), [
    'a.yaml:15:50: error: `left` has no buffer `txt`',
    ' 15 |       - left.isend: { to: right, tag: 5, buffer: txt, as: s }',
    '    |                                                  ^^^',
    'help: did you mean `tx`?',
  ])
})

await test('of a line of excessive length only what stands around the mark is shown', (t) => {
  const line = `${'a'.repeat(5000)}WRONG${'b'.repeat(5000)}`
  const position = { file: 'a.yaml', line: 1, column: 5001 }
  const shown = formatDiagnostic({ position, length: 5, message: 'it is wrong', suggestion: '' }, line)
  const [, code = '', carets = ''] = shown.split('\n')
  t.equal(code, ` 1 | ...${'a'.repeat(60)}WRONG${'b'.repeat(95)}...`)
  t.equal(code.indexOf('WRONG'), carets.indexOf('^^^^^'))
  t.end()
})

await test('a case becomes one permutation for each combination of axes and roles', async (t) => {
  const all = permutationsOf(lossSuite)
  const roles = ['iut-iut', 'iut-reference', 'reference-iut']
  t.same(
    all.map(({ name }) => name),
    ['0', '1', '2', 'last'].flatMap((victim) =>
      roles.map((role) => `emp.loss/one-data-frame-lost/victim=${victim}/roles=${role}`),
    ),
  )
  t.same(
    all.slice(0, 3).map(({ hosts }) => hosts.map(({ role }) => role).join(' ')),
    ['iut iut', 'iut reference', 'reference iut'],
  )
  const [first, last] = [all[0], all[11]]
  t.match(first, {
    faults: [{ fate: 'drop', amount: 0, from: 0, type: 'data', message: 1, frame: 0, occurrence: 1 }],
    configuration: { 'emp.collection': 3, 'emp.timeout': 800_000, 'wire.mtu': 1500 },
    link: { bitsPerSecond: 1_000_000_000, delay: 5_000 },
    notApplicable: undefined,
    proves: [{ kind: 'fault', rule: 0, times: { least: 1, most: undefined } }],
  })
  t.match(last?.faults, [{ frame: 'last' }])
  t.match(last?.outcomes[0]?.expectations[2], {
    kind: 'retransmitted',
    from: 0,
    message: 1,
    frame: 'last',
    times: { least: 1 },
    others: { least: 0, most: 0 },
    requirements: ['EMP-REL-007'],
    text: 'wire.retransmitted: { collection-of: last, others: 0 }',
    position: { file: 'a.yaml', line: 22, column: 9 },
  })
  t.match(last?.outcomes[0]?.expectations[0], {
    kind: 'done',
    node: 1,
    bytes: 6000,
    data: {
      at: [{ buffer: 'rx', offset: 0, bytes: 6000 }],
      octets: [{ pattern: { kind: 'prng', seed: 7 }, position: 0, bytes: 6000 }],
    },
  })
  t.same(permutationsOf(lossSuite, { roles: ['iut-iut'] }).length, 4)
})

await test('seeds come from names: they shift neither with other cases nor with the selection', async (t) => {
  const before = seedsOf(lossSuite)
  const added = lossSuite.slice(lossSuite.indexOf('  - id')).replace('one-data-frame-lost', 'another')
  const after = seedsOf(lossSuite.replace('cases:\n', `cases:\n${added}`))
  t.equal(after.size, 24)
  for (const [name, seed] of before) t.equal(after.get(name), seed)
  for (const [name, seed] of seedsOf(lossSuite, { roles: ['reference-iut'] })) t.equal(before.get(name), seed)
  t.equal(new Set(after.values()).size, 24, 'no two are the same')
  t.not(seedOf('a', 1), seedOf('a', 2), 'the seed of the run matters')
  t.equal(seedOf('emp.loss/one-data-frame-lost/victim=0/roles=iut-iut', 1), 1363615128, 'and it never changes')
})

await test('what a PICS does not allow is not applicable, with the reason', async (t) => {
  const reasons = (given: Partial<Pics>, text = lossSuite): readonly (string | undefined)[] =>
    permutationsOf(text, {}, { ...pics, ...given })
      .slice(0, 2)
      .map(({ notApplicable }) => notApplicable)
  t.same(reasons({}), [undefined, undefined])
  t.same(reasons({ interfaces: ['via'] })[0], 'the implementation does not offer the interface emp')
  t.same(reasons({ clock: 'real' })[0], 'the implementation does not offer clock.virtual')
  const plain = lossSuite
    .replace('wire.frames, ', '')
    .replace(/ {4}faults:\n.*\n/, '')
    .replace(/ {6}- wire.*\n.*\n/, '')
    .replace('{ fault: 0, fired: 1 }', '{ returned: w }')
    .replace('as: s }', 'as: s, label: w }')
    .replace(/ {4}axes.*\n/, '')
  t.same(reasons({ wire: 'none' }, plain), [
    undefined,
    'beside the reference the implementation must hand out its frames, and it does not',
  ])
  const configured = (value: string): string =>
    lossSuite.replace('    faults:', `    configuration: ${value}\n    faults:`)
  t.same(reasons({}, configured('{ emp.collection: 17 }'))[0], 'emp.collection can be 1 to 16, the case needs 17')
  t.same(reasons({}, configured('{ emp.timeout: 1ms }'))[0], 'emp.timeout is fixed at 800000, the case needs 1000000')
  t.same(permutationsOf(configured('{ emp.collection: 4 }'))[0]?.configuration['emp.collection'], 4)
})

function declaring(collection: Pics['values'][string], timeout = 800_000): Pics {
  const values = { ...pics.values, 'emp.collection': collection, 'emp.timeout': { value: timeout } }
  return { ...pics, values }
}

await test('a case that sets nothing counts with the defaults of the project, not with those of the implementation', async (t) => {
  const settable = permutationsOf(lossSuite, {}, declaring({ value: 9, settable: { least: 1, most: 16 } }))[0]
  t.match(settable, { notApplicable: undefined, configuration: { 'emp.collection': 3 } })
  const fixed = permutationsOf(lossSuite, {}, declaring({ value: 9 }))[0]
  t.equal(fixed?.notApplicable, 'emp.collection is fixed at 9, the case needs 3')
  const slow = permutationsOf(lossSuite, {}, declaring({ value: 3 }, 5_000_000))[0]
  t.match(
    slow,
    { notApplicable: undefined, configuration: { 'emp.timeout': 5_000_000 } },
    'a fixed timeout stays as it is',
  )
})

const everything = `suite: emp.all
title: Everything that the language has
interface: emp
class: core
needs: [wire.frames, clock.virtual, emp.counters, emp.descriptors, emp.completion-events]
hosts: [one, two, three]
memory: { one.tx: { bytes: 5000, fill: { ramp: 3 } }, two.rx: { bytes: 100, locked: false, align: 8, offset: 1, guard: 0 } }
link: { rate: 10Gb }
cases:
  - id: all
    title: All with $size octets
    class: full
    roles: [iut-reference]
    axes: { size: [10, 20], pause: [1ms, 2us], who: [one], kind: [data] }
    link: { delay: 1us }
    weather: { loss: 0.5, reorder: 0.25, reorder-span: 4, after: 1ms, until: 40ms }
    faults:
      - duplicate: { from: two, to: one, type: acknowledgement, amount: 2 }
      - delay: { ordinal: 3, octets: 60, amount: $pause, after: 1ms, before: 2ms }
    steps:
      - two.irecv: { from: $who, tag: 1, pieces: [rx@0+$size, rx@50+50], as: r }
      - race:
          orders: 9
          members:
            - one.isend: { to: two, tag: 1, buffer: tx@5+$size, as: s }
            - one.isend: { to: two, tag: 1, buffer: tx@0+1, as: s2 }
            - one.counters: { thread: spy, label: c }
      - one.wait: { request: s, start: w, thread: spy }
      - one.test: { request: s, label: polled }
      - join: { call: w, within: $pause }
      - until: { arrived: { from: $who, type: $kind }, within: 5s }
      - one.waitall: { requests: [s, s2], start: w2 }
      - until: { returned: w2, within: 5s }
      - two.descriptor: { request: r, label: d }
      - two.write: { at: rx@60+2, fill: { const: 165 } }
      - two.allocate: { as: more, bytes: 7, fill: { prng: 1 } }
      - two.free: { buffer: more }
      - one.configure: { collection: 4 }
      - craft: { from: three, to: two, type: data, message: 0, frame: 0, tag: 1, payload: { prng: 3, bytes: 100 }, source: one, destination: 020000000063 }
      - advance: $pause
      - settle: { within: 1s }
    expect:
      - two.done: { request: r, outcome: truncated, bytes: $size, peer: one, tag: 1, data: [one.tx@5+5, { prng: 4, bytes: 6, position: 2 }] }
        for: EMP-REL-001
      - two.untouched: [rx@90+10, rx@0+0]
        for: [EMP-REL-001, EMP-REL-007]
      - two.guards: rx
        for: EMP-REL-001
    expect-any:
      - outcome: good
        label: conformant
        expect:
          - one.returned: { call: w, status: open }
            for: EMP-REL-001
          - two.memory: { at: rx@60+2, equals: { const: 165, bytes: 2 } }
            for: EMP-REL-001
          - one.counted: { reason: no-receive, times: { max: 2 } }
            for: EMP-REL-001
          - one.order: { requests: [s, s2] }
            for: EMP-REL-001
          - two.descriptor: { call: d, slots: 1, fields: { totlen: 60 } }
            for: EMP-REL-001
      - outcome: bad
        label: tolerated
        expect:
          - wire.frames: { from: three, crafted: true, times: 1, fields: { tag: 1 } }
            for: EMP-REL-007
          - wire.cut: { from: one, total: $size, tag: 1 }
            for: EMP-REL-007
          - wire.acknowledged: { from: two, each: { min: 1, max: 2 } }
            for: EMP-REL-007
          - wire.first-window: { from: one, times: { min: 1 } }
            for: EMP-REL-007
          - wire.back-off: { from: one, message: 2, first: 1ms, cap: 8ms, at-least: 4 }
            for: EMP-REL-007
          - wire.message-ids: { from: one, to: two, ids: [0, 1] }
            for: EMP-REL-007
    proves:
      - { weather: { min: 2 } }
      - { frames: { from: one, times: 3 } }
      - { retransmission: { from: one } }
      - { reordered: { min: 1 } }
      - { returned: c }
      - { returned: w }
      - { status: { call: polled, is: pending } }
      - { completed: { host: two, request: r } }
      - { orders: { min: 2 } }
`

await test('everything that the language has is resolved', async (t) => {
  t.same(problemsOf(everything), [])
  const all = permutationsOf(everything, {}, { ...pics, options: { 'emp.counters': true } })
  const names = all.map(({ name }) => name.slice('emp.all/all/'.length))
  t.same(
    names,
    ['size=10/pause=1ms', 'size=10/pause=2us', 'size=20/pause=1ms', 'size=20/pause=2us'].map(
      (axes) => `${axes}/who=one/kind=data/roles=iut-reference`,
    ),
  )
  const [given] = all
  t.equal(given?.notApplicable, 'the implementation does not offer emp.descriptors, emp.completion-events')
  t.same(
    given?.hosts.map(({ role }) => role),
    ['iut', 'reference', 'reference'],
  )
  t.match(given, {
    title: 'All with 10 octets',
    class: 'full',
    ordersMax: 9,
    link: { bitsPerSecond: 10_000_000_000, delay: 1_000 },
    weather: { loss: 0.5, duplicate: 0, reorder: 0.25, reorderSpan: 4, after: 1_000_000, until: 40_000_000 },
  })
  t.same(given?.faults, [
    { fate: 'duplicate', amount: 2, from: 1, to: 0, type: 'acknowledgement' },
    { fate: 'delay', amount: 1_000_000, ordinal: 3, octets: 60, after: 1_000_000, before: 2_000_000 },
  ])
  t.same(given?.memory[1], {
    node: 1,
    allocate: {
      operation: 'memory.allocate',
      as: 'rx',
      bytes: 100,
      align: 8,
      offset: 1,
      fill: { kind: 'const', seed: 0 },
      guard: 0,
      locked: false,
    },
  })
  const calls = given?.steps.flatMap((step) =>
    step.kind === 'race' ? step.members : step.kind === 'call' ? [step] : [],
  )
  t.same(
    calls?.map(({ node, thread, label }) => [node, thread, label ?? '']).slice(0, 6),
    [
      [1, 0, ''],
      [0, 1, ''],
      [0, 2, ''],
      [0, 3, 'c'],
      [0, 3, 'w'],
      [0, 0, 'polled'],
    ],
    'members of a race have their own threads',
  )
  t.match(
    given?.steps.find(({ kind }) => kind === 'craft'),
    {
      from: 2,
      to: 1,
      fields: { type: 1, sender: 2, length: 100, message: 0, frame: 0, total: 100, frames: 1, tag: 1 },
      payload: { pattern: { kind: 'prng', seed: 3 }, position: 0, bytes: 100 },
      source: 0,
      destination: '020000000063',
    },
  )
  t.same(
    given?.outcomes.map(({ name, label, expectations }) => [name, label, expectations.length]),
    [
      ['good', 'conformant', 9],
      ['bad', 'tolerated', 10],
    ],
  )
  t.match(given?.outcomes[0]?.expectations[0], {
    data: {
      at: [
        { buffer: 'rx', offset: 0, bytes: 10 },
        { buffer: 'rx', offset: 50, bytes: 1 },
      ],
      octets: [
        { pattern: { kind: 'ramp', seed: 3 }, position: 5, bytes: 5 },
        { pattern: { kind: 'prng', seed: 4 }, position: 2, bytes: 6 },
      ],
    },
  })
})

await test('a case is put in plain words, axes by name', async (t) => {
  const [given] = parseSuites([{ file: 'a.yaml', text: everything }], context).cases
  const words = given?.declared.words
  t.same(words?.memory, [
    'one has buffer tx: 5000 octets, rising octets from 3',
    'two has buffer rx: 100 octets, zeros, 1 octet past a multiple of 8, without guard zones, pages not locked',
  ])
  t.same(words?.faults, [
    'every acknowledgement frame from two to one arrives with 2 copies more',
    'every frame of 60 octets with ordinal 3 arrives $pause later from 1ms on until 2ms',
    'weather, by chance for each frame: 0.5 lost, 0.25 overtaken by up to 4 frames; calm before 1ms; calm from 40ms on',
  ])
  t.same(words?.steps.slice(0, 5), [
    'two posts rx ($size octets) and rx from octet 50 (50 octets) to receive from $who with tag 1, as r',
    'at one instant, in every order: one sends tx from octet 5 ($size octets) to two with tag 1, as s (on thread 1); one sends tx (1 octet) to two with tag 1, as s2 (on thread 2); one reads the counters of its NIC (its return is c, on thread 3)',
    'one waits for s (stays open as w, on thread 3)',
    'one tests s (its return is polled)',
    'await the return of w, at most $pause',
  ])
  t.equal(
    words?.expect[0],
    'good (conformant): r of two ended truncated, with $size octets, peer one, tag 1, holding 5 octets of rising octets from 3 from place 5, then 6 octets of pseudo-random octets of seed 4 from place 2 [EMP-REL-001]',
  )
  t.equal(words?.proves.at(-1), 'the race was run in another order at least twice')
  t.same(given?.declared.requirements, ['EMP-REL-001', 'EMP-REL-007'])
  const [permutation] = permutationsOf(lossSuite)
  const hosts = ['left', 'right']
  t.equal(
    permutation?.steps[1] && stepWords(permutation.steps[1], hosts),
    'left sends tx (6000 octets) to right with tag 5, as s',
  )
  t.same(faultWords(permutation?.faults ?? [], undefined, hosts), [
    'the 1st data frame number 0 of message 1 from left is lost',
  ])
  const deadline = permutation?.outcomes[0]?.expectations[3]
  t.equal(deadline && expectationWords(deadline, hosts), 'left has nothing armed at the end')
})

await test('patterns select below a prefix, within and across components, and by requirement', async (t) => {
  const two = lossSuite + lossSuite.slice(lossSuite.indexOf('  - id')).replace('one-data', 'two-data')
  const second = two.lastIndexOf('EMP-REL-012')
  const text = `${two.slice(0, second)}EMP-REL-001${two.slice(second + 'EMP-REL-012'.length)}`
  const { cases } = parseSuites([{ file: 'a.yaml', text }], context)
  const names = expand(cases, pics, { roles: undefined, seed: 1 }).map(({ name }) => name)
  const count = (...patterns: string[]): number | string => {
    const selection = select(cases, patterns)
    return 'problem' in selection ? selection.problem : names.filter((name) => selection.matches(name)).length
  }
  t.equal(count(), 24)
  t.equal(count('emp.loss'), 24)
  t.equal(count('emp.loss/one-data-frame-lost'), 12)
  t.equal(count('emp.loss/one-data-frame-lost/'), 12)
  t.equal(count('emp.loss/one-data-frame-lost/victim=last/roles=iut-iut'), 1)
  t.equal(count('emp.*/*-data-*'), 24)
  t.equal(count('**/roles=iut-iut'), 8)
  t.equal(count('emp.loss/**/roles=*-reference'), 8)
  t.equal(count('EMP-REL-007'), 24)
  t.equal(count('EMP-REL-012'), 12)
  t.equal(count('emp.loss/*/victim=0', 'emp.loss/two-data-frame-lost'), 15)
  t.equal(
    count('emp.loss/one-data'),
    '`emp.loss/one-data` matches no case: there are `emp.loss/one-data-frame-lost`, `emp.loss/two-data-frame-lost`, `EMP-REL-001`, `EMP-REL-009`, `EMP-REL-007`, `EMP-REL-012`',
  )
  t.equal(
    count('emp.los', 'x'),
    '`emp.los` matches no case: did you mean `emp.loss`?\n`x` matches no case: there are `emp.loss`, `EMP-REL-001`, `EMP-REL-009`, `EMP-REL-007`, `EMP-REL-012`',
  )
  const selection = select(cases, ['emp.loss/one-data-frame-lost/**/roles=iut-iut'])
  t.same('problem' in selection ? [] : cases.map(({ declared }) => selection.matchesCase(declared.id)), [true, false])
})

await test('a case is selected by a name that it had before, and by its interface', async (t) => {
  const renamed = lossSuite.replace('- id: one-data-frame-lost', '- id: one-data-frame-lost\n    was: [one-lost]')
  const { cases } = parseSuites([{ file: 'a.yaml', text: renamed }], context)
  const names = expand(cases, pics, { roles: undefined, seed: 1 }).map(({ name }) => name)
  for (const pattern of ['emp.loss/one-lost', 'emp.loss/one-lost/victim=last', 'emp', 'emp.loss/one-data-frame-lost']) {
    const selection = select(cases, [pattern])
    const count = 'problem' in selection ? 0 : names.filter((name) => selection.matches(name)).length
    t.equal(count, pattern.endsWith('last') ? 3 : 12, pattern)
  }
  t.ok('problem' in select(cases, ['via']))
  const declared = cases.map((each) => each.declared)
  t.equal(names.filter(matcherOf('emp.loss/one-lost/victim=last', declared)).length, 3, 'of a baseline')
  t.equal(names.filter(matcherOf('emp.loss/one-lost/victim=last', [])).length, 0)
})

await test('the nearest name is one that may have been meant', async (t) => {
  t.equal(nearest('isnd', ['irecv', 'isend']), 'isend')
  t.equal(nearest('isedn', ['irecv', 'isend']), 'isend')
  t.equal(nearest('something', ['irecv', 'isend']), undefined)
  t.equal(didYouMean('x', []), '')
})

await test('requirements, classes, options and layouts are read, mistakes at their place', async (t) => {
  const classes = 'interfaces:\n  - interface: emp\n    classes: [{ name: core, words: W }]\n'
  const described =
    'interface: emp\noptions: [{ name: wire.frames, words: W }]\nvalues:\n  - { key: wire.mtu, words: W, unit: octets, default: 1500, requirements: [EMP-REL-001] }\n'
  const read = (list: string) =>
    parseCatalogue(
      [{ file: 'r.yaml', text: `interface: emp\narea: reliability\nrequirements:\n${list}` }],
      { file: 'c.yaml', text: classes },
      [
        { file: 'p.yaml', text: described },
        {
          file: 'v.yaml',
          text: described.replace('interface: emp', 'interface: via').replace('wire.frames', 'via.notify'),
        },
      ],
    )
  const good = read(requirementText('EMP-REL-001') + requirementText('EMP-REL-002'))
  t.same(good.diagnostics, [])
  t.same([good.options, good.keys], [['wire.frames', 'via.notify'], ['wire.mtu']])
  t.match(good.catalogue.requirements[1], { id: 'EMP-REL-002', area: 'reliability', position: { line: 5, column: 7 } })
  const bad = read(
    requirementText('EMP-REL-001') +
      requirementText('EMP-REL-001').replace('wire.frames', 'wire.frame').replace('must', 'mst'),
  )
  const also = read(
    requirementText('EMP-REL-001') + requirementText('EMP-REL-001').replace('wire.frames', 'wire.frame'),
  )
  const foreign = read(requirementText('EMP-REL-001').replace('wire.frames', 'via.notify'))
  t.same(
    [...bad.diagnostics, ...also.diagnostics, ...foreign.diagnostics].map(
      ({ position, message }) => `${position.line}:${position.column} ${message}`,
    ),
    [
      '5:43 `mst` is none of must, should, may',
      '5:11 another requirement has the id `EMP-REL-001`',
      '5:123 there is no option `wire.frame`',
      '4:123 there is no option `via.notify`',
    ],
  )
})

function readDisputed(dispute: string): ReturnType<typeof parseCatalogue> {
  return parseCatalogue(
    [
      {
        file: 'r.yaml',
        text: `interface: emp\narea: reliability\nrequirements:\n${requirementText('EMP-REL-001').replace(' needs:', ` disputed: ${dispute}, needs:`)}`,
      },
    ],
    { file: 'c.yaml', text: 'interfaces:\n  - interface: emp\n    classes: [{ name: core, words: W }]\n' },
    [{ file: 'p.yaml', text: 'interface: emp\noptions: [{ name: wire.frames, words: W }]\nvalues: []\n' }],
  )
}

await test('a dispute is read with both readings, and has to have two', (t) => {
  const good = readDisputed('{ by: B, ours: It is., theirs: It is not. }')
  t.match(good.catalogue.requirements[0]?.disputed, { by: 'B', ours: 'It is.', theirs: 'It is not.' })
  const messagesOf = (dispute: string): readonly string[] =>
    readDisputed(dispute).diagnostics.map(({ message }) => message)
  t.match(messagesOf('{ by: B, ours: It is., theirs: It is. }'), ['both readings are the same'])
  t.match(messagesOf('{ by: B, ours: It is. }'), [/the key `theirs` is missing/])
  t.equal(messagesOf('{ by: B, ours: It is., theirs: maybe }').length, 1)
  t.end()
})

const wire = `profile: emp-1
words: W
octetOrder: big
ethertype: 0x88B5
payloadLeast: 46
headers:
  - name: head
    octets: 4
    fields:
      - { name: type, offset: 0, octets: 2, meaning: M, source: [R1], values: { data: 1, acknowledgement: 2 } }
      - { name: frame, offset: 2, octets: 2, meaning: M, source: [R1] }
  - name: rest
    octets: 4
    when: { type: data, frame: 0 }
    fields:
      - { name: total, offset: 0, octets: 4, meaning: M, source: [R1] }
data: { octets: total, when: { type: data } }
summary: { data: 'data {frame}' }
`

await test('a layout is read with names of values resolved', async (t) => {
  const { layout, diagnostics } = parseWireLayout({ file: 'l.yaml', text: wire })
  t.same(diagnostics, [])
  t.equal(layout.ethertype, 0x88b5)
  t.same(layout.headers[1]?.when, { type: 1, frame: 0 })
  t.same(layout.data, { octets: 'total', when: { type: 1 } })
  const broken = wire
    .replace('offset: 2', 'offset: 1')
    .replace('frame: 0 }', 'fram: 0 }')
    .replace('{ type: data }', '{ type: dat }')
    .replace('{frame}', '{frames}')
  t.same(
    parseWireLayout({ file: 'l.yaml', text: broken }).diagnostics.map(
      ({ position, message }) => `${position.line}:${position.column} ${message}`,
    ),
    [
      '11:32 `frame` lies over `type`',
      '14:25 no earlier header has a field `fram`',
      '17:38 `type` has no value `dat`',
      '18:18 no header has a field `frames`',
    ],
  )
  const record = parseRecordLayout({ file: 'l.yaml', text: wire }, 'descriptor')
  t.same(
    record.diagnostics.map(({ message }) => message),
    ['the key `records` is missing here'],
  )
})

await test('no text makes a reader throw', async (t) => {
  const lines = [...lossSuite.split('\n'), ...everything.split('\n')]
  const snippets = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '- ',
    ': ',
    '$victim',
    '*a',
    '&a ',
    '!!x ',
    '? ',
    '|',
    '\t',
    '1',
    '~',
    '"',
  )
  const damaged = fc
    .array(fc.tuple(fc.nat(), fc.nat(3), snippets, fc.nat(20)), { minLength: 1, maxLength: 6 })
    .map((damages) => {
      let text = damages.length % 2 === 0 ? lossSuite : everything
      for (const [where, kind, snippet, count] of damages) {
        const at = where % text.length
        const line = lines[where % lines.length] ?? ''
        if (kind === 0) text = text.slice(0, at) + snippet + text.slice(at)
        if (kind === 1) text = text.slice(0, at) + text.slice(at + count)
        if (kind === 2) text = text.slice(0, at) + text.slice(at).replace(/\n/, `\n${line}\n`)
        if (kind === 3) text = text.slice(0, at) + text.slice(at).replace(/[\w.$-]+/, snippet)
      }
      return text
    })
  const texts = fc.oneof(damaged, fc.string(), fc.json())
  fc.assert(
    fc.property(texts, (text) => {
      const given = { file: 'a.yaml', text }
      const { cases, diagnostics } = parseSuites([given], context)
      for (const diagnostic of diagnostics) formatDiagnostic(diagnostic, text)
      expand(cases, pics, { roles: undefined, seed: 1 })
      parseCatalogue([given], given, [given, given])
      parseWireLayout(given)
      parseRecordLayout(given, 'descriptor')
    }),
    { seed: 1, numRuns: 150 },
  )
  for (const nest of ['[', '{', '- ', '? ', '- [', 'a:\n']) {
    const text =
      nest === 'a:\n' ? Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n') : nest.repeat(9000)
    const { diagnostics } = parseSuites([{ file: 'a.yaml', text }], context)
    t.same(
      diagnostics.map(({ message }) => message),
      ['nests deeper than these files ever need'],
    )
  }
})
