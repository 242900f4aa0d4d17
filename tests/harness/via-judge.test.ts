// What the judge reads of VIA in a trace: calls, answers and events in the diagram, events in the history.
import { test } from 'tap'
import { diagramOf } from '../../harness/judge/failure/diagram.ts'
import { viewOf } from '../../harness/judge/seen/view.ts'
import type { WireLayout } from '../../harness/plan/layout.ts'
import { Trace } from '../../harness/result/trace.ts'
import type { ViaEvent } from '../../spec/vocabulary/via.ts'
import { permutation } from './puppet.ts'

const layout: WireLayout = {
  profile: 'none',
  octetOrder: 'big',
  ethertype: 0,
  headers: [],
  data: { octets: 'length' },
  summary: {},
  payloadLeast: 46,
}

await test('calls, answers and events of VIA stand in the diagram, events in the history', async (t) => {
  const trace = new Trace()
  const control = { segmentCount: 0, control: 0, immediate: 0, length: 0, status: 0x21 }
  const lost: ViaEvent = {
    event: 'via.error',
    handler: 'h',
    context: 0,
    resource: 'vi',
    code: 'connection-lost',
    nic: 'nic',
    vi: 'vi1',
    opCode: 0,
  }
  trace.call(0, { id: 1, thread: 0, body: { operation: 'VipSendDone', vi: 'vi1' } }, 5)
  trace.returned(0, { id: 1, status: 'ok', vip: { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null } }, 6)
  trace.call(0, { id: 2, thread: 0, body: { operation: 'descriptor.read', descriptor: 'd1' } }, 7)
  trace.returned(0, { id: 2, status: 'ok', control }, 8)
  trace.call(0, { id: 3, thread: 0, body: { operation: 'VipDisconnect', vi: 'never' } }, 9)
  trace.returned(0, { id: 3, status: 'invalid' }, 9)
  trace.event(1, lost, 10)
  const view = viewOf({ permutation: permutation([]), trace, layout, macs: ['020000000000', '020000000001'] })
  t.same(
    diagramOf(view).events.map((event) => [event.kind, event.time, event.label]),
    [
      ['call', 5, 'takes what is done from the send queue of vi1'],
      ['return', 6, 'VIP_DESCRIPTOR_ERROR: descriptor NULL'],
      ['call', 7, 'reads the control segment of d1'],
      ['return', 8, 'ok: 0 octets, send, done, descriptor-flushed'],
      ['call', 9, 'disconnects never'],
      ['return', 9, 'invalid'],
      ['event', 10, 'handler h: error connection-lost, vi resource, on vi1'],
    ],
  )
  t.same(view.history.viaEvents, [{ node: 1, event: lost, record: 6, time: 10 }])
  t.same(view.history.completions, [])
  t.equal(view.history.lastActive.get(1), 10)
})
