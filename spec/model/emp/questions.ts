// Test, wait and waitall: what they may answer when (R17, E50, E60).
import type { EmpCall } from '../../vocabulary/emp.ts'
import type { Return } from '../../vocabulary/calls.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { judgeCompletion, type Source } from './completions.ts'
import { promiseOf } from './rest.ts'
import type { Host, Request } from './request.ts'
import type { World } from './world.ts'

export type QuestionCall = Extract<EmpCall, { readonly operation: 'emp.test' | 'emp.wait' | 'emp.waitall' }>

/** A question that has not been answered. */
export interface OpenQuestion {
  readonly source: Source
  /** In the order asked; undefined where the host had no such request. */
  readonly asked: readonly (Request | undefined)[]
  readonly names: readonly string[]
  /** Another thread's posting of one of them had not been answered. */
  readonly isEarly: boolean
  /** All were known to be done when it was asked. */
  readonly wereDone: boolean
}

const sources = { 'emp.test': 'test', 'emp.wait': 'wait', 'emp.waitall': 'waitall' } as const

/** A host asks for requests. */
export function ask(host: Host, call: QuestionCall): OpenQuestion {
  const names = call.operation === 'emp.waitall' ? call.requests : [call.request]
  const asked = names.map((name) => outstanding(host, name))
  for (const request of asked) if (request) request.asking++
  const isEarly = asked.some((request) => request?.stage === 'asked')
  return { source: sources[call.operation], asked, names, isEarly, wereDone: asked.every(isKnownDone) }
}

/** Whether the request must be done by now: an event has told so, or the world has come to rest. */
export function isKnownDone(request: Request | undefined): boolean {
  return request !== undefined && (request.told || request.due)
}

/** Judges the answer; those that are seen done are gone (R17). */
export function judgeQuestion(world: World, host: Host, open: OpenQuestion, answer: Return): Judged {
  for (const request of open.asked) if (request) request.asking--
  const wrong = (requirements: readonly string[], right: string): Judged =>
    forbidden(
      requirements,
      `${host.name}'s ${open.source} of ${open.names.join(', ')} answered ${answer.status}; ${right}`,
    )
  switch (answer.status) {
    case 'ok':
      return judgeAnswered(world, open, answer, wrong)
    case 'pending':
      if (open.source !== 'test') return wrong(['EMP-HOST-003', 'EMP-HOST-004'], 'a wait stays open until all is done')
      return judgePending(world, open, wrong)
    case 'invalid':
      if (open.names.length === 0 || open.isEarly || open.asked.some(mayBeGone)) return undefined
      return wrong(['EMP-HOST-002'], 'each was posted, and none has been seen done')
    case 'no-descriptor':
    case 'too-many-pieces':
    case 'not-locked':
    case 'unsupported':
      return wrong([requirementOf(open.source)], 'a question is no posting')
  }
}

type Wrong = (requirements: readonly string[], right: string) => Judged

function judgePending(world: World, { asked, wereDone }: OpenQuestion, wrong: Wrong): Judged {
  const request = asked[0]
  if (!request) return wrong(['EMP-HOST-002'], 'there is no such request')
  if (!wereDone) return undefined
  if (request.told) return wrong(['EMP-HOST-002'], 'its completion was told before')
  return wrong(
    promiseOf(world, request, world.matching.counterpart(request)),
    'the world has come to rest, and it must be done',
  )
}

function judgeAnswered(world: World, open: OpenQuestion, { completions = [] }: Return, wrong: Wrong): Judged {
  const { asked, names, source } = open
  if (completions.length !== names.length) {
    return wrong([requirementOf(source)], `${completions.length} completions for ${names.length} requests`)
  }
  for (let i = 0; i < asked.length; i++) {
    const request = asked[i]
    const completion = completions[i]
    if (!request || !completion) {
      return wrong(['EMP-HOST-002'], `${names[i]} was never posted, was refused, or has been seen done`)
    }
    if (completion.request !== request.name) {
      return wrong([requirementOf(source)], `completion ${i + 1} is of ${completion.request}, not of ${request.name}`)
    }
    const judged = judgeCompletion(world, request, completion, source)
    if (judged) return judged
    request.stage = 'seen'
    request.host.hasReleased = true
    request.host.release(request)
  }
  return undefined
}

function requirementOf(source: Source): string {
  if (source === 'waitall') return 'EMP-HOST-004'
  return source === 'wait' ? 'EMP-HOST-003' : 'EMP-HOST-002'
}

function outstanding({ requests }: Host, name: string): Request | undefined {
  const request = requests.get(name)
  return request && !isGone(request) ? request : undefined
}

/** Whether `invalid` is right: there is no such request, or another thread's question, answered or not yet, has ended it. */
function mayBeGone(request: Request | undefined): boolean {
  return isGone(request) || (request?.asking ?? 0) > 0
}

/** There is no such request, or another thread's question, or a refusal, ended it meanwhile. */
function isGone(request: Request | undefined): boolean {
  return request === undefined || request.stage === 'seen' || request.stage === 'refused'
}
