// The oracle of a world of EMP hosts.
import { EmpModel } from '../../../spec/model/emp.ts'
import { empDefaults, type Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { Duration } from '../../../spec/vocabulary/units.ts'
import type { Permutation } from '../../plan/case.ts'
import { grants, type Pics } from '../../subject/pics.ts'
import type { Oracle } from './pronounce.ts'

/** A model of the world that a permutation plays in. */
export function empOracle({ hosts, configuration }: Pick<Permutation, 'hosts' | 'configuration'>, pics: Pics): Oracle {
  const model = new EmpModel({
    hosts: hosts.map(({ name }) => ({ name, configuration })),
    completionEvents: grants(pics, 'emp.completion-events'),
    wildcards: grants(pics, 'emp.wildcards'),
    retryLimit: false,
  })
  return {
    reset: () => model.reset(),
    called: (node, call) => model.called(node, call),
    returned: (node, answer) => model.returned(node, answer),
    told: (node, event) => (event.event === 'emp.completion' ? model.told(node, event) : undefined),
    sets: ({ body: { operation } }) => operation === 'emp.isend' || operation === 'emp.irecv',
    elapsed: () => model.elapsed(),
    rested: (weather) => model.rested(weather),
  }
}

/** The longest after which something is sent again. */
export function empTimeout(configuration: Configuration): Duration {
  const timeout = configuration['emp.timeout'] ?? empDefaults['emp.timeout']
  const cap = configuration['emp.timeout-cap'] ?? empDefaults['emp.timeout-cap']
  return Math.max(timeout, cap)
}
