// How figures are printed: as median, least and most of several runs.

/** Runs that count. */
export const runs = 9

/** Runs that are not counted: they warm up the compiler and grow the buffers. */
export const warmUps = 3

/** Seconds of real time. */
export const stopwatch = (): number => performance.now() / 1000

/** Columns of the longest name of a row. */
const nameWidth = 48

/** Median, least and most. */
function spread(values: readonly number[]): { median: number; least: number; most: number } {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: sorted[sorted.length >> 1] ?? 0, least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 }
}

function text(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}

/** Prints a row, and returns its median. */
export function row(name: string, values: readonly number[], unit: string): number {
  const { median, least, most } = spread(values)
  console.log(`${name.padEnd(nameWidth)} ${text(median).padStart(12)} ${unit}   (${text(least)} to ${text(most)})`)
  return median
}

/** Prints what else there is to say of the row above. */
export function remark(words: string): void {
  console.log(`${''.padEnd(nameWidth)} ${words}`)
}
