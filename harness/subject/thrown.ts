// What was thrown, in words: anything can be thrown, and only an error has a message, a name and a stack.

/** Its message; of what is no error, the text that it is. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** As `messageOf`, after the name of an error: `RangeError: emp.page: 32`. */
export function namedMessageOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}

/** Its stack; empty if it has none. */
export function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? '') : ''
}

/** Its stack, for whoever looks for a mistake of ours; if it has none, as `messageOf`. */
export function stackOrMessageOf(thrown: unknown): string {
  const stack = stackOf(thrown)
  return stack === '' ? messageOf(thrown) : stack
}
