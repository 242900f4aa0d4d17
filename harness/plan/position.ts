// A place in a file, for messages that lead there.

/** Where something stands in a suite file. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** `suites/emp/loss.yaml:31:9`. */
export function positionWords({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`
}
