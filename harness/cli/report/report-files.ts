// Writes the report: rows as they come, then the sealed document and everything made of it.
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { renderHtml } from '../../../reports/html.ts'
import { renderBadge } from '../../../reports/badge.ts'
import { renderJunit } from '../../../reports/junit.ts'
import { renderMarkdown } from '../../../reports/markdown.ts'
import { renderSarif } from '../../../reports/sarif.ts'
import { renderTap } from '../../../reports/tap.ts'
import type { PermutationResult, Report } from '../../result/report.ts'
import { makeFolder } from '../files/make-folder.ts'
import { packageRoot } from '../files/package.ts'
import { RowStream } from './row-stream.ts'
import { complain } from '../terminal/terminal.ts'
import { messageOf } from '../../subject/thrown.ts'

/** The stream of rows during a run; a killed run leaves it behind. */
export const streamName = 'report.jsonl'

/** The document of which everything else in the folder is made. */
export const reportDocument = 'report.json'

/** Where a report goes, and is looked for, unless another folder is named. */
export const usualReport = 'viaduct-report'

/** The document last: while another of them is there, so is what shows whose it is. */
const names = {
  page: 'index.html',
  junit: 'junit.xml',
  tap: 'report.tap',
  sarif: 'report.sarif',
  summary: 'summary.md',
  badge: 'badge.svg',
  document: reportDocument,
} as const

/** How every document begins, however it is spaced; in octets, how much of a file shows it. */
const beginningLength = 200
const beginning = /^\s*\{\s*"format"\s*:\s*"viaduct-report"/

/** Thrown where a file of a report cannot be written: which, and why, in one line. */
export class UnwrittenReport extends Error {}

export class ReportFolder {
  readonly path: string
  /** Undefined before the report begins. */
  private stream: RowStream | undefined
  private isTold = false

  private constructor(path: string) {
    this.path = path
  }

  /** What a reader opens. */
  get page(): string {
    return join(this.path, names.page)
  }

  /** The folder, made if need be; or why no report may or can be written there. Nothing is written yet. */
  static open(path: string): ReportFolder | { readonly problem: string } {
    try {
      makeFolder(resolve(path))
      accessSync(path, constants.W_OK)
      const foreign = foreignIn(path)
      if (foreign === undefined) return new ReportFolder(path)
      return { problem: `${resolve(path)} holds a ${foreign} that is of no report. Name another folder with --report.` }
    } catch (thrown) {
      return { problem: unwritable(path, thrown) }
    }
  }

  /**
   * A new report starts: what an older one left is gone, so that nobody takes it for this one. Or why it cannot, in words:
   * then the older one is as it was. `head` is the first line of the stream, and tells of which run it is; `earlier` are
   * rows that an older run has left, and that are taken over.
   */
  begin(head?: object, earlier: Iterable<PermutationResult> = []): string | undefined {
    const older = Object.values(names).map((name) => join(this.path, name))
    try {
      const inTheWay = older.find(isFolder)
      if (inTheWay !== undefined) return unwritable(this.path, new Error(`${inTheWay} is a folder`))
      const lines = [...(head ? [head] : []), ...earlier].map((each) => `${JSON.stringify(each)}\n`)
      this.write(streamName, lines.join(''))
      this.stream = new RowStream(join(this.path, streamName))
      for (const path of older) rmSync(path, { force: true })
    } catch (thrown) {
      return unwritable(this.path, thrown)
    }
    return undefined
  }

  /** A stream that cannot be written goes no further. The run does: its end tells whether the report can be. */
  row(row: PermutationResult): void {
    this.stream?.append(row)
    if (this.isTold || !this.isTakenOver()) return
    this.isTold = true
    complain(this.takenOver())
  }

  /**
   * Writes the sealed document and its renderings; then the stream has done its duty. Throws `UnwrittenReport`, and leaves
   * the stream behind and no file that is cut; also where another run has begun meanwhile to write to this folder.
   */
  seal(report: Report): void {
    const client = readFileSync(join(packageRoot, 'build/generated/client.js'), 'utf8')
    if (this.isTakenOver()) throw new UnwrittenReport(this.takenOver())
    this.write(names.document, `${JSON.stringify(report)}\n`)
    this.write(names.page, renderHtml(report, client, compress))
    this.write(names.junit, renderJunit(report))
    this.write(names.tap, renderTap(report))
    this.write(names.sarif, renderSarif(report))
    this.write(names.summary, renderMarkdown(report))
    this.write(names.badge, renderBadge(report))
    this.stream?.close()
    removeIfThere(join(this.path, streamName))
  }

  /** Whether another run has begun here: its stream is there instead, or its document after it has ended. */
  private isTakenOver(): boolean {
    const inPlace = this.stream?.inItsPlace() ?? 'itself'
    return inPlace === 'another' || (inPlace === 'nobody' && existsSync(join(this.path, names.document)))
  }

  private takenOver(): string {
    return `Another run has begun to write its report to ${resolve(this.path)}, so that this one writes none there. Name another folder with --report.`
  }

  /** Beside its place first: what has its name is whole. */
  private write(name: string, text: string): void {
    const path = join(this.path, name)
    const beside = `${path}.part`
    try {
      writeFileSync(beside, text)
      renameSync(beside, path)
    } catch (thrown) {
      removeIfThere(beside)
      const why = messageOf(thrown)
      throw new UnwrittenReport(`${path} could not be written: ${why}`)
    }
  }
}

/** A file that a report would overwrite, and that is of none. */
function foreignIn(path: string): string | undefined {
  const there = Object.values(names).filter((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile())
  if (there.includes(names.document)) return isDocument(join(path, names.document)) ? undefined : names.document
  return there[0]
}

function isDocument(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const octets = new Uint8Array(beginningLength)
    return beginning.test(new TextDecoder().decode(octets.subarray(0, readSync(file, octets))))
  } finally {
    closeSync(file)
  }
}

/** Why no report can be written to a folder, and what to do. */
function unwritable(path: string, thrown: unknown): string {
  const why = messageOf(thrown)
  return `The report cannot be written to ${resolve(path)}: ${why}. Name another folder with --report.`
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // What cannot be removed is no reason of its own.
  }
}

/** Gzip as base64, as the page's script unpacks it. */
function compress(text: string): string {
  return gzipSync(text).toString('base64')
}
