// What people see on the terminal: lines, colours where there is one, diagnostics.
import { exitCodes } from '../../gate/exit-codes.ts'
import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Where lines go: a terminal, or anything else that takes text. */
export type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** Colours only where a terminal reads, and NO_COLOR is not set to anything. */
export function styled(style: Style, text: string, stream: Screen = process.stdout): string {
  const colours = stream.isTTY === true && (process.env['NO_COLOR'] ?? '') === ''
  return colours ? styleText(style, text) : text
}

export function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Complaints go to stderr, so that a pipe reads only results. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Rows with columns as wide as their widest cell; the last column runs free. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ')
  return rows.map((row) => `${indent}${line(row)}`.trimEnd()).join('\n')
}

/** Breaks text into lines of at most `width`, each with `indent`. */
export function wrapped(text: string, indent: string, width = 100): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((each) => `${indent}${each}`).join('\n')
}

/**
 * Ends quietly when the reader of a pipe has gone, as `| head` does, and with a code that is no verdict; with another such
 * code where results cannot be written, as on a full disk. Complaints that cannot be written change nothing of what is told.
 */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'EPIPE') process.exit(exitCodes.unread)
      if (stream === process.stderr) return
      complain(`What there is to say could not be written: ${thrown.message}`)
      process.exit(exitCodes.harness)
    })
  }
}
