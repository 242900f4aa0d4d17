// A call of VIPL answers: which judge hears it.
import type { ViplCall, ViplOperation } from '../../vocabulary/via-calls.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import type { Judged } from '../forbidden.ts'
import { judgeAccepted, judgeDisconnected, judgeRejected } from './accepting.ts'
import { judgeArmed } from './arming.ts'
import type { Asked } from './asking.ts'
import { judgeCreateCq, judgeDestroyCq, judgeEntry, judgeResizeCq } from './completion-queues.ts'
import type { Host } from './host.ts'
import { judgeManagement } from './management.ts'
import { judgeHostByAddr, judgeHostByName, judgeNamesEnded, judgeNamesStarted } from './names.ts'
import {
  judgeCloseNic,
  judgeCreatePtag,
  judgeDestroyPtag,
  judgeErrorCallback,
  judgeOpenNic,
  judgeQueryNic,
} from './nics.ts'
import { judgeOutcome, judgePeerAsked } from './peering.ts'
import { judgePosted } from './postings.ts'
import { judgeQueryMem, judgeSetMemAttributes } from './region-attributes.ts'
import { judgeDeregisterMem, judgeRegisterMem } from './regions.ts'
import { judgeRequested } from './requesting.ts'
import { judgeDocumented } from './ruling.ts'
import { judgeTaken } from './taking.ts'
import { judgeCreateVi, judgeDestroyVi, judgeQueryVi, judgeSetViAttributes } from './vis.ts'
import { judgeWaited } from './waiting.ts'
import type { World } from './world.ts'

/** A call that is answered, with when it was made and whether other calls of its host went on meanwhile. */
export interface Answered {
  readonly operation: ViplOperation
  readonly asked: Asked
  readonly since: number
  readonly isContested: boolean
}

export function judgeAnswer(world: World, host: Host, answered: Answered, answer: ViaReturn): Judged {
  const { operation, asked, since, isContested } = answered
  const judged = judgeDocumented(operation, host.name, answer)
  world.ruling.start(operation, host.name, isContested || host.isLoose)
  const other = judgeAsked(world, host, { asked, since, isContested }, answer)
  return host.isLoose ? undefined : (judged ?? other)
}

function judgeAsked(
  world: World,
  host: Host,
  { asked, since, isContested }: Omit<Answered, 'operation'>,
  answer: ViaReturn,
): Judged {
  switch (asked.kind) {
    case 'posting':
      return judgePosted(world, asked.posting, answer)
    case 'taking':
      return judgeTaken(world, { taking: asked.taking, isContested, since }, answer)
    case 'entry':
      return judgeEntry(world, host, { entry: asked.entry, isContested, since }, answer)
    case 'wait':
      return judgeWaited(world, { call: asked.call, waiting: asked.waiting, since }, answer)
    case 'request':
      return judgeRequested(world, host, { open: asked.request, since }, answer)
    case 'accept':
      return judgeAccepted(world, asked.accept, answer)
    case 'disconnect':
      return judgeDisconnected(world, { open: asked.disconnect, isContested }, answer)
    case 'arming':
      return judgeArmed(world, asked.arming, answer)
    case 'peer':
      return judgePeerAsked(world, host, asked.peer, answer)
    case 'pairing':
      return judgeOutcome(world, host, asked.pairing, answer)
    case 'plain':
      return judgePlain(world, host, { call: asked.call, wasIdle: asked.wasIdle, isContested }, answer)
  }
}

function judgePlain(
  world: World,
  host: Host,
  { call, wasIdle, isContested }: { call: ViplCall; wasIdle: boolean; isContested: boolean },
  answer: ViaReturn,
): Judged {
  switch (call.operation) {
    case 'VipOpenNic':
      return judgeOpenNic(world, host, call, answer)
    case 'VipCloseNic':
      return judgeCloseNic(world, host, call, answer)
    case 'VipQueryNic':
      return judgeQueryNic(world, host, call, answer)
    case 'VipErrorCallback':
      return judgeErrorCallback(world, host, call, answer)
    case 'VipCreatePtag':
      return judgeCreatePtag(world, host, call, answer)
    case 'VipDestroyPtag':
      return judgeDestroyPtag(world, host, call, answer)
    case 'VipRegisterMem':
      return judgeRegisterMem(world, host, call, answer)
    case 'VipDeregisterMem':
      return judgeDeregisterMem(world, host, call, answer)
    case 'VipQueryMem':
      return judgeQueryMem(world, host, { call, isContested }, answer)
    case 'VipSetMemAttributes':
      return judgeSetMemAttributes(world, host, call, answer)
    case 'VipCreateVi':
      return judgeCreateVi(world, host, call, answer)
    case 'VipDestroyVi':
      return judgeDestroyVi(world, host, call, answer)
    case 'VipQueryVi':
      return judgeQueryVi(world, host, { call, isContested }, answer)
    case 'VipSetViAttributes':
      return judgeSetViAttributes(world, host, { call, wasIdle }, answer)
    case 'VipCreateCQ':
      return judgeCreateCq(world, host, call, answer)
    case 'VipDestroyCQ':
      return judgeDestroyCq(world, host, call, answer)
    case 'VipResizeCQ':
      return judgeResizeCq(world, host, call, answer)
    case 'VipConnectReject':
      return judgeRejected(world, host, call, answer)
    case 'VipQuerySystemManagementInfo':
      return judgeManagement(world, host, call, answer)
    case 'VipNSInit':
      return judgeNamesStarted(world, host, { call, isContested }, answer)
    case 'VipNSGetHostByName':
      return judgeHostByName(world, host, call, answer)
    case 'VipNSGetHostByAddr':
      return judgeHostByAddr(world, host, call, answer)
    case 'VipNSShutdown':
      return judgeNamesEnded(world, host, { call, isContested }, answer)
    default:
      return undefined
  }
}
