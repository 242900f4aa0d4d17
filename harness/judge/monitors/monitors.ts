// All monitors: the invariants that every run of an interface is held against.
import type { InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import { answeredOnce } from './answered-once.ts'
import { acknowledgedLast, acknowledgedWhole } from './emp/acknowledgements.ts'
import { answeredAgain, unexpectedUnanswered, wholeAnswered } from './emp/answers.ts'
import { backsOff, growsNoFaster, startsAfresh } from './emp/back-off.ts'
import { cancelledIfAsked } from './emp/cancelling.ts'
import { asAsked, doneWhenReceived, outcomeTells, realLength } from './emp/completions.ts'
import { countsOnce } from './emp/counters.ts'
import { descriptorShows, handedBack } from './emp/descriptors.ts'
import { firstIsData } from './emp/first-frame.ts'
import { failsByLimit, givenUpByLimit, givenUpForGood, retriesLimited } from './emp/giving-up.ts'
import { cutting, frameHeader, messageHeader } from './emp/frames.ts'
import { foulUnanswered } from './emp/malformed.ts'
import { sameAgain } from './emp/octets-again.ts'
import { lockedOnly, piecesFit, poolHolds } from './emp/pool.ts'
import { probedIsTaken } from './emp/probed-first.ts'
import { probeFindsArrived, probeFindsWaiting, probeTakesNothing } from './emp/probing.ts'
import { atMostOnce, nonOvertaking, oldestFirst, receivedWhole } from './emp/receives.ts'
import { allTogether, notWhenAnswered } from './emp/repeats.ts'
import { answersAtOnce, completedOnce, goneWhenNamed, steadyTests, waits, waitsEnd } from './emp/requests.ts'
import { doneWhenAnswered, messageIds, sendDone } from './emp/sends.ts'
import { nothingArmed, notTooEarly, sentAgain } from './emp/timers.ts'
import { goesOnMeanwhile } from './emp/translating.ts'
import { keepsPlace } from './emp/wildcards.ts'
import { window } from './emp/window.ts'
import { guardZones } from './guard-zones.ts'
import type { Monitor } from './monitor.ts'
import { alikeOnly, asGranted, nicStays, peersTold, regionsAsGiven } from './via/attributes.ts'
import { disconnectCompletes, goodIfConnected, nothingGoodAfter, staysPosted } from './via/breaks.ts'
import { lengthFits, ownFieldsOnly, reservedZero } from './via/descriptors.ts'
import { emptyFlags, emptyIsNull } from './via/emptiness.ts'
import { entriesCome, entriesOfLiving, entryMeansDone, oneEntryEach, ownEntries } from './via/entries.ts'
import { readsWaitAtFences } from './via/fences.ts'
import { noErrorWithoutCause, quietAfterDisconnect, rightHandler } from './via/handlers.ts'
import { deadHandles } from './via/handles.ts'
import { limitsHold, refusesNonsense } from './via/limits.ts'
import { linksKept } from './via/links.ts'
import { discoversHosts } from './via/management.ts'
import { onlyPostedMemory } from './via/memory.ts'
import { immediateAsSent, messagesAsSent, noSilentLoss, receivedIfSaidSo } from './via/messages.ts'
import { foundWhenStarted, hostsAsNamed } from './via/names.ts'
import { ownHandlers, runsForLiving, runsOnce } from './via/notified.ts'
import { outcomeOnce, pairedAsAsked, peerTimeHolds } from './via/peers.ts'
import { comesBackOnce, hostOwned, inPostedOrder, statusTells } from './via/queues.ts'
import { rdmaAsAsked, writtenIfToldSo } from './via/rdma.ts'
import { changesIdleOnly, connectsIdleOnly, destroysIdleOnly, errorStays, stateFollows } from './via/states.ts'
import { strangersUnanswered } from './via/strangers.ts'
import { doneAtOnce, waitsLongEnough, waitsNoLonger } from './via/times.ts'

const empMonitors: readonly Monitor[] = [
  firstIsData,
  frameHeader,
  cutting,
  messageHeader,
  messageIds,
  acknowledgedWhole,
  acknowledgedLast,
  wholeAnswered,
  answeredAgain,
  unexpectedUnanswered,
  foulUnanswered,
  sendDone,
  doneWhenAnswered,
  receivedWhole,
  doneWhenReceived,
  atMostOnce,
  oldestFirst,
  nonOvertaking,
  keepsPlace,
  asAsked,
  outcomeTells,
  realLength,
  answeredOnce,
  answersAtOnce,
  completedOnce,
  steadyTests,
  waits,
  waitsEnd,
  goneWhenNamed,
  goesOnMeanwhile,
  notTooEarly,
  sentAgain,
  allTogether,
  sameAgain,
  notWhenAnswered,
  backsOff,
  startsAfresh,
  growsNoFaster,
  window,
  nothingArmed,
  retriesLimited,
  failsByLimit,
  givenUpByLimit,
  givenUpForGood,
  cancelledIfAsked,
  probeFindsArrived,
  probeFindsWaiting,
  probeTakesNothing,
  probedIsTaken,
  poolHolds,
  piecesFit,
  lockedOnly,
  descriptorShows,
  handedBack,
  countsOnce,
  guardZones('EMP-MATCH-013'),
]

const viaMonitors: readonly Monitor[] = [
  answeredOnce,
  nicStays,
  strangersUnanswered,
  limitsHold,
  refusesNonsense,
  deadHandles,
  asGranted,
  alikeOnly,
  peersTold,
  regionsAsGiven,
  hostsAsNamed,
  foundWhenStarted,
  discoversHosts,
  inPostedOrder,
  comesBackOnce,
  statusTells,
  reservedZero,
  lengthFits,
  ownFieldsOnly,
  hostOwned,
  linksKept,
  emptyIsNull,
  emptyFlags,
  ownEntries,
  oneEntryEach,
  entriesCome,
  entryMeansDone,
  entriesOfLiving,
  messagesAsSent,
  immediateAsSent,
  receivedIfSaidSo,
  noSilentLoss,
  rdmaAsAsked,
  writtenIfToldSo,
  readsWaitAtFences,
  onlyPostedMemory,
  guardZones('VIA-RECV-006'),
  waitsLongEnough,
  waitsNoLonger,
  doneAtOnce,
  stateFollows,
  connectsIdleOnly,
  changesIdleOnly,
  destroysIdleOnly,
  errorStays,
  staysPosted,
  goodIfConnected,
  nothingGoodAfter,
  disconnectCompletes,
  rightHandler,
  noErrorWithoutCause,
  quietAfterDisconnect,
  runsOnce,
  runsForLiving,
  ownHandlers,
  outcomeOnce,
  peerTimeHolds,
  pairedAsAsked,
]

const monitors: Readonly<Record<InterfaceName, readonly Monitor[]>> = { emp: empMonitors, via: viaMonitors }

/** What a run of that interface is held against. */
export function monitorsOf(name: InterfaceName): readonly Monitor[] {
  return monitors[name]
}
