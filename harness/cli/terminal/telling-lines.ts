// Chooses from what a process wrote to stderr the lines that tell what went wrong.

/**
 * What begins a complaint that is followed by much that tells nothing, such as the shadow memory behind the report of a
 * sanitizer. The end of a traceback of Python tells by itself.
 */
const telling =
  /ERROR: \w+Sanitizer|runtime error:|panicked at|^panic:|^fatal error:|Invalid (?:read|write) of size|^Uncaught|^\w*Error: /

/** At most so many lines: the last, unless the last complaint begins before them; then those from there on. */
export function tellingLines(said: string, linesMax: number): readonly string[] {
  const lines = said.trim().split('\n')
  const complaint = lines.findLastIndex((line) => telling.test(line))
  const last = Math.max(0, lines.length - linesMax)
  const first = complaint < 0 ? last : Math.min(complaint, last)
  return lines.slice(first, first + linesMax)
}
