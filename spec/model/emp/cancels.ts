// Cancel: whether it may be refused, and what it leaves open (R24).
import type { Return } from '../../vocabulary/calls.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { mayBeGone } from './questions.ts'
import type { Host, Request } from './request.ts'
import type { World } from './world.ts'

/** A cancel that has not been answered. */
export interface OpenCancel {
  /** Undefined: there is no such receive. */
  readonly request: Request | undefined
  /** Its posting had not been answered, so that it may not be there. */
  readonly isEarly: boolean
  /** It had been asked before. */
  readonly wasAsked: boolean
}

/** From here on the receive may be gone, so that which message goes where is open in its lane. */
export function cancel({ requests }: Host, name: string): OpenCancel {
  const request = requests.get(name)
  const isEarly = request?.stage === 'asked'
  if (request?.kind !== 'receive' || request.stage === 'seen') return { request: undefined, isEarly, wasAsked: false }
  const wasAsked = request.cancelAsked
  request.cancelAsked = true
  if (request.lane) request.lane.isLoose = true
  return { request, isEarly, wasAsked }
}

export function judgeCancel({ setting }: World, host: Host, open: OpenCancel, { status }: Return): Judged {
  const { request, isEarly, wasAsked } = open
  if (status === 'unsupported' && !setting.cancel) return undefined
  if (status === 'ok' && request) return undefined
  if (status === 'invalid' && (isEarly || mayBeGone(request))) {
    if (request && isEarly) request.cancelAsked = wasAsked
    return undefined
  }
  const right = request ? 'there is such a receive' : 'there is no such receive'
  const requirement = request ? 'EMP-MATCH-016' : 'EMP-MATCH-019'
  return forbidden([requirement], `${host.name}'s emp.cancel answered ${status}; ${right}`)
}
