// Reads the text of one YAML file into a tree that knows where everything stands.
import { LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { SourcePosition } from '../position.ts'
import type { Findings, Mark } from './findings.ts'
import { messageOf } from '../../subject/thrown.ts'

/** A file as the caller read it. */
export interface SourceText {
  readonly file: string
  readonly text: string
}

/** A file that has been read: its tree, its plain values, and where its lines begin. */
export interface Source extends SourceText {
  readonly root: unknown
  readonly data: unknown
  readonly lines: LineCounter
}

/** Undefined if the text is no YAML; then `findings` has every reason. */
export function readSource(given: SourceText, findings: Findings): Source | undefined {
  const lines = new LineCounter()
  const deep = firstTooDeep(given.text)
  if (deep !== undefined) {
    findings.add({ position: { file: given.file, ...deep }, length: 1 }, 'nests deeper than these files ever need')
    return undefined
  }
  try {
    const document = parseDocument(given.text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      prettyErrors: false,
      logLevel: 'error',
      lineCounter: lines,
    })
    if (!reportSyntax(document, { ...given, lines }, findings)) return undefined
    return { ...given, lines, root: document.contents, data: document.toJS() }
  } catch (error) {
    const reason = messageOf(error)
    findings.add({ position: { file: given.file, line: 1, column: 1 }, length: 1 }, `cannot be read as YAML: ${reason}`)
    return undefined
  }
}

const depthMax = 100

/**
 * The reader of YAML recurses, and a process whose stack is exhausted may not live to tell. So text is refused whose
 * brackets, or dashes and blanks at the begin of a line, could nest too deeply.
 */
function firstTooDeep(text: string): { readonly line: number; readonly column: number } | undefined {
  let depth = 0
  for (const [i, line] of text.split('\n').entries()) {
    const indent = /^[\s?:-]*/.exec(line)?.[0].length ?? 0
    if (indent > 4 * depthMax) return { line: i + 1, column: indent + 1 }
    for (let column = 0; column < line.length; column++) {
      const letter = line[column]
      if (letter === '[' || letter === '{') depth++
      if (letter === ']' || letter === '}') depth = Math.max(0, depth - 1)
      if (depth > depthMax) return { line: i + 1, column: column + 1 }
    }
  }
  return undefined
}

/** False if the tree cannot be trusted. */
function reportSyntax(document: Document, where: Pick<Source, 'file' | 'text' | 'lines'>, findings: Findings): boolean {
  let usable = true
  for (const problem of [...document.errors, ...document.warnings]) {
    const duplicate = problem.code === 'DUPLICATE_KEY'
    const mark = markAt(where, problem.pos[0], problem.pos[1])
    if (problem.code === 'MULTIPLE_DOCS') findings.add(mark, 'a file is one document', 'remove what follows `---`')
    else if (duplicate)
      findings.add(markWord(where, problem.pos[0]), 'this key stands here twice', 'remove or rename one')
    else findings.add(mark, problem.message.replace(/\s+/g, ' '))
    usable &&= duplicate
  }
  visit(document, {
    Alias(_, node) {
      const [from, to] = node.range ?? [0, 1]
      findings.add(
        markAt(where, from, to),
        'aliases have no place in these files',
        'write the value again, or use an axis',
      )
      usable = false
    },
  })
  return usable
}

/** The stretch from offset `from` to `to`, cut at the end of its first line. */
export function markAt(where: Pick<Source, 'file' | 'text' | 'lines'>, from: number, to: number): Mark {
  const end = where.text.indexOf('\n', from)
  const last = end === -1 ? to : Math.min(to, end)
  return { position: positionAt(where, from), length: Math.max(1, last - from) }
}

function markWord(where: Pick<Source, 'file' | 'text' | 'lines'>, from: number): Mark {
  const word = /^[^\s:,{}[\]]+/.exec(where.text.slice(from, from + 80))?.[0] ?? ' '
  return markAt(where, from, from + word.length)
}

function positionAt(where: Pick<Source, 'file' | 'lines'>, offset: number): SourcePosition {
  const { line, col } = where.lines.linePos(offset)
  return { file: where.file, line: Math.max(1, line), column: Math.max(1, col) }
}
