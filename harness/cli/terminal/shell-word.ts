// Writes a text as one word of a command line.

/** A word as a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
