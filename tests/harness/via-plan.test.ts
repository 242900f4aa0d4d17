// Suites about VIA: calls and descriptors as they are read, fixtures, repeated calls, victims, and what lint says of mistakes.
import { test } from 'tap'
import { formatDiagnostic } from '../../harness/plan/yaml/code-frame.ts'
import { expand } from '../../harness/plan/expand.ts'
import { parseFixtures } from '../../harness/plan/read/fixtures.ts'
import { takenForGranted } from '../../harness/plan/granted.ts'
import { numberCalls } from '../../harness/plan/numbering.ts'
import type { Requirement } from '../../harness/plan/requirement.ts'
import type { SuiteContext } from '../../harness/plan/read/suite-case.ts'
import { parseSuites } from '../../harness/plan/read/suites.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import type { Pics } from '../../harness/subject/pics.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { viaDefaults } from '../../spec/vocabulary/via-attributes.ts'

const fixtureText = `
interface: via
fixtures:
  - fixture: nic
    title: A host opens its NIC
    parameters: { host: null, bytes: 4096 }
    steps:
      - $host.VipOpenNic: { as: nic }
      - $host.VipCreatePtag: { as: tag }
      - $host.allocate: { as: pool, bytes: $bytes }
      - $host.VipRegisterMem: { at: pool, as: pool }
`

const requirement: Requirement = {
  id: 'VIA-SEND-001',
  interface: 'via',
  area: 'queues',
  title: '',
  words: '',
  keyword: 'must',
  class: 'early-adopter',
  basis: 'recalled',
  source: ['S1'],
  clause: '',
  needs: [],
  lacks: [],
  position: { file: 'r.yaml', line: 1, column: 1 },
}

const context: SuiteContext = {
  catalogue: { requirements: [requirement], classes: [{ interface: 'via', class: 'early-adopter', words: '' }] },
  fixtures: parseFixtures([{ file: 'suites/fixtures/via.yaml', text: fixtureText }]).fixtures,
  mutants: [],
  options: ['wire.frames', 'clock.virtual', 'via.reliable-delivery', 'via.rdma-read'],
  keys: Object.keys(viaDefaults),
}

const pics: Pics = {
  interfaces: ['via'],
  clock: 'virtual',
  wire: 'frames',
  options: {},
  values: Object.fromEntries(Object.entries(viaDefaults).map(([key, value]) => [key, { value }])),
}

interface CaseText {
  readonly head?: string
  readonly steps: readonly string[]
  readonly expect?: string
  readonly proves?: string
}

function suiteOf({ head = '', steps, expect, proves }: CaseText): string {
  return `suite: via.made
title: Made by hand
interface: via
class: early-adopter
needs: [wire.frames, clock.virtual]
cases:
  - id: made
    title: Made by hand
${head}    memory: { left.tx: { bytes: 600, fill: { prng: 7 } } }
    steps:
      - use: { fixture: nic, host: left }
      - left.VipRegisterMem: { at: tx, as: tx }
      - left.VipCreateVi: { level: $level, as: v }
${steps.map((step) => `      - ${step}\n`).join('')}    expect:
      - ${expect ?? 'left.memory: { at: tx, equals: left.tx }'}
        for: VIA-SEND-001
    proves:
      - ${proves ?? 'frames: { from: left }'}
`
}

const unreliable = '    axes: { level: [unreliable] }\n'

function problemsOf(given: CaseText): string[] {
  const { diagnostics } = parseSuites([{ file: 'a.yaml', text: suiteOf({ head: unreliable, ...given }) }], context)
  return diagnostics.map(({ message, suggestion }) => (suggestion === '' ? message : `${message} | ${suggestion}`))
}

function permutationsOf(given: CaseText, declared: Pics = pics): Permutation[] {
  const text = suiteOf({ head: unreliable, ...given })
  const { cases, diagnostics } = parseSuites([{ file: 'a.yaml', text }], context)
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('; '))
  return expand(cases, declared, { roles: undefined, seed: 1 })
}

/** The bodies of the calls that a case makes after its beginning. */
function bodiesOf(given: CaseText): CallBody[] {
  const steps = permutationsOf(given)[0]?.steps ?? []
  return steps.flatMap((step) => (step.kind === 'call' ? [step.body] : [])).slice(6)
}

await test('a fixture stands for its steps, with its parameters and their usual values', async (t) => {
  const steps = permutationsOf({ steps: [] })[0]?.steps ?? []
  t.match(
    steps.map((step) => (step.kind === 'call' ? step.body : step.kind)),
    [
      { operation: 'VipOpenNic', device: 'default', as: 'nic' },
      { operation: 'VipCreatePtag', nic: 'nic', as: 'tag' },
      { operation: 'memory.allocate', as: 'pool', bytes: 4096 },
      { operation: 'VipRegisterMem', at: { buffer: 'pool', offset: 0, bytes: 4096 }, as: 'pool' },
      { operation: 'VipRegisterMem', at: { buffer: 'tx' }, attributes: { ptag: 'tag', enableRdmaWrite: false } },
      { operation: 'VipCreateVi', attributes: { reliabilityLevel: 1, maxTransferSize: 32_768 }, sendCq: null },
    ],
  )
  t.match(steps[0]?.position, { file: 'suites/fixtures/via.yaml', line: 8 })
})

/** A post that writes its descriptor. */
function post(name: string): string {
  return `left.VipPostSend: { vi: v, descriptor: { as: ${name}, segments: [tx@0+10, tx@10+20, tx@40+1], immediate: 5 } }`
}

await test('a descriptor that stands in a post is written right before, at the next free place of the pool', async (t) => {
  t.match(bodiesOf({ steps: [post('a'), post('b'), 'left.VipPostSend: { vi: v, descriptor: a }'] }), [
    { operation: 'descriptor.write', as: 'a', at: { buffer: 'pool', offset: 0 }, op: 'send', immediate: 5 },
    { operation: 'VipPostSend', vi: 'v', descriptor: 'a', memory: 'pool' },
    {
      as: 'b',
      at: { buffer: 'pool', offset: 128 },
      segments: [
        { at: { buffer: 'tx', offset: 0 }, memory: 'tx', bytes: 10 },
        { at: { buffer: 'tx', offset: 10 }, memory: 'tx', bytes: 20 },
        { at: { buffer: 'tx', offset: 40 }, memory: 'tx', bytes: 1 },
      ],
    },
    { operation: 'VipPostSend', descriptor: 'b' },
    { operation: 'VipPostSend', descriptor: 'a', memory: 'pool' },
  ])
})

await test('segments and places may be anything, and patches overwrite', async (t) => {
  const descriptor = `{ as: d, at: { address: '0000000000000040' }, op: reserved, control: 16,
          segments: [{ at: tx@590, memory: 77, bytes: 5000 }], patch: [{ offset: 12, width: 2, value: 300 }] }`
  t.match(
    bodiesOf({ steps: [`left.write-descriptor: ${descriptor}`, 'left.VipPostSend: { vi: null, descriptor: null }'] }),
    [
      {
        at: { address: '0000000000000040', offset: 0 },
        op: 'reserved',
        control: 16,
        segments: [{ at: { buffer: 'tx', offset: 590 }, memory: 77, bytes: 5000 }],
        patch: [{ offset: 12, width: 2, value: 300 }],
      },
      { vi: null, descriptor: null, memory: 'pool' },
    ],
  )
})

await test('an address segment names a region of a host, or two, or none', async (t) => {
  const regions = [
    'right.VipOpenNic: { as: nic }',
    'right.VipCreatePtag: { as: tag }',
    'right.allocate: { as: rx, bytes: 64 }',
  ]
  const made = ['rx', 'other'].map((as) => `right.VipRegisterMem: { at: rx, as: ${as} }`)
  const written = ['right.rx@9', '{ at: right.rx@9, memory: right.other }', '{ at: right.rx, memory: 7 }'].map(
    (remote, i) => `left.write-descriptor: { as: d${i}, op: rdma-write, remote: ${remote}, segments: [tx@0+1] }`,
  )
  const plain =
    "left.write-descriptor: { as: p, op: rdma-read, remote: { address: '0000000000000040', offset: 2, memory: 7 } }"
  const [rx, other] = ['rx', 'other'].map((memory) => ({ node: 1, memory }))
  const unknown = { address: '0000000000000000', handle: 0 }
  t.match(bodiesOf({ steps: [...regions, ...made, ...written, plain] }).slice(5), [
    { at: { offset: 0 }, op: 'rdma-write', remote: { ...unknown, offset: 9, addressOf: rx, handleOf: rx } },
    { at: { offset: 64 }, remote: { ...unknown, offset: 9, addressOf: rx, handleOf: other } },
    { at: { offset: 128 }, remote: { ...unknown, handle: 7, offset: 0, addressOf: rx, handleOf: undefined } },
    { op: 'rdma-read', remote: { address: '0000000000000040', handle: 7, offset: 2, addressOf: undefined } },
  ])
})

await test('addresses and timeouts are read as they are written', async (t) => {
  const steps = [
    'left.VipConnectWait: { local: left/0a01, timeout: 2s, as: c, start: w }',
    "left.VipConnectRequest: { vi: v, remote: { host: '0a0b', discriminator: 01 }, timeout: infinite, thread: other }",
    'join: w',
    'left.VipConnectWait: { local: null, timeout: 0ms, as: c2 }',
  ]
  t.match(bodiesOf({ steps }), [
    { local: { host: 0, discriminator: '0a01' }, timeout: 2000 },
    { local: { host: 0, discriminator: '00' }, remote: { host: '0a0b', discriminator: '01' }, timeout: 0xffff_ffff },
    { local: null, timeout: 0 },
  ])
})

await test('a level by its name needs its option, one by its mask does not', async (t) => {
  const head = '    axes: { level: [unreliable, reliable-delivery, 2] }\n'
  t.same(
    permutationsOf({ head, steps: [] }).map(({ notApplicable }) => notApplicable),
    [undefined, 'the implementation does not offer via.reliable-delivery', undefined],
  )
})

await test('a case about the absence of an option applies only without it', async (t) => {
  const head = `${unreliable}    lacks: [via.rdma-read]\n`
  const offering = { ...pics, options: { 'via.rdma-read': true } }
  t.equal(permutationsOf({ head, steps: [] })[0]?.notApplicable, undefined)
  t.match(permutationsOf({ head, steps: [] }, offering)[0]?.notApplicable, /offers via\.rdma-read/)
})

await test('a repeated call is made as often as the PICS says, with numbered names and moving places', async (t) => {
  const steps = [
    'repeat: { times: via.max-nics, less: 6, call: { left.VipOpenNic: { as: spare } } }',
    'repeat: { times: 2, stride: 64, call: { left.write-descriptor: { as: d, at: pool, segments: [tx] } } }',
    'repeat: { times: 2, call: { left.VipPostRecv: { vi: v, descriptor: d } } }',
  ]
  t.match(bodiesOf({ steps }), [
    { as: 'spare-1' },
    { as: 'spare-2' },
    { as: 'd-1', at: { buffer: 'pool', offset: 0 } },
    { as: 'd-2', at: { buffer: 'pool', offset: 64 } },
    { descriptor: 'd-1' },
    { descriptor: 'd-2' },
  ])
  const vast = { ...pics, values: { ...pics.values, 'via.max-nics': { value: 1_000_000 } } }
  t.match(permutationsOf({ steps: steps.slice(0, 1) }, vast)[0]?.notApplicable, /more than the 5000 of one repetition/)
  const posts = ['repeat: { times: via.max-nics, call: { left.VipPostRecv: { vi: v, descriptor: { as: d } } } }']
  const many = { ...pics, values: { ...pics.values, 'via.max-nics': { value: 3000 } } }
  t.match(permutationsOf({ steps: posts }, many)[0]?.notApplicable, /asks for 6000 steps/)
})

await test('steps that are repeated together name by its number what they have made, and let time pass in between', (t) => {
  const steps = [
    'repeat: { times: 2, steps: [left.VipRecvWait: { vi: v, timeout: 1s, start: w }, join: w, left.VipCreateVi: { as: other }, advance: 1ms, left.VipDestroyVi: { vi: other }, left.VipPostRecv: { vi: v, descriptor: { as: d } }] }',
  ]
  const [permutation] = permutationsOf({ steps })
  const said = permutation?.steps
    .slice(-14)
    .map((step) => (step.kind === 'call' ? (step.label ?? step.body) : step.kind === 'join' ? step.label : step.kind))
  t.match(said, [
    'w-1',
    'w-1',
    { operation: 'VipCreateVi', as: 'other-1' },
    'advance',
    { operation: 'VipDestroyVi', vi: 'other-1' },
    { operation: 'descriptor.write', as: 'd-1' },
    { operation: 'VipPostRecv', vi: 'v', descriptor: 'd-1' },
    'w-2',
    'w-2',
    { operation: 'VipCreateVi', as: 'other-2' },
    'advance',
    { operation: 'VipDestroyVi', vi: 'other-2' },
    { as: 'd-2' },
    { vi: 'v', descriptor: 'd-2' },
  ])
  t.end()
})

function mistakesOf(step: string): string {
  return problemsOf({ steps: [step] }).join('\n')
}

await test('what cannot be repeated is a mistake: labels, waiting for what is seen, calls that stay open, and both forms at once', (t) => {
  const [repeated, call] = ['left.VipOpenNic: { as: spare, label: l }', 'left.VipOpenNic: { as: more }']
  t.match(mistakesOf(`repeat: { times: 2, steps: [${repeated}] }`), /a call that is repeated has no label/)
  t.match(
    mistakesOf('repeat: { times: 2, steps: [until: { frames: { from: left }, within: 1s }] }'),
    /`until` is not repeated/,
  )
  const before = 'left.VipSendWait: { vi: v, timeout: 1s, start: w }'
  const joined = problemsOf({ steps: [before, 'repeat: { times: 2, steps: [join: w] }'] }).join('\n')
  t.match(joined, /`join` awaits `w`, which its turn does not start/)
  const open = 'left.VipRecvWait: { vi: v, timeout: 1s, start: w }'
  t.match(mistakesOf(`repeat: { times: 2, steps: [${open}] }`), /the call `w` is open when its turn ends/)
  t.match(mistakesOf(`repeat: { times: 2, call: { ${call} }, steps: [${call}] }`), /has both `call` and `steps`/)
  t.match(mistakesOf('repeat: { times: 2 }'), /has neither `call` nor `steps`/)
  t.end()
})

/** The PICS with so many segments in a descriptor. */
function having(value: number): typeof pics {
  return { ...pics, values: { ...pics.values, 'via.max-segments': { value } } }
}

await test('a descriptor has as many empty segments as the PICS says, and the case none where they would be too many', async (t) => {
  const steps = [
    'left.VipPostSend: { vi: v, descriptor: { as: d, at: pool, empty-segments: { as-many-as: via.max-segments, less: 1, most: 4 }, segments: [tx] } }',
  ]
  const counts = [1, 5].map((value) => {
    const body = permutationsOf({ steps }, having(value))[0]?.steps.flatMap((step) =>
      step.kind === 'call' ? [step.body] : [],
    )
    return body?.flatMap((each) =>
      each.operation === 'descriptor.write' ? each.segments.map(({ bytes }) => bytes > 0) : [],
    )
  })
  t.same(counts, [[true], [false, false, false, false, true]])
  t.match(permutationsOf({ steps }, having(6))[0]?.notApplicable, /via\.max-segments is 6, the case has room for 5/)
  t.match(permutationsOf({ steps }, having(0))[0]?.notApplicable, /via\.max-segments is 0, the case needs at least 1/)
})

await test('a handle that a repetition has made is meant by its number in the next, and others as they are', async (t) => {
  const steps = [
    'repeat: { times: 2, call: { left.VipCreateVi: { as: spare } } }',
    'repeat: { times: 2, call: { left.VipQueryVi: { vi: spare } } }',
    'repeat: { times: 2, call: { left.VipDestroyVi: { vi: v } } }',
  ]
  t.match(bodiesOf({ steps }), [
    { as: 'spare-1' },
    { as: 'spare-2' },
    { vi: 'spare-1' },
    { vi: 'spare-2' },
    { vi: 'v' },
    { vi: 'v' },
  ])
})

await test('the rule whose victim is every frame is told from the others', async (t) => {
  const head = `${unreliable}    faults: [{ delay: { from: left, amount: 1ms } }, { drop: { from: left, victim: every-frame, bound: 9 } }]\n`
  const [made] = permutationsOf({ head, steps: [], proves: 'victims: 3' })
  t.same(made?.explored, { kind: 'victims', rule: 1, from: 0, most: 9 })
  t.equal(made?.faults.length, 2)
})

await test('VIA runs between hosts of the implementation only', async (t) => {
  t.same(
    permutationsOf({ steps: [] }).map(({ roles }) => roles),
    ['iut-iut'],
  )
})

await test('a permutation has the configuration of its own interface, and the wire', async (t) => {
  const both = { ...pics, values: { ...pics.values, 'emp.collection': { value: 3 } } }
  const keys = Object.keys(permutationsOf({ steps: [] }, both)[0]?.configuration ?? {})
  t.notOk(keys.includes('emp.collection'))
  t.ok(keys.includes('wire.mtu'))
})

await test('calls that no expectation looks at are taken for granted, those with a code to be proved are not', async (t) => {
  const [made] = permutationsOf({
    steps: ['left.VipQueryVi: { vi: v, label: q }', 'left.VipQueryNic: { label: n }', 'left.VipQueryNic: {}'],
    expect: 'left.returned: { call: q, code: VIP_SUCCESS, state: idle }',
    proves: 'code: { call: n, is: VIP_SUCCESS }',
  })
  if (!made) throw new Error('nothing was made')
  const numbers = numberCalls(made)
  const granted = takenForGranted(made)
  t.notOk(granted.has(numbers.ofLabel.get('q') ?? -1))
  t.notOk(granted.has(numbers.ofLabel.get('n') ?? -1))
  t.equal(granted.size, 7)
})

await test('an answer is expected by code, fields, outputs and time', async (t) => {
  const steps = [
    'left.VipPostSend: { vi: v, descriptor: { as: s, segments: [tx] } }',
    'left.VipSendWait: { vi: v, timeout: 1s, label: w }',
  ]
  const expect = `left.returned: { call: w, code: [VIP_SUCCESS, VIP_DESCRIPTOR_ERROR], descriptor: s, length: { min: 1, max: 600 },
          errors: [transport-error, descriptor-flushed], immediate: none, reserved: zero, within: 2s, after: 1ms }`
  t.match(permutationsOf({ steps, expect })[0]?.outcomes[0]?.expectations[0], {
    kind: 'answered',
    codes: ['VIP_SUCCESS', 'VIP_DESCRIPTOR_ERROR'],
    outputs: {
      descriptor: 's',
      fields: {
        length: { least: 1, most: 600 },
        errors: ['transport-error', 'descriptor-flushed'],
        immediate: 'none',
        reservedZero: true,
      },
    },
    within: 2_000_000_000,
    after: 1_000_000,
  })
})

const mistakes: Readonly<Record<string, readonly [given: CaseText, problems: readonly string[]]>> = {
  'a handle that was never made': [
    { steps: ['left.VipDestroyVi: { vi: w }'] },
    ['`left` has made no VI `w` before this | there is `v`'],
  ],
  'a handle of another kind': [
    { steps: ['left.VipDestroyVi: { vi: tag }'] },
    ['`tag` of `left` is a protection tag, not a VI | there is `v`'],
  ],
  'a handle twice': [
    { steps: ['left.VipCreatePtag: { as: tag }'] },
    ['`left` has a handle `tag` already | a name stands for one'],
  ],
  'a region that was never registered': [
    { steps: ['left.write-descriptor: { as: d, op: rdma-write, remote: right.rx }'] },
    ['`right` has registered no region `rx` before this'],
  ],
  'a region by a name that is nearly right': [
    { steps: ['left.write-descriptor: { as: d, op: rdma-write, remote: { at: left.tx, memory: left.poole } }'] },
    ['`left` has registered no region `poole` before this | did you mean `pool`?'],
  ],
  'a region of nobody': [
    { steps: ['left.write-descriptor: { as: d, op: rdma-write, remote: middle.rx }'] },
    ['there is no host `middle` | there are `left`, `right`'],
  ],
  'a descriptor that was never written': [
    { steps: ['left.VipPostSend: { vi: v, descriptor: d }'] },
    ['`left` has written no descriptor `d` before this'],
  ],
  'a descriptor by a name that is nearly right': [
    {
      steps: [
        'left.VipPostSend: { vi: v, descriptor: { as: first, segments: [tx] } }',
        'left.VipSendWait: { vi: v, timeout: 1s, label: w }',
      ],
      expect: 'left.returned: { call: w, descriptor: frist }',
    },
    ['`left` writes no descriptor `frist` | did you mean `first`?'],
  ],
  'a reliability level that is none': [
    { head: '    axes: { level: [reliable-delivry] }\n', steps: [] },
    ['`reliable-delivry` is no reliability level | did you mean `reliable-delivery`?'],
  ],
  'a timeout that VIPL cannot say': [
    {
      head: '    axes: { level: [unreliable], time: [1ms, 500us] }\n',
      steps: ['left.VipRecvWait: { vi: v, timeout: $time }'],
    },
    ['`500us` is not a whole number of milliseconds | VIPL counts timeouts in milliseconds'],
  ],
  'an attribute that nothing has': [
    {
      steps: ['left.VipQueryVi: { vi: v, label: q }'],
      expect: 'left.returned: { call: q, attributes: { maxTransferSise: 4 } }',
    },
    ['there is no attribute `maxTransferSise` | did you mean `maxTransferSize`?'],
  ],
  'an entry for a VI that nobody makes': [
    {
      steps: ['left.VipCreateCQ: { entries: 4, as: cq }', 'left.VipCQDone: { cq: cq, label: e }'],
      expect: 'left.returned: { call: e, entry: { vi: w, queue: send } }',
    },
    ['`left` makes no VI `w` | there is `v`'],
  ],
  'a call of EMP': [{ steps: ['left.test: { request: r }'] }, ['`test` is a call of emp, and this case is about via']],
  'an unknown call': [
    { steps: ['left.VipOpenNick: { as: n }'] },
    ['unknown key `left.VipOpenNick` | did you mean `left.VipOpenNic`?'],
  ],
  'an unknown fixture': [
    { steps: ['use: { fixture: nik, host: left }'] },
    ['there is no fixture `nik` | did you mean `nic`?'],
  ],
  'a fixture without what it needs': [{ steps: ['use: { fixture: nic }'] }, ['`nic` needs `host` | add `host:`']],
  'a fixture with what it does not know': [
    { steps: ['use: { fixture: nic, host: right, byte: 1 }'] },
    ['`nic` has no parameter `byte` | did you mean `bytes`?'],
  ],
  'a key that no PICS has': [
    { steps: ['repeat: { times: via.max-nicks, call: { left.VipOpenNic: { as: s } } }'] },
    ['there is no configuration key `via.max-nicks` | did you mean `via.max-nics`?'],
  ],
  'a rule that tells frames of VIA apart': [
    { head: `${unreliable}    faults: [{ drop: { from: left, type: data } }]\n`, steps: [] },
    [
      "`type`: the wire of VIA is the provider's own, and its frames cannot be told apart | tell frames by `from`, `to`, `ordinal` and `octets`, or make each the victim with `victim: every-frame`",
    ],
  ],
  'victims of nobody': [
    { head: `${unreliable}    faults: [{ drop: { victim: every-frame } }]\n`, steps: [], proves: 'victims: 3' },
    ['whose frames are meant is not said | add `from:`'],
  ],
  'a race that writes a descriptor': [
    {
      steps: [
        'race: [{ left.VipPostRecv: { vi: v, descriptor: { as: d } } }, { left.VipRecvDone: { vi: v, label: x } }]',
      ],
      proves: 'code: { call: x, is: VIP_NOT_DONE }',
    },
    ['a member of a race is one call | write the descriptor before'],
  ],
  'a code that VIPL does not have': [
    {
      steps: ['left.VipQueryVi: { vi: v, label: q }'],
      expect: 'left.returned: { call: q, code: VIP_SUCESS }',
    },
    ['`VIP_SUCESS` is none of '],
  ],
}

for (const [name, [given, wanted]] of Object.entries(mistakes)) {
  await test(`lint points out ${name}`, async (t) => {
    const found = problemsOf(given)
    t.equal(found.length, wanted.length, found.join('; '))
    for (const [i, words] of wanted.entries()) t.ok(found[i]?.startsWith(words), `${found[i] ?? 'nothing'} <> ${words}`)
  })
}

await test('fixtures that use each other in a circle are told, not followed', async (t) => {
  const text = `interface: via
fixtures:
  - fixture: a
    title: Round and round
    steps: [{ use: { fixture: b } }, { use: { fixture: b } }]
  - fixture: b
    title: And round
    steps: [{ use: { fixture: a } }, { use: { fixture: a } }]
`
  const { fixtures } = parseFixtures([{ file: 'f.yaml', text }])
  const suite = suiteOf({ head: unreliable, steps: ['use: { fixture: a }'] })
  const both = new Map([...context.fixtures, ...fixtures])
  const { diagnostics } = parseSuites([{ file: 'a.yaml', text: suite }], { ...context, fixtures: both })
  const message = 'fixtures use each other in a circle'
  t.match(diagnostics, [
    { message, suggestion: '`a` uses `b` uses `a`' },
    { message, position: { file: 'f.yaml', line: 8 } },
  ])
})

await test('a mistake that shows in a fixture is told with the place that used it', async (t) => {
  const text = suiteOf({ head: unreliable, steps: ['use: { fixture: nic, host: rigt }'] })
  const { diagnostics } = parseSuites([{ file: 'a.yaml', text }], context)
  const [first] = diagnostics
  t.match(first, { message: 'there is no host `rigt`', position: { file: 'suites/fixtures/via.yaml' } })
  t.match(first?.usedAt, { file: 'a.yaml', line: 15 })
  t.match(first && formatDiagnostic(first, fixtureText), /\nused at a\.yaml:15:9\nhelp: did you mean `right`\?$/)
})

await test('a parameter that nothing uses, and one that is not declared, are mistakes of a fixture', async (t) => {
  const text = fixtureText.replace('bytes: 4096', 'octets: 4096')
  const { diagnostics } = parseFixtures([{ file: 'f.yaml', text }])
  t.match(
    diagnostics.map(({ message }) => message),
    ['nothing uses the parameter `octets`', 'there is no parameter `bytes`'],
  )
})

await test('a NIC whose frames have another length than usual runs every case that does not name the length', async (t) => {
  const values = { ...pics.values, 'wire.mtu': { value: 9000 } }
  const [silent] = permutationsOf({ steps: [] }, { ...pics, values })
  t.match(silent, { notApplicable: undefined, configuration: { 'wire.mtu': 9000 } })
  const [naming] = permutationsOf(
    { head: `    configuration: { wire.mtu: 1500 }\n${unreliable}`, steps: [] },
    { ...pics, values },
  )
  t.equal(naming?.notApplicable, 'wire.mtu is fixed at 9000, the case needs 1500')
})

await test('a NIC that is too small for a case is spared it, with the reason', async (t) => {
  const small = { ...pics, values: { ...pics.values, 'via.max-regions': { value: 1 }, 'via.max-nics': { value: 1 } } }
  const [made] = permutationsOf({ steps: [] }, small)
  t.equal(made?.notApplicable, 'via.max-regions is 1, the case needs at least 2 regions of memory')
  const repeat = 'repeat: { times: via.max-nics, less: 2, call: { left.VipOpenNic: { as: spare } } }'
  const [repeated] = permutationsOf({ steps: [repeat] }, small)
  t.equal(repeated?.notApplicable, 'via.max-nics is 1, the case needs at least 2')
})
