// What an implementation declares of itself: options it has and values it works with.
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'

/** One value: fixed, or settable in `open` within a range. Units as spec/pics says. */
export interface PicsValue {
  readonly value: number
  readonly settable?: { readonly least: number; readonly most: number }
}

/** The implementation conformance statement, as the adapter's greeting gives it. */
export interface Pics {
  readonly interfaces: readonly string[]
  readonly clock: 'virtual' | 'real'
  /** `frames`: the harness is the wire. `none`: the wire is hidden. */
  readonly wire: 'frames' | 'none'
  /** The wire profile whose layout the frames have, such as `emp-1`. */
  readonly profile?: string
  /** Options by name, such as `stepped` or `emp.counters`; absent is false. */
  readonly options: Readonly<Record<string, boolean>>
  readonly values: Readonly<Record<string, PicsValue>>
}

/** What keeps a run from being judged although the implementation may well do what it asks. */
export type LostTo = 'clock' | 'wire'

/** What the PICS does not let be seen of what a case needs; undefined if it lacks something else besides. */
export function lostOf(pics: Pics, needs: readonly string[]): LostTo | undefined {
  const lacking = needs.filter((need) => !grants(pics, need))
  if (lacking.length === 0 || !lacking.every((need) => need === 'wire.frames' || need === 'clock.virtual'))
    return undefined
  return lacking.includes('wire.frames') ? 'wire' : 'clock'
}

/** Whether the PICS grants a need as suites write it: `wire.frames`, `clock.virtual`, or an option. */
export function grants(pics: Pics, need: string): boolean {
  if (need === 'wire.frames') return pics.wire === 'frames'
  if (need === 'clock.virtual') return pics.clock === 'virtual'
  return pics.options[need] === true
}

/** The configuration with `wanted` on top of the declared values, or why the PICS does not allow it. */
export function configure(pics: Pics, wanted: Configuration): { configuration: Configuration } | { refused: string } {
  const configuration: Record<string, number> = {}
  for (const [key, { value }] of Object.entries(pics.values)) configuration[key] = value
  for (const [key, value] of Object.entries(wanted)) {
    const declared = pics.values[key]
    if (!declared) return { refused: `the PICS declares no ${key}` }
    if (value === declared.value) continue
    const range = declared.settable
    if (!range) return { refused: `${key} is fixed at ${declared.value}, the case needs ${value}` }
    if (value < range.least || value > range.most) {
      return { refused: `${key} can be ${range.least} to ${range.most}, the case needs ${value}` }
    }
    configuration[key] = value
  }
  return { configuration }
}
