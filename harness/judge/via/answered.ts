// Expectations about what calls of VIPL answered, and about the descriptors that they handed out.
import { viaLimitAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { viaStatusBits, viaStatusMasks, viaStatusOperations } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../../spec/vocabulary/via-descriptor.ts'
import { isVipl, type ViaReturn } from '../../../spec/vocabulary/via-returns.ts'
import type { Return } from '../../../spec/vocabulary/calls.ts'
import { millisecond, type Duration } from '../../../spec/vocabulary/units.ts'
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { Times } from '../../plan/expectation.ts'
import type { AnsweredExpectation, DescriptorExpected, OutputsExpected } from '../../plan/via/expectation.ts'
import { codeWords, valueWords } from '../../plan/words/via-expectations.ts'
import { failed, failedBy, judged, lostToClock, missing, passed, type Checked } from '../expectations/checked.ts'
import type { CallSeen } from '../seen/history.ts'
import type { View } from '../seen/view.ts'
import { isWithin, timeWords } from '../words.ts'
import { areOfHosts, areOnce } from './discovery.ts'
import { controlWords, viaReturnWords } from './words.ts'

/** What is wrong with an answer, in words that follow it; nothing if it is as expected. */
type Wrong = string | undefined

export function checkAnswered(expectation: AnsweredExpectation, view: View): Checked {
  const { label, codes } = expectation
  const call = view.labels.get(label)
  if (!call) return missing(`the call ${label} was never made`)
  const { answer } = call
  if (codes === 'open') return judged(!answer, answer ? answerWords(label, call, view) : openWords(label, call))
  if (!answer) return failed(openWords(label, call), call.time)
  const { content, time } = answer
  if (content.status === 'unsupported' && isRefusalRight(codes)) return passed(`${label} answered unsupported`)
  if (content.status === 'unsupported') return missing(`${label} answered unsupported`)
  if (content.status === 'invalid') return missing(`${label} answered invalid: it names what was never made`)
  if (isVipl(call.call.body.operation) && !content.vip) return missing(`${label} answered no code`)
  const words = answerWords(label, call, view)
  const wrong = wrongWith(content, expectation, view) ?? tooSoon(expectation, call, { time, view })
  if (wrong !== undefined) return failedBy(call, `${words}: ${wrong}`)
  const late = tooLate(expectation, time - call.time, view)
  if (late === undefined) return passed(words)
  return view.isTimeExact ? failed(`${words}: ${late}`, time) : lostToClock(`${words}: ${late}`)
}

/** A call that a library does not have is refused as one that says so. */
function isRefusalRight(codes: AnsweredExpectation['codes']): boolean {
  return codes !== 'open' && codes.includes('VIP_ERROR_NOT_SUPPORTED')
}

function openWords(label: string, call: CallSeen): string {
  return `${label}, called at ${timeWords(call.time)}, had not returned`
}

function answerWords(label: string, { answer }: CallSeen, view: View): string {
  const content = answer?.content
  const hosts = view.permutation.hosts.map(({ name }) => name)
  const control = content?.control ? `: ${controlWords(content.control)}` : ''
  const what = content?.vip ? viaReturnWords(content.vip, hosts) : `${content?.status ?? ''}${control}`
  return `${label} answered ${what} at ${timeWords(answer?.time ?? 0)}`
}

function wrongWith(content: Return, { codes, outputs }: AnsweredExpectation, view: View): Wrong {
  const { vip } = content
  if (vip && codes !== 'open' && codes.length > 0 && !codes.some((code) => code === vip.code)) {
    return `${codeWords(codes)} expected`
  }
  const fields = vip ? fieldsOf(vip.descriptor) : content.control
  return (
    wrongDescriptor(vip, outputs) ??
    wrongFields(fields, outputs.fields) ??
    (vip && wrongOutputs(vip, outputs)) ??
    (vip && wrongDiscovery(vip, outputs, view.permutation.hosts.length)) ??
    (vip && wrongAttributes(vip, outputs, view.permutation.configuration)) ??
    wrongSame(content, outputs, view)
  )
}

function fieldsOf(descriptor: ViaReturn['descriptor']): ViaControlFields | undefined {
  return typeof descriptor === 'object' && descriptor !== null ? descriptor : undefined
}

function wrongDescriptor(vip: ViaReturn | undefined, { descriptor: wanted }: OutputsExpected): Wrong {
  if (wanted === undefined) return undefined
  const given = vip?.descriptor
  if (given === undefined) return 'no descriptor was handed out'
  const name = typeof given === 'object' && given !== null ? given.name : given
  return name === wanted ? undefined : `descriptor ${wanted ?? 'NULL'} expected`
}

/** What is wrong with the fields of a descriptor; nothing if they are as expected. */
export function wrongFields(given: ViaControlFields | undefined, wanted: DescriptorExpected | undefined): Wrong {
  if (!wanted) return undefined
  if (!given) return 'no descriptor can be read'
  const { status } = given
  const has = (bit: number): boolean => (status & bit) !== 0
  if (wanted.length && !isWithin(given.length, wanted.length)) return `Length ${valueWords(wanted.length)} expected`
  if (wanted.segmentCount !== undefined && given.segmentCount !== wanted.segmentCount) {
    return `SegCount is ${given.segmentCount}, ${wanted.segmentCount} expected`
  }
  if (wanted.status !== undefined && status !== wanted.status) {
    return `Status is 0x${status.toString(16)}, 0x${wanted.status.toString(16)} expected`
  }
  if (wanted.operation !== undefined) {
    if ((status & viaStatusMasks.operation) !== viaStatusOperations[wanted.operation])
      return `operation ${wanted.operation} expected`
  }
  if (wanted.done !== undefined && has(viaStatusBits.done) !== wanted.done) {
    return wanted.done ? 'DONE expected' : 'no DONE expected'
  }
  if (wanted.reservedZero === true && has(viaStatusMasks.reserved)) {
    return `reserved bits are set: Status is 0x${(status >>> 0).toString(16)}`
  }
  return wrongErrors(status, wanted.errors) ?? wrongImmediate(given, wanted.immediate)
}

function wrongErrors(status: number, wanted: DescriptorExpected['errors']): Wrong {
  if (wanted === undefined) return undefined
  const errors = status & viaStatusMasks.errors
  if (wanted === 'none') return errors === 0 ? undefined : 'no error expected'
  if (wanted === 'any') return errors === 0 ? 'some error expected' : undefined
  const isSet = wanted.some((bit) => (status & viaStatusBits[bit]) !== 0)
  return isSet ? undefined : `${wanted.join(' or ')} expected`
}

function wrongImmediate({ status, immediate }: ViaControlFields, wanted: DescriptorExpected['immediate']): Wrong {
  if (wanted === undefined) return undefined
  const came = (status & viaStatusBits.immediate) !== 0
  if (wanted === 'none') return came ? 'no immediate data expected' : undefined
  return came && immediate === wanted ? undefined : `immediate data ${wanted} expected`
}

function wrongOutputs(vip: ViaReturn, wanted: OutputsExpected): Wrong {
  const { states, sendQueueEmpty, recvQueueEmpty, entry, address } = wanted
  if (states && !states.some((state) => state === vip.state)) return `state ${states.join(' or ')} expected`
  if (sendQueueEmpty !== undefined && vip.sendQueueEmpty !== sendQueueEmpty) {
    return `send queue ${sendQueueEmpty ? 'empty' : 'not empty'} expected`
  }
  if (recvQueueEmpty !== undefined && vip.recvQueueEmpty !== recvQueueEmpty) {
    return `receive queue ${recvQueueEmpty ? 'empty' : 'not empty'} expected`
  }
  if (entry && (vip.entry?.vi !== entry.vi || vip.entry.queue !== entry.queue)) {
    return `an entry for the ${entry.queue} queue of ${entry.vi} expected`
  }
  if (!address) return wrongName(vip, wanted)
  const given = vip.remoteAddress ?? vip.address
  const isSame = given?.host === address.host && given.discriminator === address.discriminator
  return isSame ? undefined : 'another address expected'
}

function wrongName(vip: ViaReturn, { name, nameLength }: OutputsExpected): Wrong {
  if (name !== undefined && vip.name !== name) return `name ${name} expected`
  if (!nameLength || (vip.nameLen !== undefined && isWithin(vip.nameLen, nameLength))) return undefined
  return `NameLen ${valueWords(nameLength)} expected`
}

function wrongDiscovery({ code, discovery }: ViaReturn, { discovered }: OutputsExpected, hosts: number): Wrong {
  if (discovered === undefined || code !== 'VIP_SUCCESS') return undefined
  if (!discovery) return 'nothing was handed out'
  if (!areOnce(discovery)) return 'an address stands there twice, or has a discriminator'
  if (discovered === 'once' || areOfHosts(discovery, hosts)) return undefined
  return 'an address is that of no host'
}

function wrongAttributes(vip: ViaReturn, wanted: OutputsExpected, declared: Configuration): Wrong {
  const given = attributesOf(vip)
  for (const [name, value] of Object.entries(wanted.attributes ?? {})) {
    const wrong = wrongAttribute(name, given?.get(name), value)
    if (wrong !== undefined) return wrong
  }
  if (wanted.limitsDeclared !== true) return undefined
  for (const [name, key] of viaLimitAttributes) {
    const limit = declared[key]
    if (limit === undefined) continue
    const wrong = wrongAttribute(name, given?.get(name), { least: limit, most: limit })
    if (wrong !== undefined) return `${wrong}, as ${key} is declared`
  }
  return undefined
}

/** Whatever attributes the answer has. */
function attributesOf(vip: ViaReturn): ReadonlyMap<string, unknown> | undefined {
  const found = vip.nicAttributes ?? vip.viAttributes ?? vip.remoteAttributes ?? vip.memoryAttributes
  return found && new Map<string, unknown>(Object.entries(found))
}

function wrongAttribute(name: string, given: unknown, wanted: string | boolean | Times): Wrong {
  const isSame = typeof wanted === 'object' ? typeof given === 'number' && isWithin(given, wanted) : given === wanted
  return isSame
    ? undefined
    : `${name} is ${given === undefined ? 'not told' : JSON.stringify(given)}, ${valueWords(wanted)} expected`
}

/** Keys of an answer may stand in any order. */
function wrongSame(content: Return, { sameAs }: OutputsExpected, view: View): Wrong {
  if (sameAs === undefined) return undefined
  const other = view.labels.get(sameAs)?.answer?.content
  return plainText(toldBy(content)) === plainText(toldBy(other)) ? undefined : `not the same as ${sameAs}`
}

/** What an answer says, whatever was asked. */
function toldBy(content: Return | undefined): unknown {
  return content?.vip ?? content?.control ?? content?.octets
}

function plainText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** By a real clock: how much longer than it may something can seem to take because of the pipe and the machine. */
const realTolerance: Duration = 10 * millisecond

function tooLate({ within }: AnsweredExpectation, took: Duration, { isTimeExact }: View): Wrong {
  if (within === undefined || took <= within + (isTimeExact ? 0 : realTolerance)) return undefined
  return `that took ${timeWords(took)}, at most ${timeWords(within)} expected`
}

/** A real clock cannot be blamed for it: what is measured there is never shorter than it was. */
function tooSoon({ after }: AnsweredExpectation, call: CallSeen, { time, view }: { time: number; view: View }): Wrong {
  const took = time - begunAt(call, view)
  if (after === undefined || took >= after) return undefined
  return `that took ${timeWords(took)}, at least ${timeWords(after)} expected`
}

/** The time of VipConnectPeerWait is that of its request, which began before it. */
function begunAt({ call: { body }, node, time, record }: CallSeen, { isTimeExact, history }: View): number {
  if (isTimeExact || body.operation !== 'VipConnectPeerWait') return time
  const request = history.calls.findLast(
    (other) =>
      other.record < record &&
      other.node === node &&
      other.call.body.operation === 'VipConnectPeerRequest' &&
      other.call.body.vi === body.vi,
  )
  return request?.time ?? time
}
