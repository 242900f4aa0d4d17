// A capture of all frames of a run, for Wireshark and its like: a section for each world, an interface for each host.
import type { Permutation } from '../../plan/permutation.ts'
import type { WireLayouts } from '../../plan/layout.ts'
import type { Trace } from '../../result/trace.ts'
import type { GrowingFile } from '../files/growing-file.ts'
import { harnessIdentity } from '../files/package.ts'
import { frameBlock, interfaceBlock, sectionBlock } from './pcapng.ts'
import { readingOf, recordWords } from '../terminal/trace-log.ts'

/** The longest comment on a frame, in letters: an option of pcapng has a length of 16 bits. */
const commentMax = 4000

export class Capture {
  private readonly file: GrowingFile

  constructor(file: GrowingFile) {
    this.file = file
  }

  /** Takes all frames of a trace. Of one without frames nothing is written. */
  see(permutation: Permutation, trace: Trace, layouts: WireLayouts): void {
    for (const block of captureOf(permutation, trace, layouts)) this.file.write(block)
  }

  close(): void {
    this.file.close()
  }
}

/**
 * The blocks of one world. A frame's comment tells the step in which it was sent, what it is, and what became of it; that of
 * the first also names the world, since programs do not show where a section begins.
 */
export function captureOf(permutation: Permutation, trace: Trace, layouts: WireLayouts): readonly Uint8Array[] {
  const reading = readingOf(permutation, trace, layouts)
  const fates = fatesIn(trace)
  const blocks: Uint8Array[] = []
  let step = ''
  let world = permutation.name
  for (let record = 0; record < trace.length; record++) {
    const kind = trace.kind(record)
    if (kind === 'step') step = recordWords(record, reading)
    const octets = trace.octetsOf(record)
    if (octets.length === 0) continue
    const about = [record, ...(fates.get(trace.frameOf(record)) ?? [])].map((each) => recordWords(each, reading))
    const comment = [world, step, ...about].filter((line) => line !== '').join('\n')
    const from = trace.node(record)
    blocks.push(frameBlock({ from, time: trace.time(record), octets, comment: comment.slice(0, commentMax) }))
    world = ''
  }
  if (blocks.length === 0) return []
  const { name, version } = harnessIdentity
  const hosts = permutation.hosts.map((host) => interfaceBlock(host.name))
  return [sectionBlock(`${name} ${version}`, permutation.name), ...hosts, ...blocks]
}

/** The records that say what became of each frame. */
function fatesIn(trace: Trace): ReadonlyMap<number, readonly number[]> {
  const fates = new Map<number, number[]>()
  for (let record = 0; record < trace.length; record++) {
    const kind = trace.kind(record)
    if (kind !== 'fate' && kind !== 'lost') continue
    const frame = trace.frameOf(record)
    const those = fates.get(frame)
    if (those) those.push(record)
    else fates.set(frame, [record])
  }
  return fates
}
