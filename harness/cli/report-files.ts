// Writes the report: rows as they come, then the sealed document and everything made of it.
import { accessSync, appendFileSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { renderHtml } from '../../reports/html.ts'
import { renderJunit } from '../../reports/junit.ts'
import { renderTap } from '../../reports/tap.ts'
import type { CaseResult, Report } from '../result/report.ts'
import { packageRoot } from './project.ts'

/** The stream of rows during a run; a killed run leaves it behind. */
const streamName = 'report.jsonl'

export class ReportFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** The folder, made if need be; or why nothing can be written there. */
  static open(path: string): ReportFolder | { readonly problem: string } {
    try {
      mkdirSync(path, { recursive: true })
      accessSync(path, constants.W_OK)
      const folder = new ReportFolder(path)
      writeFileSync(join(path, streamName), '')
      return folder
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      return { problem: `The report cannot be written to ${resolve(path)}: ${why}. Name another folder with --report.` }
    }
  }

  row(row: CaseResult): void {
    appendFileSync(join(this.path, streamName), `${JSON.stringify(row)}\n`)
  }

  /** Writes the sealed document and its renderings; the stream has done its duty. */
  seal(report: Report): void {
    const client = readFileSync(join(packageRoot, 'build/generated/client.js'), 'utf8')
    this.write('report.json', `${JSON.stringify(report)}\n`)
    this.write('index.html', renderHtml(report, client, compress))
    this.write('junit.xml', renderJunit(report))
    this.write('report.tap', renderTap(report))
    rmSync(join(this.path, streamName), { force: true })
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text)
  }
}

/** Gzip as base64, as the page's script unpacks it. */
function compress(text: string): string {
  return gzipSync(text).toString('base64')
}
