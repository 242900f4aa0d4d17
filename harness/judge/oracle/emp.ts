// Reads the trace of a world of EMP hosts for their model: what they ask and are told, and when all has been calm for long.
import type { Affirmed } from '../../../spec/model/affirmed.ts'
import { EmpModel } from '../../../spec/model/emp.ts'
import { piecesMax } from '../../../spec/model/emp/pool.ts'
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { empDefaults, type Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { Duration, Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Permutation } from '../../plan/permutation.ts'
import type { Trace } from '../../result/trace.ts'
import { grants, type Pics } from '../../subject/pics.ts'
import { Deadlines, type Forbidden, type Oracle } from './pronounce.ts'

/** How many of the longest timeouts must pass undisturbed before stillness says something. */
const timeoutsOfCalm = 4

/** Calls after which the NIC has something to do. */
const asksTheNic: ReadonlySet<string> = new Set<CallBody['operation']>(['emp.isend', 'emp.irecv', 'emp.cancel'])

export class EmpOracle implements Oracle {
  private readonly model: EmpModel
  private readonly calm: Duration
  private readonly deadlines = new Deadlines()
  private now: Instant = 0
  /** When the NIC was asked for something, and when frames were last interfered with. */
  private posted: Instant = 0
  private disturbed: Instant = 0

  /** For worlds with these hosts, so set up. */
  constructor({ hosts, configuration }: Pick<Permutation, 'hosts' | 'configuration'>, pics: Pics) {
    this.calm = timeoutsOfCalm * timeoutOf(configuration) + translationOf(configuration)
    this.model = new EmpModel({
      hosts: hosts.map(({ name }) => ({ name, configuration })),
      completionEvents: grants(pics, 'emp.completion-events'),
      wildcards: grants(pics, 'emp.wildcards'),
      mpi: grants(pics, 'emp.mpi'),
      cancel: grants(pics, 'emp.cancel'),
      probe: grants(pics, 'emp.probe'),
      retryLimit: hosts.length > 0 && (configuration['emp.retries'] ?? empDefaults['emp.retries']) > 0,
    })
  }

  get affirmed(): Affirmed {
    return this.model.affirmed
  }

  begin(permutation: Permutation): void {
    this.model.reset()
    this.deadlines.begin(permutation)
    this.now = this.posted = this.disturbed = 0
  }

  read(trace: Trace, record: number): Forbidden | undefined {
    const node = trace.node(record)
    const time = trace.time(record)
    const early = time > this.now ? this.model.elapsed() : undefined
    this.now = time
    if (early) return early
    switch (trace.kind(record)) {
      case 'call':
        return this.rest() ?? this.called(trace, node, record)
      case 'returned': {
        const answer = trace.returnOf(record)
        return answer && this.model.returned(node, answer)
      }
      case 'event': {
        const event = trace.eventOf(record)
        return event?.event === 'emp.completion' ? this.model.told(node, event) : undefined
      }
      case 'fate': {
        const fate = trace.fateOf(record)
        this.disturbed = time + (fate?.fate === 'delay' ? fate.amount : 0)
        return undefined
      }
      case 'deadline':
        this.deadlines.note(trace, record)
        return undefined
      default:
        return undefined
    }
  }

  end(): Forbidden | undefined {
    return this.deadlines.nothingIsLeft ? this.model.rested('calm') : this.rest()
  }

  private called(trace: Trace, node: NodeIndex, record: number): undefined {
    const call = trace.callOf(record)
    if (!call) return
    this.model.called(node, call)
    const { operation } = call.body
    if (asksTheNic.has(operation)) this.posted = this.disturbed = this.now
  }

  private rest(): Forbidden | undefined {
    if (this.now - this.disturbed >= this.calm) return this.model.rested('calm')
    return this.now - this.posted >= this.calm ? this.model.rested('foul') : undefined
  }
}

/** The longest that a posting can wait for addresses (R28): those of as many pages as an indirect page lists (R14). */
function translationOf(configuration: Configuration): Duration {
  const page = configuration['emp.page'] ?? empDefaults['emp.page']
  return (configuration['emp.translation'] ?? empDefaults['emp.translation']) * piecesMax(page)
}

/** The longest after which something is sent again. */
function timeoutOf(configuration: Configuration): Duration {
  const timeout = configuration['emp.timeout'] ?? empDefaults['emp.timeout']
  const cap = configuration['emp.timeout-cap'] ?? empDefaults['emp.timeout-cap']
  return Math.max(timeout, cap)
}
