// All monitors: the invariants that every run of an interface is held against.
import type { InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { answeredOnce } from './monitors/answered-once.ts'
import { acknowledgedLast, acknowledgedWhole } from './monitors/emp/acknowledgements.ts'
import { answeredAgain, unexpectedUnanswered, wholeAnswered } from './monitors/emp/answers.ts'
import { backsOff, growsNoFaster, startsAfresh } from './monitors/emp/back-off.ts'
import { cancelledIfAsked } from './monitors/emp/cancelling.ts'
import { asAsked, doneWhenReceived, outcomeTells, realLength } from './monitors/emp/completions.ts'
import { countsOnce } from './monitors/emp/counters.ts'
import { descriptorShows, handedBack } from './monitors/emp/descriptors.ts'
import { firstIsData } from './monitors/emp/first-frame.ts'
import { failsByLimit, givenUpByLimit, givenUpForGood, retriesLimited } from './monitors/emp/giving-up.ts'
import { cutting, frameHeader, messageHeader } from './monitors/emp/frames.ts'
import { foulUnanswered } from './monitors/emp/malformed.ts'
import { sameAgain } from './monitors/emp/octets-again.ts'
import { lockedOnly, piecesFit, poolHolds } from './monitors/emp/pool.ts'
import { probedIsTaken } from './monitors/emp/probed-first.ts'
import { probeFindsArrived, probeFindsWaiting, probeTakesNothing } from './monitors/emp/probing.ts'
import { atMostOnce, nonOvertaking, oldestFirst, receivedWhole } from './monitors/emp/receives.ts'
import { allTogether, notWhenAnswered } from './monitors/emp/repeats.ts'
import { answersAtOnce, completedOnce, goneWhenNamed, steadyTests, waits, waitsEnd } from './monitors/emp/requests.ts'
import { doneWhenAnswered, messageIds, sendDone } from './monitors/emp/sends.ts'
import { nothingArmed, notTooEarly, sentAgain } from './monitors/emp/timers.ts'
import { goesOnMeanwhile } from './monitors/emp/translating.ts'
import { keepsPlace } from './monitors/emp/wildcards.ts'
import { window } from './monitors/emp/window.ts'
import { guardZones } from './monitors/guard-zones.ts'
import type { Monitor } from './monitors/monitor.ts'
import { alikeOnly, asGranted, nicStays, peersTold, regionsAsGiven } from './monitors/via/attributes.ts'
import { disconnectCompletes, goodIfConnected, nothingGoodAfter, staysPosted } from './monitors/via/breaks.ts'
import { lengthFits, ownFieldsOnly, reservedZero } from './monitors/via/descriptors.ts'
import { emptyFlags, emptyIsNull } from './monitors/via/emptiness.ts'
import { entriesCome, entriesOfLiving, entryMeansDone, oneEntryEach, ownEntries } from './monitors/via/entries.ts'
import { readsWaitAtFences } from './monitors/via/fences.ts'
import { noErrorWithoutCause, quietAfterDisconnect, rightHandler } from './monitors/via/handlers.ts'
import { deadHandles } from './monitors/via/handles.ts'
import { limitsHold, refusesNonsense } from './monitors/via/limits.ts'
import { linksKept } from './monitors/via/links.ts'
import { discoversHosts } from './monitors/via/management.ts'
import { onlyPostedMemory } from './monitors/via/memory.ts'
import { immediateAsSent, messagesAsSent, noSilentLoss, receivedIfSaidSo } from './monitors/via/messages.ts'
import { foundWhenStarted, hostsAsNamed } from './monitors/via/names.ts'
import { ownHandlers, runsForLiving, runsOnce } from './monitors/via/notified.ts'
import { outcomeOnce, pairedAsAsked, peerTimeHolds } from './monitors/via/peers.ts'
import { comesBackOnce, hostOwned, inPostedOrder, statusTells } from './monitors/via/queues.ts'
import { rdmaAsAsked, writtenIfToldSo } from './monitors/via/rdma.ts'
import { changesIdleOnly, connectsIdleOnly, destroysIdleOnly, errorStays, stateFollows } from './monitors/via/states.ts'
import { strangersUnanswered } from './monitors/via/strangers.ts'
import { doneAtOnce, waitsLongEnough, waitsNoLonger } from './monitors/via/times.ts'

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
