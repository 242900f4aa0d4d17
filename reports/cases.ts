// The list of cases: suites and cases as they are, their permutations as compressed data that is unpacked when it is asked for.
import type { PermutationResult, Report } from '../harness/result/report.ts'
import { verdicts } from '../harness/result/verdict.ts'
import { explored, failure, type Requirements } from './failure.ts'
import { detailedMax, staticMax, tailOf, type Placed } from './reading-order.ts'
import { count, quantity, span } from './figures.ts'
import { grouped } from './grouped.ts'
import { mark, wordsOf } from './mark.ts'
import { html, trusted, type Markup } from './markup.ts'
import { caseAnchor } from './parts.ts'
import { choice, searchField } from './requirements.ts'
import { rowsHeading, rowWords } from './row-words.ts'
import type { LazyCase, LazyRow } from './case-row.ts'

/** gzip, then base64. The page's client undoes it. */
export type Compress = (text: string) => string

/** Failures that are unpacked together when one of them is opened. */
const chunkSize = 20

export function caseList(report: Report): Markup {
  const placed = report.cases.map((row, place) => ({ place, row }))
  const [one, many] = rowWords(report)
  const options = verdicts.filter((verdict) => report.totals[verdict] > 0)
  return html`<section id="cases" aria-labelledby="cases-heading">
    <h2 id="cases-heading">${rowsHeading(report)}</h2>
    <form class="filter" data-for="cases" data-one="${one}" data-many="${many}" hidden>
      ${choice('verdict', [['bad', 'did not pass'], ...options.map((verdict) => [verdict, `${wordsOf(verdict)} (${count(report.totals[verdict])})`] as const)])}
      ${searchField('cases')}
      <output aria-live="polite"></output>
    </form>
    <noscript
      ><p class="note">
        The permutations of each case are listed by a script, which is switched off here. Those that did not pass stand
        above.
      </p></noscript
    >
    ${[...grouped(placed, ({ row }) => row.suite)].map(([suite, rows]) => suiteGroup(suite, rows))}
  </section>`
}

function suiteGroup(suite: string, rows: readonly Placed[]): Markup {
  const cases = grouped(rows, ({ row }) => row.case)
  return html`<details class="suite">
    <summary>
      <h3>${suite}</h3>
      <span class="count">${quantity(cases.size, 'case')}</span> ${tally(rows)}
    </summary>
    ${[...cases].map(([name, permutations]) => caseGroup(`${suite}/${name}`, permutations))}
  </details>`
}

function caseGroup(name: string, rows: readonly Placed[]): Markup {
  const title = rows[0]?.row.title ?? ''
  return html`<details class="case" id="${caseAnchor(name)}" data-case="${name}">
    <summary><span class="name">${name}</span> ${tally(rows)} <span class="title">${title}</span></summary>
    <div class="rows"></div>
  </details>`
}

/** How many of each verdict, worst last as everywhere. */
function tally(rows: readonly Placed[]): Markup {
  const byVerdict = grouped(rows, ({ row }) => row.verdict)
  const shown = verdicts.flatMap((verdict) => {
    const number = byVerdict.get(verdict)?.length ?? 0
    return number === 0 ? [] : [mark(verdict, `${count(number)} ${wordsOf(verdict)}`)]
  })
  return html`<span class="tally">${shown}</span>`
}

/** The data of the list: all rows in one piece, and the failures that are not in the page in chunks. */
export function lazyData(
  report: Report,
  wrong: readonly Placed[],
  context: { requirements: Requirements; compress: Compress },
): Markup {
  const lazy = wrong.slice(staticMax)
  const chunks: string[] = []
  const chunkOf = new Map<number, readonly [number, number]>()
  for (let start = 0; start < lazy.length; start += chunkSize) {
    const part = lazy.slice(start, start + chunkSize)
    part.forEach(({ place }, at) => chunkOf.set(place, [chunks.length, at]))
    const fragments = part.map(
      (one, at) => failure(one, context.requirements, staticMax + start + at < detailedMax).text,
    )
    chunks.push(context.compress(JSON.stringify(fragments)))
  }
  const rows = context.compress(JSON.stringify(lazyCases(report, chunkOf)))
  return html`${data('rows', rows)}${chunks.map((chunk, place) => data(`chunk-${place}`, chunk))}`
}

/** Base64 needs no escaping; anything else that a `compress` might give is escaped away. */
function data(id: string, packed: string): Markup {
  return html`<script type="text/plain" id="${id}">
    ${trusted(packed.replace(/[^\w+/=]/g, ''))}
  </script>`
}

function lazyCases(report: Report, chunkOf: ReadonlyMap<number, readonly [number, number]>): readonly LazyCase[] {
  const placed = report.cases.map((row, place) => ({ place, row }))
  const covers = new Map<string, string>()
  for (const { id, cases } of report.requirements) {
    for (const name of cases) covers.set(name, `${covers.get(name) ?? ''}${id} `)
  }
  return [...grouped(placed, ({ row }) => `${row.suite}/${row.case}`)].map(([name, rows]) => ({
    name,
    title: rows[0]?.row.title ?? '',
    covers: covers.get(name) ?? '',
    rows: rows.map((one) => lazyRow(one, chunkOf.get(one.place))),
  }))
}

function lazyRow({ place, row }: Placed, chunk: readonly [number, number] | undefined): LazyRow {
  const broken = new Set(
    row.findings.filter(({ verdict }) => verdict !== 'pass').flatMap(({ requirements }) => requirements),
  )
  return {
    place,
    tail: tailOf(row),
    verdict: row.verdict,
    reason: row.reason,
    facts: factsOf(row),
    broken: [...broken].join(' '),
    repeat: row.repeat,
    ...(chunk === undefined ? {} : { chunk }),
  }
}

function factsOf(row: PermutationResult): readonly string[] {
  if (row.verdict !== 'pass') return []
  return [
    ...(row.outcome === undefined ? [] : [`Outcome: ${row.outcome.name} (${row.outcome.label})`]),
    ...row.proves.map(({ words, seen, count: times }) =>
      seen ? `Seen ${count(times)} ×: ${words}` : `Not seen: ${words}`,
    ),
    ...(row.exploration === undefined ? [] : [`Explored ${explored(row.exploration)}`]),
    `${quantity(row.findings.length, 'finding')}, ${span(row.virtualNanoseconds)} of virtual time, seed ${row.seed}, trace ${row.traceDigest}`,
  ]
}

/** For the totals at the top of a page without any case. */
export function noCases(report: Report): Markup {
  return html`<section id="cases" aria-labelledby="cases-heading">
    <h2 id="cases-heading">${rowsHeading(report)}</h2>
    ${report.fuzz ? html`<p>None was found.</p>` : mark('skipped', 'No case was run.')}
  </section>`
}
