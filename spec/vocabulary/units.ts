// Time and counts as plain integers, and how people write them.

/** A moment in virtual time: nanoseconds since the world began. A plain integer, exact for 104 days. */
export type Instant = number

/** A span of virtual time in nanoseconds. */
export type Duration = number

/** A host in the world, by its place in the list that `open` names. It is also the node id that EMP puts on the wire. */
export type NodeIndex = number

export const millisecond: Duration = 1_000_000

const unitNanoseconds: readonly (readonly [unit: string, nanoseconds: number])[] = [
  ['s', 1_000_000_000],
  ['ms', millisecond],
  ['us', 1_000],
  ['ns', 1],
]

/** Reads a duration as suite files write it (`3ms`, `800us`, `5s`, `0s`); undefined if it is not one. */
export function parseDuration(text: string): Duration | undefined {
  const found = /^(\d+)(ns|us|ms|s)$/.exec(text)
  const scale = unitNanoseconds.find(([unit]) => unit === found?.[2])
  if (!found || !scale) return undefined
  const nanoseconds = Number(found[1]) * scale[1]
  return Number.isSafeInteger(nanoseconds) ? nanoseconds : undefined
}

/** Writes a duration with the largest unit that keeps it an integer: `3ms`, `1500us`, `0s`. */
export function formatDuration(duration: Duration): string {
  if (duration === 0) return '0s'
  for (const [unit, nanoseconds] of unitNanoseconds) {
    if (duration % nanoseconds === 0) return `${duration / nanoseconds}${unit}`
  }
  return `${duration}ns`
}

/** `1 frame`, `3 frames`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(count: number): string {
  const ending = count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `${count}${ending}`
}
