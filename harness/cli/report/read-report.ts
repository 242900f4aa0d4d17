// Reads a result document back.
import { readFileSync } from 'node:fs'
import { report as validate } from '#generated/validators'
import type { Report } from '../../result/report.ts'

/** The report in a file; undefined if it is none of this version. Throws where the file cannot be read, or is no JSON. */
export function reportIn(file: string): Report | undefined {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return isReport(parsed) ? parsed : undefined
}

function isReport(value: unknown): value is Report {
  return validate(value)
}
