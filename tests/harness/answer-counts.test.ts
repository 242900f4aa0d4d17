// What of the documented answers of VIA was seen in traces, and what need not be.
import * as fc from 'fast-check'
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { AnswerCounts } from '../../harness/judge/via/answer-counts.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import type { AnswerCount } from '../../harness/result/report.ts'
import type { Pics } from '../../harness/subject/pics.ts'
import { viaOpenCodes } from '../../spec/vocabulary/via-answers.ts'
import { viaStatusBits } from '../../spec/vocabulary/via-constants.ts'
import { viaReturnCodes } from '../../spec/vocabulary/via-returns.ts'
import { permutation } from './puppet.ts'
import { left, right, Story } from './via-story.ts'

const { pics } = referenceAdapter()

const ofVia: Permutation = permutation([], { interface: 'via' })

function counted(story: Story, of: Permutation = ofVia, declared: Pics = pics): readonly AnswerCount[] {
  const counts = new AnswerCounts()
  counts.see(of, story.trace)
  return counts.of(declared)
}

/** `VipCQDone VIP_NOT_DONE` or, of what is not of a call, its name, for everything that was seen. */
function seen(story: Story, of?: Permutation): readonly string[] {
  return counted(story, of)
    .filter(({ count }) => count > 0)
    .map((each) => `${`${each.of} ${each.name}`.trim()} ${each.count}`)
}

function standing(name: string, of: string, declared: Pics): AnswerCount['due'] | undefined {
  return counted(new Story(), ofVia, declared).find((each) => each.name === name && each.of === of)?.due
}

await test('a code counts for the call that answered it', (t) => {
  const story = new Story()
    .vip(left, { operation: 'VipCQDone', cq: 'q' }, { code: 'VIP_NOT_DONE' })
    .vip(right, { operation: 'VipCQDone', cq: 'q' }, { code: 'VIP_NOT_DONE' })
    .vip(left, { operation: 'VipDisconnect', vi: 'v' }, { code: 'VIP_INVALID_PARAMETER' })
  t.same(seen(story), ['VipDisconnect VIP_INVALID_PARAMETER 1', 'VipCQDone VIP_NOT_DONE 2'])
  t.end()
})

await test('a call that is answered late has its code counted for it, and not for the call before', (t) => {
  const story = new Story()
  const wait = story.open(left, { operation: 'VipCQWait', cq: 'q', timeout: 1 })
  story.vip(left, { operation: 'VipDisconnect', vi: 'v' })
  story.answer(left, wait, { vip: { code: 'VIP_TIMEOUT' } })
  t.same(seen(story), ['VipDisconnect VIP_SUCCESS 1', 'VipCQWait VIP_TIMEOUT 1'])
  t.end()
})

await test('what the reference answers beside the implementation does not count', (t) => {
  const hosts = ofVia.hosts.map((host, node) => ({ ...host, role: node === left ? 'reference' : 'iut' }) as const)
  const story = new Story()
    .vip(left, { operation: 'VipCQDone', cq: 'q' }, { code: 'VIP_NOT_DONE' })
    .vip(right, { operation: 'VipCQDone', cq: 'q' })
  t.same(seen(story, { ...ofVia, hosts }), ['VipCQDone VIP_SUCCESS 1'])
  t.end()
})

await test('every bit of a status counts, and what completed only where something has', (t) => {
  const fields = { segmentCount: 0, control: 0, immediate: 0, length: 0 }
  const done = { name: 'd', status: 0x10021, ...fields }
  const story = new Story()
    .vip(left, { operation: 'VipRecvDone', vi: 'v' }, { code: 'VIP_DESCRIPTOR_ERROR', descriptor: done })
    .call(left, { operation: 'descriptor.read', descriptor: 'e' }, { control: { status: 0x30000, ...fields } })
  t.same(seen(story), ['VipRecvDone VIP_DESCRIPTOR_ERROR 1', 'done 1', 'descriptor-flushed 1', 'receive 1'])
  t.end()
})

await test('any set of status bits is counted bit by bit', (t) => {
  const names = Object.keys(viaStatusBits)
  fc.assert(
    fc.property(fc.subarray(Object.entries(viaStatusBits)), (chosen) => {
      const status = chosen.reduce((word, [, bit]) => word | bit, 0)
      const control = { segmentCount: 0, control: 0, immediate: 0, length: 0, status }
      const story = new Story().call(left, { operation: 'descriptor.read', descriptor: 'e' }, { control })
      const bits = counted(story).filter(({ kind, count }) => kind === 'bit' && count === 1)
      return bits.map(({ name }) => name).join() === names.filter((name) => chosen.some(([of]) => of === name)).join()
    }),
    { seed: 1 },
  )
  t.end()
})

await test('every documented code of every call is listed once, seen or not', (t) => {
  const codes = counted(new Story()).filter(({ kind }) => kind === 'code')
  const documented = Object.entries(viaReturnCodes).flatMap(([call, of]) => Object.keys(of).map((name) => [call, name]))
  t.same(
    codes.map(({ of, name }) => [of, name]),
    documented,
  )
  t.end()
})

await test('what nothing is sure to bring about is documented, and says why', (t) => {
  for (const { code, calls, why } of viaOpenCodes) {
    t.not(why, '')
    for (const call of calls) t.ok(code in viaReturnCodes[call], `${call} documents ${code}`)
  }
  for (const { due, why } of counted(new Story())) t.equal(due === 'yes', why === '')
  t.end()
})

await test('what an option is needed for is not missed where it is lacking', (t) => {
  const without = { ...pics, options: { ...pics.options, 'via.notify': false, 'via.rdma-read': false } }
  t.equal(standing('VIP_SUCCESS', 'VipCQNotify', pics), 'yes')
  t.equal(standing('VIP_SUCCESS', 'VipCQNotify', without), 'not-applicable')
  t.equal(standing('rdma-read', '', without), 'not-applicable')
  // Only who cannot read refuses to be asked for it.
  t.equal(standing('VIP_INVALID_RDMAREAD', 'VipCreateVi', pics), 'not-applicable')
  t.equal(standing('VIP_INVALID_RDMAREAD', 'VipCreateVi', without), 'yes')
  t.end()
})

await test('nothing is counted for an implementation of EMP, nor in its worlds', (t) => {
  const story = new Story().vip(left, { operation: 'VipCQDone', cq: 'q' })
  t.same(counted(story, ofVia, { ...pics, interfaces: ['emp'] }), [])
  t.same(seen(story, permutation([], { interface: 'emp' })), [])
  t.end()
})
