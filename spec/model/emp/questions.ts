// Test, testall, wait, waitall and waitany: what they may answer when (R17, E50, E60, E61).
import type { EmpCall, EmpCompletion } from '../../vocabulary/emp.ts'
import type { Return } from '../../vocabulary/calls.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { judgeCompletion, type Source } from './completions.ts'
import { judgeLeftOver } from './missed.ts'
import { promiseOf } from './rest.ts'
import type { Host, Request } from './request.ts'
import type { World } from './world.ts'

export type QuestionCall = Extract<EmpCall, { readonly operation: keyof typeof sources }>

/** A question that has not been answered. */
export interface OpenQuestion {
  readonly host: Host
  readonly source: Source
  /** In the order asked; undefined where the host had no such request. */
  readonly asked: readonly (Request | undefined)[]
  readonly names: readonly string[]
  /** Another thread's posting of one of them had not been answered. */
  readonly isEarly: boolean
  /** All were known to be done when it was asked. */
  readonly wereDone: boolean
  /** How often the world had come to rest when it was asked. */
  readonly rests: number
}

const sources = {
  'emp.test': 'test',
  'emp.testall': 'testall',
  'emp.wait': 'wait',
  'emp.waitall': 'waitall',
  'emp.waitany': 'waitany',
} as const

/** What each is required to do. */
export const requirementOf: Readonly<Record<Source, string>> = {
  test: 'EMP-HOST-002',
  testall: 'EMP-HOST-005',
  wait: 'EMP-HOST-003',
  waitall: 'EMP-HOST-004',
  waitany: 'EMP-HOST-006',
  event: 'EMP-HOST-002',
}

/** A host asks for requests. */
export function ask({ rests }: World, host: Host, call: QuestionCall): OpenQuestion {
  const names = 'requests' in call ? call.requests : [call.request]
  const asked = names.map((name) => outstanding(host, name))
  for (const request of asked) if (request) request.asking++
  const isEarly = asked.some((request) => request?.stage === 'asked')
  return { host, source: sources[call.operation], asked, names, isEarly, wereDone: asked.every(isKnownDone), rests }
}

/** Whether the request must be done by now: an event has told so, or the world has come to rest. */
export function isKnownDone(request: Request | undefined): boolean {
  return request !== undefined && (request.told || request.due)
}

/** Whether it stays open until something is done. */
export function isWait({ source }: OpenQuestion): boolean {
  return source !== 'test' && source !== 'testall'
}

/** Whether a wait must have ended by now: all that it asks for is known to be done, or one where one is enough. */
export function mustHaveEnded({ source, asked }: OpenQuestion): boolean {
  return source === 'waitany' ? asked.some(isOver) : asked.every(isOver)
}

function isOver(request: Request | undefined): boolean {
  return isKnownDone(request) || request?.completion !== undefined
}

/** Judges the answer; those that are seen done are gone (R17). */
export function judgeQuestion(world: World, open: OpenQuestion, answer: Return): Judged {
  for (const request of open.asked) if (request) request.asking--
  const wrong = (requirements: readonly string[], right: string): Judged =>
    forbidden(
      requirements,
      `${open.host.name}'s ${open.source} of ${open.names.join(', ')} answered ${answer.status}; ${right}`,
    )
  switch (answer.status) {
    case 'ok':
      return judgeAnswered(world, open, answer, wrong)
    case 'pending':
      if (isWait(open)) return wrong([requirementOf[open.source]], 'a wait stays open')
      return judgePending(world, open, wrong)
    case 'invalid':
      if (open.names.length === 0 || open.isEarly || open.asked.some(mayBeGone)) return undefined
      return wrong(
        ['EMP-HOST-002', ...open.asked.flatMap((request) => request?.passedOver ?? [])],
        'each was posted, and none has been seen done',
      )
    case 'unsupported':
      if (!world.setting.mpi && (open.source === 'testall' || open.source === 'waitany')) return undefined
      return wrong([requirementOf[open.source]], 'every implementation offers it')
    case 'no-descriptor':
    case 'too-many-pieces':
    case 'not-locked':
      return wrong([requirementOf[open.source]], 'a question is no posting')
  }
}

type Wrong = (requirements: readonly string[], right: string) => Judged

function judgePending(world: World, open: OpenQuestion, wrong: Wrong): Judged {
  passOver(open)
  if (open.asked.some((each) => !each)) return wrong([requirementOf[open.source]], 'there is no such request')
  return open.wereDone ? judgeDone(world, open, wrong) : judgeUndone(world, open)
}

/** Pending is wrong of requests that were all known to be done: of the first that no event has told, or of the first of all. */
function judgeDone(world: World, { asked, source }: OpenQuestion, wrong: Wrong): Judged {
  const request = asked.find((each) => !each?.told) ?? asked[0]
  if (!request) return undefined
  if (request.told) return wrong([requirementOf[source]], 'its completion was told before')
  return wrong(
    promiseOf(world, request, world.matching.counterpart(request)),
    'the world has come to rest, and it must be done',
  )
}

/** Pending is right of what need not be done; of a single request it says that it was left over until then. */
function judgeUndone(world: World, { asked: [request], source, rests }: OpenQuestion): Judged {
  return request && source === 'test' ? judgeLeftOver(world, request, rests) : undefined
}

function judgeAnswered(world: World, open: OpenQuestion, { completions = [] }: Return, wrong: Wrong): Judged {
  const { names, source } = open
  if (source === 'waitany') return judgeOne(world, open, completions, wrong)
  if (completions.length !== names.length) {
    return wrong([requirementOf[source]], `${completions.length} completions for ${names.length} requests`)
  }
  for (let i = 0; i < names.length; i++) {
    const judged = judgeSeen(world, open, { place: i, completion: completions[i] }, wrong)
    if (judged) return judged
  }
  return undefined
}

/** One of several: whichever is done (E61). */
function judgeOne(world: World, open: OpenQuestion, completions: readonly EmpCompletion[], wrong: Wrong): Judged {
  const [completion] = completions
  const place = open.names.findIndex((name) => name === completion?.request)
  if (completions.length !== 1 || place < 0) {
    const given = completions.map(({ request }) => request).join(', ')
    return wrong([requirementOf.waitany], `it names ${given || 'none'}, and must name one of them`)
  }
  passOver(open, open.asked[place])
  return judgeSeen(world, open, { place, completion }, wrong)
}

/** What a question about several has not ended goes on as before (E61). */
function passOver({ asked, source }: OpenQuestion, ended?: Request): void {
  if (asked.length < 2) return
  for (const request of asked) if (request && request !== ended) request.passedOver = requirementOf[source]
}

interface Answered {
  /** Of the request, in the order asked. */
  readonly place: number
  readonly completion: EmpCompletion | undefined
}

function judgeSeen(world: World, open: OpenQuestion, { place, completion }: Answered, wrong: Wrong): Judged {
  const request = open.asked[place]
  if (!request || !completion) {
    const name = open.names[place] ?? ''
    const seenBy = open.host.requests.get(name)?.seenBy
    return wrong([seenBy ?? 'EMP-HOST-002'], `${name} was never posted, was refused, or has been seen done`)
  }
  if (completion.request !== request.name) {
    const words = `completion ${place + 1} is of ${completion.request}, not of ${request.name}`
    return wrong([requirementOf[open.source]], words)
  }
  const judged = judgeCompletion(world, request, completion, open.source)
  if (judged) return judged
  request.stage = 'seen'
  request.seenBy = requirementOf[open.source]
  request.host.hasReleased = true
  request.host.release(request)
  return undefined
}

function outstanding({ requests }: Host, name: string): Request | undefined {
  const request = requests.get(name)
  return request && !isGone(request) ? request : undefined
}

/** Whether `invalid` is right: there is no such request, or another thread's question, answered or not yet, has ended it. */
export function mayBeGone(request: Request | undefined): boolean {
  return isGone(request) || (request?.asking ?? 0) > 0
}

/** There is no such request, or another thread's question, or a refusal, ended it meanwhile. */
function isGone(request: Request | undefined): boolean {
  return request === undefined || request.stage === 'seen' || request.stage === 'refused'
}
