// Writes the report: rows as they come, then the sealed document and everything made of it.
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { renderHtml } from '../../reports/html.ts'
import { renderJunit } from '../../reports/junit.ts'
import { renderTap } from '../../reports/tap.ts'
import type { CaseResult, Report } from '../result/report.ts'
import { makeFolder } from './make-folder.ts'
import { packageRoot } from './package.ts'

/** The stream of rows during a run; a killed run leaves it behind. */
const streamName = 'report.jsonl'

/** The document of which everything else in the folder is made. */
export const reportDocument = 'report.json'

const names = { document: reportDocument, page: 'index.html', junit: 'junit.xml', tap: 'report.tap' } as const

/** Thrown where a file of a report cannot be written: which, and why, in one line. */
export class UnwrittenReport extends Error {}

export class ReportFolder {
  readonly path: string
  private isStreamWhole = true

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
    } catch (thrown) {
      return { problem: unwritable(path, thrown) }
    }
    if (existsSync(join(path, names.page)) && !existsSync(join(path, names.document))) {
      return { problem: `${resolve(path)} holds an index.html that is no report. Name another folder with --report.` }
    }
    return new ReportFolder(path)
  }

  /**
   * A new report starts: what an older one left is gone, so that nobody takes it for this one. Or why it cannot, in words:
   * then the older one is as it was.
   */
  begin(): string | undefined {
    const older = Object.values(names).map((name) => join(this.path, name))
    try {
      const inTheWay = older.find(isFolder)
      if (inTheWay !== undefined) return unwritable(this.path, new Error(`${inTheWay} is a folder`))
      this.write(streamName, '')
      for (const path of older) rmSync(path, { force: true })
    } catch (thrown) {
      return unwritable(this.path, thrown)
    }
    this.isStreamWhole = true
    return undefined
  }

  /** A stream that cannot be written goes no further. The run does: its end tells whether the report can be. */
  row(row: CaseResult): void {
    if (!this.isStreamWhole) return
    try {
      appendFileSync(join(this.path, streamName), `${JSON.stringify(row)}\n`)
    } catch {
      this.isStreamWhole = false
    }
  }

  /**
   * Writes the sealed document and its renderings; then the stream has done its duty. Throws `UnwrittenReport`, and leaves
   * the stream behind and no file that is cut.
   */
  seal(report: Report): void {
    const client = readFileSync(join(packageRoot, 'build/generated/client.js'), 'utf8')
    this.write(names.document, `${JSON.stringify(report)}\n`)
    this.write(names.page, renderHtml(report, client, compress))
    this.write(names.junit, renderJunit(report))
    this.write(names.tap, renderTap(report))
    removeIfThere(join(this.path, streamName))
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
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      throw new UnwrittenReport(`${path} could not be written: ${why}`)
    }
  }
}

/** Why no report can be written to a folder, and what to do. */
function unwritable(path: string, thrown: unknown): string {
  const why = thrown instanceof Error ? thrown.message : String(thrown)
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
