// Hand-made result documents to render: all well, all kinds of trouble, an endpoint that never answers, and a large one.
import type {
  AnswerCount,
  Beside,
  PermutationResult,
  ClassResult,
  Diagram,
  DiagramEvent,
  FailureDetail,
  Finding,
  Report,
  RequirementResult,
} from '../../harness/result/report.ts'
import { verdicts, type Verdict } from '../../harness/result/verdict.ts'

type Named = Pick<PermutationResult, 'suite' | 'case' | 'title'>

const oneLost: Named = {
  suite: 'emp.loss',
  case: 'one-data-frame-lost',
  title: 'A lost data frame is sent again, and only its collection',
}
const wildcard: Named = {
  suite: 'emp.matching',
  case: 'any-sender',
  title: 'A receive from any sender takes the first message',
}
const race: Named = {
  suite: 'emp.matching',
  case: 'two-receives-race',
  title: 'Two receives with one tag take two messages in order',
}
const forged: Named = {
  suite: 'emp.robustness',
  case: 'forged-acknowledgement',
  title: 'An acknowledgement of a frame never sent changes nothing',
}

export function permutation(
  named: Named,
  axes: Readonly<Record<string, string>>,
  more: Partial<PermutationResult> = {},
): PermutationResult {
  const path = Object.entries({ ...axes, roles: more.roles ?? 'iut-iut' }).map(([axis, value]) => `${axis}=${value}`)
  const name = [named.suite, named.case, ...path].join('/')
  return {
    name,
    ...named,
    interface: 'emp',
    class: 'core',
    axes,
    roles: 'iut-iut',
    seed: 20260301,
    verdict: 'pass',
    blame: 'nobody',
    reason: '',
    findings: [
      finding('pass', { requirements: ['EMP-REL-001'], expected: 'The receive is done once, with 6000 octets' }),
    ],
    proves: [{ words: 'fault 0 fired', seen: true, count: 1 }],
    virtualNanoseconds: 2_048_512,
    realMicroseconds: 310,
    traceDigest: '9c01be44',
    repeat: `npx viaduct run --adapter "./target/emp-adapter --quiet" '${name}'`,
    ...more,
  }
}

function finding(verdict: Finding['verdict'], more: Partial<Finding> = {}): Finding {
  const position = 'suites/emp/loss.yaml:31:9'
  return { judge: 'expectation', verdict, requirements: [], expected: '', seen: 'As expected', position, ...more }
}

function requirement(id: string, title: string, more: Partial<RequirementResult> = {}): RequirementResult {
  return {
    id,
    interface: 'emp',
    area: 'reliability',
    title,
    words: `${title}, whatever the order in which frames come and however many of them are lost on the way.`,
    keyword: 'must',
    class: 'core',
    basis: 'sourced',
    source: ['E10'],
    clause: 'paper §3.1.2',
    verdict: 'verified',
    reason: '',
    weak: false,
    passed: 4,
    failed: 0,
    inconclusive: 0,
    cases: ['emp.loss/one-data-frame-lost'],
    ...more,
  }
}

function classOf(name: string, more: Partial<ClassResult>): ClassResult {
  return {
    interface: 'emp',
    class: name,
    words: name === 'core' ? 'Reliable tagged messages between two hosts' : 'Core, and every option of the paper',
    verdict: 'conformant',
    why: '',
    applicable: 0,
    verified: 0,
    violated: 0,
    partly: 0,
    unverified: 0,
    notApplicable: 0,
    deferred: 0,
    untestable: 0,
    ...more,
  }
}

function frame(at: number, number: number, more: Partial<Extract<DiagramEvent, { kind: 'frame' }>>): DiagramEvent {
  return {
    kind: 'frame',
    time: at,
    frame: number,
    from: 0,
    to: 1,
    arrivedAt: at + 12_400,
    label: `data message 1 frame ${number}`,
    fields: ['type data', 'message 1', `frame ${number}`, 'length 1490', 'tag 5'],
    fate: '',
    ...more,
  }
}

export const lossDiagram: Diagram = {
  hosts: ['left (IUT)', 'right (IUT)'],
  omitted: 12,
  events: [
    { kind: 'call', time: 0, host: 1, label: 'irecv from left, tag 5, buffer rx, as r' },
    { kind: 'return', time: 0, host: 1, label: 'ok' },
    { kind: 'call', time: 0, host: 0, label: 'isend to right, tag 5, 6000 octets, as s' },
    { kind: 'return', time: 0, host: 0, label: 'ok' },
    frame(1_000, 0, {}),
    {
      kind: 'frame',
      time: 13_000,
      frame: 1,
      from: 0,
      to: 1,
      label: 'data message 1 frame 1',
      fields: ['type data'],
      fate: 'dropped by rule 0',
    },
    frame(25_000, 2, { fate: 'delayed 40us by rule 1', arrivedAt: 77_400 }),
    frame(37_000, 3, {}),
    frame(49_400, 4, { from: 1, to: 0, arrivedAt: 61_800, label: 'acknowledgement message 1 frame 3' }),
    frame(55_000, 5, { from: 1, to: 0, arrivedAt: 67_000, label: 'acknowledgement message 7', fate: 'crafted' }),
    { kind: 'note', time: 900_000, host: 0, label: 'deadline of collection 0' },
    frame(900_000, 6, { label: 'data message 1 frame 1 (again)', arrivedAt: 912_400 }),
    { kind: 'event', time: 912_400, host: 1, label: 'completion of r: done, 6000 octets' },
    { kind: 'frame', time: 920_000, frame: 7, from: 1, label: 'acknowledgement', fields: [], fate: '' },
  ],
}

const [first, second] = [frame(1_000, 0, {}), frame(25_000, 2, { fate: 'delayed 40us by rule 1' })]
const completed: DiagramEvent = { kind: 'event', time: 912_400, host: 1, label: 'completion of r: done, 6000 octets' }

/** A run beside the reference: what both did, where they part, and what each of them did from there on. */
export const partedAtThird: Beside = {
  kind: 'played',
  words: 'until 900us both did the same; then with the reference nothing of the kind',
  rows: [
    { implementation: first, reference: first, same: true },
    { implementation: second, reference: { ...second, time: 26_000 }, same: true },
    { implementation: frame(900_000, 6, { label: 'data message 1 frame 1 (again)' }), same: false },
    { implementation: { ...completed, kind: 'call' }, reference: { ...completed, kind: 'return' }, same: false },
    { reference: { kind: 'note', time: 920_000, host: 0, label: 'no deadline is <armed>' }, same: false },
    {
      implementation: { ...second, fate: 'dropped by rule 0', kind: 'frame', frame: 9, from: 1, fields: [] },
      same: false,
    },
    { reference: completed, same: false },
  ],
  parting: 2,
  omittedBefore: 4,
  omittedAfter: 1,
}

function detail(more: Partial<FailureDetail> = {}): FailureDetail {
  return {
    faultPlan: [
      'drop the first copy of frame 1 of message 1 from left',
      'delay frame 2 of message 1 from left by 40us',
    ],
    decisions: [
      { time: 13_000, frame: 1, from: 'left', summary: 'data message 1 frame 1', fate: 'drop', amount: 0, rule: 0 },
      {
        time: 25_000,
        frame: 2,
        from: 'left',
        summary: 'data message 1 frame 2',
        fate: 'delay',
        amount: 40_000,
        rule: 1,
      },
      {
        time: 37_000,
        frame: 3,
        from: 'left',
        summary: 'data message 1 frame 3',
        fate: 'duplicate',
        amount: 1,
        rule: -1,
      },
    ],
    configuration: { 'emp.collection': 4, 'emp.retries': 16, 'wire.mtu': 1500 },
    steps: [
      'right: irecv from left, tag 5, buffer rx, as r',
      'left: isend to right, tag 5, buffer tx, as s',
      'settle within 5s',
    ],
    diagram: lossDiagram,
    ...more,
  }
}

const resent = finding('fail', {
  requirements: ['EMP-REL-007'],
  expected: 'Only the collection that misses a frame is sent again: frames 0 to 3 once more, no others',
  seen: 'Frames 0 to 4 were sent again, 5 frames; frame 4 belongs to collection 1, which had been acknowledged',
  at: 900_000,
})

function troubles(): readonly PermutationResult[] {
  return [
    permutation(oneLost, { victim: '0' }),
    permutation(
      oneLost,
      { victim: '1' },
      {
        verdict: 'fail',
        blame: 'implementation',
        reason: 'frames of an acknowledged collection were sent again',
        findings: [finding('pass', { requirements: ['EMP-REL-001'], expected: 'The receive is done once' }), resent],
        failure: detail({ beside: partedAtThird }),
      },
    ),
    permutation(
      oneLost,
      { victim: '2' },
      {
        verdict: 'timeout',
        blame: 'implementation',
        reason: 'the world did not settle within 5s of virtual time',
        findings: [
          finding('timeout', {
            judge: 'harness',
            expected: 'Nothing in flight, no call open, no deadline armed within 5s',
            seen: 'left still had a deadline armed',
          }),
        ],
        failure: detail({
          diagram: { ...lossDiagram, hosts: ['left', 'middle', 'right'] },
          beside: { kind: 'not-played', why: 'the wire is hidden' },
        }),
      },
    ),
    permutation(
      oneLost,
      { victim: 'last' },
      {
        verdict: 'inconclusive',
        reason: 'fault 0 never fired',
        proves: [{ words: 'fault 0 fired', seen: false, count: 0 }],
        failure: detail({ faultPlan: [], decisions: [] }),
      },
    ),
    permutation(
      wildcard,
      { senders: '2' },
      { verdict: 'not-applicable', reason: 'the option emp.wildcards is declared absent' },
    ),
    permutation(
      wildcard,
      { senders: '3' },
      { verdict: 'not-applicable', reason: 'the option emp.wildcards is declared absent' },
    ),
    permutation(
      race,
      {},
      {
        outcome: { name: 'in post order', label: 'conformant' },
        exploration: {
          of: 'orders',
          orders: 6,
          bound: 1000,
          exhausted: true,
          outcomes: [{ name: 'in post order', count: 6 }],
        },
      },
    ),
    permutation(
      race,
      {},
      {
        roles: 'reference-iut',
        verdict: 'error',
        blame: 'harness',
        reason: 'two judges disagree',
        findings: [
          finding('error', {
            judge: 'harness',
            expected: 'Judges agree',
            seen: 'The case allows what the monitor forbids',
            call: 41,
            opinions: {
              model: 'right: any other answer would have been forbidden',
              monitors: 'wrong: it was told twice',
              expectations: 'held: the receive is done once',
            },
          }),
        ],
        failure: detail({ schedule: [0, 2, 1], stack: 'Error: two judges disagree\n    at judge.ts:41' }),
      },
    ),
    permutation(
      forged,
      { reason: '<unknown> & "odd"' },
      {
        verdict: 'crash',
        blame: 'implementation',
        reason: 'the process ended with signal SIGSEGV #11',
        findings: [
          finding('crash', {
            judge: 'harness',
            requirements: ['EMP-ROB-003'],
            expected: 'The endpoint goes on',
            seen: 'Signal SIGSEGV\u0000 after <frame 5> & before any answer',
          }),
        ],
        failure: detail({
          stderr: '\u001b[31mAddressSanitizer\u001b[0m: heap-use-after-free on 0x602000000010 </script> ]]> \uD800',
        }),
      },
    ),
    permutation(forged, { reason: 'stale' }, { verdict: 'skipped', reason: 'not selected' }),
  ]
}

const core: readonly RequirementResult[] = [
  requirement('EMP-REL-001', 'Every message arrives complete and unchanged'),
  requirement('EMP-REL-002', 'An acknowledgement stands for a whole collection', { weak: true, keyword: 'should' }),
  requirement('EMP-REL-004', 'An acknowledgement repeats the last received header', {
    basis: 'reading',
    source: ['E15', 'R3'],
  }),
]

const troubled: readonly RequirementResult[] = [
  ...core,
  requirement('EMP-REL-007', 'Only the collection that misses a frame is sent again', {
    verdict: 'violated',
    passed: 1,
    failed: 1,
  }),
  requirement('EMP-REL-009', 'A send is done once every octet was acknowledged', {
    verdict: 'partly',
    reason: '1 of 4 permutations was inconclusive',
    inconclusive: 1,
    passed: 3,
  }),
  requirement('EMP-REL-012', 'No timer is left armed when nothing is in flight', {
    verdict: 'unverified',
    passed: 0,
    weak: true,
    reason: 'no permutation that applies passed',
  }),
  requirement('EMP-ROB-003', 'Unexpected acknowledgements change nothing', {
    area: 'robustness',
    verdict: 'violated',
    passed: 0,
    failed: 1,
    cases: ['emp.robustness/forged-acknowledgement'],
  }),
  requirement('EMP-MAT-005', 'A receive may name any sender', {
    area: 'matching',
    keyword: 'may',
    class: 'full',
    verdict: 'not-applicable',
    passed: 0,
    reason: 'the option emp.wildcards is declared absent',
    cases: ['emp.matching/any-sender'],
  }),
  requirement('EMP-MEM-002', 'No octet outside a posted buffer is written', {
    area: 'memory',
    verdict: 'deferred',
    passed: 0,
    reason: 'needs guards in every adapter',
    cases: [],
  }),
  requirement('EMP-HOST-011', 'A call costs the host no interrupt', {
    area: 'host',
    keyword: 'should',
    basis: 'recalled',
    verdict: 'untestable',
    passed: 0,
    reason: 'interrupts are not visible at the endpoint contract',
    cases: [],
  }),
]

function document(cases: readonly PermutationResult[], more: Partial<Report>): Report {
  const totals: Record<Verdict, number> = {
    pass: 0,
    inconclusive: 0,
    fail: 0,
    timeout: 0,
    crash: 0,
    error: 0,
    'not-applicable': 0,
    skipped: 0,
  }
  for (const verdict of verdicts) totals[verdict] = cases.filter((row) => row.verdict === verdict).length
  return {
    format: 'viaduct-report',
    version: 1,
    harness: { name: 'viaduct', version: '0.1.0' },
    suites: {
      digest: 'sha256-5d1f0a77c2',
      files: 3,
      cases: new Set(cases.map((row) => `${row.suite}/${row.case}`)).size,
      permutations: cases.length,
    },
    strength: { mutants: 44, killed: 41, floor: { silent: 0, yes: 0, no: 0 } },
    implementation: {
      name: 'Tigon EMP',
      version: '2.3.1',
      vendor: 'Example Networks',
      adapter: './target/emp-adapter --quiet',
    },
    pics: {
      interfaces: ['emp'],
      clock: 'virtual',
      wire: 'frames',
      profile: 'emp-1',
      options: { 'emp.wildcards': false, 'emp.counters': true, 'emp.completion-events': true },
      values: {
        'emp.collection': { value: 4, least: 1, most: 64 },
        'emp.descriptors': { value: 640 },
        'wire.mtu': { value: 1500, least: 64, most: 9000 },
      },
    },
    run: {
      seed: 20260301,
      selection: [],
      command: 'npx viaduct run --adapter "./target/emp-adapter --quiet" --seed 20260301',
      interrupted: false,
      startedAt: '2026-03-01T12:30:05.123Z',
      realMilliseconds: 1840,
      environment: { node: '20.20.2', platform: 'linux x64' },
    },
    totals,
    profiles: [
      {
        name: 'm-via',
        title: 'M-VIA 1.1',
        words: 'VIA in software.',
        interface: 'via',
        class: 'early-adopter',
        options: [
          { name: 'via.notify', present: true, why: 'the calls are there' },
          { name: 'via.rdma-read', present: false, why: 'it needs a <reliable> level' },
        ],
        classes: [{ class: 'early-adopter', asked: 170, notAsked: 1 }],
        excluded: [{ reason: 'does not offer via.rdma-read', requirements: ['EMP-REL-007'] }],
      },
    ],
    lost: { wire: 0, clock: 0 },
    classes: [],
    requirements: core,
    cases,
    exit: { code: 0, why: 'Every applicable requirement is verified.' },
    ...more,
  }
}

function answer(kind: AnswerCount['kind'], name: string, more: Partial<AnswerCount> = {}): AnswerCount {
  return { interface: 'via', kind, of: '', name, count: 1, due: 'yes', why: '', ...more }
}

export const green: Report = document(
  [...['0', '1', '2', 'last'].map((victim) => permutation(oneLost, { victim })), permutation(race, {})],
  {
    classes: [
      classOf('core', { applicable: 3, verified: 3, notApplicable: 1, untestable: 1 }),
      classOf('full', {
        verdict: 'indeterminate',
        why: '1 must that applies is deferred: EMP-MEM-002.',
        applicable: 3,
        verified: 3,
        notApplicable: 2,
        deferred: 1,
        untestable: 1,
      }),
    ],
  },
)

export const red: Report = document(troubles(), {
  requirements: troubled,
  classes: [
    classOf('core', {
      verdict: 'not-conformant',
      why: '2 musts are violated: EMP-REL-007, EMP-ROB-003.',
      applicable: 7,
      verified: 3,
      violated: 2,
      partly: 1,
      unverified: 1,
      deferred: 1,
      untestable: 1,
    }),
    classOf('full', {
      verdict: 'not-conformant',
      why: 'It contains core, which is not conformant.',
      applicable: 7,
      verified: 3,
      violated: 2,
      partly: 1,
      unverified: 1,
      notApplicable: 1,
      deferred: 1,
      untestable: 1,
    }),
  ],
  answers: [
    answer('code', 'VIP_SUCCESS', { of: 'VipCQDone', count: 12_345 }),
    answer('code', 'VIP_NOT_DONE', { of: 'VipCQDone', count: 0 }),
    answer('code', 'VIP_ERROR_RESOURCE', {
      of: 'VipErrorCallback',
      count: 0,
      due: 'open',
      why: 'No limit is declared.',
    }),
    answer('bit', 'done'),
    answer('error', 'connection-lost', { count: 3 }),
  ],
  exit: { code: 4, why: 'Two judges disagree in 1 permutation; 3 permutations failed.' },
})

/** As `red`, but cut short and of a selection. */
export const partial: Report = {
  ...red,
  run: { ...red.run, interrupted: true, selection: ['emp.loss/**', 'emp.matching/*'] },
  classes: red.classes.map((one) => ({ ...one, verdict: 'not-assessed' as const, why: 'Only a selection ran.' })),
  exit: { code: 130, why: 'Interrupted.' },
}

/** An endpoint that never answers: everything times out, nothing is verified. */
export function silent(cases = 90): Report {
  const rows = Array.from({ length: cases * 2 }, (_, number) => {
    const of = Math.floor(number / 2)
    const named = { ...oneLost, suite: `emp.part-${of % 6}`, case: `case-${of}`, title: `What case ${of} is about` }
    const seen = 'left did not answer isend'
    const told = finding('timeout', {
      requirements: [`EMP-REL-${String(of % 30).padStart(3, '0')}`],
      expected: 'An answer within 5s',
      seen,
    })
    return permutation(
      named,
      { victim: String(number % 2) },
      { verdict: 'timeout', blame: 'implementation', reason: seen, findings: [told], failure: detail() },
    )
  })
  const requirements = Array.from({ length: 30 }, (_, number) =>
    requirement(`EMP-REL-${String(number).padStart(3, '0')}`, `Rule number ${number} holds`, {
      verdict: 'violated',
      passed: 0,
      failed: 6,
      cases: [`emp.part-${number % 6}/case-${number}`],
    }),
  )
  return document(rows, {
    requirements,
    classes: [
      classOf('core', {
        verdict: 'not-conformant',
        why: 'All 30 musts that apply are violated.',
        applicable: 30,
        violated: 30,
      }),
    ],
    exit: { code: 1, why: `${rows.length} permutations timed out.` },
  })
}

/** Nothing applied and nothing ran. */
export const empty: Report = document([], { requirements: [], classes: [], exit: { code: 2, why: 'No case applies.' } })

/** `permutations` of cases with 25 permutations each, of which about one in a hundred fails. */
export function large(permutations: number): Report {
  const rows = Array.from({ length: permutations }, (_, number) => {
    const of = Math.floor(number / 25)
    const named = { ...oneLost, suite: `emp.part-${of % 20}`, case: `case-${of}`, title: `What case ${of} is about` }
    const failing = number % 101 === 7
    const axes = { victim: String(number % 25), size: String(number) }
    if (!failing) return permutation(named, axes)
    return permutation(named, axes, {
      verdict: 'fail',
      blame: 'implementation',
      reason: 'sent again',
      findings: [resent],
      failure: detail(),
    })
  })
  return document(rows, {
    requirements: troubled,
    classes: red.classes,
    exit: { code: 1, why: 'Permutations failed.' },
  })
}
