// The last words of a run or a search: what it came to, and where its report is; or that there is none.
import type { Exit } from '../../gate/exit.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import type { Report } from '../../result/report.ts'
import { UnwrittenReport, type ReportFolder } from '../report/report-files.ts'
import { complain, say } from './terminal.ts'

/** Seals the report, and says what the command ends with and why. The exit code is that of the report only if there is one. */
export function sealed(folder: ReportFolder, report: Report): Exit {
  try {
    folder.seal(report)
  } catch (thrown) {
    if (!(thrown instanceof UnwrittenReport)) throw thrown
    complain(thrown.message)
    const exit = {
      code: exitCodes.harness,
      why: `the report could not be written; it would have said: ${report.exit.why}`,
    }
    sayExit(exit)
    return exit
  }
  sayExit(report.exit)
  say(`report: ${folder.page}`)
  return report.exit
}

function sayExit({ code, why }: Exit): void {
  say(`exit ${code}: ${why}`)
}
