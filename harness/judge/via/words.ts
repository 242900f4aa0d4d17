// Puts what a VIA provider answered, and what it told unasked, in short words for a diagram.
import { hostWord, octets, type HostNames } from '../../plan/words/octets.ts'
import type {
  ViaMemoryAttributes,
  ViaNetAddress,
  ViaRemoteAttributes,
} from '../../../spec/vocabulary/via-attributes.ts'
import { viaStatusBits, viaStatusMasks, viaStatusOperations } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields, ViaReturnedDescriptor } from '../../../spec/vocabulary/via-descriptor.ts'
import type { ViaReturn } from '../../../spec/vocabulary/via-returns.ts'
import type { ViaEvent } from '../../../spec/vocabulary/via.ts'

export function viaReturnWords(answer: ViaReturn, hosts: HostNames): string {
  const details = [
    ...said(answer.nicAttributes, ({ name }) => `attributes of ${name}`),
    ...said(answer.state, (state) => state),
    ...said(answer.viAttributes, attributeWords),
    ...said(answer.sendQueueEmpty, (empty) => `send queue ${empty ? 'empty' : 'not empty'}`),
    ...said(answer.recvQueueEmpty, (empty) => `receive queue ${empty ? 'empty' : 'not empty'}`),
    ...said(answer.region, ({ address, handle }) => `address ${address}, handle ${handle}`),
    ...said(answer.memoryAttributes, rdmaWords),
    ...said(answer.remoteAddress, (address) => `from ${addressWords(address, hosts)}`),
    ...said(answer.remoteAttributes, attributeWords),
    ...said(answer.descriptor, descriptorWords),
    ...said(answer.entry, ({ vi, queue }) => `${queue} queue of ${vi}`),
    ...said(answer.address, (address) => addressWords(address, hosts)),
    ...said(answer.name, (name) => `name ${name}`),
    ...said(answer.nameLen, (length) => `name of ${octets(length)}`),
    ...said(answer.discovery, ({ numberOfHops, addresses }) => `${numberOfHops} hops, ${addresses.length} addresses`),
  ]
  return details.length === 0 ? answer.code : `${answer.code}: ${details.join(', ')}`
}

function said<T>(output: T | undefined, words: (output: T) => string): string[] {
  return output === undefined ? [] : [words(output)]
}

export function viaEventWords(event: ViaEvent): string {
  const handler = `handler ${event.event === 'via.error' ? (event.handler ?? 'of the provider') : event.handler}`
  switch (event.event) {
    case 'via.error': {
      const about = event.cq ?? event.vi ?? event.nic
      const descriptor = event.descriptor === undefined ? '' : `, ${descriptorWords(event.descriptor)}`
      return `${handler}: error ${event.code}, ${event.resource} resource, on ${about}${descriptor}`
    }
    case 'via.notify':
      return `${handler}: ${event.queue} queue of ${event.vi}, ${descriptorWords(event.descriptor)}`
    case 'via.cq-notify':
      return `${handler}: entry for the ${event.queue} queue of ${event.vi}`
  }
}

/** `512 octets, done, receive`. */
export function controlWords({ length, status, immediate }: ViaControlFields): string {
  const bits = Object.entries(viaStatusBits).flatMap(([name, bit]) => ((status & bit) === 0 ? [] : [name]))
  const operation = status & viaStatusMasks.operation
  const done = Object.entries(viaStatusOperations).find(([, value]) => value === operation)?.[0] ?? 'unknown operation'
  const data = (status & viaStatusBits.immediate) === 0 ? [] : [`immediate data ${immediate}`]
  return [octets(length), ...(status === 0 ? ['status clear'] : [done, ...bits]), ...data].join(', ')
}

function attributeWords(attributes: ViaRemoteAttributes): string {
  const { reliabilityLevel, maxTransferSize } = attributes
  return `level ${reliabilityLevel}, up to ${octets(maxTransferSize)}, ${rdmaWords(attributes)}`
}

function rdmaWords({ enableRdmaWrite, enableRdmaRead }: Omit<ViaMemoryAttributes, 'ptag'>): string {
  const rdma = [...(enableRdmaWrite ? ['write'] : []), ...(enableRdmaRead ? ['read'] : [])]
  return rdma.length === 0 ? 'no RDMA' : `RDMA ${rdma.join(' and ')}`
}

function addressWords({ host, discriminator }: ViaNetAddress, hosts: HostNames): string {
  const name = typeof host === 'number' ? hostWord(host, hosts) : host
  return discriminator === '' ? name : `${name}/${discriminator}`
}

function descriptorWords(descriptor: ViaReturnedDescriptor): string {
  if (descriptor === null) return 'descriptor NULL'
  if (descriptor === 'unknown') return 'an unknown descriptor'
  return `${descriptor.name} (${controlWords(descriptor)})`
}
