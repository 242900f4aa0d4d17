// Writes what may be awaited and what must have been seen: filters, sightings, proofs.
import type { FrameFilter, Proof, Sighting } from '../expectation.ts'
import type { ErrorFilter, NotifiedFilter } from '../via/expectation.ts'
import type { Names } from './names.ts'
import { writeLeast, writeOften } from './values.ts'
import { writeFields } from './via-expectations.ts'
import { oneOrMore, type WrittenMap } from './written.ts'

export function writeFilter({ from, to, ...others }: FrameFilter, names: Names): WrittenMap {
  return { from: names.hostIf(from), to: names.hostIf(to), ...others }
}

export function writeSighting(sighting: Sighting, names: Names): WrittenMap {
  switch (sighting.kind) {
    case 'frames':
    case 'arrived':
      return { [sighting.kind]: { ...writeFilter(sighting.filter, names), times: writeOften(sighting.times) } }
    case 'returned':
      return { returned: sighting.label }
    case 'completed':
      return { completed: { host: names.host(sighting.node), request: sighting.request } }
    case 'error': {
      const { filter, times } = sighting
      return { error: { host: names.host(filter.node), ...writeErrorFilter(filter), times: writeOften(times) } }
    }
    case 'notified': {
      const { filter, times } = sighting
      return { notified: { host: names.host(filter.node), ...writeNotifiedFilter(filter), times: writeOften(times) } }
    }
  }
}

/** All of it but the host that is told. */
export function writeErrorFilter({ node: _host, resources, ...others }: ErrorFilter): WrittenMap {
  return { ...others, resource: resources && oneOrMore(resources) }
}

/** All of it but the host. */
export function writeNotifiedFilter({ node: _host, fields, entry, ...others }: NotifiedFilter): WrittenMap {
  return {
    ...others,
    ...(fields ? writeFields(fields) : {}),
    entry: entry && { vi: entry.vi, queue: entry.queue },
  }
}

export function writeProof(proof: Proof, names: Names): WrittenMap {
  switch (proof.kind) {
    case 'fault':
      return { fault: proof.rule, fired: writeLeast(proof.times) }
    case 'retransmission':
      return { retransmission: { from: names.host(proof.from), times: writeOften(proof.times) } }
    case 'weather':
    case 'reordered':
    case 'orders':
    case 'victims':
      return { [proof.kind]: writeLeast(proof.times) }
    case 'status':
      return { status: { call: proof.label, is: proof.status } }
    case 'code':
      return { code: { call: proof.label, is: proof.code } }
    default:
      return writeSighting(proof, names)
  }
}
