// Writes repeated calls out, once the PICS says how often they are made.
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import type { ViaPlace } from '../../spec/vocabulary/via-descriptor.ts'
import { isVipl } from '../../spec/vocabulary/via-returns.ts'
import { handleKinds } from './handles.ts'
import type { CallStep, Filling, PlannedStep, RepeatStep, Step } from './case.ts'

/** More calls than this one step does not make. */
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
    const { key, count } = step.howOften
    const times = (key === undefined ? 0 : (configuration[key] ?? 0)) + count
    if (times < 0 && key !== undefined) {
      return { refused: `${key} is ${configuration[key] ?? 0}, the case needs at least ${-count}` }
    }
    const calls = times * step.calls.length
    if (calls > repeatsMax) {
      return { refused: `${key ?? 'a step'} asks for ${calls} calls, more than the ${repeatsMax} that one step makes` }
    }
    for (let n = 1; n <= times; n++) {
      for (const call of step.calls) all.push(ofNumbered(numbered(call, n, step), n, made))
    }
    for (const name of handlesMade(step)) made.add(name)
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

/** The call as it is made for the n-th time, from 1. */
export function numbered(call: CallStep, n: number, { stride }: Pick<RepeatStep, 'stride'>): CallStep {
  return { ...call, body: numberedBody(call.body, n, (n - 1) * stride) }
}

/** Members of calls that name a handle. */
const naming: ReadonlySet<string> = new Set(handleKinds)

/** A handle that was made in a repetition is meant by its number. */
export function ofNumbered(call: CallStep, n: number, made: ReadonlySet<string>): CallStep {
  return renamed(call, made, (name) => (made.has(`${call.node}.${name}`) ? `${name}-${n}` : undefined))
}

/** The call of which `ofNumbered` makes this one when it is made for the first time. */
export function beforeNumbering(call: CallStep, made: ReadonlySet<string>): CallStep {
  return renamed(call, made, (name) => {
    const plain = name.replace(/-1$/, '')
    return plain !== name && made.has(`${call.node}.${plain}`) ? plain : undefined
  })
}

/** The call with other names of its handles; undefined for the same. */
function renamed(call: CallStep, made: ReadonlySet<string>, nameOf: (name: string) => string | undefined): CallStep {
  if (made.size === 0) return call
  const names: Record<string, string> = {}
  for (const [member, value] of Object.entries(call.body)) {
    const name = naming.has(member) && typeof value === 'string' ? nameOf(value) : undefined
    if (name !== undefined) names[member] = name
  }
  return Object.keys(names).length === 0 ? call : { ...call, body: Object.assign({}, call.body, names) }
}

/** The handles that a repetition makes, by host. */
export function handlesMade({ calls }: Pick<RepeatStep, 'calls'>): readonly string[] {
  return calls.flatMap(({ node, body }) => (isVipl(body.operation) && 'as' in body ? [`${node}.${body.as}`] : []))
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
