// Small NICs: what a case must be able to make is held against the limits of the PICS.
import { test } from 'tap'
import type { CallStep, Outcome, Step } from '../../harness/plan/permutation.ts'
import type { AnsweredExpectation } from '../../harness/plan/via/expectation.ts'
import { wantOfRoom } from '../../harness/plan/via/room.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import type { VipReturn } from '../../spec/vocabulary/via-returns.ts'

const position = { file: 'a.yaml', line: 1, column: 1 }

function call(body: CallBody, label?: string, node = 0): CallStep {
  return { kind: 'call', node, thread: 0, body, start: false, position, ...(label === undefined ? {} : { label }) }
}

function tag(as: string, label?: string, node = 0): CallStep {
  return call({ operation: 'VipCreatePtag', nic: 'nic', as }, label, node)
}

function answered(label: string, codes: readonly VipReturn[]): Outcome {
  const body: AnsweredExpectation = { kind: 'answered', node: 0, label, codes, outputs: {} }
  return { name: 'expected', label: 'conformant', expectations: [{ ...body, requirements: [], position, text: '' }] }
}

function want(steps: readonly Step[], limits: Configuration, outcomes: readonly Outcome[] = []): string | undefined {
  return wantOfRoom({ steps, outcomes, proves: [] }, limits)
}

await test('a case that makes more than the NIC has says how many it needs', async (t) => {
  const steps = [tag('a'), tag('b'), tag('c')]
  t.equal(want(steps, { 'via.max-ptags': 3 }), undefined)
  t.equal(want(steps, {}), undefined, 'a limit that is not declared is none')
  t.equal(want(steps, { 'via.max-ptags': 2 }), 'via.max-ptags is 2, the case needs at least 3 protection tags')
})

await test('hosts have room of their own, and what is given back makes room', async (t) => {
  t.equal(want([tag('a'), tag('a', undefined, 1)], { 'via.max-ptags': 1 }), undefined)
  const destroy = call({ operation: 'VipDestroyPtag', nic: 'nic', ptag: 'a' })
  t.equal(want([tag('a'), destroy, tag('b')], { 'via.max-ptags': 1 }), undefined)
})

await test('a call that may be refused needs no room, and one that has to succeed does', async (t) => {
  const steps = [tag('a'), tag('b', 'last')]
  const limits = { 'via.max-ptags': 1 }
  t.equal(want(steps, limits, [answered('last', ['VIP_ERROR_RESOURCE'])]), undefined)
  t.equal(want(steps, limits, [answered('last', ['VIP_SUCCESS', 'VIP_ERROR_RESOURCE'])]), undefined)
  t.match(want(steps, limits, [answered('last', ['VIP_SUCCESS'])]), 'needs at least 2 protection tags')
})

await test('a case that the model alone judges needs no room: a refusal is for the model to judge', async (t) => {
  const judgedByModel: Outcome = {
    name: 'expected',
    label: 'conformant',
    expectations: [{ kind: 'allowed', requirements: [], position, text: '' }],
  }
  const steps = [tag('a'), tag('b')]
  t.equal(want(steps, { 'via.max-ptags': 1 }, [judgedByModel]), undefined)
})

await test('registered octets, entries and discriminators have their limits', async (t) => {
  const register = (as: string): CallStep => {
    const at = { buffer: 'rx', offset: 0, bytes: 100 }
    return call({ operation: 'VipRegisterMem', nic: 'nic', at, attributes: null, as })
  }
  const both = [register('a'), register('b')]
  t.match(want(both, { 'via.max-region-octets': 99 }), 'at least 100 octets in one region')
  t.match(want(both, { 'via.max-register-octets': 199 }), 'at least 200 octets registered')
  t.match(want(both, { 'via.max-regions': 1 }), 'at least 2 regions of memory')
  const queue = call({ operation: 'VipCreateCQ', nic: 'nic', entryCount: 8, as: 'q' })
  t.match(want([queue], { 'via.max-cq-entries': 7 }), 'at least 8 entries of one completion queue')
  const local = { host: 0, discriminator: '0a0b' }
  const wait = call({ operation: 'VipConnectWait', nic: 'nic', local, timeout: 1, as: 'c' })
  t.match(want([wait], { 'via.max-discriminator': 1 }), 'at least 2 octets of a discriminator')
  const request = call({ operation: 'VipConnectRequest', vi: 'v', local: null, remote: local, timeout: 1 })
  t.match(want([request], { 'via.max-discriminator': 1 }), 'at least 2 octets of a discriminator')
})

await test('descriptors are counted for each work queue, and calls that may take one make room', async (t) => {
  const post = (operation: 'VipPostSend' | 'VipPostRecv'): CallStep =>
    call({ operation, vi: 'v', descriptor: 'd', memory: 'pool' })
  const done = call({ operation: 'VipSendDone', vi: 'v' })
  const limits = { 'via.max-descriptors': 1 }
  t.equal(want([post('VipPostSend'), post('VipPostRecv')], limits), undefined)
  t.equal(want([post('VipPostSend'), done, post('VipPostSend')], limits), undefined)
  t.match(want([done, post('VipPostSend'), post('VipPostSend')], limits), 'at least 2 descriptors on one work queue')
})
