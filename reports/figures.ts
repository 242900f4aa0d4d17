// How numbers, virtual times and dates are written for people.
import type { Instant } from '../spec/vocabulary/units.ts'

/** `10 000`, with narrow no-break spaces. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '\u202F')
}

/** `1 case`, `10 000 cases`, with no-break spaces. */
export function quantity(number: number, one: string, many = `${one}s`): string {
  return `${count(number)}\u00A0${number === 1 ? one : many}`
}

/** `1.204 ms`: at most three decimals of the largest unit that leaves a whole part. */
export function span(nanoseconds: Instant): string {
  if (nanoseconds === 0) return '0'
  if (nanoseconds >= 1e9) return `${decimals(nanoseconds / 1e9)}\u00A0s`
  if (nanoseconds >= 1e6) return `${decimals(nanoseconds / 1e6)}\u00A0ms`
  if (nanoseconds >= 1e3) return `${decimals(nanoseconds / 1e3)}\u00A0µs`
  return `${nanoseconds}\u00A0ns`
}

function decimals(number: number): string {
  return String(Number(number.toFixed(3)))
}

/** `2026-03-01 12:30:05 UTC` from ISO 8601; anything else stays as it is. */
export function date(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2 UTC')
}
