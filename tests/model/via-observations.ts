// Reads a trace as the observations that the VIA model is fed, up to the first frame that the harness forged.
import type { Permutation } from '../../harness/plan/case.ts'
import type { Trace } from '../../harness/result/trace.ts'
import { grants, type Pics } from '../../harness/subject/pics.ts'
import { viaDefaults } from '../../spec/vocabulary/via-attributes.ts'
import { ViaModel, type Judged } from '../../spec/model/via.ts'

/** A model of the world that a permutation plays in. */
export function modelOf({ hosts, configuration }: Permutation, pics: Pics): ViaModel {
  return new ViaModel({
    hosts: hosts.map(({ name }) => ({ name, configuration })),
    reliableDelivery: grants(pics, 'via.reliable-delivery'),
    reliableReception: grants(pics, 'via.reliable-reception'),
    rdmaRead: grants(pics, 'via.rdma-read'),
    calm: true,
  })
}

/** How many times the longest timeout of a provider must pass in silence before nothing more is to be expected. */
const timeoutsOfSilence = 4

/** Feeds a trace to a model; the first observation that it forbids. */
export function judgeTrace(model: ViaModel, trace: Trace, permutation: Permutation): Judged {
  const frames = new Frames()
  let now = 0
  /** Until when the step must be over that waits for the world to come to rest. */
  let settling = 0
  const { 'via.connection-timeout': timeout = viaDefaults['via.connection-timeout'] } = permutation.configuration
  const silence = timeoutsOfSilence * timeout
  for (let record = 0; record < trace.length; record++) {
    const kind = trace.kind(record)
    if (kind === 'crafted') return undefined
    const time = trace.time(record)
    const isRest = kind === 'step' && time < settling
    if (kind === 'step') settling = settledBy(permutation, trace.detail(record), time)
    const judged =
      (time > now ? model.elapsed(time - now) : undefined) ??
      (time - now >= silence && !frames.arePending ? model.paused() : undefined) ??
      (isRest ? model.rested() : undefined) ??
      judgeRecord(model, trace, record)
    now = time
    if (judged) return judged
    if (frames.note(trace, record)) model.disturbed()
  }
  return frames.arePending || !isStill(trace) ? undefined : model.rested()
}

/** What has become of the frames so far. */
class Frames {
  private pending = 0

  get arePending(): boolean {
    return this.pending > 0
  }

  /** Takes a record in; true if something happened to a frame. */
  note(trace: Trace, record: number): boolean {
    switch (trace.kind(record)) {
      case 'sent':
        this.pending++
        return false
      case 'arrived':
      case 'lost':
        this.pending--
        return false
      case 'fate': {
        const fate = trace.fateOf(record)
        if (fate?.fate === 'duplicate') this.pending += fate.amount
        return true
      }
      case 'call':
      case 'returned':
      case 'event':
      case 'crafted':
      case 'woken':
      case 'ran':
      case 'deadline':
      case 'step':
        return false
    }
  }
}

function settledBy({ steps }: Permutation, place: number, now: number): number {
  const step = steps[place]
  return step?.kind === 'settle' ? now + step.within : 0
}

function judgeRecord(model: ViaModel, trace: Trace, record: number): Judged {
  const node = trace.node(record)
  const call = trace.callOf(record)
  if (call) model.called(node, call)
  const answer = trace.returnOf(record)
  if (answer) return model.returned(node, answer)
  const event = trace.eventOf(record)
  return event && event.event !== 'emp.completion' ? model.told(node, event) : undefined
}

/** Whether no deadline was armed at the end, so that nothing more could happen. */
function isStill(trace: Trace): boolean {
  let deadlines = 0
  for (let record = 0; record < trace.length; record++) {
    if (trace.kind(record) !== 'deadline') continue
    if (trace.amount(record) !== -1) return false
    deadlines++
  }
  return deadlines > 0
}
