// Which options a call needs.
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { empAny } from '../../spec/vocabulary/emp.ts'

const optionOf: Readonly<Partial<Record<CallBody['operation'], string>>> = {
  'emp.counters': 'emp.counters',
  'emp.descriptor': 'emp.descriptors',
  'emp.testall': 'emp.mpi',
  'emp.waitany': 'emp.mpi',
  'emp.cancel': 'emp.cancel',
  'emp.probe': 'emp.probe',
  VipConnectPeerRequest: 'via.peer-to-peer',
  VipConnectPeerDone: 'via.peer-to-peer',
  VipConnectPeerWait: 'via.peer-to-peer',
  VipSendNotify: 'via.notify',
  VipRecvNotify: 'via.notify',
  VipCQNotify: 'via.notify',
}

/** The options without which an implementation need not offer the call, or what it names. */
export function optionsOf(body: CallBody): readonly string[] {
  if (body.operation === 'descriptor.write')
    return body.op === 'rdma-write' || body.op === 'rdma-read' ? [`via.${body.op}`] : []
  const option = optionOf[body.operation]
  const isWild = 'from' in body && 'tag' in body && (body.from === empAny || body.tag === empAny)
  return [...(option === undefined ? [] : [option]), ...(isWild ? ['emp.wildcards'] : [])]
}
