// The degenerate implementations of VIA: silence, refusal, and success without any data.
import { test } from 'tap'
import { degenerateAdapter, type DegenerateName } from '../../adapters/degenerate/adapter.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { Endpoint } from '../../spec/vocabulary/endpoint.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import { viaControl, viaStatusBits, viaStatusOperations } from '../../spec/vocabulary/via-constants.ts'
import type { ViaDescriptorCall } from '../../spec/vocabulary/via-descriptor.ts'
import { viaOutputs, viaReturnCodes } from '../../spec/vocabulary/via-returns.ts'

const hosts = [0, 1].map((node) => ({ node, name: `n${node}`, mac: `02000000000${node}` }))

/** An endpoint, and how to ask it: every call is answered at once, or with undefined. */
class Host {
  readonly endpoint: Endpoint
  frames = 0
  private calls = 0

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint
  }

  static async of(name: DegenerateName): Promise<Host> {
    const configuration = { 'via.max-vis': 3 }
    const setting = { interface: 'via', node: 0, hosts, configuration, stepped: false, seed: 1 } as const
    const opened = await degenerateAdapter(name).open([setting])
    const endpoint = opened.kind === 'local' ? opened.endpoints[0] : undefined
    if (!endpoint) throw new Error('not opened')
    return new Host(endpoint)
  }

  ask(body: CallBody): Return | undefined {
    const id = this.calls++
    const returns: Return[] = []
    this.endpoint.apply({ id, thread: 0, body }, 0)
    this.endpoint.drain({
      frame: () => this.frames++,
      event: ({ event }) => {
        throw new Error(event)
      },
      returned: (answer) => returns.push(answer),
    })
    const [answer, ...more] = returns
    if (more.length > 0 || (answer && answer.id !== id)) throw new Error('one answer to each call')
    return answer
  }

  /** What a call of VIPL answers. */
  vip(body: ViplCall): Return['vip'] {
    return this.ask(body)?.vip
  }
}

const nic = 'n'
const vi = 'v'
const at = { buffer: 'b', offset: 128, bytes: 64 }
const local = { host: 0, discriminator: 'aa' }
const remote = { host: 1, discriminator: 'bb' }
const told = { handler: 'h', context: 1 }
const viAttributes = {
  reliabilityLevel: 4,
  maxTransferSize: 32_768,
  qos: 0,
  ptag: 'p',
  enableRdmaWrite: true,
  enableRdmaRead: false,
}
const remoteAttributes = {
  reliabilityLevel: 4,
  maxTransferSize: 32_768,
  qos: 0,
  enableRdmaWrite: true,
  enableRdmaRead: false,
}
const memoryAttributes = { ptag: 'p', enableRdmaWrite: true, enableRdmaRead: true }

/** One of each. */
const calls: readonly ViplCall[] = [
  { operation: 'VipOpenNic', device: 'viaduct0', as: nic },
  { operation: 'VipCloseNic', nic },
  { operation: 'VipQueryNic', nic },
  { operation: 'VipCreateVi', nic, attributes: viAttributes, sendCq: 'cq', recvCq: null, as: vi },
  { operation: 'VipDestroyVi', vi },
  { operation: 'VipQueryVi', vi },
  { operation: 'VipSetViAttributes', vi, attributes: viAttributes },
  { operation: 'VipCreatePtag', nic, as: 'p' },
  { operation: 'VipDestroyPtag', nic, ptag: 'p' },
  { operation: 'VipRegisterMem', nic, at, attributes: memoryAttributes, as: 'm' },
  { operation: 'VipDeregisterMem', nic, at, memory: 'm' },
  { operation: 'VipQueryMem', nic, at, memory: 'm' },
  { operation: 'VipSetMemAttributes', nic, at, memory: 'm', attributes: memoryAttributes },
  { operation: 'VipConnectWait', nic, local, timeout: 1, as: 'c' },
  { operation: 'VipConnectAccept', connection: 'c', vi },
  { operation: 'VipConnectReject', connection: 'c' },
  { operation: 'VipConnectRequest', vi, local, remote, timeout: 1 },
  { operation: 'VipDisconnect', vi },
  { operation: 'VipConnectPeerRequest', vi, local, remote, timeout: 1 },
  { operation: 'VipConnectPeerDone', vi },
  { operation: 'VipConnectPeerWait', vi },
  { operation: 'VipPostSend', vi, descriptor: 'd', memory: 'm' },
  { operation: 'VipPostRecv', vi, descriptor: 'd', memory: 'm' },
  { operation: 'VipSendDone', vi },
  { operation: 'VipRecvDone', vi },
  { operation: 'VipSendWait', vi, timeout: 1 },
  { operation: 'VipRecvWait', vi, timeout: 1 },
  { operation: 'VipSendNotify', vi, ...told },
  { operation: 'VipRecvNotify', vi, ...told },
  { operation: 'VipCreateCQ', nic, entryCount: 9, as: 'cq' },
  { operation: 'VipDestroyCQ', cq: 'cq' },
  { operation: 'VipResizeCQ', cq: 'cq', entryCount: 9 },
  { operation: 'VipCQDone', cq: 'cq' },
  { operation: 'VipCQWait', cq: 'cq', timeout: 1 },
  { operation: 'VipCQNotify', cq: 'cq', ...told },
  { operation: 'VipNSInit', nic },
  { operation: 'VipNSGetHostByName', nic, name: 'n1', nameIndex: 0 },
  { operation: 'VipNSGetHostByAddr', nic, address: remote, nameLen: 99 },
  { operation: 'VipNSShutdown', nic },
  { operation: 'VipQuerySystemManagementInfo', nic, infoType: 1 },
  { operation: 'VipErrorCallback', nic, ...told },
]

const write: ViaDescriptorCall = {
  operation: 'descriptor.write',
  as: 'd',
  at: { buffer: 'b', offset: 0 },
  op: 'send',
  segments: [{ at, memory: 'm', bytes: 64 }],
}
const allocate: CallBody = {
  operation: 'memory.allocate',
  as: 'b',
  bytes: 192,
  align: 64,
  offset: 0,
  fill: { kind: 'ramp', seed: 1 },
  guard: 4,
  locked: true,
}

await test('silent answers no call of VIPL', async (t) => {
  const host = await Host.of('silent')
  for (const call of [...calls, write]) t.equal(host.ask(call), undefined)
})

await test('no refuses every call of VIPL as a wrong parameter, and what belongs to descriptors as invalid; memory it has', async (t) => {
  const host = await Host.of('no')
  for (const call of calls) {
    t.match(host.ask(call), { status: 'ok', vip: { code: 'VIP_INVALID_PARAMETER' } }, call.operation)
  }
  t.equal(host.ask(allocate)?.status, 'ok')
  for (const body of [write, { operation: 'descriptor.read', descriptor: 'd' } as const]) {
    t.equal(host.ask(body)?.status, 'invalid')
  }
})

await test('yes answers every call with a code and outputs that it documents, also in an order without sense', async (t) => {
  t.same(calls.map(({ operation }) => operation).toSorted(), Object.keys(viaReturnCodes).toSorted())
  for (const order of [calls, calls.toReversed()]) {
    const host = await Host.of('yes')
    for (const call of order) {
      const { operation } = call
      const { code, ...outputs } = host.vip(call) ?? { code: undefined }
      t.ok(Object.keys(viaReturnCodes[operation]).includes(String(code)), `${operation} ${code}`)
      const isEmpty = ['VIP_NOT_DONE', 'VIP_TIMEOUT'].includes(String(code))
      t.same(Object.keys(outputs).toSorted(), isEmpty ? [] : (viaOutputs[operation] ?? []).toSorted(), operation)
    }
    t.equal(host.frames, 0)
  }
})

await test('yes says what could be true of its NIC, its VIs, its memory and its peer', async (t) => {
  const host = await Host.of('yes')
  host.ask(allocate)
  const said = new Map(calls.map((call) => [call.operation, host.vip(call)]))
  const nicAttributes = { name: 'viaduct0', localNicAddress: '020000000000', maxVI: 3, maxCQ: 32, nativeMTU: 1500 }
  t.match(said.get('VipQueryNic'), { nicAttributes })
  t.same(said.get('VipQueryVi'), {
    code: 'VIP_SUCCESS',
    state: 'connected',
    viAttributes,
    sendQueueEmpty: true,
    recvQueueEmpty: true,
  })
  t.match(said.get('VipRegisterMem')?.region, { address: /^[0-9a-f]{14}c0$/, handle: 1 })
  t.same(said.get('VipQueryMem'), { code: 'VIP_SUCCESS', memoryAttributes })
  t.same(said.get('VipConnectWait')?.remoteAddress, { host: 1, discriminator: 'aa' })
  for (const operation of ['VipConnectWait', 'VipConnectRequest', 'VipConnectPeerDone'] as const) {
    t.same(said.get(operation)?.remoteAttributes, remoteAttributes, operation)
  }
  t.same(said.get('VipNSGetHostByName')?.address, { host: 1, discriminator: '' })
  t.match(said.get('VipNSGetHostByAddr'), { name: 'n1', nameLen: 2 })
})

await test('yes hands out what was posted, in order and done, with an entry for each on its completion queue', async (t) => {
  const host = await Host.of('yes')
  host.ask(allocate)
  for (const call of calls.slice(0, 4)) host.ask(call)
  host.ask({ ...write, immediate: 7 })
  host.ask({ ...write, as: 'e', at: { buffer: 'b', offset: 64 }, op: 'rdma-write' })
  const post = { operation: 'VipPostSend', vi, memory: 'm' } as const
  for (const descriptor of ['d', 'e']) t.same(host.vip({ ...post, descriptor }), { code: 'VIP_SUCCESS' })
  t.same(host.vip({ operation: 'VipCQDone', cq: 'cq' })?.entry, { vi, queue: 'send' })
  t.same(host.vip({ operation: 'VipCQWait', cq: 'cq', timeout: 1 })?.entry, { vi, queue: 'send' })
  t.same(host.vip({ operation: 'VipCQDone', cq: 'cq' }), { code: 'VIP_NOT_DONE' })
  t.same(host.vip({ operation: 'VipSendDone', vi })?.descriptor, {
    name: 'd',
    segmentCount: 1,
    control: viaControl.immediate,
    immediate: 7,
    length: 64,
    status: viaStatusBits.done,
  })
  const second = { name: 'e', length: 64, status: viaStatusBits.done | viaStatusOperations['rdma-write'] }
  t.match(host.vip({ operation: 'VipSendWait', vi, timeout: 1 })?.descriptor, second)
  t.same(host.vip({ operation: 'VipSendDone', vi }), { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null })
  t.match(host.ask({ operation: 'descriptor.read', descriptor: 'e' })?.control, { length: 64, status: second.status })
})

await test('yes has a receive done and nothing received: its memory holds only what the host wrote', async (t) => {
  const host = await Host.of('yes')
  host.ask(allocate)
  for (const call of calls.slice(0, 4)) host.ask(call)
  const before = host.ask({ operation: 'memory.read', at })?.octets
  const patch = [{ offset: 24, width: 4, value: 9 } as const]
  host.ask({ ...write, op: 'receive', patch })
  const control = { segmentCount: 1, control: 0, immediate: 0, length: 9, status: 0 }
  t.same(host.ask({ operation: 'descriptor.read', descriptor: 'd' })?.control, control)
  host.vip({ operation: 'VipPostRecv', vi, descriptor: 'd', memory: 'm' })
  const status = viaStatusBits.done | viaStatusOperations.receive
  t.same(host.vip({ operation: 'VipRecvDone', vi })?.descriptor, { name: 'd', ...control, status })
  t.same(host.vip({ operation: 'VipCQDone', cq: 'cq' }), { code: 'VIP_NOT_DONE' }, 'that queue has none')
  const there = host.ask({ operation: 'memory.read', at: { buffer: 'b', offset: 24, bytes: 8 } })?.octets
  t.equal(there, '0900000001000100', 'Length and Status in the descriptor itself')
  t.equal(host.ask({ operation: 'memory.read', at })?.octets, before)
})

await test('yes forgets VIs, memory and descriptors when it is reset', async (t) => {
  const host = await Host.of('yes')
  const story = (): (Return['vip'] | Return['control'])[] => [
    host.vip({ operation: 'VipRegisterMem', nic, at, attributes: memoryAttributes, as: 'm' }),
    host.ask({ operation: 'descriptor.read', descriptor: 'd' })?.control,
    host.vip({ operation: 'VipSendDone', vi }),
    host.vip({ operation: 'VipCQDone', cq: 'cq' }),
  ]
  const fresh = story()
  host.ask(allocate)
  for (const call of calls.slice(0, 4)) host.ask(call)
  host.ask(write)
  host.vip({ operation: 'VipPostSend', vi, descriptor: 'd', memory: 'm' })
  host.endpoint.reset(2)
  t.same(story(), fresh)
})
