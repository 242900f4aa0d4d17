// All mutants of both references, by name.
import type { Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { acknowledgementMutants } from './emp/acknowledgement.ts'
import { aftermathMutants } from './emp/aftermath.ts'
import { cancellingMutants } from './emp/cancelling.ts'
import { cornerMutants } from './emp/corners.ts'
import { crossingMutants } from './emp/crossings.ts'
import { deliveryMutants } from './emp/delivery.ts'
import { descriptorMutants } from './emp/descriptors.ts'
import { framingMutants } from './emp/framing.ts'
import { givingUpMutants } from './emp/giving-up.ts'
import { halfWrittenMutants } from './emp/half-written.ts'
import { hostMutants } from './emp/host.ts'
import { leftOverMutants } from './emp/left-over.ts'
import { matchingMutants } from './emp/matching.ts'
import type { Mutant } from './mutant.ts'
import { narrowMutants } from './emp/narrow.ts'
import { peerMutants } from './emp/peers.ts'
import { poolMutants } from './emp/pool.ts'
import { probingMutants } from './emp/probing.ts'
import { racingActivityMutants } from './emp/racing-activities.ts'
import { racingCallMutants } from './emp/racing-calls.ts'
import { repeatMutants } from './emp/repeats.ts'
import { retransmissionMutants } from './emp/retransmission.ts'
import { severalRequestsMutants } from './emp/several-requests.ts'
import { sharedStateMutants } from './emp/shared-state.ts'
import { translatingMutants } from './emp/translating.ts'
import { unluckyFrameMutants } from './emp/unlucky-frames.ts'
import { wildcardMutants } from './emp/wildcards.ts'
import { slotMutants } from './emp/slots.ts'
import { leftInSlotMutants } from './emp/left-in-slot.ts'
import { sendingAgainMutants } from './emp/sending-again.ts'
import { wildcardsLaterMutants } from './emp/wildcards-later.ts'
import { tooSmallMutants } from './emp/too-small.ts'
import { countingMutants } from './emp/counting.ts'
import { viaMutants } from './via/catalogue.ts'

export const mutants: readonly Mutant[] = [
  ...framingMutants,
  ...acknowledgementMutants,
  ...retransmissionMutants,
  ...matchingMutants,
  ...deliveryMutants,
  ...descriptorMutants,
  ...poolMutants,
  ...hostMutants,
  ...peerMutants,
  ...severalRequestsMutants,
  ...wildcardMutants,
  ...cancellingMutants,
  ...probingMutants,
  ...givingUpMutants,
  ...translatingMutants,
  ...narrowMutants,
  ...sharedStateMutants,
  ...repeatMutants,
  ...leftOverMutants,
  ...cornerMutants,
  ...racingCallMutants,
  ...racingActivityMutants,
  ...halfWrittenMutants,
  ...slotMutants,
  ...leftInSlotMutants,
  ...sendingAgainMutants,
  ...wildcardsLaterMutants,
  ...countingMutants,
  ...tooSmallMutants,
  ...crossingMutants,
  ...aftermathMutants,
  ...unluckyFrameMutants,
  ...viaMutants,
]

/** An endpoint of the mutant `name`. Throws a RangeError if there is none. */
export function makeMutantEndpoint(name: string, setting: EndpointSetting): Endpoint {
  const mutant = mutants.find((known) => known.name === name)
  if (!mutant) throw new RangeError(`no mutant ${name}`)
  return mutant.make(setting)
}
