// The values that a permutation works with: what its case asks for, on top of what may be assumed and what the PICS declares.
import { interfaceDefaults, type Configuration, type InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { configure, type Pics } from '../subject/pics.ts'

/** The values of an interface with those on top that are wanted, or why the PICS does not allow it. */
export function configurationFor(pics: Pics, of: InterfaceName, wanted: Configuration): ReturnType<typeof configure> {
  const own = withValuesOf(pics, of)
  return configure(own, { ...assumed(own, of), ...wanted })
}

/** The configuration of a case that asks for none: a value of its own is one that differs. */
export function usualConfiguration(pics: Pics, of: InterfaceName): Configuration {
  return { ...declaredConfiguration(pics, of), ...assumed(withValuesOf(pics, of), of) }
}

/** The values of an interface as the PICS declares them. */
export function declaredConfiguration(pics: Pics, of: InterfaceName): Configuration {
  return Object.fromEntries(Object.entries(withValuesOf(pics, of).values).map(([key, { value }]) => [key, value]))
}

/**
 * Values that the numbers of EMP's cases rest on where they say nothing else: frames, collections, IDs and pages are
 * counted with them. VIA's wire is the provider's own, so that its cases count nothing unsaid.
 */
const countedWith: ReadonlySet<string> = new Set([
  'emp.collection',
  'emp.window',
  'emp.first-message',
  'emp.page',
  'wire.mtu',
])

/**
 * What a case may take for granted when it sets nothing: the project's defaults, not the implementation's own. Timeouts,
 * limits and the number of descriptors stay as declared where they are fixed, since no case counts with them unsaid.
 */
function assumed(pics: Pics, of: InterfaceName): Configuration {
  const isAssumed = ([key]: [string, number]): boolean => {
    const declared = pics.values[key]
    return declared !== undefined && (declared.settable !== undefined || (of === 'emp' && countedWith.has(key)))
  }
  return Object.fromEntries(Object.entries(interfaceDefaults[of]).filter(isAssumed))
}

/** The PICS with no other values than those of the interface and of the wire. */
function withValuesOf(pics: Pics, of: InterfaceName): Pics {
  const values = Object.entries(pics.values).filter(([key]) => key.startsWith(`${of}.`) || key.startsWith('wire.'))
  return { ...pics, values: Object.fromEntries(values) }
}
