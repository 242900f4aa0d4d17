// Puts sightings and proofs in plain words.
import type { FrameFilter, Proof, Sighting, Times } from '../expectation.ts'
import { frameWords } from './faults.ts'
import { hostWord, timesWords, type HostNames } from './octets.ts'
import { errorWords, notifiedWords } from './via-expectations.ts'

function filterWords(filter: FrameFilter, hosts: HostNames): string {
  const values = Object.entries(filter.fields ?? {}).map(([name, value]) => `${name} ${value}`)
  const fields = values.length === 0 ? '' : ` with ${values.join(', ')}`
  return `${frameWords(filter, hosts)}${fields}${filter.crafted === true ? ', crafted ones included' : ''}`
}

/** `a data frame from left was sent exactly once`, `no data frame from left was sent`. */
export function framesWords(filter: FrameFilter, what: string, times: Times, hosts: HostNames): string {
  const frame = filterWords(filter, hosts)
  if (times.most === 0) return `no ${frame} ${what}`
  return `${frame.startsWith('a') ? 'an' : 'a'} ${frame} ${what} ${timesWords(times)}`
}

export function sightingWords(sighting: Sighting, hosts: HostNames): string {
  switch (sighting.kind) {
    case 'frames':
      return framesWords(sighting.filter, 'has been sent', sighting.times, hosts)
    case 'arrived':
      return framesWords(sighting.filter, 'has arrived', sighting.times, hosts)
    case 'returned':
      return `${sighting.label} has returned`
    case 'completed':
      return `${hostWord(sighting.node, hosts)} has been told that ${sighting.request} is complete`
    case 'error':
      return errorWords(sighting.filter, sighting.times, hosts)
    case 'notified':
      return notifiedWords(sighting.filter, sighting.times, hosts)
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
    case 'code':
      return `${proof.label} answered ${proof.code}`
    case 'victims':
      return `a frame was the victim ${timesWords(proof.times)}, each in a run of its own`
    case 'orders':
      return `the race was run in another order ${timesWords(proof.times)}`
    case 'frames':
    case 'arrived':
    case 'returned':
    case 'completed':
    case 'error':
    case 'notified':
      return sightingWords(proof, hosts)
  }
}
