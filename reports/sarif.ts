// The report as SARIF 2.1.0: each failure at the line of the suite that says so, under the requirement that it breaks.
import type { PermutationResult, Finding, Report, RequirementResult } from '../harness/result/report.ts'
import { isBad, wentWrong } from '../harness/result/verdict.ts'
import { counted } from '../spec/vocabulary/units.ts'
import { grouped } from './grouped.ts'

const schema = 'https://json.schemastore.org/sarif-2.1.0.json'

/** One thing that is wrong with a permutation, under one rule. */
interface Wrong {
  /** A requirement, or what the run came to where none is broken. */
  readonly rule: string
  readonly row: PermutationResult
  /** Undefined where only a proof is missing. */
  readonly finding: Finding | undefined
  readonly place: string | undefined
}

export function renderSarif(report: Report): string {
  const { harness, exit, run, requirements } = report
  const wrong = report.cases.flatMap(wrongIn)
  const rules = [...new Set(wrong.map(({ rule }) => rule))].toSorted()
  const known = new Map(requirements.map((each) => [each.id, each]))
  const errors = report.cases.filter(({ verdict }) => verdict === 'error')
  const made = {
    tool: { driver: { name: harness.name, version: harness.version, rules: rules.map((id) => ruleOf(id, known)) } },
    invocations: [
      {
        executionSuccessful: errors.length === 0 && !run.interrupted,
        exitCode: exit.code,
        exitCodeDescription: exit.why,
        toolExecutionNotifications: errors.map((row) => ({
          level: 'error',
          message: { text: `${row.name}: ${row.reason}` },
        })),
      },
    ],
    results: [...grouped(wrong, keyOf).values()].map((alike) => resultOf(alike, rules, known)),
    columnKind: 'utf16CodeUnits',
  }
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [made] }, undefined, 1)}\n`
}

/** What is wrong with a permutation; of one that failed not what it left open besides. An error of ours is no result. */
function wrongIn(row: PermutationResult): readonly Wrong[] {
  const { verdict, findings } = row
  if (!wentWrong(verdict) || verdict === 'error') return []
  const some = findings.find(({ position }) => position !== undefined)?.position
  const telling = findings.filter((each) => (isBad(verdict) ? isBad(each.verdict) : each.verdict === verdict))
  if (telling.length === 0) return [{ rule: verdict, row, finding: undefined, place: some }]
  return telling.flatMap((finding) => {
    const broken = finding.requirements.length === 0 ? [finding.verdict] : finding.requirements
    return broken.map((rule) => ({ rule, row, finding, place: finding.position ?? some }))
  })
}

/** Permutations of one case that break one rule at one line are one result. */
function keyOf({ rule, row, place }: Wrong): string {
  return [rule, row.suite, row.case, place ?? '', isBad(row.verdict), row.known !== undefined].join(' ')
}

function resultOf(
  alike: readonly Wrong[],
  rules: readonly string[],
  known: ReadonlyMap<string, RequirementResult>,
): object {
  const [first] = alike
  if (!first) throw new Error('nothing is put together')
  const { rule, row, place } = first
  const others = new Set(alike.map((each) => each.row.name)).size - 1
  const more = others === 0 ? '' : ` (and ${counted(others, 'permutation')} more of this case)`
  const level = levels[known.get(rule)?.keyword ?? 'must']
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    ...(isBad(row.verdict) ? { kind: 'fail', level } : { kind: 'open', level: 'none' }),
    message: { text: `${row.name}${more}: ${wordsOf(first)}. Repeat it: ${row.repeat}` },
    locations: [
      {
        ...physical(place),
        logicalLocations: [{ name: row.case, fullyQualifiedName: `${row.suite}/${row.case}`, kind: 'function' }],
      },
    ],
    partialFingerprints: { 'requirementAndCase/v1': `${rule} ${row.suite}/${row.case}` },
    ...(row.known ? { suppressions: [{ kind: 'external', justification: row.known.reason }] } : {}),
  }
}

const levels = { must: 'error', should: 'warning', may: 'note' } as const

function wordsOf({ row, finding }: Wrong): string {
  if (finding) return `expected: ${finding.expected}; seen: ${finding.seen}`
  const missing = row.proves.filter(({ seen }) => !seen)
  return missing.length === 0 ? row.reason : `not seen: ${missing.map(({ words }) => words).join(', ')}`
}

/** `suites/emp/loss.yaml:31:9` as SARIF has it. */
function physical(place: string | undefined): object {
  const [, uri, line, column] = /^(.+):(\d+):(\d+)$/.exec(place ?? '') ?? []
  if (uri === undefined) return {}
  const region = { startLine: Number(line), startColumn: Number(column) }
  return { physicalLocation: { artifactLocation: { uri: encodeURI(uri) }, region } }
}

/** What a run comes to where no requirement is broken. */
const endings: Readonly<Record<string, string>> = {
  crash: 'The implementation, or its adapter, crashed',
  timeout: 'The run came to no end',
  fail: 'The run did not come to what was expected',
  inconclusive: 'A pass would have proved nothing',
}

function ruleOf(id: string, known: ReadonlyMap<string, RequirementResult>): object {
  const requirement = known.get(id)
  if (!requirement) return { id, shortDescription: { text: endings[id] ?? id } }
  const { title, words, clause, keyword, class: level, basis, source } = requirement
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: words },
    help: { text: `${words}\n\n${clause} (${basis}: ${source.join(', ')})` },
    defaultConfiguration: { level: levels[keyword] },
    properties: { keyword, class: level, basis, clause },
  }
}
