// The first screen: conformant or not, to which class, how much was really checked, by whom and with what.
import type { ClassResult, FuzzFacts, GateTerm, PartFacts, Report } from '../harness/result/report.ts'
import { playedTwiceWords } from '../harness/result/stability-words.ts'
import { classVerdictWords, excusedWords, verdicts } from '../harness/result/verdict.ts'
import { count, quantity, date, span } from './figures.ts'
import { mark, toneOf, wordsOf, type AnyVerdict } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { command, facts, requirementLink } from './parts.ts'

interface Share {
  readonly verdict: AnyVerdict
  readonly number: number
}

export function overview(report: Report): Markup {
  const { implementation, run } = report
  return html`<header class="answer">
    <p class="over">Conformance report</p>
    <h1>${implementation.name} <span class="version">${implementation.version}</span></h1>
    ${warnings(report)}
    <section aria-labelledby="exit" class="exit ${report.exit.code === 0 ? 'good' : 'bad'}">
      <h2 id="exit" class="quiet-heading">Gate</h2>
      <p><strong>Exit code ${report.exit.code}.</strong> ${report.exit.why}</p>
      ${permutations(report)}
    </section>
    <section aria-labelledby="classes">
      <h2 id="classes" class="quiet-heading">Conformance by class</h2>
      ${report.classes.length === 0 ? html`<p>No class was judged.</p>` : report.classes.map(classRow)}
    </section>
    <section aria-labelledby="by-whom">
      <h2 id="by-whom" class="quiet-heading">By whom and with what</h2>
      ${identity(report)} ${strength(report)}
      <h3 class="label">The command that makes this report again</h3>
      ${command(run.command)} ${run.parts && partList(run.parts)}
    </section>
  </header>`
}

function warnings({ run, fuzz }: Report): readonly Markup[] {
  const interrupted = html`<p class="warning" role="note">
    <strong>This run was interrupted.</strong> What did not run is marked skipped, and nothing is concluded from it.
  </p>`
  const interruptedSearch = html`<p class="warning" role="note"><strong>The search was interrupted.</strong></p>`
  const selection = html`<p class="warning" role="note">
    <strong>Only a selection was run:</strong> ${run.selection.map((pattern) => html`<code>${pattern}</code> `)} No
    class is assessed from a selection.
  </p>`
  const search = html`<p class="warning" role="note">
    <strong>This was a search.</strong> It tells what it found wrong, and of nothing that it is right: no class is
    assessed from it.
  </p>`
  if (fuzz) return [...(run.interrupted ? [interruptedSearch] : []), search]
  return [...(run.interrupted ? [interrupted] : []), ...(run.selection.length > 0 ? [selection] : [])]
}

function classRow(result: ClassResult): Markup {
  const { verified, violated, partly, unverified, notApplicable, deferred, untestable } = result
  // The document's rule: applicable = verified + violated + partly + unverified + not assessed.
  const notAssessed = result.applicable - verified - violated - partly - unverified
  const checked: readonly Share[] = [
    { verdict: 'verified', number: verified },
    { verdict: 'violated', number: violated },
    { verdict: 'partly', number: partly },
    { verdict: 'unverified', number: unverified },
    { verdict: 'not-assessed', number: notAssessed },
  ]
  const aside: readonly Share[] = [
    { verdict: 'waived', number: result.waived ?? 0 },
    { verdict: 'disputed', number: result.disputed ?? 0 },
    { verdict: 'not-applicable', number: notApplicable },
    { verdict: 'deferred', number: deferred },
    { verdict: 'untestable', number: untestable },
  ]
  return html`<article class="class ${toneOf(result.verdict)}">
    <div>
      <h3>${result.interface.toUpperCase()} <span class="class-name">${result.class}</span></h3>
      <p class="verdict">${mark(result.verdict, classVerdictWords(result, wordsOf(result.verdict)))}</p>
    </div>
    <div>
      <p class="note">${result.words}</p>
      ${result.why !== '' && html`<p class="why">${result.why}</p>`} ${unexcused(result)}
      ${bar([...checked, ...aside], `Requirements of ${result.interface} ${result.class}`)}
      <p class="shares">
        <span class="sum">${quantity(result.applicable, 'requirement applies', 'requirements apply')}:</span>
        ${shares(checked, '#requirements')}
        ${aside.some(({ number }) => number > 0) && html`<span class="sum">beside them:</span> ${shares(aside, '#requirements')}`}
      </p>
    </div>
  </article>`
}

/** The score with what is waived or disputed, beside the one without. */
function unexcused({ unexcused: plain, ...result }: ClassResult): Markup | undefined {
  if (!plain) return undefined
  const { verdict, verified, applicable, violated } = plain
  return html`<p class="note">
    If nothing were excused (${excusedWords(result)}): ${wordsOf(verdict)}, ${count(verified)} of
    ${quantity(applicable, 'requirement')} verified, ${count(violated)} violated.
  </p>`
}

/** Where the numbers are links, each leads to the rows that it counts. */
function shares(all: readonly Share[], section: string): readonly Markup[] {
  return all
    .filter(({ number, verdict }) => number > 0 || verdict === 'verified')
    .map(({ verdict, number }) => {
      const shown = mark(verdict, `${count(number)} ${wordsOf(verdict)}`)
      return html`<a class="share" href="${section}?verdict=${verdict}">${shown}</a> `
    })
}

function bar(all: readonly Share[], label: string): Markup {
  const present = all.filter(({ number }) => number > 0)
  const words = present.map(({ verdict, number }) => `${number} ${wordsOf(verdict)}`).join(', ')
  return html`<div class="bar" role="img" aria-label="${label}: ${words === '' ? 'none' : words}">
    ${present.map(({ verdict, number }) => html`<span class="${toneOf(verdict)} ${verdict}" style="flex-grow:${number}"></span>`)}
  </div>`
}

function permutations(report: Report): Markup {
  const { suites, totals, cases, lost, fuzz } = report
  const all = verdicts.map((verdict) => ({ verdict, number: totals[verdict] })).filter(({ number }) => number > 0)
  if (fuzz) return kindsOfFailure(fuzz, all)
  if (all.length === 0) return html`<p class="note">No permutation was planned.</p>`
  const selected = cases.length < suites.permutations ? `${cases.length} of ` : ''
  return html`${bar(all, 'Permutations by verdict')}
    <p class="shares">
      <span class="sum"
        >${selected}${quantity(suites.permutations, 'permutation')} of ${quantity(suites.cases, 'case')}:</span
      >
      ${shares(all, '#cases')}
    </p>
    ${baseline(report)} ${excused(report)}
    ${lost.wire > 0 && html`<p class="note">${quantity(lost.wire, 'permutation')} could not be judged because the wire is hidden.</p>`}
    ${lost.clock > 0 && html`<p class="note">${quantity(lost.clock, 'permutation')} could not be judged because the clock is real.</p>`}`
}

/** What is red and known, and what the list of it is no longer right about. */
function baseline({ baseline: given, cases }: Report): Markup | undefined {
  if (!given) return undefined
  const known = cases.filter(({ known: accepted }) => accepted && !accepted.by).length
  const wrong = given.entries.filter(({ problem }) => problem !== '')
  return html`<p class="note">
      Of these ${quantity(known, 'failure')} ${known === 1 ? 'is' : 'are'} known to the baseline, which has
      ${quantity(given.entries.length, 'entry', 'entries')}. The classes below do not look at it.
    </p>
    ${
      wrong.length > 0 &&
      html`<details class="plain">
        <summary>${quantity(wrong.length, 'entry', 'entries')} of it no longer right</summary>
        <ul>
          ${wrong.map(({ pattern, problem }) => html`<li><code>${pattern}</code>: ${problem}</li>`)}
        </ul>
      </details>`
    }`
}

/** One term of the gate: whether it is met, what was asked, and what was seen. */
function term({ term: name, asked, seen, standing }: GateTerm): Markup {
  return html`<li>${mark(standing)} ${name}: asked ${asked}, seen ${seen}</li>`
}

/** What is red and excused, what came of each term, and which waivers are no longer right. */
function excused({ gate, cases }: Report): Markup {
  const kinds = [
    ['waiver', 'of what the gate waives'],
    ['dispute', 'of what is disputed'],
    ['warning', 'of what is no MUST'],
    ['unstable', 'unstable, as the gate allows'],
  ] as const
  const counts = kinds.map(([by, words]) => ({ number: cases.filter(({ known }) => known?.by === by).length, words }))
  const wrong = gate?.waivers.filter(({ problem }) => problem !== '') ?? []
  return html`${counts.map(({ number, words }) => number > 0 && html`<p class="note">${quantity(number, 'failure')} ${words}.</p>`)}
  ${
    gate &&
    gate.terms.length > 0 &&
    html`<ul class="terms">
      ${gate.terms.map(term)}
    </ul>`
  }
  ${
    wrong.length > 0 &&
    html`<p>Waivers of the gate that are no longer right:</p>
      <ul>
        ${wrong.map(({ requirement, problem }) => html`<li>${requirementLink(requirement)}: ${problem}</li>`)}
      </ul>`
  }`
}

/** Of a search there is a row for each kind of failure, and none for the runs in which nothing was wrong. */
function kindsOfFailure(searches: readonly FuzzFacts[], all: readonly Share[]): Markup {
  const runs = searches.reduce((sum, search) => sum + search.runs, 0)
  const kinds = all.reduce((sum, { number }) => sum + number, 0)
  const found = kinds === 0 ? 'no kind of failure' : quantity(kinds, 'kind of failure', 'kinds of failure')
  return html`<p class="shares">
    <span class="sum">${found} in ${quantity(runs, 'drawn run')}${kinds > 0 && ':'}</span>
    ${shares(all, '#cases')}
  </p>`
}

function identity({ implementation, harness, suites, run }: Report): Markup {
  return facts([
    ['Implementation', `${implementation.name} ${implementation.version}`],
    ['Vendor', implementation.vendor],
    ['Adapter', implementation.adapter],
    ['Harness', `${harness.name} ${harness.version}`],
    ['Suites', html`<code>${suites.digest}</code> (${quantity(suites.files, 'file')})`],
    ['Seed', html`<code>${run.seed}</code>`],
    ['Started', html`<time datetime="${run.startedAt}">${date(run.startedAt)}</time>`],
    [run.parts ? 'Took in all' : 'Took', span(run.realMilliseconds * 1_000_000)],
    ...(run.resumed === undefined
      ? []
      : [['Resumed', `${quantity(run.resumed, 'row')} taken over from an earlier part of the run`] as const]),
    ['Determinism', run.playedTwice && playedTwiceWords(run.playedTwice)],
    ...Object.entries(run.environment).map(([name, value]): readonly [string, string] => [name, value]),
  ])
}

/** What was run where, and when. */
function partList(parts: readonly PartFacts[]): Markup {
  return html`<details class="plain">
    <summary>Merged of ${quantity(parts.length, 'part')}</summary>
    <ol>
      ${parts.map(
        ({ command: made, permutations: rows, startedAt, realMilliseconds, environment }) =>
          html`<li>
            <code>${made}</code>: ${quantity(rows, 'permutation')}, ${date(startedAt)},
            ${span(realMilliseconds * 1_000_000)}, ${Object.values(environment).join(', ')}
          </li>`,
      )}
    </ol>
  </details>`
}

/** A green page says as much as the suites behind it can find. */
function strength({ strength: { mutants, killed, races, search, survivors = [], floor } }: Report): Markup {
  if (mutants === 0)
    return html`<p class="note">Does green mean anything? Nobody measured how strong these suites are.</p>`
  const degenerate = Object.entries(floor).map(([name, verified]) => `${name} ${count(verified)}`)
  const sentences = [
    `they find ${count(killed)} of ${quantity(mutants, 'planted fault')}`,
    ...(races && races.mutants > 0
      ? [`${count(races.killed)} of ${count(races.mutants)} that only a race reveals`]
      : []),
  ]
  return html`<p class="note">
    Does green mean anything? Strength of the suites: ${sentences.join(', and ')}.
    ${search && `Searching without the cases finds ${count(search.killed)} of ${count(search.mutants)}.`}
    ${survivors.length > 0 && `Neither finds ${survivors.join(', ')}.`}
    ${degenerate.length > 0 && `Requirements verified by endpoints that do nothing right: ${degenerate.join(', ')}.`}
  </p>`
}
