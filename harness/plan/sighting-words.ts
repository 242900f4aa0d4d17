// Puts sightings and proofs in plain words.
import type { FrameFilter, Proof, Sighting } from './expectation.ts'
import { frameWords } from './fault-words.ts'
import { hostWord, timesWords, type HostNames } from './octet-words.ts'

export function filterWords(filter: FrameFilter, hosts: HostNames): string {
  const values = Object.entries(filter.fields ?? {}).map(([name, value]) => `${name} ${value}`)
  const fields = values.length === 0 ? '' : ` with ${values.join(', ')}`
  return `${frameWords(filter, hosts)}${fields}${filter.crafted === true ? ', crafted ones included' : ''}`
}

export function sightingWords(sighting: Sighting, hosts: HostNames): string {
  switch (sighting.kind) {
    case 'frames':
      return `a ${filterWords(sighting.filter, hosts)} has been sent ${timesWords(sighting.times)}`
    case 'arrived':
      return `a ${filterWords(sighting.filter, hosts)} has arrived ${timesWords(sighting.times)}`
    case 'returned':
      return `${sighting.label} has returned`
    case 'completed':
      return `${hostWord(sighting.node, hosts)} has been told that ${sighting.request} is complete`
  }
}

export function proofWords(proof: Proof, hosts: HostNames): string {
  switch (proof.kind) {
    case 'fault':
      return `fault ${proof.rule} hit ${timesWords(proof.times)}`
    case 'weather':
      return `weather hit ${timesWords(proof.times)}`
    case 'retransmission':
      return `${hostWord(proof.from, hosts)} sent a frame again ${timesWords(proof.times)}`
    case 'reordered':
      return `frames arrived out of order ${timesWords(proof.times)}`
    case 'status':
      return `${proof.label} answered ${proof.status}`
    case 'orders':
      return `the race was run in another order ${timesWords(proof.times)}`
    case 'frames':
    case 'arrived':
    case 'returned':
    case 'completed':
      return sightingWords(proof, hosts)
  }
}
