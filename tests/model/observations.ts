// Reads a trace as the observations that the EMP model is fed, up to the first frame that the harness forged.
import type { Permutation } from '../../harness/plan/case.ts'
import type { Trace } from '../../harness/result/trace.ts'
import { grants, type Pics } from '../../harness/subject/pics.ts'
import { EmpModel, type Judged } from '../../spec/model/emp.ts'
import { empDefaults, type Configuration } from '../../spec/vocabulary/endpoint.ts'
import type { Duration } from '../../spec/vocabulary/units.ts'

/** How many of the longest timeouts must pass undisturbed before stillness says something. */
const timeoutsOfCalm = 4

/** A model of the world that a permutation plays in. */
export function modelOf({ hosts, configuration }: Permutation, pics: Pics): EmpModel {
  return new EmpModel({
    hosts: hosts.map(({ name }) => ({ name, configuration })),
    completionEvents: grants(pics, 'emp.completion-events'),
    wildcards: grants(pics, 'emp.wildcards'),
    retryLimit: false,
  })
}

/** Feeds a trace to a model; the first observation that it forbids. */
export function judgeTrace(model: EmpModel, trace: Trace, configuration: Configuration): Judged {
  const calm = calmOf(configuration)
  let called = 0
  let disturbed = 0
  let now = 0
  const rest = (): Judged => {
    if (now - disturbed >= calm) return model.rested('calm')
    return now - called >= calm ? model.rested('foul') : undefined
  }
  for (let record = 0; record < trace.length; record++) {
    const kind = trace.kind(record)
    if (kind === 'crafted') return undefined
    const hasElapsed = trace.time(record) > now
    now = trace.time(record)
    const judged =
      (hasElapsed ? model.elapsed() : undefined) ??
      (kind === 'call' ? rest() : undefined) ??
      judgeRecord(model, trace, record)
    if (judged) return judged
    if (isPosting(trace, record)) called = disturbed = now
    if (kind === 'fate') disturbed = now + delayOf(trace, record)
  }
  return isStill(trace) ? model.rested('calm') : rest()
}

function calmOf(configuration: Configuration): Duration {
  const timeout = configuration['emp.timeout'] ?? empDefaults['emp.timeout']
  const cap = configuration['emp.timeout-cap'] ?? empDefaults['emp.timeout-cap']
  return timeoutsOfCalm * Math.max(timeout, cap)
}

function judgeRecord(model: EmpModel, trace: Trace, record: number): Judged {
  const node = trace.node(record)
  const call = trace.callOf(record)
  if (call) model.called(node, call)
  const answer = trace.returnOf(record)
  if (answer) return model.returned(node, answer)
  const event = trace.eventOf(record)
  return event?.event === 'emp.completion' ? model.told(node, event) : undefined
}

/** Whether something new is to be transferred. */
function isPosting(trace: Trace, record: number): boolean {
  const operation = trace.callOf(record)?.body.operation
  return operation === 'emp.isend' || operation === 'emp.irecv'
}

function delayOf(trace: Trace, record: number): Duration {
  const fate = trace.fateOf(record)
  return fate?.fate === 'delay' ? fate.amount : 0
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
