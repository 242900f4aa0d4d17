// Puts steps in plain words.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import type { Range } from '../../../spec/vocabulary/memory.ts'
import { counted, formatDuration } from '../../../spec/vocabulary/units.ts'
import { isViaCall } from '../../../spec/vocabulary/via-calls.ts'
import type { CallStep, CraftStep, PlannedStep, RepeatStep, Step } from '../permutation.ts'
import { hostWord, listWords, octets, patternWords, rangeWords, type HostNames } from './octets.ts'
import { sightingWords } from './sightings.ts'
import { viaCallWords } from './via-calls.ts'

/** A step as a case declares it. */
export function plannedStepWords(step: PlannedStep, hosts: HostNames): string {
  return step.kind === 'repeat' ? repeatWords(step, hosts) : stepWords(step, hosts)
}

function repeatWords({ howOften: { key, count }, stride, steps }: RepeatStep, hosts: HostNames): string {
  const times = key === undefined ? counted(count, 'time') : `as often as ${key} says${fewerWords(count)}`
  const further = stride === 0 ? '' : `, ${octets(stride)} further on each time`
  return `${times}${further}, with numbered names: ${steps.map((step) => stepWords(step, hosts)).join('; ')}`
}

function fewerWords(count: number): string {
  return count === 0 ? '' : ` ${count < 0 ? 'less' : 'plus'} ${Math.abs(count)}`
}

export function stepWords(step: Step, hosts: HostNames): string {
  switch (step.kind) {
    case 'call':
      return callStepWords(step, hosts)
    case 'join':
      return `await the return of ${step.label}, at most ${formatDuration(step.within)}`
    case 'race':
      return `at one instant, in every order: ${step.members.map((member) => callStepWords(member, hosts)).join('; ')}`
    case 'settle':
      return `wait until everything is quiet, at most ${formatDuration(step.within)}`
    case 'until':
      return `wait until ${sightingWords(step.sighting, hosts)}, at most ${formatDuration(step.within)}`
    case 'advance':
      return `let ${formatDuration(step.by)} pass`
    case 'advance-to':
      return `let time pass until ${formatDuration(step.instant)} have passed since the beginning`
    case 'craft':
      return craftWords(step, hosts)
  }
}

function callStepWords({ node, thread, body, label, start, filling }: CallStep, hosts: HostNames): string {
  const notes: string[] = []
  if (filling) notes.push(`as many empty segments before as ${filling.key} says${fewerWords(-filling.less)}`)
  if (label !== undefined) notes.push(start ? `stays open as ${label}` : `its return is ${label}`)
  if (thread !== 0) notes.push(`on thread ${thread}`)
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`
  return `${hostWord(node, hosts)} ${callWords(body, hosts)}${note}`
}

/** What a host does, in the third person: `sends tx (6000 octets) to right with tag 5, as s`. */
export function callWords(body: CallBody, hosts: HostNames): string {
  if (isViaCall(body)) return viaCallWords(body, hosts)
  switch (body.operation) {
    case 'emp.isend':
      return `sends ${pieces(body.pieces)} to ${hostWord(body.to, hosts)} with tag ${body.tag}, as ${body.as}`
    case 'emp.irecv':
      return `posts ${pieces(body.pieces)} to receive from ${peerWord(body.from, hosts)} with ${tagWords(body.tag)}, as ${body.as}`
    case 'emp.test':
      return `tests ${body.request}`
    case 'emp.wait':
      return `waits for ${body.request}`
    case 'emp.waitall':
      return `waits for all of ${listWords(body.requests)}`
    case 'emp.testall':
      return `tests all of ${listWords(body.requests)}`
    case 'emp.waitany':
      return `waits for one of ${listWords(body.requests)}`
    case 'emp.cancel':
      return `cancels ${body.request}`
    case 'emp.probe':
      return `probes for a message from ${peerWord(body.from, hosts)} with ${tagWords(body.tag)}`
    case 'emp.configure':
      return `sets its collection to ${counted(body.collection, 'frame')}`
    case 'emp.counters':
      return 'reads the counters of its NIC'
    case 'emp.descriptor':
      return `reads the descriptor of ${body.request}`
    case 'memory.allocate':
      return `makes buffer ${body.as} of ${octets(body.bytes)}, ${patternWords(body.fill)}${body.locked ? '' : ', pages not locked'}`
    case 'memory.write':
      return `fills ${rangeWords(body.at)} with ${patternWords(body.fill)}`
    case 'memory.digest':
      return `digests ${rangeWords(body.at)}`
    case 'memory.read':
      return `reads ${rangeWords(body.at)}`
    case 'memory.guards':
      return `checks the guard zones of ${body.buffer}`
    case 'memory.free':
      return `frees ${body.buffer}`
  }
}

function peerWord(peer: number, hosts: HostNames): string {
  return peer === empAny ? 'any host' : hostWord(peer, hosts)
}

function tagWords(tag: number): string {
  return tag === empAny ? 'any tag' : `tag ${tag}`
}

function pieces(ranges: readonly Range[]): string {
  return listWords(ranges.map((range) => rangeWords(range)))
}

function craftWords(step: CraftStep, hosts: HostNames): string {
  const { from, to, fields, ethertype, payload, source, destination } = step
  const values = Object.entries(fields).map(([name, value]) => `${name} ${value}`)
  const data = payload.bytes === 0 ? '' : `, and ${octets(payload.bytes)} of ${patternWords(payload.pattern)}`
  const other = (what: string, address: string | number | undefined): string => {
    if (address === undefined) return ''
    return `, ${what} address ${typeof address === 'number' ? `of ${hostWord(address, hosts)}` : address}`
  }
  const addresses = `${other('source', source)}${other('destination', destination)}`
  const way = `from ${hostWord(from, hosts)} to ${hostWord(to, hosts)}`
  if (ethertype !== undefined)
    return `the harness sends a frame of another protocol (ethertype 0x${ethertype.toString(16)}) ${way}${data}${addresses}`
  return `the harness sends a frame ${way} with ${listWords(values)}${data}${addresses}`
}
