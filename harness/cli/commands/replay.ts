// viaduct replay: one failure again, bit for bit, from the file that keeps it or by the name of its case.
import { existsSync } from 'node:fs'
import type { SourceText } from '../../plan/yaml/source.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { openProject } from '../project/project.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { complain, say } from '../terminal/terminal.ts'
import { readText } from '../files/yaml-files.ts'
import { run, runAsked, type RunFlags } from './run.ts'

/** Where a file says which digest its run had when it was kept. */
const digestLine = /^# Trace digest there: ([0-9a-f]{8})$/m

/** A target that is no file is a case of the project, or whatever else `run` takes. */
export async function replay(target: string, flags: RunFlags): Promise<number> {
  if (!existsSync(target)) {
    if (!/\.ya?ml$/.test(target)) return run([target], flags)
    complain(`There is no file ${target}. viaduct fuzz says where it keeps what it found.`)
    return exitCodes.usage
  }
  const source = readTarget(target)
  const project = source && openProject([source])
  if (!project) return exitCodes.usage
  const command = `npx viaduct replay ${shellWord(target)}`
  const report = await runAsked({ project, patterns: [], selection: [target], command, repeat: () => command }, flags)
  if (typeof report === 'number') return report
  const before = digestLine.exec(source.text)?.[1]
  for (const { name, traceDigest } of report.cases) sayDigest(name, traceDigest, before)
  return report.exit.code
}

function readTarget(file: string): SourceText | undefined {
  const read = readText(file)
  if ('text' in read) return read
  complain(read.problem)
  return undefined
}

function sayDigest(name: string, digest: string, before: string | undefined): void {
  if (digest === '') return
  const known =
    before === undefined ? '' : before === digest ? ', as when it was found' : `; it was ${before} when it was found`
  say(`trace digest of ${name}: ${digest}${known}`)
}
