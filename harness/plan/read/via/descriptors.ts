// Reads descriptors that a case writes.
import type { ViaDescriptorOperation } from '../../../../spec/vocabulary/via-constants.ts'
import type { ViaDescriptorCall, ViaPatch, ViaPlace, ViaSegment } from '../../../../spec/vocabulary/via-descriptor.ts'
import type { Filling } from '../../permutation.ts'
import { didYouMean } from '../../yaml/nearest.ts'
import type { Place } from '../../yaml/place.ts'
import { descriptorPool } from '../../usual.ts'
import type { Scope } from '../scope.ts'
import { setMember } from '../../set-member.ts'
import { choiceAt, integerAt } from '../../yaml/scalars.ts'
import type { Arguments } from './arguments.ts'
import { readRemotePlace } from './remote-place.ts'

type WriteCall = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

const operations = [
  'send',
  'receive',
  'rdma-write',
  'rdma-read',
  'reserved',
] as const satisfies readonly ViaDescriptorOperation[]

/** A descriptor under its name; `usual`: the operation where none is said. */
export function readDescriptor(given: Arguments, place: Place, usual: ViaDescriptorOperation): WriteCall {
  const { findings, handles } = given.scope
  const segments = readSegments(given, place)
  const addressed = place.get('remote').present ? 1 : 0
  const at: ViaPlace = place.get('at').present
    ? given.at(place.get('at'))
    : { ...given.at(place.get('at'), descriptorPool), offset: handles.take(given.node, segments.length + addressed) }
  const as = place.get('as').text() ?? given.lacking('')
  handles.write(given.node, as, 'buffer' in at ? at.buffer : undefined)
  const call: { -readonly [K in keyof WriteCall]: WriteCall[K] } = {
    operation: 'descriptor.write',
    as,
    at,
    op: choiceAt(place.get('op'), operations, findings) ?? usual,
    segments,
  }
  if (addressed > 0) call.remote = readRemotePlace(given, place.get('remote'))
  setMember(call, 'immediate', integerAt(place.get('immediate'), findings))
  setMember(call, 'control', integerAt(place.get('control'), findings))
  if (place.get('patch').present)
    call.patch = place
      .get('patch')
      .items()
      .map((item) => readPatch(given, item))
  return call
}

function readSegments(given: Arguments, place: Place): ViaSegment[] {
  const segments = place
    .get('segments')
    .items()
    .map((item) => given.segment(item))
  const asked = place.get('empty-segments')
  const { findings } = given.scope
  const empty = asked.isMap ? 0 : (integerAt(asked, findings) ?? 0)
  const [first] = segments
  if (asked.isMap && !place.get('at').present) {
    findings.add(asked.keyMark(), 'where the PICS says how many there are, room has to be made', 'add `at:`')
  }
  if (empty === 0 && !asked.isMap) return segments
  if (!first) {
    findings.add(asked.keyMark(), 'empty segments stand before another', 'add `segments:`')
    return segments
  }
  return [...Array.from({ length: empty }, () => ({ ...first, bytes: 0 })), ...segments]
}

/** How many empty segments the PICS says that a descriptor has, if it is left to that. */
export function readFilling(place: Place, { findings, configurationKeys }: Scope): Filling | undefined {
  const asked = place.get('empty-segments')
  if (!asked.isMap) return undefined
  const [most, less] = (['most', 'less'] as const).map((name) => integerAt(asked.get(name), findings) ?? 0)
  const key = asked.get('as-many-as').text() ?? ''
  if (!configurationKeys.includes(key)) {
    const mark = asked.get('as-many-as').mark()
    findings.add(mark, `there is no configuration key \`${key}\``, didYouMean(key, configurationKeys))
  }
  return { key, less: less ?? 0, most: most ?? 0 }
}

function readPatch(given: Arguments, item: Place): ViaPatch {
  const number = (key: string): number => integerAt(item.get(key), given.scope.findings) ?? given.lacking(0)
  const width = choiceAt(item.get('width'), ['1', '2', '4', '8'], given.scope.findings)
  const widths = { '1': 1, '2': 2, '4': 4, '8': 8 } as const
  return { offset: number('offset'), width: widths[width ?? '1'], value: number('value') }
}

/** The name of a descriptor that was written before, or NULL. */
export function descriptorName(given: Arguments, place: Place): string | null {
  if (place.isNull) return null
  const name = place.text()
  if (name === undefined) return given.lacking('')
  const { handles, findings, hosts, doubt } = given.scope
  if (!handles.hasDescriptor(given.node, name) && !doubt.has('handles', name, given.node)) {
    const host = hosts[given.node] ?? ''
    findings.add(
      place.mark(),
      `\`${host}\` has written no descriptor \`${name}\` before this`,
      didYouMean(name, handles.descriptorNames(given.node)),
    )
    given.isWhole = false
  }
  return name
}
