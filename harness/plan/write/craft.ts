// Writes a frame that the harness puts on a link itself.
import type { CraftStep } from '../permutation.ts'
import { craftedNumbers, typeValues, usualFields } from '../read/craft.ts'
import type { Names } from './names.ts'
import { writePattern } from './values.ts'
import { unless, type Written, type WrittenMap } from './written.ts'

/** A frame of another protocol. */
export function writeForeign({ from, to, ethertype, payload, destination }: CraftStep, names: Names): WrittenMap {
  return {
    from: names.host(from),
    to: names.host(to),
    ethertype,
    payload: writePayload(payload),
    destination: writeFrameAddress(destination, names),
  }
}

export function writeCraft({ from, to, fields, payload, source, destination }: CraftStep, names: Names): WrittenMap {
  const { type } = fields
  const usual = usualFields(fields, { from, bytes: payload.bytes })
  const numbers = craftedNumbers.map((name): [string, Written | undefined] => {
    const value = fields[name]
    return [name, value === undefined ? undefined : unless(usual[name], value)]
  })
  return {
    from: names.host(from),
    to: names.host(to),
    type: Object.entries(typeValues).find(([, value]) => value === type)?.[0] ?? type,
    ...Object.fromEntries(numbers),
    payload: writePayload(payload),
    source: writeFrameAddress(source, names),
    destination: writeFrameAddress(destination, names),
  }
}

function writePayload({ pattern, position, bytes }: CraftStep['payload']): WrittenMap | undefined {
  const isEmpty = pattern.kind === 'const' && pattern.seed === 0 && position === 0 && bytes === 0
  return isEmpty ? undefined : { ...writePattern(pattern), position: unless(0, position), bytes }
}

function writeFrameAddress(address: string | number | undefined, names: Names): string | undefined {
  return typeof address === 'number' ? names.host(address) : address
}
