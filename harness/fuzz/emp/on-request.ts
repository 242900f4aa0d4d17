// Moves that ask for requests of a host, or touch their octets.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { pick } from '../drawn.ts'
import type { EmpMove } from './moves.ts'
import type { Host, Posted, Script } from './script.ts'

/** Options of EMP that a drawn program asks about. */
export type EmpOption = 'emp.descriptors' | 'emp.wildcards' | 'emp.mpi' | 'emp.cancel' | 'emp.probe' | 'emp.counters'

type Offers = (option: EmpOption) => boolean
type OnRequest = Extract<EmpMove, { request: number }>

/** When messages without mishaps are through: after a waitany, or before a slot is used again. */
export const askedAgainAfter = 60_000

export function onRequest(script: Script, move: OnRequest, offers: Offers): void {
  const host = script.host(move.host)
  const { requests, node } = host
  if (requests.length === 0) return
  const place = move.request % requests.length
  const request = pick(requests, place)
  switch (move.act) {
    case 'test':
      script.call(node, { operation: 'emp.test', request: request.name })
      return
    case 'describe':
      if (offers('emp.descriptors')) script.call(node, { operation: 'emp.descriptor', request: request.name })
      return
    case 'wait':
      wait(script, host, requests.slice(place, place + 1 + move.count))
      return
    case 'testall':
    case 'waitany':
      if (offers('emp.mpi')) several(script, host, move, inOrder(requests, place, move.count))
      return
    case 'cancel':
      if (offers('emp.cancel')) script.call(node, { operation: 'emp.cancel', request: request.name })
      return
    case 'write': {
      const [at] = request.pieces
      if (at) script.call(node, { operation: 'memory.write', at, fill: { kind: 'ramp', seed: move.pattern } })
      return
    }
    case 'look':
      script.look(node, request.pieces)
  }
}

function wait(script: Script, host: Host, requests: readonly Posted[]): void {
  const [first] = requests
  if (!first) return
  const names = requests.map(({ name }) => name)
  const body: CallBody =
    names.length === 1 ? { operation: 'emp.wait', request: first.name } : { operation: 'emp.waitall', requests: names }
  script.open(host, body, 'waits')
}

function several(
  script: Script,
  host: Host,
  { act, count }: Extract<EmpMove, { act: 'testall' | 'waitany' }>,
  requests: readonly Posted[],
): void {
  const names = requests.map(({ name }) => name)
  if (act === 'testall') {
    script.call(host.node, { operation: 'emp.testall', requests: names })
    return
  }
  script.open(host, { operation: 'emp.waitany', requests: names }, 'waits')
  if (count < 3) return
  script.pause(askedAgainAfter)
  for (const request of names) script.call(host.node, { operation: 'emp.test', request })
}

/** Up to three requests in a row from a place on, in the order of posting or, by larger counts, the other way round. */
function inOrder(requests: readonly Posted[], place: number, count: number): readonly Posted[] {
  const row = requests.slice(place, place + 1 + (count % 3))
  return count < 3 ? row : row.toReversed()
}
