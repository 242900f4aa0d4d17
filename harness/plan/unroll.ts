// Writes repeated steps out, once the PICS says how often they are made.
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import type { ViaPlace } from '../../spec/vocabulary/via-descriptor.ts'
import { isVipl } from '../../spec/vocabulary/via-returns.ts'
import { handleKinds } from './handles.ts'
import type { CallStep, Filling, PlannedStep, RepeatedStep, RepeatStep, Step } from './permutation.ts'

/** More steps than this are not in one repetition. */
export const repeatsMax = 5000

/** All steps with their repetitions written out and their descriptors filled, or why that cannot be. */
export function unroll(
  steps: readonly PlannedStep[],
  configuration: Configuration,
): { readonly steps: readonly Step[] } | { readonly refused: string } {
  const all: Step[] = []
  const made = new Set<string>()
  for (const step of steps) {
    if (step.kind !== 'repeat') {
      const filled = withSegments(step, configuration)
      if ('refused' in filled) return filled
      all.push(filled)
      continue
    }
    const { key, count: more } = step.howOften
    const times = (key === undefined ? 0 : (configuration[key] ?? 0)) + more
    if (times < 0 && key !== undefined) {
      return { refused: `${key} is ${configuration[key] ?? 0}, the case needs at least ${-more}` }
    }
    const count = times * step.steps.length
    if (count > repeatsMax) {
      return { refused: `${key ?? 'a step'} asks for ${count} steps, more than the ${repeatsMax} of one repetition` }
    }
    for (const name of namesMade(step)) made.add(name)
    for (let n = 1; n <= times; n++) for (const each of step.steps) all.push(nth(each, n, step, made))
  }
  return { steps: all }
}

/** A step that writes a descriptor with as many empty segments as the PICS says; any other as it is. */
function withSegments(step: Step, configuration: Configuration): Step | { readonly refused: string } {
  if (step.kind !== 'call' || !step.filling || step.body.operation !== 'descriptor.write') return step
  const { filling, ...call } = step
  const { segments } = step.body
  const count = countOf(filling, configuration)
  const [first] = segments
  if (typeof count === 'string') return { refused: count }
  if (!first) return call
  const empty = Array.from({ length: count }, () => ({ ...first, bytes: 0 }))
  return { ...call, body: { ...step.body, segments: [...empty, ...segments] } }
}

/** How many, or why there are none such. */
function countOf({ key, less, most }: Filling, configuration: Configuration): number | string {
  const declared = configuration[key] ?? 0
  if (declared < less) return `${key} is ${declared}, the case needs at least ${less}`
  if (declared - less > most) return `${key} is ${declared}, the case has room for ${most + less}`
  return declared - less
}

export function isRepeated(step: PlannedStep): step is RepeatedStep {
  return step.kind === 'call' || step.kind === 'join' || step.kind === 'settle' || step.kind === 'advance'
}

/** A step as it is taken for the n-th time, from 1. `made`: the names that repetitions have made up to now, this one's too. */
export function nth(
  step: RepeatedStep,
  n: number,
  repeat: Pick<RepeatStep, 'stride'>,
  made: ReadonlySet<string>,
): RepeatedStep {
  switch (step.kind) {
    case 'call':
      return ofNumbered(numbered(step, n, repeat), n, made)
    case 'join':
      return { ...step, label: `${step.label}-${n}` }
    default:
      return step
  }
}

/** The call as it is made for the n-th time, from 1. */
function numbered(call: CallStep, n: number, { stride }: Pick<RepeatStep, 'stride'>): CallStep {
  const label = call.label === undefined ? {} : { label: `${call.label}-${n}` }
  return { ...call, body: numberedBody(call.body, n, (n - 1) * stride), ...label }
}

/** Members of calls that name what another call has made: a handle, a request or requests. */
const naming: ReadonlySet<string> = new Set([...handleKinds, 'request', 'requests'])

/** What was made in a repetition is meant by its number. */
function ofNumbered(call: CallStep, n: number, made: ReadonlySet<string>): CallStep {
  return renamed(call, made, (name) => (made.has(`${call.node}.${name}`) ? `${name}-${n}` : undefined))
}

/** The call of which `ofNumbered` makes this one when it is made for the first time. */
export function beforeNumbering(call: CallStep, made: ReadonlySet<string>): CallStep {
  return renamed(call, made, (name) => {
    const plain = name.replace(/-1$/, '')
    return plain !== name && made.has(`${call.node}.${plain}`) ? plain : undefined
  })
}

/** The call with other names of what it names; undefined for the same. */
function renamed(call: CallStep, made: ReadonlySet<string>, nameOf: (name: string) => string | undefined): CallStep {
  if (made.size === 0) return call
  const names: Record<string, unknown> = {}
  for (const [member, value] of Object.entries(call.body)) {
    if (!naming.has(member)) continue
    if (typeof value === 'string') names[member] = nameOf(value) ?? value
    if (isList(value)) names[member] = value.map((name) => nameOf(name) ?? name)
  }
  return { ...call, body: Object.assign({}, call.body, names) }
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value)
}

/** The handles and requests that a repetition makes, by host. */
export function namesMade({ steps }: Pick<RepeatStep, 'steps'>): readonly string[] {
  return steps.flatMap((step) => {
    const made = step.kind === 'call' && madeBy(step.body)
    return made ? [`${step.node}.${made}`] : []
  })
}

/** The name of a handle or a request that the call makes; descriptors are numbered wherever they are posted. */
function madeBy(body: CallBody): string | undefined {
  const makes = isVipl(body.operation) || body.operation === 'emp.isend' || body.operation === 'emp.irecv'
  return makes && 'as' in body ? body.as : undefined
}

/** Names that are made, and descriptors that are named, get the number; places move on. */
function numberedBody(body: CallBody, n: number, further: number): CallBody {
  switch (body.operation) {
    case 'VipOpenNic':
    case 'VipCreateVi':
    case 'VipCreatePtag':
    case 'VipCreateCQ':
    case 'VipConnectWait':
      return { ...body, as: `${body.as}-${n}` }
    case 'VipRegisterMem':
      return { ...body, as: `${body.as}-${n}`, at: { ...moved(body.at, further), bytes: body.at.bytes } }
    case 'descriptor.write':
      return { ...body, as: `${body.as}-${n}`, at: moved(body.at, further) }
    case 'emp.isend':
    case 'emp.irecv': {
      const pieces = body.pieces.map((piece) => ({ ...piece, offset: piece.offset + further }))
      return { ...body, as: `${body.as}-${n}`, pieces }
    }
    case 'VipPostSend':
    case 'VipPostRecv':
      return body.descriptor === null ? body : { ...body, descriptor: `${body.descriptor}-${n}` }
    default:
      return body
  }
}

function moved(place: ViaPlace, further: number): ViaPlace {
  return { ...place, offset: place.offset + further }
}
