// How often each answer that VIA documents was seen in a run: codes by call, bits and operations of Status, states, errors.
import type { ProviderEvent, Return } from '../../../spec/vocabulary/calls.ts'
import {
  viaBitNeeds,
  viaCallNeeds,
  viaCodeLacks,
  viaErrorNeeds,
  viaOpenBits,
  viaOpenCodes,
  viaOpenErrors,
  viaOperationNeeds,
} from '../../../spec/vocabulary/via-answers.ts'
import type { ViplOperation } from '../../../spec/vocabulary/via-calls.ts'
import {
  viaErrorCodes,
  viaStates,
  viaStatusBits,
  viaStatusMasks,
  viaStatusOperations,
} from '../../../spec/vocabulary/via-constants.ts'
import type { ViaReturnedDescriptor } from '../../../spec/vocabulary/via-descriptor.ts'
import { isVipl, viaReturnCodes, type VipReturn } from '../../../spec/vocabulary/via-returns.ts'
import type { Permutation } from '../../plan/permutation.ts'
import type { AnswerCount } from '../../result/report.ts'
import type { Trace } from '../../result/trace.ts'
import { grants, type Pics } from '../../subject/pics.ts'

type Counted = Pick<AnswerCount, 'kind' | 'of' | 'name'>

/** Shown the trace of every run, each order of a race by itself. Only what the implementation answers counts. */
export class AnswerCounts {
  private readonly counts = new Map<string, number>()
  /** What each call of the trace was, by its id; used anew for each trace. */
  private readonly calls: string[] = []

  see({ interface: of, hosts }: Permutation, trace: Trace): void {
    if (of !== 'via') return
    this.calls.length = 0
    for (let record = 0; record < trace.length; record++) {
      if (hosts[trace.node(record)]?.role !== 'iut') continue
      const kind = trace.kind(record)
      if (kind === 'call') this.called(trace, record)
      else if (kind === 'returned') this.returned(trace.returnOf(record))
      else if (kind === 'event') this.told(trace.eventOf(record))
    }
  }

  /** What could be seen, with how often it was, in the order of the specification. */
  of(pics: Pics): readonly AnswerCount[] {
    if (!pics.interfaces.includes('via')) return []
    const counted = (each: Counted): number => this.counts.get(keyOf(each)) ?? 0
    return documented(pics).map((each) => ({ ...each, count: counted(each) }))
  }

  private called(trace: Trace, record: number): void {
    const call = trace.callOf(record)
    if (call) this.calls[call.id] = call.body.operation
  }

  private returned(answer: Return | undefined): void {
    if (!answer?.vip) {
      if (answer?.control) this.status(answer.control.status)
      return
    }
    const { code, state, descriptor } = answer.vip
    const operation = this.calls[answer.id] ?? ''
    if (isVipl(operation)) this.count({ kind: 'code', of: operation, name: code })
    if (state !== undefined) this.count({ kind: 'state', of: '', name: state })
    this.descriptor(descriptor)
  }

  private told(event: ProviderEvent | undefined): void {
    if (event?.event === 'via.error') this.count({ kind: 'error', of: '', name: event.code })
    if (event?.event === 'via.error' || event?.event === 'via.notify') this.descriptor(event.descriptor)
  }

  private descriptor(descriptor: ViaReturnedDescriptor | undefined): void {
    if (descriptor && descriptor !== 'unknown') this.status(descriptor.status)
  }

  private status(status: number): void {
    for (const [name, bit] of bits) if ((status & bit) !== 0) this.count({ kind: 'bit', of: '', name })
    if ((status & viaStatusBits.done) === 0) return
    const operation = operations.get(status & viaStatusMasks.operation)
    if (operation !== undefined) this.count({ kind: 'operation', of: '', name: operation })
  }

  private count(what: Counted): void {
    const key = keyOf(what)
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
  }
}

const bits = Object.entries(viaStatusBits)
const operations: ReadonlyMap<number, string> = new Map(
  Object.entries(viaStatusOperations).map(([name, value]) => [value, name]),
)

function keyOf({ kind, of, name }: Counted): string {
  return `${kind} ${of} ${name}`
}

type Documented = Omit<AnswerCount, 'count'>

function documented(pics: Pics): readonly Documented[] {
  return [
    ...namesOf(viaReturnCodes).flatMap((call) => codesOf(call, pics)),
    ...namesOf(viaStatusBits).map((name) => plain('bit', name, due(viaBitNeeds[name], viaOpenBits[name], pics))),
    ...namesOf(viaStatusOperations).map((name) =>
      plain('operation', name, due(viaOperationNeeds[name], undefined, pics)),
    ),
    ...namesOf(viaStates).map((name) => plain('state', name, due(undefined, undefined, pics))),
    ...namesOf(viaErrorCodes).map((name) => plain('error', name, due(viaErrorNeeds[name], viaOpenErrors[name], pics))),
  ]
}

function codesOf(call: ViplOperation, pics: Pics): readonly Documented[] {
  return namesOf(viaReturnCodes[call]).map((name) => ({
    interface: 'via',
    kind: 'code',
    of: call,
    name,
    ...codeDue(call, name, pics),
  }))
}

function plain(kind: AnswerCount['kind'], name: string, standing: Standing): Documented {
  return { interface: 'via', kind, of: '', name, ...standing }
}

type Standing = Pick<AnswerCount, 'due' | 'why'>

function codeDue(call: ViplOperation, code: VipReturn, pics: Pics): Standing {
  const lacks = viaCodeLacks[code]
  if (lacks !== undefined && grants(pics, lacks)) return { due: 'not-applicable', why: `The option ${lacks} is there.` }
  const open = viaOpenCodes.find((each) => each.code === code && each.calls.includes(call))
  return due(viaCallNeeds[call], open?.why, pics)
}

/** Whether a whole run ought to show it; if not, why. */
function due(needs: readonly string[] | undefined, open: string | undefined, pics: Pics): Standing {
  const lacking = needs?.find((need) => !grants(pics, need))
  if (lacking !== undefined) return { due: 'not-applicable', why: `The option ${lacking} is not there.` }
  if (open !== undefined) return { due: 'open', why: open }
  return { due: 'yes', why: '' }
}

function namesOf<Name extends string>(table: Readonly<Partial<Record<Name, unknown>>>): readonly Name[] {
  const isOwn = (name: string): name is Name => Object.hasOwn(table, name)
  return Object.keys(table).filter(isOwn)
}
