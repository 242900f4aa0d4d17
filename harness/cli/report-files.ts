// Writes the report: rows as they come, then the sealed document and everything made of it.
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { renderHtml } from '../../reports/html.ts'
import { renderJunit } from '../../reports/junit.ts'
import { renderTap } from '../../reports/tap.ts'
import type { CaseResult, Report } from '../result/report.ts'
import { packageRoot } from './package.ts'

/** The stream of rows during a run; a killed run leaves it behind. */
const streamName = 'report.jsonl'

/** The document of which everything else in the folder is made. */
export const reportDocument = 'report.json'

const names = { document: reportDocument, page: 'index.html', junit: 'junit.xml', tap: 'report.tap' } as const

export class ReportFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** The folder, made if need be; or why no report may or can be written there. Nothing is written yet. */
  static open(path: string): ReportFolder | { readonly problem: string } {
    try {
      makeFolder(resolve(path))
      accessSync(path, constants.W_OK)
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      return { problem: `The report cannot be written to ${resolve(path)}: ${why}. Name another folder with --report.` }
    }
    if (existsSync(join(path, names.page)) && !existsSync(join(path, names.document))) {
      return { problem: `${resolve(path)} holds an index.html that is no report. Name another folder with --report.` }
    }
    return new ReportFolder(path)
  }

  /** A new report starts: what an older one left is gone, so that nobody takes it for this one. */
  begin(): void {
    for (const name of Object.values(names)) rmSync(join(this.path, name), { force: true })
    this.write(streamName, '')
  }

  row(row: CaseResult): void {
    appendFileSync(join(this.path, streamName), `${JSON.stringify(row)}\n`)
  }

  /** Writes the sealed document and its renderings; the stream has done its duty. */
  seal(report: Report): void {
    const client = readFileSync(join(packageRoot, 'build/generated/client.js'), 'utf8')
    this.write(names.document, `${JSON.stringify(report)}\n`)
    this.write(names.page, renderHtml(report, client, compress))
    this.write(names.junit, renderJunit(report))
    this.write(names.tap, renderTap(report))
    rmSync(join(this.path, streamName), { force: true })
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text)
  }
}

/** Makes a folder and what leads to it. Node's own recursion never ends below some virtual folders. */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    readdirSync(path)
    return
  }
  makeFolder(dirname(path))
  mkdirSync(path)
}

/** Gzip as base64, as the page's script unpacks it. */
function compress(text: string): string {
  return gzipSync(text).toString('base64')
}
