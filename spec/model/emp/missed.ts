// A message and a receive that it fits have both been left over: where wildcards leave open what takes what, that much is sure.
import { empAny } from '../../vocabulary/emp.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { takes } from './matching.ts'
import type { Host, Request } from './request.ts'
import type { World } from './world.ts'

/** The world has come to rest in calm weather: what is outstanding now was so at this rest, and at the first that it saw. */
export function noteRest(world: World): void {
  world.rests++
  for (const { holding } of world.hosts) {
    for (const request of holding) if (request.stage === 'accepted') request.firstRest ||= world.rests
  }
}

/** A request was asked for after that many rests, and is not done: it was left over by each of them since it was posted. */
export function judgeLeftOver(world: World, request: Request, rests: number): Judged {
  if (request.firstRest === 0 || !isLeft(request)) return undefined
  request.leftOverUntil = Math.max(request.leftOverUntil, rests)
  const other = request.kind === 'send' ? missedReceive(world, request) : missedMessage(world, request)
  if (!other) return undefined
  const [message, receive] = request.kind === 'send' ? [request, other] : [other, request]
  const words = `${world.wordsOf(message)}, ${message.name}, and ${world.wordsOf(receive)}, ${receive.name}`
  return forbidden(
    [...(message.wasFound ? ['EMP-MATCH-020'] : []), ...promisesOfAny(receive)],
    `${words}, were both left over, though the world had come to rest`,
  )
}

function missedReceive(world: World, message: Request): Request | undefined {
  return world.hosts[message.peer]?.holding.find(
    (receive) => receive.kind === 'receive' && takes(receive, message) && haveMissed(world, receive, message),
  )
}

function missedMessage(world: World, receive: Request): Request | undefined {
  const isMissed = (message: Request): boolean =>
    message.kind === 'send' &&
    message.peer === receive.host.node &&
    takes(receive, message) &&
    haveMissed(world, receive, message)
  for (const { holding } of world.hosts) {
    const message = holding.find(isMissed)
    if (message) return message
  }
  return undefined
}

/** Whether some rest has left over both, though nothing else can keep the receive. */
function haveMissed({ matching }: World, receive: Request, message: Request): boolean {
  if (receive.firstRest === 0 || message.firstRest === 0 || !isLeft(receive) || !isLeft(message)) return false
  if (receive.leftOverUntil < message.firstRest || message.leftOverUntil < receive.firstRest) return false
  return matching.count(receive, ({ unpromised, partner }) => unpromised && !partner) === 0
}

/** Nothing keeps it from being done but that nothing has taken it (R21, R23, R24). */
function isLeft({ completion, partner, unpromised, cancelAsked }: Request): boolean {
  return !completion && !partner && !unpromised && !cancelAsked
}

function promisesOfAny({ peer, tag }: Request): string[] {
  return [
    ...(peer === empAny ? ['EMP-MATCH-014'] : []),
    ...(tag === empAny ? ['EMP-MATCH-015'] : []),
    'EMP-REL-001',
    'EMP-MATCH-004',
  ]
}

/** The adapter tells of completions by events: of whom nothing was told by now, that one is left over. */
export function judgeUntold(world: World, { holding }: Host): Judged {
  for (const request of holding) {
    const judged = judgeLeftOver(world, request, world.rests)
    if (judged) return judged
  }
  return undefined
}
