// What must have happened when the world is at rest: the only promise of progress (E10, E19, E51, R7, R19).
import { forbidden, type Judged } from '../forbidden.ts'
import type { Lane } from './matching.ts'
import { judgeUntold, noteRest } from './missed.ts'
import type { Request } from './request.ts'
import type { World } from './world.ts'

/** What became of the frames before the world came to rest. `foul`: some may be lost still. */
export type Weather = 'calm' | 'foul'

/**
 * Every message with an accepted receive is done at both ends, and its completion told if the adapter tells. In foul weather
 * only messages to oneself, which need no wire.
 */
export function judgeRest(world: World, weather: Weather): Judged {
  for (const lane of world.matching.lanes.values()) {
    if (lane.isLoose || lane.receiver.takesAny) continue
    if (weather === 'foul' && lane.sender !== lane.receiver) continue
    const judged = judgeLane(world, lane)
    if (judged) return judged
  }
  return judgeWithdrawn(world) ?? (weather === 'calm' ? judgeLeft(world) : undefined)
}

/** What wildcards leave open is held against what is told, now or when it is asked for. */
function judgeLeft(world: World): Judged {
  noteRest(world)
  if (!world.setting.completionEvents) return undefined
  for (const host of world.hosts) {
    const judged = judgeUntold(world, host)
    if (judged) return judged
  }
  return undefined
}

/** A receive that was to be withdrawn is, or has its message: nothing else keeps it (R24). */
function judgeWithdrawn(world: World): Judged {
  for (const host of world.hosts) {
    for (const request of host.holding) {
      if (!request.cancelAsked || request.completion || request.partner || request.unpromised) continue
      if (!isUntaken(world, request)) continue
      request.due = true
      if (!world.setting.completionEvents) continue
      const words = `${host.name} was not told what became of ${request.name}, which was to be cancelled`
      return forbidden(['EMP-MATCH-016'], `${words}, though the world has come to rest`)
    }
  }
  return undefined
}

/**
 * Whether no message can hold it: none was posted for it that is not done, or of which nothing is promised (R21, R23). Which
 * receive took which of two that are alike is open.
 */
function isUntaken({ matching }: World, request: Request): boolean {
  return matching.count(request, ({ completion, unpromised }) => completion?.outcome !== 'done' || unpromised) === 0
}

function judgeLane(world: World, { messages, receives }: Lane): Judged {
  const pairs = Math.min(messages.length, receives.length)
  for (let i = 0; i < pairs; i++) {
    const message = messages[i]
    const receive = receives[i]
    if (!message || !receive || message.unpromised || receive.unpromised) continue
    const judged = demand(world, message, receive) ?? demand(world, receive, message)
    if (judged) return judged
  }
  return undefined
}

function demand(world: World, request: Request, other: Request): Judged {
  if (request.completion) return undefined
  request.due = true
  if (!world.setting.completionEvents) return undefined
  const end = `${request.host.name} was not told that ${request.name}, ${world.wordsOf(request)}, is done`
  return forbidden(promiseOf(world, request, other), `${end}, though the world has come to rest`)
}

/** The requirements by which a request that has its other side becomes done. */
export function promiseOf(world: World, request: Request, other: Request | undefined): string[] {
  const [message, receive] = request.kind === 'send' ? [request, other] : [other, request]
  if (!message || !receive) return ['EMP-REL-001']
  const special: string[] = message.host === receive.host ? ['EMP-MATCH-012'] : []
  if (world.hasWrapped(message)) special.push('EMP-REL-019')
  if (message.bytes === 0) special.push('EMP-MATCH-011')
  if (message.bytes > receive.bytes) special.push('EMP-MATCH-009')
  if (receive.serial > message.serial) special.push('EMP-MATCH-006')
  if (message.wasFound) special.push('EMP-MATCH-020')
  return [...special, 'EMP-REL-001', 'EMP-MATCH-004', 'EMP-HOST-001']
}
