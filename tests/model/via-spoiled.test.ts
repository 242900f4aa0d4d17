// The oracle for VIA: receives whose link is changed, or whose memory goes, while they are posted, and links that were there before.
import type { Judged } from '../../spec/model/via.ts'
import type { ViaDescriptorCall } from '../../spec/vocabulary/via-descriptor.ts'
import type { VipReturn } from '../../spec/vocabulary/via-returns.ts'
import { quietly, testOddities, testRules, type Oddity, type Rule } from './via-histories.ts'
import { at, left, levels, right, segment, sent, status, type StorySetting, Story } from './via-story.ts'

type Write = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

const heard = { handler: 'hears', context: 1 }

/** The place of the first descriptor that a host writes. */
const place = { buffer: 'pool', offset: 0 }

function write(story: Story, offset: number, seed: number, bytes = 4): Judged {
  const body = {
    operation: 'memory.write',
    at: { ...place, offset, bytes },
    fill: { kind: 'const', seed },
  } as const
  return story.returned(right, story.start(right, body), { status: 'ok' })
}

/** The first descriptor of a host is written anew. */
function rewritten(story: Story, node: number, written: Omit<Write, 'operation' | 'at'>): Judged {
  const body = { operation: 'descriptor.write', at: place, ...written } as const
  return story.returned(node, story.start(node, body), { status: 'ok' })
}

/** Left's first descriptor is a write to right's `rx` from now on. */
function rewrittenAsRdma(story: Story): Judged {
  return rewritten(story, left, {
    as: 's',
    op: 'rdma-write',
    remote: { address: '0000000002200000', handle: 102, offset: 0 },
    segments: [segment('tx', 0, 100)],
  })
}

/** A region of its own for the first descriptor of right. */
const register = (story: Story, handle = 77): Judged => {
  const attributes = { ptag: 'tag', enableRdmaWrite: false, enableRdmaRead: false }
  const body = {
    operation: 'VipRegisterMem',
    nic: 'nic',
    at: at('pool', 0, 128),
    attributes,
    as: `own${handle}`,
  } as const
  return story.ask(right, body, { region: { handle, address: '0000000002000000' } })
}
const giveUp = (story: Story): Judged =>
  story.ask(right, { operation: 'VipDeregisterMem', nic: 'nic', at: place, memory: 'own77' })
/** The memory that messages for right come into. */
const emptied = (story: Story): Judged =>
  story.ask(right, {
    operation: 'VipDeregisterMem',
    nic: 'nic',
    at: { buffer: 'rx', offset: 0 },
    memory: 'rx',
  })
const destroy = (story: Story, code: VipReturn = 'VIP_SUCCESS'): Judged =>
  story.ask(right, { operation: 'VipDestroyVi', vi: 'v' }, code)

/** A receive of 300 octets in its own region. */
const posted = (story: Story): readonly Judged[] => {
  story.write(right, 'r', { op: 'receive', segments: [segment('rx', 0, 300)] })
  return [register(story), story.ask(right, { operation: 'VipPostRecv', vi: 'v', descriptor: 'r', memory: 'own77' })]
}
const begun = (story: Story): readonly Judged[] => [story.handle(right, 'hears'), ...story.connect()]
/** Right's first receive has lost its memory. */
const gone = (story: Story): readonly Judged[] => [...begun(story), ...posted(story), story.elapse(1), giveUp(story)]
/** Right's first receive has another link. */
const changed = (story: Story): readonly Judged[] => [
  ...begun(story),
  story.receive('r', 300),
  story.elapse(1),
  write(story, 0, 0x5a),
]
const told = (story: Story, code: 'post-descriptor' | 'completion-protection'): Judged =>
  story.told(right, code, { ...heard, resource: 'descriptor' }) ?? story.model.rested()
const untold = (story: Story): Judged => story.model.rested()

/** At whatever level. */
function atEach(rules: Readonly<Record<string, Rule>>): Readonly<Record<string, Rule>> {
  return Object.fromEntries(
    Object.entries(levels).flatMap(([name, level]) =>
      Object.entries(rules).map(([words, rule]): [string, Rule] => [
        `${words} (${name})`,
        { ...rule, setting: { level } },
      ]),
    ),
  )
}

const rules: Readonly<Record<string, Rule>> = {
  'a receive whose link was changed completes well': {
    requirement: 'VIA-DESC-022',
    before: (story) => [...changed(story), story.send('s', 100), story.elapse(1)],
    forbidden: (story) => story.received('r'),
    allowed: (story) => story.received('r', { status: status.received | 2 }),
  },
  'nobody is told that the link of a receive was changed for which a message has come': {
    requirement: 'VIA-DESC-022',
    before: (story) => [...changed(story), story.send('s', 100), story.elapse(1)],
    forbidden: untold,
    allowed: (story) => told(story, 'post-descriptor'),
  },
  'nobody is told that NextHandle was changed before the VIs were connected': {
    requirement: 'VIA-DESC-022',
    before: (story) => [
      story.handle(right, 'hears'),
      story.receive('r', 300),
      write(story, 8, 1),
      ...story.connect(),
      story.send('s', 100),
      story.elapse(1),
    ],
    forbidden: untold,
    allowed: (story) => told(story, 'post-descriptor'),
  },
  'nobody is told that the memory of a receive has gone for which a message has come': {
    requirement: 'VIA-ERR-021',
    before: (story) => [...gone(story), story.send('s', 100), story.elapse(1)],
    forbidden: untold,
    allowed: (story) => told(story, 'completion-protection'),
  },
  'a message is received into memory that was deregistered when the receive was posted': {
    requirement: 'VIA-MEM-008',
    before: (story) => [
      ...begun(story),
      story.receive('r', 300),
      emptied(story),
      story.send('s', 100),
      story.elapse(1),
    ],
    forbidden: (story) => story.received('r'),
    allowed: (story) => story.received('r', { status: status.received | 4, length: 0 }),
  },
  'a receive whose memory has gone keeps its VI': {
    requirement: 'VIA-ERR-021',
    before: (story) => [...posted(story), giveUp(story), story.disconnect(right)],
    forbidden: (story) => destroy(story, 'VIP_ERROR_RESOURCE'),
    allowed: destroy,
  },
  'a descriptor is taken for none, though its link was there when it was posted': {
    requirement: 'VIA-DESC-022',
    before: (story) => [
      story.handle(right, 'hears'),
      story.receive('r', 300, { patch: [{ offset: 0, width: 8, value: 7 }] }),
    ],
    forbidden: (story) => story.told(right, 'post-descriptor', { ...heard, resource: 'descriptor' }),
    allowed: untold,
  },
}

/** Right reads octets where its first descriptor has its segment. */
const segmentOf = (story: Story, octets: string): Judged =>
  story.returned(right, story.start(right, { operation: 'memory.read', at: at('pool', 40, 4) }), {
    status: 'ok',
    octets,
  })

const quietOnes: Readonly<Record<string, (story: Story) => readonly Judged[]>> = {
  'a segment that was read is another one when the program has written its descriptor again': (story) => [
    ...begun(story),
    story.receive('r', 300),
    segmentOf(story, '66000000'),
    story.send('s', 100),
    story.elapse(1),
    story.received('r'),
    quietly(story.write(right, 'again', { op: 'receive', at: at('pool', 0, 0), segments: [segment('tx', 0, 8)] })),
    segmentOf(story, '65000000'),
    write(story, 40, 0x5a),
    segmentOf(story, '5a5a5a5a'),
  ],
  'a link is written over with what stood there, and all goes well': (story) => [
    ...begun(story),
    story.receive('r', 300),
    write(story, 0, 0),
    story.send('s', 100),
    story.elapse(1),
    story.received('r'),
  ],
  'a link is changed and brought back before a message comes': (story) => [
    ...changed(story),
    write(story, 0, 0),
    story.send('s', 100),
    story.elapse(1),
    story.received('r'),
  ],
  'memory is deregistered when a message may have come into it': (story) => [
    ...begun(story),
    story.receive('r', 300),
    story.send('s', 100),
    emptied(story),
    story.elapse(1),
    story.received('r'),
  ],
  'nothing is put into memory that was deregistered, since the message is empty': (story) => [
    ...begun(story),
    story.receive('r', 300),
    emptied(story),
    story.send('s', 0),
    story.elapse(1),
    story.received('r', { length: 0 }),
  ],
  'no message has come for a receive whose link was changed': (story) => [...changed(story), untold(story)],
  'who changed the link was told before the message came': (story) => [
    ...changed(story),
    story.told(right, 'post-descriptor', { ...heard, resource: 'descriptor' }),
    story.send('s', 100),
    untold(story),
  ],
  'a message that would come for a receive without memory finds its VI disconnected': (story) => [
    ...gone(story),
    story.send('s', 100),
    story.disconnect(right),
    untold(story),
  ],
  'frames were lost, and with them the message for a receive without memory': (story) => [
    ...gone(story),
    story.send('s', 100),
    story.model.rested('foul'),
  ],
  'a message has an error of its own, and does not come for a receive without memory': (story) => [
    ...gone(story),
    story.send('s', 40_000),
    untold(story),
  ],
  'the memory of a receive is registered again under the handle that it had': (story) => [
    ...gone(story),
    register(story),
    story.send('s', 100),
    story.elapse(1),
    story.received('r'),
  ],
  'the memory of a receive has other rights by now, and it is used': (story) => [
    ...begun(story),
    ...posted(story),
    story.ask(right, {
      operation: 'VipSetMemAttributes',
      nic: 'nic',
      at: place,
      memory: 'own77',
      attributes: { ptag: 'tag', enableRdmaWrite: true, enableRdmaRead: false },
    }),
    story.send('s', 100),
    story.elapse(1),
    story.received('r'),
  ],
  'a receive whose link was changed came back when its idle VI was disconnected, before any message': (story) => [
    story.handle(right, 'hears'),
    story.receive('r', 300),
    write(story, 0, 0x5a),
    story.disconnect(right),
    ...story.connect(),
    story.send('s', 100),
    story.elapse(1),
    untold(story),
  ],
  'a posted receive is written anew, and fills what it names now': (story) => [
    ...begun(story),
    story.receive('r', 300),
    rewritten(story, right, { as: 'r', op: 'receive', segments: [segment('rx', 5000, 300)] }),
    story.send('s', 100),
    story.elapse(1),
    story.digest(right, at('rx', 5000, 100), sent),
  ],
  'a posted send is written anew, and is RDMA that is refused': (story) => [
    ...begun(story),
    story.send('s', 100),
    rewrittenAsRdma(story),
    story.told(right, 'rdma-write-protection', heard),
  ],
  'a posted send is written anew, and is RDMA that is made': (story) => [
    ...begun(story),
    story.send('s', 100),
    rewrittenAsRdma(story),
    story.model.rested(),
    story.digest(right, at('rx', 0, 100), sent),
  ],
  'a VI that was not disconnected is kept by what is posted': (story) => [
    ...posted(story),
    giveUp(story),
    destroy(story, 'VIP_ERROR_RESOURCE'),
  ],
}

const settings: readonly StorySetting[] = Object.values(levels).map((level) => ({ level }))
const oddities: Readonly<Record<string, Oddity>> = Object.fromEntries(
  settings.flatMap((setting) =>
    Object.entries(quietOnes).map(([words, story]): [string, Oddity] => [
      `${words} (level ${setting.level})`,
      { setting, story },
    ]),
  ),
)

await testRules(atEach(rules))
await testOddities(oddities)
