// Reads a result document back.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { report as validate } from '#generated/validators'
import type { Report } from '../../result/report.ts'
import { messageOf } from '../../subject/thrown.ts'
import { reportDocument } from './report-files.ts'

/** The report in a file; undefined if it is none of this version. Throws where the file cannot be read, or is no JSON. */
export function reportIn(file: string): Report | undefined {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return isReport(parsed) ? parsed : undefined
}

/** The report of a folder, or in a file; or why there is none, in words. */
export function reportAt(path: string): Report | { readonly problem: string } {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, reportDocument) : path
  if (!existsSync(file)) return { problem: `There is no report ${file}.` }
  try {
    return reportIn(file) ?? { problem: `${file} is no report of this version of viaduct.` }
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${messageOf(thrown)}` }
  }
}

function isReport(value: unknown): value is Report {
  return validate(value)
}
