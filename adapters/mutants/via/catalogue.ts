// All mutants of the VIA reference.
import type { Mutant } from '../mutant.ts'
import { acceptingMutants } from './accepting.ts'
import { bookkeepingMutants } from './bookkeeping.ts'
import { completionMutants } from './completion.ts'
import { connectingMutants } from './connecting.ts'
import { descriptorMutants } from './descriptors.ts'
import { deviceMutants } from './devices.ts'
import { edgeMutants } from './edges.ts'
import { errorMutants } from './errors.ts'
import { inTurnMutants } from './in-turn.ts'
import { leavingMutants } from './leaving.ts'
import { leftOverMutants } from './left-over.ts'
import { managementMutants } from './management.ts'
import { meetingRdmaMutants } from './meeting-rdma.ts'
import { memoryAttributeMutants } from './memory-attributes.ts'
import { memoryMutants, tagMutants } from './memory.ts'
import { miscountedMutants } from './miscounted.ts'
import { nameMutants } from './names.ts'
import { neighbourMutants } from './neighbours.ts'
import { nicMutants } from './nic.ts'
import { notifyMutants } from './notify.ts'
import { oneSidedMutants } from './one-sided.ts'
import { peerMutants } from './peers.ts'
import { postedDescriptorMutants } from './posted-descriptors.ts'
import { queueMutants } from './queues.ts'
import { racingActivityMutants } from './racing-activities.ts'
import { racingCallMutants } from './racing-calls.ts'
import { racingNotifyMutants } from './racing-notify.ts'
import { racingPeerMutants } from './racing-peers.ts'
import { racingRdmaMutants } from './racing-rdma.ts'
import { rdmaBrokenMutants } from './rdma-broken.ts'
import { rdmaReadMutants } from './rdma-reads.ts'
import { rdmaRightMutants } from './rdma-rights.ts'
import { rdmaWriteMutants } from './rdma-writes.ts'
import { receivingMutants } from './receiving.ts'
import { refusalMutants } from './refusals.ts'
import { reliabilityMutants } from './reliability.ts'
import { resizeMutants } from './resize.ts'
import { resultMutants } from './results.ts'
import { secondOfTwoMutants } from './second-of-two.ts'
import { segmentMutants } from './segments.ts'
import { smallNumberMutants } from './small-numbers.ts'
import { tableMutants } from './tables.ts'
import { takingMutants } from './taking.ts'
import { unluckyFrameMutants } from './unlucky-frames.ts'
import { viAttributeMutants } from './vi-attributes.ts'
import { viLifeMutants } from './vi-life.ts'
import { viMutants } from './vis.ts'
import { wakingMutants } from './waking.ts'

export const viaMutants: readonly Mutant[] = [
  ...nicMutants,
  ...deviceMutants,
  ...nameMutants,
  ...managementMutants,
  ...tagMutants,
  ...memoryMutants,
  ...memoryAttributeMutants,
  ...viAttributeMutants,
  ...viMutants,
  ...viLifeMutants,
  ...connectingMutants,
  ...acceptingMutants,
  ...peerMutants,
  ...leavingMutants,
  ...descriptorMutants,
  ...postedDescriptorMutants,
  ...segmentMutants,
  ...resultMutants,
  ...queueMutants,
  ...takingMutants,
  ...completionMutants,
  ...notifyMutants,
  ...resizeMutants,
  ...receivingMutants,
  ...reliabilityMutants,
  ...errorMutants,
  ...rdmaWriteMutants,
  ...rdmaRightMutants,
  ...rdmaReadMutants,
  ...rdmaBrokenMutants,
  ...smallNumberMutants,
  ...bookkeepingMutants,
  ...edgeMutants,
  ...leftOverMutants,
  ...neighbourMutants,
  ...oneSidedMutants,
  ...tableMutants,
  ...inTurnMutants,
  ...refusalMutants,
  ...wakingMutants,
  ...miscountedMutants,
  ...meetingRdmaMutants,
  ...secondOfTwoMutants,
  ...racingCallMutants,
  ...racingActivityMutants,
  ...racingRdmaMutants,
  ...racingNotifyMutants,
  ...racingPeerMutants,
  ...unluckyFrameMutants,
]
