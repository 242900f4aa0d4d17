// What a search says on the terminal: how far it is, and what it has caught.
import { counted } from '../../../spec/vocabulary/units.ts'
import { isFlat } from '../../result/flat.ts'
import type { FuzzFacts } from '../../result/report.ts'
import { numberedSteps } from '../../result/steps-alike.ts'
import { blamedRule } from '../terminal/summary.ts'
import { LiveLine } from '../terminal/live-line.ts'
import { say, styled } from '../terminal/terminal.ts'
import { labelWords, type Kept } from './keep.ts'
import type { Seen } from './search.ts'

/** How often a log is told how far the search is. */
const plainMilliseconds = 5_000

/** A live line on a terminal, and a plain one every few seconds elsewhere. */
export class FuzzProgress {
  private readonly stream: NodeJS.WriteStream
  private readonly began = performance.now()
  private readonly live: LiveLine
  private saidAt = performance.now()

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.stream = stream
    this.live = new LiveLine(stream, () => performance.now())
  }

  show(of: string, seen: Seen): void {
    const line = (): string => `${of}: ${this.words(seen)}`
    if (this.stream.isTTY) this.live.paint(line)
    else if (performance.now() - this.saidAt >= plainMilliseconds) {
      this.saidAt = performance.now()
      this.stream.write(`${line()}\n`)
    }
  }

  end(): void {
    if (this.stream.isTTY) this.live.clear()
  }

  private words({ runs, pairs, grownAt, failures }: Seen): string {
    const rate = Math.round(runs / ((performance.now() - this.began) / 1000))
    const kinds = [...failures].map(([kind, count]) => `${requirementOf(kind)} x${count}`)
    const failed = kinds.length === 0 ? 'no failures' : kinds.join(', ')
    return `${counted(runs, 'run')}, ${rate}/s; ${coverageWords(pairs, grownAt, runs)}; ${failed}`
  }
}

function coverageWords(pairs: number, grownAt: number, runs: number): string {
  return `${pairs} state pairs, ${isFlat({ runs, grownAt }) ? `flat since run ${grownAt}` : 'growing'}`
}

/** The first requirement of a kind, or what it is without one. */
function requirementOf(kind: string): string {
  const [judge = '', verdict = '', ...rest] = kind.split(' ')
  if (rest[0]?.includes('-') === true) return rest[0]
  // What the harness tells of is a crash of the implementation, or a run that came to no end.
  return judge === 'harness' ? verdict : `${judge} ${verdict}`
}

/** One failure: what is forbidden, what was seen, the plan that shows it, where it is kept and how it is repeated. */
export function printKept({ caught, file, row }: Kept, count: number): void {
  const { finding, label, run } = caught
  say(`${styled('red', row.verdict)} ${blamedRule(finding)}: ${finding.expected}`)
  say(`  seen: ${finding.seen}`)
  say(`  ${counted(count, 'run')}, the first was ${run}; ${labelWords[label]}`)
  const { failure } = row
  for (const [place, value] of (failure?.faultPlan ?? []).entries()) say(`    fault ${place}: ${value}`)
  for (const line of numberedSteps(failure?.steps ?? [])) say(`    ${line}`)
  say(`  kept: ${file}`)
  say(`  ${styled('dim', `${row.repeat} --trace`)}`)
  say()
}

export function printSearch({
  interface: of,
  seed,
  runs,
  realMilliseconds,
  pairs,
  grownAt,
  failures,
}: FuzzFacts): void {
  const rate = Math.round(runs / Math.max(0.001, realMilliseconds / 1000))
  const found = failures.length === 0 ? 'nothing forbidden' : `${counted(failures.length, 'kind')} of failure`
  say(`${of}: ${counted(runs, 'run')}, ${rate}/s, seed ${seed}; ${coverageWords(pairs, grownAt, runs)}; ${found}`)
}
