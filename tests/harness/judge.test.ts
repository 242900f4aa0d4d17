// The judge against hand-made traces: every expectation both ways, every monitor silent and fired, and all that follows.
import * as fc from 'fast-check'
import { test as it } from 'tap'
import type { ClassResult, RequirementResult } from '../../harness/result/report.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { crc32c, type Pattern } from '../../spec/vocabulary/memory.ts'
import { buildFrame } from '../../harness/judge/frames/frame-building.ts'
import { collectionsOf, cuttingFor, framesOf, lengthOf } from '../../harness/judge/emp/cutting.ts'
import { classifier, dissect } from '../../harness/judge/frames/dissect.ts'
import type { RunEnding } from '../../harness/judge/verdict/ending.ts'
import { failureDetail } from '../../harness/judge/failure/failure-detail.ts'
import type { JudgeInput, Judgement } from '../../harness/judge/judge.ts'
import { marksOf } from '../../harness/judge/requirements/marks.ts'
import { closingQuestionsOf } from '../../harness/judge/questions/closing-questions.ts'
import { writeExpected } from '../../harness/judge/memory/expected-octets.ts'
import { judgeClasses, judgeRequirements, type JudgedRow } from '../../harness/judge/requirements/requirements.ts'
import { SightingWatch } from '../../harness/judge/sightings/sighting-watch.ts'
import { collectionFrames, framesWords, were } from '../../harness/judge/words.ts'
import type { CallStep, Outcome, Permutation, Role } from '../../harness/plan/permutation.ts'
import type { DeclaredCase } from '../../harness/plan/suite-case.ts'
import type { Expectation, ExpectationBody, Proof } from '../../harness/plan/expectation.ts'
import type { Requirement } from '../../harness/plan/requirement.ts'
import { Trace } from '../../harness/result/trace.ts'
import {
  Story,
  correct,
  done,
  ended,
  finished,
  fired,
  judge,
  layout,
  left,
  macs,
  permutation,
  position,
  receives,
  right,
  sends,
  test,
  timeout,
  total,
} from './emp-story.ts'

function expecting(body: ExpectationBody, requirements: readonly string[] = ['EMP-REL-001']): Expectation {
  return { ...body, requirements, position, text: body.kind }
}

const outcome = (...bodies: readonly ExpectationBody[]): Outcome => ({
  name: 'only',
  label: 'conformant',
  expectations: bodies.map((body) => expecting(body)),
})

/** The finding of one expectation on a trace, monitors aside. */
function verdictOf(trace: Trace, body: ExpectationBody, steps: Permutation['steps'] = []): string {
  const { findings } = judge(trace, { permutation: permutation({ outcomes: [outcome(body)], steps }), monitors: [] })
  return `${findings[0]?.verdict ?? 'none'}: ${findings[0]?.seen ?? ''}`
}

await it('what is told of one thing speaks of one, and of several of several', (t) => {
  t.equal(collectionFrames({ first: 3, last: 3 }), 'frame 3')
  t.equal(collectionFrames({ first: 0, last: 2 }), 'frames 0-2')
  t.equal(framesWords([5]), 'frame 5')
  t.equal(framesWords([0, 1, 5]), 'frames 0-1, 5')
  t.same([0, 1, 2].map(were), ['were', 'was', 'were'])
  t.match(dissect(layout, new Uint8Array(1)).summary, /^1 octet: /)
  t.match(dissect(layout, new Uint8Array(2)).summary, /^2 octets: /)
  t.end()
})

const hex = (given: Uint8Array): string => Buffer.from(given).toString('hex')

const requirement = (id: string, over: Partial<Requirement> = {}): Requirement => ({
  id,
  interface: 'emp',
  area: 'x',
  title: id,
  words: '',
  keyword: 'must',
  class: 'core',
  basis: 'sourced',
  source: [],
  clause: '',
  needs: [],
  lacks: [],
  position,
  ...over,
})

const declared = (id: string, ...requirements: readonly string[]): DeclaredCase => ({
  id: `s/${id}`,
  suite: 's',
  case: id,
  was: [],
  title: '',
  interface: 'emp',
  class: 'core',
  needs: [],
  lacks: [],
  axes: {},
  roles: [],
  requirements,
  kills: [],
  hosts: [],
  words: { memory: [], faults: [], steps: [], expect: [], proves: [] },
  position,
})

const row = (id: string, verdict: JudgedRow['verdict'], ...requirements: readonly string[]): JudgedRow => ({
  name: `s/${id}/x`,
  suite: 's',
  case: id,
  verdict,
  reason: 'because',
  proves: [],
  findings: requirements.map((each) => ({
    judge: 'expectation',
    verdict: verdict === 'fail' || verdict === 'inconclusive' ? verdict : 'pass',
    requirements: [each],
    expected: '',
    seen: '',
  })),
})

const once = { least: 1, most: 1 }

await it('dissect reads what build wrote', async (t) => {
  fc.assert(
    fc.property(
      fc.record({
        type: fc.constantFrom(1, 2),
        message: fc.nat(0xffffffff),
        frame: fc.oneof(fc.constant(0), fc.nat(0xffff)),
        tag: fc.nat(0xffff),
      }),
      fc.uint8Array({ maxLength: 200 }),
      (fields, payload) => {
        const octets = buildFrame(
          layout,
          { sender: 1, ...fields },
          { source: macs[1] ?? '', destination: macs[0] ?? '', payload },
        )
        const { fields: read, malformed, source, payloadOffset } = dissect(layout, octets)
        const { tag, ...header } = fields
        const expected = { sender: 1, ...header, length: payload.length }
        const hasHeader = fields.type === 1 && fields.frame === 0
        t.same(read, hasHeader ? { ...expected, total: payload.length, frames: 1, tag } : expected)
        t.equal(malformed, undefined)
        t.equal(source, macs[1])
        t.same(octets.subarray(payloadOffset, payloadOffset + payload.length), payload)
        const seen = classifier(layout)(octets, octets.length)
        t.match(seen, {
          type: fields.type === 1 ? 'data' : 'acknowledgement',
          answers: fields.type !== 1,
          message: fields.message,
          frame: fields.frame,
        })
      },
    ),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => dissect(layout, octets).summary.length > 0))
  t.match(dissect(layout, new Uint8Array(9)).malformed, /shorter than an Ethernet header/)
})

await it('R2: cutting', async (t) => {
  const paper = cuttingFor(layout, 1500)
  t.same(paper, { first: 1480, rest: 1488 })
  t.same(
    [0, 1480, 1481, 2968, 2969].map((each) => framesOf(paper, each)),
    [1, 1, 2, 2, 3],
  )
  t.equal(lengthOf(paper, 6000, 4), 6000 - 1480 - 3 * 1488)
  t.same(collectionsOf(3, 4), [
    { first: 0, last: 2 },
    { first: 3, last: 3 },
  ])
})

await it('a correct run passes every monitor, and is marked so', async (t) => {
  const judgement = judge(finished())
  const { verdict, blame } = judgement
  const requirementMarks = marksOf(judgement)
  t.equal(verdict, 'pass')
  t.equal(blame, 'nobody')
  for (const id of ['EMP-REL-002', 'EMP-REL-009', 'EMP-REL-010', 'EMP-REL-011', 'EMP-REL-012', 'EMP-REL-018']) {
    t.ok(
      requirementMarks.some((mark) => mark.id === id && mark.verdict === 'pass'),
      id,
    )
  }
})

await it('done and pending', async (t) => {
  const trace = finished()
  const r = { kind: 'done', node: right, request: 'r', outcome: 'done', times: 1 } as const
  t.match(verdictOf(trace, { ...r, bytes: total, peer: left, tag: 5 }), /^pass: r ended done, 424 octets/)
  t.match(verdictOf(trace, { ...r, bytes: 7 }), /^fail: .*424 octets, not 7/)
  t.match(verdictOf(trace, { ...r, outcome: 'truncated' }), /^fail: .*outcome done/)
  t.match(verdictOf(trace, { ...r, peer: right }), /^fail: .*peer left, not right/)
  t.match(verdictOf(trace, { ...r, tag: 6 }), /^fail: .*tag 5, not 6/)
  t.match(verdictOf(trace, { ...r, request: 'x' }), /^inconclusive: x was never posted/)
  t.match(verdictOf(trace, { kind: 'pending', node: right, request: 'r' }), /^fail: r had completed/)
  const waiting = new Story()
  waiting.ask(right, receives('r'))
  waiting.ask(right, test('r'), { status: 'pending' })
  t.match(verdictOf(waiting.trace, r), /^fail: r was still pending/)
  t.match(verdictOf(waiting.trace, { kind: 'pending', node: right, request: 'r' }), /^pass/)
  const refused = new Story()
  refused.ask(right, receives('r'), { status: 'no-descriptor' })
  t.match(verdictOf(refused.trace, r), /^fail: posting r answered no-descriptor/)
  const twice = correct()
  for (let i = 0; i < 2; i++) twice.event(right, ended('r', { peer: left }))
  t.match(verdictOf(twice.trace, r), /^fail: r was reported as completed 2 times/)
})

await it('data, memory and guards', async (t) => {
  const octets = [{ pattern: { kind: 'prng', seed: 7 } satisfies Pattern, position: 0, bytes: 8 }] as const
  const at = { buffer: 'rx', offset: 4, bytes: 8 }
  const content = writeExpected(octets)
  const looked = (found: Uint8Array): Trace => {
    const story = correct()
    story.ask(right, { operation: 'memory.digest', at }, { status: 'ok', digest: crc32c(found) })
    story.ask(right, { operation: 'memory.read', at }, { status: 'ok', octets: hex(found) })
    return story.trace
  }
  const memory = { kind: 'memory', node: right, at, octets, untouched: false } as const
  const damaged = content.with(3, (content[3] ?? 0) ^ 1)
  t.match(verdictOf(looked(content), memory), /^pass/)
  t.match(verdictOf(looked(damaged), memory), /^fail: right's rx@4\+8 differs in 1 octet: the first at offset 7/)
  t.match(verdictOf(looked(damaged), { ...memory, untouched: true }), /was written to/)
  t.match(verdictOf(finished(), memory), /^inconclusive: .*was not looked at/)
  const digestOnly = correct()
  digestOnly.ask(right, { operation: 'memory.digest', at }, { status: 'ok', digest: 1 })
  t.match(verdictOf(digestOnly.trace, memory), /^fail: the digest of .* is 00000001, not/)
  const unable = correct()
  unable.ask(right, { operation: 'memory.digest', at }, { status: 'unsupported' })
  t.match(verdictOf(unable.trace, memory), /^inconclusive: .*unsupported/)
  const data = {
    at: [
      { ...at, bytes: 5 },
      { buffer: 'rx', offset: 20, bytes: 100 },
    ],
    octets,
  }
  const r = { kind: 'done', node: right, request: 'r', outcome: 'done', times: 1, data } as const
  const scattered = correct()
  const [first, second] = [content.subarray(0, 5), content.subarray(5)]
  scattered.ask(right, { operation: 'memory.digest', at: { ...at, bytes: 5 } }, { status: 'ok', digest: crc32c(first) })
  const rest = { buffer: 'rx', offset: 20, bytes: 3 }
  scattered.ask(right, { operation: 'memory.digest', at: rest }, { status: 'ok', digest: crc32c(second) })
  t.match(verdictOf(scattered.trace, r), /^pass: .*8 octets as expected/)
  const guards = { kind: 'guards', node: right, buffer: 'rx' } as const
  for (const [found, words] of [
    [null, /^pass/],
    [-3, /^fail: the octet at offset -3/],
  ] as const) {
    const story = correct()
    story.ask(right, { operation: 'memory.guards', buffer: 'rx' }, { status: 'ok', damaged: found })
    t.match(verdictOf(story.trace, guards), words)
    t.same(fired(story), found === null ? [] : ['guard-zones'])
  }
  t.match(verdictOf(finished(), guards), /^inconclusive/)
})

const labelled = (body: CallBody, label: string): CallStep => ({
  kind: 'call',
  node: left,
  thread: 0,
  body,
  label,
  start: false,
  position,
})

await it('returned, deadline, counted, order, descriptor', async (t) => {
  const steps = [labelled(sends('s'), 'posted'), labelled({ operation: 'emp.wait', request: 's' }, 'waited')]
  const story = new Story()
  story.ask(left, sends('s'))
  const wait = story.call(left, { operation: 'emp.wait', request: 's' })
  const returned = { kind: 'returned', node: left, label: 'waited' } as const
  t.match(verdictOf(story.trace, { ...returned, status: 'open' }, steps), /^pass/)
  t.match(verdictOf(story.trace, { ...returned, status: 'ok' }, steps), /^fail: .*had not returned/)
  story.answer(left, wait, done(ended('s')))
  t.match(verdictOf(story.trace, { ...returned, status: 'ok', completions: ['s'] }, steps), /^pass/)
  t.match(
    verdictOf(story.trace, { ...returned, status: 'ok', completions: ['s', 'x'] }, steps),
    /^fail: .*completions of s/,
  )
  t.match(verdictOf(story.trace, { ...returned, status: 'open' }, steps), /^fail: waited answered ok/)
  t.match(verdictOf(story.trace, { ...returned, label: 'nobody', status: 'ok' }, steps), /^inconclusive/)

  t.match(verdictOf(story.trace, { kind: 'deadline', node: left, armed: false }), /^inconclusive/)
  story.end([5000, -1])
  t.match(verdictOf(story.trace, { kind: 'deadline', node: left, armed: false }), /^fail: .*armed for 5us/)
  t.match(verdictOf(story.trace, { kind: 'deadline', node: left, armed: true }), /^pass/)
  t.match(verdictOf(story.trace, { kind: 'deadline', node: right, armed: false }), /^pass/)

  const counted = { kind: 'counted', node: right, reason: 'malformed', times: once } as const
  t.match(verdictOf(story.trace, counted), /^inconclusive/)
  story.ask(right, { operation: 'emp.counters' }, { status: 'ok', counters: { malformed: 1 } })
  t.match(verdictOf(story.trace, counted), /^pass/)
  t.match(verdictOf(story.trace, { ...counted, reason: 'duplicate' }), /^fail: 0 counted for duplicate, exactly 1/)

  const order = { kind: 'order', node: right, requests: ['a', 'b'] } as const
  t.match(verdictOf(story.trace, order), /^inconclusive/)
  story.event(right, ended('a'))
  t.match(verdictOf(story.trace, order), /^fail: no event told that b/)
  story.event(right, ended('b'))
  t.match(verdictOf(story.trace, order), /^pass/)
  t.match(verdictOf(story.trace, { ...order, requests: ['b', 'a'] }), /^fail: they completed in the order a, b/)

  const asked = new Story()
  const slot = `${'00'.repeat(8)}000001a8${'00'.repeat(6)}0005`
  asked.ask(left, { operation: 'emp.descriptor', request: 's' }, { status: 'ok', octets: slot })
  const reading = [labelled({ operation: 'emp.descriptor', request: 's' }, 'd')]
  const fields = { kind: 'descriptor', node: left, label: 'd', slots: 1, fields: { totlen: 424, tag: 5 } } as const
  t.match(verdictOf(asked.trace, fields, reading), /^pass/)
  t.match(verdictOf(asked.trace, { ...fields, fields: { tag: 6 } }, reading), /^fail: field tag of d is 5, not 6/)
  t.match(verdictOf(asked.trace, { ...fields, slots: 2 }, reading), /^fail: d gave 1 slot, not 2/)
})

/** Frame 1 is lost; collection 0-2 is sent again after the timeout. */
function lossy(again: readonly number[] = [0, 1, 2], after = timeout): Story {
  const story = new Story()
  story.ask(right, receives('r'))
  story.ask(left, sends('s'))
  story.pass(left, 0)
  story.drop(story.data(left, 1), left)
  story.pass(left, 2)
  story.pass(left, 3)
  story.reply(right, 3)
  story.wait(after)
  for (const frame of again) story.pass(left, frame)
  if (again.includes(1)) story.reply(right, 2)
  return story
}

await it('expectations about the wire', async (t) => {
  const trace = finished()
  const data = { kind: 'frames', filter: { from: left, type: 'data' }, times: { least: 4, most: 4 } } as const
  t.match(verdictOf(trace, data), /^pass: 4 data frames from left/)
  t.match(verdictOf(trace, { ...data, times: once }), /^fail: 4 data frames from left.*exactly 1/)
  t.match(
    verdictOf(trace, { ...data, filter: { type: 'acknowledgement', message: 1, frame: 'last' }, times: once }),
    /^pass/,
  )
  t.match(verdictOf(trace, { ...data, filter: { fields: { tag: 5 } }, times: once }), /^pass/)
  t.match(verdictOf(trace, { ...data, filter: { message: 2 }, times: { least: 0, most: 0 } }), /^pass/)

  const again = {
    kind: 'retransmitted',
    from: left,
    message: 1,
    frame: 1,
    times: { least: 1 },
    others: { least: 0, most: 0 },
  } as const
  t.match(verdictOf(lossy().trace, again), /^pass/)
  t.match(
    verdictOf(lossy([1]).trace, again),
    /^fail: frame 0, in the collection of frame 1 \(frames 0-2\), was sent 1 time/,
  )
  t.match(verdictOf(lossy([0, 1, 2, 3]).trace, again), /^fail: frame 3, which is outside the collection/)

  const cut = { kind: 'cut', from: left, message: 1, total, tag: 5 } as const
  t.match(verdictOf(trace, cut), /^pass: 4 frames/)
  t.match(verdictOf(trace, { ...cut, tag: 6 }), /^fail: frame 0, .*says tag 5, not 6/)
  t.match(verdictOf(trace, { ...cut, total: 300 }), /^fail: frame 3 was sent of a message that has 3/)
  t.match(verdictOf(trace, { ...cut, total: 600 }), /^fail: of 6 frames, 4-5 were never sent/)

  const acknowledged = { kind: 'acknowledged', from: right, message: 1, each: { least: 1 } } as const
  t.match(verdictOf(trace, acknowledged), /^pass/)
  t.match(verdictOf(trace, { ...acknowledged, each: { least: 2 } }), /^fail: frames 0-2 were acknowledged 1 time/)
  const early = new Story()
  early.pass(left, 0)
  early.reply(right, 0)
  t.match(verdictOf(early.trace, acknowledged), /^fail: .*came before frames 1-2 of its collection/)

  const window = { kind: 'first-window', from: left, message: 1, times: { least: 3, most: 3 } } as const
  t.match(verdictOf(trace, window), /^pass/)
  t.match(verdictOf(lossy().trace, window), /^fail: 4 frames \(0-3\)/)

  const ids = { kind: 'message-ids', from: left, to: right, ids: [0] } as const
  t.match(verdictOf(trace, ids), /^pass/)
  t.match(verdictOf(trace, { ...ids, ids: [0, 1] }), /^fail: left sent messages 0/)
})

/** A message that is acknowledged by its last frame, at a host that was told another collection size and answered ok. */
function acknowledgedBy(collection: number, frames: readonly number[]): Trace {
  const story = new Story()
  story.ask(right, { operation: 'emp.configure', collection })
  for (const frame of [0, 1, 2, 3]) story.pass(left, frame)
  for (const frame of frames) story.reply(right, frame)
  return story.trace
}

await it('collections are of the size that a host was last given', async (t) => {
  const acknowledged = { kind: 'acknowledged', from: right, message: 1, each: { least: 1 } } as const
  t.match(verdictOf(acknowledgedBy(4, [3]), acknowledged), /^pass/)
  t.match(verdictOf(acknowledgedBy(2, [3]), acknowledged), /^fail: frames 0-1 were acknowledged 0 times/)
})

await it('they are of the usual size where a host says that it takes those of no frames', async (t) => {
  const acknowledged = { kind: 'acknowledged', from: right, message: 1, each: { least: 1 } } as const
  t.match(verdictOf(acknowledgedBy(0, [3]), acknowledged), /^fail: frames 0-2 were acknowledged 0 times/)
})

const waited = (waits: readonly number[]): Trace => {
  const story = new Story()
  for (const wait of [...waits, 0]) {
    for (const frame of [0, 1, 2]) story.drop(story.data(left, frame), left)
    story.wait(wait)
  }
  return story.trace
}

await it('back-off', async (t) => {
  const backOff = { kind: 'back-off', from: left, message: 1, frame: 0, first: 1e6, cap: 4e6, atLeast: 4 } as const
  t.match(verdictOf(waited([1e6, 2e6, 4e6, 4e6]), backOff), /^pass: waits of 1.00/)
  t.match(
    verdictOf(waited([1e6, 1e6, 1e6, 1e6]), backOff),
    /^fail: wait 2 was 1.00.* neither double nor the cap of 4ms/,
  )
  t.match(verdictOf(waited([5e5, 1e6, 2e6, 4e6]), backOff), /^fail: wait 1 was .* less than 1ms/)
  t.match(verdictOf(waited([1e6, 2e6]), backOff), /^fail: frame 0 was sent 2 times again/)
})

await it('monitors are silent on correct runs', async (t) => {
  t.same(fired(finished()), [])
  t.same(fired(lossy()), [])
  const copies = correct()
  copies.pass(left, 2, { crafted: true })
  copies.reply(right, 2)
  t.same(fired(copies), [], 'a crafted duplicate that is acknowledged again')
  const reordered = new Story()
  reordered.ask(right, receives('r'))
  reordered.ask(left, sends('s'))
  const sent = [0, 1, 2].map((frame) => reordered.data(left, frame))
  for (const frame of sent.toReversed()) reordered.arrive(frame, right)
  reordered.arrive(sent[2] ?? 0, right, 1)
  reordered.reply(right, 0)
  t.same(fired(reordered), [], 'a collection that came backwards')
  const wrapped = new Story()
  const configuration = { ...permutation().configuration, 'emp.first-message': 0xffffffff }
  for (const as of ['a', 'b']) wrapped.ask(left, sends(as, 10))
  for (const id of [0xffffffff, 0]) wrapped.pass(left, 0, { id, total: 10 })
  t.same(fired(wrapped, { configuration }), [], 'IDs that wrap')
  const own = new Story()
  own.ask(left, { operation: 'emp.irecv', as: 'r', from: left, tag: 1, pieces: [] })
  own.ask(left, { operation: 'emp.isend', as: 's', to: left, tag: 1, pieces: [] })
  own.ask(left, test('r'), done(ended('r', { peer: left, tag: 1, bytes: 0 })))
  own.ask(left, test('s'), done(ended('s', { peer: left, tag: 1, bytes: 0 })))
  t.same(fired(own), [], 'a message to oneself')
  const waiting = new Story()
  waiting.ask(left, sends('s', 10))
  for (let round = 0; round < 2; round++) {
    waiting.pass(left, 0, { total: 10 })
    waiting.wait(timeout)
  }
  waiting.ask(right, receives('r'))
  waiting.pass(left, 0, { total: 10 })
  waiting.reply(right, 0)
  waiting.ask(right, test('r'), done(ended('r', { peer: left, bytes: 10 })))
  t.same(fired(waiting), [], 'a message that waited for its receive')
})

await it('each monitor fires on what it watches for', async (t) => {
  const cases: Record<string, (story: Story) => void> = {
    'frame-header': (story) => story.put(left, { type: 1, sender: 9, message: 0, frame: 1, length: 108 }),
    cutting: (story) => {
      story.pass(left, 0)
      story.put(left, { type: 1, message: 0, frame: 1, length: 50 })
    },
    'message-header': (story) => {
      story.pass(left, 0)
      story.wait(timeout)
      story.pass(left, 0, { tag: 6 })
    },
    'message-ids': (story) => story.data(left, 0, { id: 1 }),
    'acknowledged-whole': (story) => {
      story.pass(left, 0)
      story.reply(right, 0)
    },
    'acknowledged-last': (story) => {
      for (const frame of [0, 1, 2]) story.pass(left, frame)
      story.reply(right, 1)
    },
    'send-done': (story) => {
      for (const frame of [0, 1, 2]) story.pass(left, frame)
      story.reply(right, 2)
      story.ask(left, test('s'), done(ended('s')))
    },
    'received-whole': (story) => {
      for (const frame of [0, 1, 2]) story.pass(left, frame)
      story.ask(right, test('r'), done(ended('r', { peer: left })))
    },
    'at-most-once': (story) => {
      for (const frame of [0, 1, 2, 3]) story.pass(left, frame)
      for (const as of ['r', 'r2']) story.ask(right, test(as), done(ended(as, { peer: left })))
    },
    'completed-once': (story) => {
      for (const frame of [0, 1, 2, 3]) story.pass(left, frame)
      for (let i = 0; i < 2; i++) story.event(right, ended('r', { peer: left }))
    },
    'steady-tests': (story) => {
      for (const frame of [0, 1, 2, 3]) story.pass(left, frame)
      story.event(right, ended('r', { peer: left }))
      story.ask(right, test('r'), { status: 'pending' })
    },
    waits: (story) => story.ask(left, { operation: 'emp.wait', request: 's' }, { status: 'pending' }),
    'answered-once': (story) => story.answer(left, story.ask(left, test('s'), { status: 'pending' }), { status: 'ok' }),
    'not-too-early': (story) => {
      story.pass(left, 0)
      story.pass(left, 0)
    },
    window: (story) => {
      for (const frame of [0, 1, 2, 3]) story.data(left, frame)
    },
    'nothing-armed': (story) => {
      for (const frame of [0, 1, 2]) story.pass(left, frame)
      story.reply(right, 2)
      story.pass(left, 3)
      story.reply(right, 3)
      story.wait(timeout)
      story.end([story.time + 5, -1])
    },
  }
  for (const [name, plant] of Object.entries(cases)) {
    const story = new Story()
    for (const as of ['r', 'r2']) story.ask(right, receives(as))
    story.ask(left, sends('s'))
    plant(story)
    const window = name === 'window' ? 1 : 4
    const names = fired(story, { configuration: { ...permutation().configuration, 'emp.window': window } })
    // A second receive for one message is also a receive without a whole message.
    const also = name === 'at-most-once' ? ['received-whole', 'oldest-first'] : []
    t.same(names.toSorted(), [name, ...also].toSorted(), name)
  }
  const overtaken = new Story()
  for (const as of ['r', 'r2']) overtaken.ask(right, receives(as))
  for (const [as, bytes] of [
    ['s', 10],
    ['s2', 20],
  ] as const)
    overtaken.ask(left, sends(as, bytes))
  for (const [id, bytes] of [
    [0, 10],
    [1, 20],
  ] as const)
    overtaken.pass(left, 0, { id, total: bytes })
  overtaken.ask(right, test('r'), done(ended('r', { peer: left, bytes: 20 })))
  overtaken.ask(right, test('r2'), done(ended('r2', { peer: left, bytes: 10 })))
  t.same(fired(overtaken), ['non-overtaking'])
  // An acknowledgement has come, and then two collections are under way: a window of one is exceeded.
  const later = new Story()
  later.ask(right, receives('r'))
  later.ask(left, sends('s', 800))
  for (const frame of [0, 1, 2]) later.pass(left, frame, { total: 800 })
  later.reply(right, 2)
  for (const frame of [3, 4, 5, 6, 7]) later.pass(left, frame, { total: 800 })
  const narrow = { configuration: { ...permutation().configuration, 'emp.window': 1 } }
  t.same(fired(later, narrow), ['window'])
  t.same(fired(later), [], 'a window of four has room for them')
  const loaded = new Story()
  loaded.ask(right, receives('r'))
  loaded.ask(left, sends('s', 100))
  loaded.pass(left, 0, { total: 100 })
  loaded.arrive(loaded.put(right, { type: 2, message: 0, frame: 0, length: 9 }, false, 0), left)
  t.same(fired(loaded), ['acknowledged-last'], 'an acknowledgement that says it carries octets')
  const early = correct()
  const whole = early.call(left, { operation: 'emp.waitall', requests: ['s'] })
  early.answer(left, whole, done())
  t.same(fired(early), ['waits'])
})

/** A collection that right acknowledges before all of it is there. */
function acknowledgedEarly(): Story {
  const story = new Story()
  story.ask(right, receives('r'))
  story.ask(left, sends('s', 800))
  story.pass(left, 0, { total: 800 })
  story.reply(right, 0)
  return story
}

const besideReference = { permutation: permutation({ roleList: ['iut', 'reference'] }) }

await it('blame: a rule that the reference broke is our error', async (t) => {
  t.match(judge(acknowledgedEarly().trace), { verdict: 'fail', blame: 'implementation' })
  const ours = judge(acknowledgedEarly().trace, besideReference)
  t.match(ours, { verdict: 'error', blame: 'harness', reason: /the reference broke a rule/ })
})

await it('blame: a rule that the reference broke is no error of ours where the implementation broke one', async (t) => {
  const story = new Story()
  story.pass(left, 0) // a message that nobody has posted
  story.reply(right, 0)
  const judged = judge(story.trace, besideReference)
  t.match(judged, { verdict: 'fail', blame: 'implementation' })
  t.notOk(judged.findings.some(({ seen }) => seen.includes('the reference')))
})

await it('what the reference beside it answers verifies nothing of the implementation', async (t) => {
  const quiet = expecting({ kind: 'deadline', node: right, armed: false })
  const outcomes: Outcome[] = [{ name: 'quiet', label: 'conformant', expectations: [quiet] }]
  const marksAs = (roleList: Permutation['hosts'][number]['role'][]): boolean => {
    const over = { permutation: permutation({ outcomes, roleList }), monitors: [] }
    return marksOf(judge(finished(), over)).length > 0
  }
  t.ok(marksAs(['iut', 'iut']))
  t.notOk(marksAs(['iut', 'reference']))
})

await it('a timeout bills what the closing questions show, and all requirements only where they show nothing', async (t) => {
  const armed = expecting({ kind: 'deadline', node: left, armed: true })
  const isDone = expecting({ kind: 'done', node: right, request: 'r', outcome: 'done', times: 1 })
  const ending = { kind: 'timeout', words: 'no rest', position: isDone.position } as const
  const billed = (...expectations: Outcome['expectations'][number][]): readonly string[] => {
    const outcomes: Outcome[] = [{ name: 'one', label: 'conformant', expectations }]
    const { findings } = judge(finished(), { permutation: permutation({ outcomes }), monitors: [], ending })
    return findings.map(({ judge: who, verdict, requirements }) => `${who} ${verdict} ${requirements.length}`)
  }
  t.same(billed(isDone, armed), ['harness timeout 0', 'expectation pass 1', 'expectation fail 1'])
  t.same(billed(isDone), ['harness timeout 1'])
})

await it('outcomes: the first that holds, else the nearest', async (t) => {
  const pending = expecting({ kind: 'pending', node: right, request: 'r' })
  const isDone = expecting({ kind: 'done', node: right, request: 'r', outcome: 'done', times: 1 })
  const armed = expecting({ kind: 'deadline', node: left, armed: true })
  const outcomes: Outcome[] = [
    { name: 'waits', label: 'conformant', expectations: [pending, armed] },
    { name: 'done', label: 'tolerated', expectations: [isDone] },
  ]
  t.match(judge(finished(), { permutation: permutation({ outcomes }) }), {
    verdict: 'pass',
    outcome: { name: 'done', label: 'tolerated' },
  })
  outcomes[1] = { name: 'mixed', label: 'conformant', expectations: [isDone, armed] }
  const none = judge(finished(), { permutation: permutation({ outcomes }) })
  t.equal(none.verdict, 'fail')
  t.notOk(none.outcome)
  t.match(none.findings.slice(0, 2), [
    { verdict: 'pass', position: 'suites/emp/made.yaml:3:9' },
    { verdict: 'fail', expected: /\(for mixed, the nearest of the allowed outcomes\)$/ },
  ])
})

const proved = (proof: Proof, trace: Trace, over: Partial<JudgeInput> = {}): readonly unknown[] => {
  const { proves, verdict } = judge(trace, { permutation: permutation({ proves: [proof] }), monitors: [], ...over })
  return [proves[0]?.seen, proves[0]?.count, verdict]
}

await it('proofs', async (t) => {
  const least = { least: 1 }
  t.same(proved({ kind: 'fault', rule: 0, times: once }, lossy().trace), [true, 1, 'pass'])
  t.same(proved({ kind: 'fault', rule: 0, times: once }, finished()), [false, 0, 'inconclusive'])
  t.same(proved({ kind: 'weather', times: least }, lossy().trace), [false, 0, 'inconclusive'])
  t.same(proved({ kind: 'frames', filter: { type: 'data' }, times: least }, finished()), [true, 4, 'pass'])
  t.same(proved({ kind: 'arrived', filter: { type: 'data', frame: 1 }, times: least }, lossy([]).trace), [
    false,
    0,
    'inconclusive',
  ])
  t.same(proved({ kind: 'retransmission', from: left, times: least }, lossy().trace), [true, 3, 'pass'])
  t.same(proved({ kind: 'reordered', times: least }, finished()), [false, 0, 'inconclusive'])
  t.same(proved({ kind: 'completed', node: left, request: 's' }, finished()), [true, 1, 'pass'])
  t.same(proved({ kind: 'orders', times: { least: 2 } }, finished(), { orders: 3 }), [true, 3, 'pass'])
  t.same(proved({ kind: 'returned', label: 'none' }, finished()), [false, 0, 'inconclusive'])
  t.same(proved({ kind: 'status', label: 'none', status: 'pending' }, finished()), [false, 0, 'inconclusive'])
  const unproved = judge(finished(), {
    permutation: permutation({ proves: [{ kind: 'fault', rule: 0, times: once }] }),
  })
  t.match(unproved.reason, /^not proved: .*seen 0 times/)
  t.ok(marksOf(unproved).every(({ verdict }) => verdict === 'inconclusive'))
})

await it('judges that throw are errors of ours', async (t) => {
  const broken = {
    name: 'broken',
    words: '',
    requirements: ['EMP-REL-001'],
    needsWire: false,
    watch: () => {
      throw new Error('no such luck')
    },
  }
  t.match(judge(finished(), { monitors: [broken] }), {
    verdict: 'error',
    blame: 'harness',
    reason: /broken.*no such luck/,
  })
})

await it('runs that ended before their end', async (t) => {
  const outcomes = [outcome({ kind: 'pending', node: right, request: 'r' })]
  const after = (ending: RunEnding, roleList: readonly Role[] = ['iut', 'iut']): Judgement =>
    judge(finished(), { ending, permutation: permutation({ outcomes, roleList }) })
  const late = after({ kind: 'timeout', words: 'settle waited 5s', position })
  t.match(late, { verdict: 'timeout', blame: 'implementation', reason: /settle waited 5s/ })
  t.ok(marksOf(late).some(({ id, verdict }) => id === 'EMP-REL-001' && verdict === 'fail'))
  const crash = { kind: 'crash', node: right, message: 'boom' } as const
  t.match(after(crash), { verdict: 'crash', reason: /right crashed: boom/ })
  t.match(after(crash, ['iut', 'reference']), { verdict: 'error', blame: 'harness' })
  t.match(after({ kind: 'hang', node: left, message: '10s' }), { verdict: 'timeout' })
  t.match(after({ kind: 'flood', message: 'too much' }), { verdict: 'crash' })
  t.match(after({ kind: 'protocol', node: -1, message: 'no JSON' }), { verdict: 'crash', blame: 'adapter' })
  t.match(after({ kind: 'harness-error', message: 'ours' }), { verdict: 'error', blame: 'harness' })
})

await it('closing questions: each once, requests before memory before counters', async (t) => {
  const at = { buffer: 'rx', offset: 0, bytes: 5000 }
  const octets = [{ pattern: { kind: 'ramp', seed: 0 }, position: 0, bytes: 5000 }] as const
  const bodies: ExpectationBody[] = [
    { kind: 'counted', node: right, reason: 'malformed', times: once },
    { kind: 'memory', node: right, at, octets, untouched: true },
    { kind: 'done', node: right, request: 'r', outcome: 'done', times: 1, data: { at: [at], octets } },
    { kind: 'pending', node: left, request: 's' },
    { kind: 'pending', node: left, request: 's' },
  ]
  const asked = closingQuestionsOf(permutation({ outcomes: [outcome(...bodies)] }))
  t.same(
    asked.map(({ body }) => body.operation),
    ['emp.test', 'emp.test', 'memory.digest', 'emp.counters'],
  )
  t.equal(asked[0]?.unlessCompleted, 'r')
})

await it('a watch tells as soon as its sighting is there', async (t) => {
  const story = new Story()
  const watch = new SightingWatch(
    { kind: 'frames', filter: { from: left, type: 'data', message: 1 }, times: { least: 2 } },
    permutation(),
    { layout, macs },
  )
  story.data(left, 0)
  t.notOk(watch.seen(story.trace))
  story.data(left, 1, { crafted: true })
  t.notOk(watch.seen(story.trace), 'crafted frames are left out')
  story.data(left, 1)
  t.ok(watch.seen(story.trace))
  const completed = new SightingWatch({ kind: 'completed', node: left, request: 's' }, permutation(), { layout, macs })
  t.notOk(completed.seen(story.trace))
  story.event(left, ended('s'))
  t.ok(completed.seen(story.trace))
})

await it('failure detail: a diagram with its middle left out', async (t) => {
  const story = lossy()
  for (let i = 0; i < 300; i++) story.ask(right, test('r'), { status: 'pending' })
  const ending: RunEnding = { kind: 'crash', node: left, message: 'boom', stack: 'at x', stderr: 'oh' }
  const detail = failureDetail({ permutation: permutation(), trace: story.trace, layout, macs, ending, schedule: [1] })
  t.equal(detail.diagram.events.length, 200)
  t.ok(detail.diagram.omitted > 300)
  t.match(detail, { stack: 'at x', stderr: 'oh', schedule: [1] })
  t.match(detail.decisions, [{ frame: 1, from: 'left', fate: 'drop', rule: 0, summary: 'data m0 f1 (108 octets)' }])
  const dropped = detail.diagram.events.find((event) => event.kind === 'frame' && event.frame === 1)
  t.match(dropped, { fate: 'dropped by rule 0', label: 'data m0 f1 (108 octets)' })
  t.notOk(dropped && 'to' in dropped)
})

await it('requirements and classes', async (t) => {
  const catalogue = {
    requirements: [
      requirement('A'),
      requirement('B'),
      requirement('C', { deferred: 'later' }),
      requirement('D', { needs: ['emp.counters'] }),
      requirement('E', { untestable: 'inside' }),
      requirement('F', { keyword: 'should', class: 'full' }),
      requirement('G', { class: 'full' }),
    ],
    classes: [
      { interface: 'emp', class: 'core', words: '' },
      { interface: 'emp', class: 'full', words: '' },
    ],
  }
  const pics = { interfaces: ['emp'], clock: 'virtual', wire: 'frames', options: {}, values: {} } as const
  const cases = [declared('a', 'A'), declared('b', 'B'), declared('f', 'F'), declared('g', 'G')]
  const assess = (
    results: readonly JudgedRow[],
    selection = false,
  ): { of: Map<string, RequirementResult>; classes: readonly ClassResult[] } => {
    const requirements = judgeRequirements({
      catalogue,
      declared: cases,
      results,
      pics,
      selection,
      strong: new Set(['A']),
    })
    const of = new Map(requirements.map((each) => [each.id, each]))
    return { of, classes: judgeClasses({ catalogue, requirements, interfaces: ['emp'], selection }) }
  }
  const all = assess([row('a', 'pass', 'A'), row('b', 'pass', 'B'), row('f', 'fail', 'F'), row('g', 'not-applicable')])
  t.match(all.of.get('A'), { verdict: 'verified', weak: false, passed: 1, cases: ['s/a'] })
  t.match(all.of.get('B'), { verdict: 'verified', weak: true })
  t.match(all.of.get('C'), { verdict: 'deferred', reason: 'later' })
  t.match(all.of.get('D'), { verdict: 'not-applicable', reason: /emp.counters/ })
  t.match(all.of.get('E'), { verdict: 'untestable', reason: 'inside' })
  t.match(all.of.get('F'), { verdict: 'violated', failed: 1 })
  t.match(all.of.get('G'), { verdict: 'unverified', reason: /none of its cases can be run: because/ })
  t.match(all.classes, [
    {
      verdict: 'indeterminate',
      why: 'C is deferred',
      applicable: 2,
      verified: 2,
      deferred: 1,
      untestable: 1,
      notApplicable: 1,
    },
    { verdict: 'indeterminate', why: /F \(should\) is violated/, violated: 1 },
  ])
  const some = assess([
    row('a', 'pass', 'A'),
    row('a', 'inconclusive', 'A'),
    row('b', 'fail', 'B'),
    row('f', 'pass', 'F'),
    row('g', 'crash'),
  ])
  t.match(some.of.get('A'), { verdict: 'partly', reason: /1 permutation passed, 1 did not: s\/a\/x: because/ })
  t.match(some.of.get('B'), { verdict: 'violated' })
  t.match(some.of.get('G'), { verdict: 'unverified' })
  t.match(some.classes[0], { verdict: 'not-conformant', why: 'B is violated' })
  const chosen = assess([row('a', 'pass', 'A')], true)
  t.match(chosen.of.get('A'), { verdict: 'verified' })
  t.match(chosen.of.get('B'), { verdict: 'not-assessed' })
  t.match(chosen.classes[0], { verdict: 'not-assessed' })
  const watched: JudgedRow = {
    ...row('b', 'pass', 'B'),
    findings: [{ judge: 'monitor', verdict: 'pass', requirements: ['B'], expected: '', seen: '' }],
  }
  t.match(assess([watched]).of.get('B'), { verdict: 'unverified', passed: 1 }, 'a monitor alone verifies nothing')
})
