// VIA across the adapter protocol: every call, return and event survives its line, and what is wrong is refused by name.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { test } from 'tap'
import {
  readCall,
  readEvent,
  readReturn,
  writeCall,
  writeEvent,
  writeReturn,
} from '../../adapters/process/call-members.ts'
import { readMembers, type Members } from '../../adapters/process/shape.ts'
import { viaCallReaders } from '../../adapters/process/via-call-members.ts'
import { viaEventReaders } from '../../adapters/process/via-return-members.ts'
import { viaEventWords, viaReturnWords } from '../../harness/judge/via/words.ts'
import { callWords } from '../../harness/plan/words/steps.ts'
import type { Call, Return } from '../../spec/vocabulary/calls.ts'
import type { ViaCall } from '../../spec/vocabulary/via-calls.ts'
import { viaDescriptorOperations, viaErrorCodes, viaInfinite, viaStates } from '../../spec/vocabulary/via-constants.ts'
import { viaOutputs, vipReturns, type ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import type { ViaEvent } from '../../spec/vocabulary/via.ts'

const schema: unknown = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../spec/schema/protocol.schema.json'), 'utf8'),
)
const matches = new Ajv2020({ allErrors: true, strictTypes: false }).compile(readMembers(schema))

function overTheWire(members: Members): Members {
  return readMembers(JSON.parse(JSON.stringify(members)))
}

function asInput(members: Members): Members {
  return { id: 1, op: 'turn', now: 0, endpoint: 0, inputs: [members] }
}

function asOutput(members: Members): Members {
  return { id: 1, ok: { outputs: [members], wakeAt: null } }
}

// --- calls ----------------------------------------------------------------------------------------------------------

type Operation = ViaCall['operation']
type CallArbitraries = {
  readonly [Name in Operation]: fc.Arbitrary<Omit<ViaCall & { readonly operation: Name }, 'operation'>>
}

const name = fc.constantFrom('nic', 'vi1', 'd1', 'bü🚀', '')
const handle = fc.option(name)
const word16 = fc.nat(0xffff)
const word32 = fc.nat(0xffff_ffff)
const whole = fc.maxSafeInteger()
const count = fc.maxSafeNat()
const truth = fc.boolean()
const hex = (most: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength: most }).map((octets) => Buffer.from(octets).toString('hex'))
const address = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((octets) => Buffer.from(octets).toString('hex'))
const place = fc.oneof(fc.record({ buffer: name, offset: whole }), fc.record({ address, offset: whole }))
const span = fc.oneof(
  fc.record({ buffer: name, offset: whole, bytes: count }),
  fc.record({ address, offset: whole, bytes: count }),
)
const memory = fc.oneof(name, word32)
const netAddress = fc.record({ host: fc.oneof(fc.nat(9), hex(8)), discriminator: hex(20) })
const remoteAttributes = {
  reliabilityLevel: fc.nat(9),
  maxTransferSize: count,
  qos: fc.nat(1),
  enableRdmaWrite: truth,
  enableRdmaRead: truth,
}
const viAttributes = fc.record({ ...remoteAttributes, ptag: handle })
const memoryAttributes = fc.record({ ptag: handle, enableRdmaWrite: truth, enableRdmaRead: truth })
const timeout = fc.oneof(fc.constantFrom(0, 1, 10_000, viaInfinite), word32)
const onNic = fc.record({ nic: handle })
const onVi = fc.record({ vi: handle })
const onCq = fc.record({ cq: handle })
const region = { nic: handle, at: place, memory }
const posted = fc.record({ vi: handle, descriptor: handle, memory })
const timedVi = fc.record({ vi: handle, timeout })
const told = { handler: handle, context: count }
const pair = fc.record({ vi: handle, local: fc.option(netAddress), remote: fc.option(netAddress), timeout })
const regionName = fc.record({ node: count, memory: name })
const remotePlace = fc.record(
  { address, handle: word32, offset: whole, addressOf: regionName, handleOf: regionName },
  { requiredKeys: ['address', 'handle', 'offset'] },
)
const operations = fc.constantFrom('send', 'receive', 'rdma-write', 'rdma-read', 'reserved' as const)

const arbitraries: CallArbitraries = {
  VipOpenNic: fc.record({ device: handle, as: name }),
  VipCloseNic: onNic,
  VipQueryNic: onNic,
  VipCreateVi: fc.record({
    nic: handle,
    attributes: fc.option(viAttributes),
    sendCq: handle,
    recvCq: handle,
    as: name,
  }),
  VipDestroyVi: onVi,
  VipQueryVi: onVi,
  VipSetViAttributes: fc.record({ vi: handle, attributes: fc.option(viAttributes) }),
  VipCreatePtag: fc.record({ nic: handle, as: name }),
  VipDestroyPtag: fc.record({ nic: handle, ptag: handle }),
  VipRegisterMem: fc.record({ nic: handle, at: span, attributes: fc.option(memoryAttributes), as: name }),
  VipDeregisterMem: fc.record(region),
  VipQueryMem: fc.record(region),
  VipSetMemAttributes: fc.record({ ...region, attributes: fc.option(memoryAttributes) }),
  VipConnectWait: fc.record({ nic: handle, local: fc.option(netAddress), timeout, as: name }),
  VipConnectAccept: fc.record({ connection: handle, vi: handle }),
  VipConnectReject: fc.record({ connection: handle }),
  VipConnectRequest: pair,
  VipDisconnect: onVi,
  VipConnectPeerRequest: pair,
  VipConnectPeerDone: onVi,
  VipConnectPeerWait: onVi,
  VipPostSend: posted,
  VipPostRecv: posted,
  VipSendDone: onVi,
  VipRecvDone: onVi,
  VipSendWait: timedVi,
  VipRecvWait: timedVi,
  VipSendNotify: fc.record({ vi: handle, ...told }),
  VipRecvNotify: fc.record({ vi: handle, ...told }),
  VipCreateCQ: fc.record({ nic: handle, entryCount: whole, as: name }),
  VipDestroyCQ: onCq,
  VipResizeCQ: fc.record({ cq: handle, entryCount: whole }),
  VipCQDone: onCq,
  VipCQWait: fc.record({ cq: handle, timeout }),
  VipCQNotify: fc.record({ cq: handle, ...told }),
  VipNSInit: onNic,
  VipNSGetHostByName: fc.record({ nic: handle, name: handle, nameIndex: whole }),
  VipNSGetHostByAddr: fc.record({ nic: handle, address: fc.option(netAddress), nameLen: whole }),
  VipNSShutdown: onNic,
  VipQuerySystemManagementInfo: fc.record({ nic: handle, infoType: whole }),
  VipErrorCallback: fc.record({ nic: handle, ...told }),
  'descriptor.write': fc.record(
    {
      as: name,
      at: place,
      op: operations,
      segments: fc.array(fc.record({ at: place, memory, bytes: word32 }), { maxLength: 4 }),
      remote: remotePlace,
      immediate: word32,
      control: word16,
      patch: fc.array(
        fc.record({
          offset: count,
          width: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
          value: count,
        }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['as', 'at', 'op', 'segments'] },
  ),
  'descriptor.read': fc.record({ descriptor: name }),
}

const operationsWith: readonly (readonly [operation: string, members: fc.Arbitrary<object>])[] =
  Object.entries<fc.Arbitrary<object>>(arbitraries)

await test('every call of VIA survives its line, matches the schema, and has one line of words', async (t) => {
  t.same(Object.keys(arbitraries).toSorted(), Object.keys(viaCallReaders).toSorted())
  t.equal(Object.keys(arbitraries).length, 43)
  for (const [operation, members] of operationsWith) {
    fc.assert(
      fc.property(members, fc.nat(9), count, (given, thread, id) => {
        // JSON knows no null prototypes, which fast-check makes.
        const line = { kind: 'call', id, thread, operation, ...overTheWire({ ...given }) }
        const call = readCall(line)
        if ('unknown' in call) throw new Error(`${operation} is not known`)
        t.strictSame(overTheWire(writeCall(call)), line)
        if (!matches(asInput(line))) throw new Error(JSON.stringify([line, matches.errors]))
        const words = callWords(call.body, ['left', 'right'])
        if (words === '' || /\n|undefined|\[object/.test(words)) throw new Error(words)
      }),
      { seed: 20260102, numRuns: 40 },
    )
  }
})

await test('each member of a call is missed by its name', async (t) => {
  for (const [operation, members] of operationsWith) {
    const optional = new Set(['remote', 'immediate', 'control', 'patch'])
    const [given] = fc.sample(fc.noShrink(members), { numRuns: 1, seed: 3 })
    const full = { kind: 'call', id: 1, thread: 0, operation, ...overTheWire({ ...given }) }
    for (const key of Object.keys({ ...given })) {
      if (operation === 'descriptor.write' && optional.has(key)) continue
      const line = Object.fromEntries(Object.entries(full).filter(([other]) => other !== key))
      t.throws(() => readCall(line), { message: `${key} is missing` }, `${operation} without ${key}`)
      t.notOk(matches(asInput(line)), `${operation} without ${key}`)
      const wrong = { ...full, [key]: true }
      t.throws(() => readCall(wrong), { message: new RegExp(`^${key} is `) }, `${operation} with ${key} true`)
      t.notOk(matches(asInput(wrong)), `${operation} with ${key} true`)
    }
  }
})

const at = { buffer: 'b', offset: 64 }
const segment = { at, memory: 'm', bytes: 9 }
const write = { operation: 'descriptor.write', as: 'd1', at, op: 'send', segments: [segment] } as const
const vi = { reliabilityLevel: 1, maxTransferSize: 9, qos: 0, ptag: 'p', enableRdmaWrite: true, enableRdmaRead: false }
const local = { host: 0, discriminator: '01' }

await test('a member that cannot be is refused, and the message says which', async (t) => {
  const wrong: readonly (readonly [members: Members, message: string])[] = [
    [{ ...write, at: { offset: 0 } }, 'at has neither a buffer nor an address'],
    [{ ...write, at: { ...at, address: '0'.repeat(16) } }, 'at has a buffer and an address'],
    [{ ...write, at: { address: '0', offset: 0 } }, 'at.address is no address of 16 lower-case hexadecimal digits'],
    [{ ...write, at: { buffer: 'b', offset: 0.5 } }, 'at.offset is no integer'],
    [{ ...write, op: 'sned' }, `op is none of ${Object.keys(viaDescriptorOperations).join(', ')}`],
    [{ ...write, segments: [segment, { ...segment, memory: -1 }] }, 'segments[1].memory is negative'],
    [{ ...write, segments: [{ ...segment, bytes: 2 ** 32 }] }, 'segments[0].bytes has more than 32 bits'],
    [{ ...write, remote: { address: '0'.repeat(16), offset: 0 } }, 'remote.handle is missing'],
    [{ ...write, immediate: null }, 'immediate is no integer'],
    [{ ...write, control: 0x1_0000 }, 'control has more than 16 bits'],
    [{ ...write, patch: [{ offset: 0, width: 3, value: 0 }] }, 'patch[0].width is none of 1, 2, 4, 8'],
    [{ operation: 'VipSetViAttributes', vi: 'v', attributes: { ...vi, qos: '' } }, 'attributes.qos is no integer'],
    [
      { operation: 'VipConnectWait', nic: 'n', local: { ...local, host: 'zz' }, timeout: 1, as: 'c' },
      'local.host is no run of lower-case hexadecimal digits, two for each octet',
    ],
    [
      { operation: 'VipConnectWait', nic: 'n', local: { ...local, discriminator: '0' }, timeout: 1, as: 'c' },
      'local.discriminator is no run of lower-case hexadecimal digits, two for each octet',
    ],
    [{ operation: 'VipCQWait', cq: 'c', timeout: 2 ** 32 }, 'timeout has more than 32 bits'],
  ]
  for (const [members, message] of wrong) {
    const line = { kind: 'call', id: 1, thread: 0, ...members }
    t.throws(() => readCall(line), { message }, message)
    t.notOk(matches(asInput(line)), message)
  }
  t.same(readCall({ id: 4, thread: 0, operation: 'VipPostDeferredSends' }), { unknown: 4 })
})

// --- returns --------------------------------------------------------------------------------------------------------

const control = { segmentCount: 1, control: 4, immediate: 7, length: 512, status: 0x9_0001 }
const outputs: Required<Omit<ViaReturn, 'code'>> = {
  nicAttributes: {
    name: 'nic0',
    hardwareVersion: 1,
    providerVersion: 2,
    nicAddressLen: 6,
    localNicAddress: '020000000001',
    threadSafe: true,
    maxDiscriminatorLen: 32,
    maxRegisterBytes: 2 ** 40,
    maxRegisterRegions: 5,
    maxRegisterBlockBytes: 6,
    maxVI: 7,
    maxDescriptorsPerQueue: 8,
    maxSegmentsPerDesc: 252,
    maxCQ: 10,
    maxCQEntries: 11,
    maxTransferSize: 32_768,
    nativeMTU: 1500,
    maxPtags: 12,
    reliabilityLevelSupport: 7,
    rdmaReadSupport: 6,
  },
  state: 'connect-pending',
  viAttributes: { ...vi, ptag: null },
  sendQueueEmpty: true,
  recvQueueEmpty: false,
  region: { address: '00007f0000001000', handle: 0xffff_ffff },
  memoryAttributes: { ptag: 'p', enableRdmaWrite: false, enableRdmaRead: true },
  remoteAddress: { host: 'ffeeddccbbaa', discriminator: '' },
  remoteAttributes: { reliabilityLevel: 4, maxTransferSize: 9, qos: 0, enableRdmaWrite: true, enableRdmaRead: true },
  descriptor: { name: 'd1', ...control },
  entry: { vi: 'vi1', queue: 'recv' },
  address: { host: 1, discriminator: '' },
  name: 'right',
  nameLen: 6,
  discovery: { numberOfHops: 1, addresses: [{ host: 1, discriminator: '' }] },
}

const isCode = (word: string): word is keyof typeof vipReturns => Object.hasOwn(vipReturns, word)
const isState = (word: string): word is keyof typeof viaStates => Object.hasOwn(viaStates, word)
const codes = [...Object.keys(vipReturns).filter(isCode), 'unknown' as const]
const states = [...Object.keys(viaStates).filter(isState), 'unknown' as const]

const answers: readonly Return[] = [
  { id: 1, status: 'ok', vip: { code: 'VIP_SUCCESS', ...outputs } },
  ...Object.entries(outputs).map(([key, output], id): Return => {
    const vip: ViaReturn = { code: 'VIP_SUCCESS', [key]: output }
    return { id, status: 'ok', vip }
  }),
  ...codes.map((code, id): Return => ({ id, status: 'ok', vip: { code } })),
  ...states.map((state, id): Return => ({ id, status: 'ok', vip: { code: 'VIP_SUCCESS', state } })),
  { id: 2, status: 'ok', vip: { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null } },
  { id: 3, status: 'ok', vip: { code: 'VIP_SUCCESS', descriptor: 'unknown' } },
  { id: 4, status: 'ok', control },
  { id: 5, status: 'invalid' },
]

await test('every return of VIA survives its line with every output, and matches the schema', async (t) => {
  const named = new Set(Object.values(viaOutputs).flat())
  t.same([...named].toSorted(), Object.keys(outputs).toSorted(), 'each output that a call hands out is tried')
  for (const answer of answers) {
    const line = overTheWire(writeReturn(answer))
    t.strictSame(readReturn(line), answer)
    t.ok(matches(asOutput(line)), JSON.stringify([line, matches.errors]))
  }
  const words = viaReturnWords({ code: 'VIP_SUCCESS', ...outputs }, ['left', 'right'])
  t.notMatch(words, /undefined|\[object/)
  t.match(words, 'd1 (512 octets, receive, done, immediate, immediate data 7)')
})

await test('a wrong member of a return is refused by its name', async (t) => {
  const wrong: readonly (readonly [more: Members, message: string | RegExp])[] = [
    [{ vip: {} }, 'vip.code is missing'],
    [{ vip: { code: 'VIP_SUCESS' } }, /^vip\.code is none of VIP_SUCCESS, VIP_NOT_DONE.*, unknown$/],
    [{ vip: { code: 'toString' } }, /^vip\.code is none of/],
    [{ vip: { code: 'VIP_SUCCESS', state: 'lost' } }, /^vip\.state is none of idle/],
    [{ vip: { code: 'VIP_SUCCESS', entry: { vi: 'v', queue: 'receive' } } }, 'vip.entry.queue is none of send, recv'],
    [{ vip: { code: 'VIP_SUCCESS', entry: { vi: null, queue: 'send' } } }, 'vip.entry.vi is no text'],
    [{ vip: { code: 'VIP_SUCCESS', descriptor: 'd1' } }, 'vip.descriptor is text other than `unknown`'],
    [{ vip: { code: 'VIP_SUCCESS', descriptor: control } }, 'vip.descriptor.name is missing'],
    [
      { vip: { code: 'VIP_SUCCESS', region: { address: 'F'.repeat(16), handle: 1 } } },
      /^vip\.region\.address is no address/,
    ],
    [
      { vip: { code: 'VIP_SUCCESS', discovery: { numberOfHops: 0, addresses: [{ host: 1 }] } } },
      'vip.discovery.addresses[0].discriminator is missing',
    ],
    [
      { vip: { code: 'VIP_SUCCESS', nicAttributes: { ...outputs.nicAttributes, maxVI: -1 } } },
      'vip.nicAttributes.maxVI is negative',
    ],
    [{ control: { ...control, status: 2 ** 32 } }, 'control.status has more than 32 bits'],
  ]
  for (const [more, message] of wrong) {
    const line = { kind: 'return', id: 1, status: 'ok', ...more }
    t.throws(() => readReturn(line), { message }, String(message))
    t.notOk(matches(asOutput(line)), String(message))
  }
})

// --- events ---------------------------------------------------------------------------------------------------------

const descriptor = { name: 'd1', ...control }
const error = {
  event: 'via.error',
  handler: 'h',
  context: 3,
  resource: 'vi',
  code: 'connection-lost',
  nic: 'nic',
  opCode: 0,
} as const
const notify = {
  event: 'via.notify',
  handler: 'h',
  context: 3,
  nic: 'nic',
  vi: 'vi',
  queue: 'send',
  descriptor,
} as const
const events: readonly ViaEvent[] = [
  error,
  { ...error, handler: null, resource: 'descriptor', code: 'unknown', vi: 'vi', descriptor },
  { ...error, resource: 'cq', code: 'catastrophic', cq: 'cq', descriptor: 'unknown' },
  notify,
  { ...notify, queue: 'recv', descriptor: null },
  { event: 'via.cq-notify', handler: 'h', context: 0, nic: 'nic', vi: 'unknown', queue: 'recv' },
]

await test('every event of VIA survives its line, and matches the schema', async (t) => {
  t.same([...new Set(events.map(({ event }) => event))].toSorted(), Object.keys(viaEventReaders).toSorted())
  for (const event of events) {
    const line = overTheWire(writeEvent(event))
    t.strictSame(readEvent(line), event)
    t.ok(matches(asOutput(line)), JSON.stringify([line, matches.errors]))
    t.notMatch(viaEventWords(event), /undefined|null|\[object/)
  }
  for (const code of Object.keys(viaErrorCodes)) t.equal(readEvent({ ...error, code }).event, 'via.error')
})

await test('a wrong member of an event is refused by its name', async (t) => {
  const wrong: readonly (readonly [members: Members, message: string | RegExp])[] = [
    [{ event: 'via.done' }, 'event is none of emp.completion, via.error, via.notify, via.cq-notify'],
    [{ ...error, code: 'lost' }, /^code is none of post-descriptor/],
    [{ ...error, resource: 'ptag' }, 'resource is none of nic, vi, cq, descriptor'],
    [{ ...error, vi: null }, 'vi is no text'],
    [{ ...error, opCode: undefined }, 'opCode is missing'],
    [{ ...notify, handler: null }, 'handler is no text'],
    [{ ...notify, descriptor: undefined }, 'descriptor is missing'],
    [{ ...notify, event: 'via.cq-notify', queue: 'both' }, 'queue is none of send, recv'],
  ]
  for (const [members, message] of wrong) {
    const line = { kind: 'event', ...members }
    t.throws(() => readEvent(line), { message }, String(message))
    t.notOk(matches(asOutput(overTheWire(line))), String(message))
  }
})

// --- words ----------------------------------------------------------------------------------------------------------

await test('calls of VIA read as sentences', async (t) => {
  const said: readonly (readonly [Call['body'], string])[] = [
    [{ operation: 'VipOpenNic', device: 'nic0', as: 'nic' }, 'opens the NIC nic0, as nic'],
    [
      { operation: 'VipPostRecv', vi: 'vi1', descriptor: 'd1', memory: 'm' },
      'posts descriptor d1 (in m) to the receive queue of vi1',
    ],
    [
      { operation: 'VipCreateVi', nic: 'nic', attributes: vi, sendCq: 'cq', recvCq: null, as: 'vi1' },
      'makes a VI on nic with unreliable, up to 9 octets, tag p, RDMA write, send completions to cq, as vi1',
    ],
    [
      { operation: 'VipConnectRequest', vi: 'vi1', local, remote: { host: 1, discriminator: '02' }, timeout: 5000 },
      'connects vi1, at left/01, to who waits at right/02, at most 5s',
    ],
    [{ operation: 'VipRecvWait', vi: null, timeout: viaInfinite }, 'waits for the receive queue of NULL, without end'],
    [
      {
        ...write,
        op: 'rdma-write',
        remote: { address: '0'.repeat(16), handle: 3, offset: 8 },
        immediate: 7,
        control: 8,
      },
      'writes descriptor d1 at b from octet 64: rdma-write, 9 octets at b from octet 64 in m, remote address 0000000000000000 plus 8 in handle 3, immediate data 7, queue fence',
    ],
  ]
  for (const [body, words] of said) t.equal(callWords(body, ['left', 'right']), words)
})
