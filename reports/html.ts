// The report as one page of HTML: no network, works from a file and as an attachment.
import type { Report } from '../harness/result/report.ts'
import { answered } from './answers.ts'
import { caseList, lazyData, noCases, type Compress } from './cases.ts'
import { declaration, notApplicable } from './declared.ts'
import { failed } from './failed.ts'
import { inReadingOrder } from './reading-order.ts'
import { signSheet } from './mark.ts'
import { html, trusted, type Markup } from './markup.ts'
import { measuredAs } from './measured.ts'
import { overview } from './overview.ts'
import { requirementTable } from './requirements.ts'
import { rowsHeading } from './row-words.ts'
import { searched } from './search.ts'
import { printedMax, styles } from './styles.ts'

/** Nothing may be loaded, whatever an implementation managed to put into its name. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** `client` is the bundled script of reports/client; `compress` is gzip and base64, which this room has not. */
export function renderHtml(report: Report, client: string, compress: Compress): string {
  const wrong = inReadingOrder(report)
  const requirements = new Map(report.requirements.map((requirement) => [requirement.id, requirement]))
  const excluded = notApplicable(report)
  const { name, version } = report.implementation
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <title>${name} ${version}: conformance report</title>
        <style>
          ${trusted(styles)}
        </style>
      </head>
      <body>
        ${signSheet}
        <a class="skip" href="#main">Skip to the answer</a>
        <nav aria-label="Sections">${sections(report, wrong.length > 0, excluded !== undefined)}</nav>
        <main id="main" tabindex="-1">
          ${overview(report)}
          <p class="on-paper note">
            On paper there is the answer, what failed, the first ${printedMax} failures in detail, and what is declared.
            Every requirement and permutation is in the page.
          </p>
          ${searched(report)} ${failed(report, wrong, requirements)} ${requirementTable(report)}
          ${report.cases.length === 0 ? noCases(report) : caseList(report)} ${answered(report)} ${excluded}
          ${measuredAs(report)} ${declaration(report)}
        </main>
        <footer>
          <p>
            Made by ${report.harness.name} ${report.harness.version} from a result document of version
            ${report.version}, which holds everything that this page shows.
          </p>
        </footer>
        <p id="status" role="status" class="unseen"></p>
        ${lazyData(report, wrong, { requirements, compress })}
        <script>
          ${script(client)}
        </script>
      </body>
    </html> `
  return page.text
}

function sections(report: Report, anyWrong: boolean, anyExcluded: boolean): readonly Markup[] {
  const { fuzz, answers, profiles } = report
  const links: readonly (readonly [id: string, words: string, present: boolean])[] = [
    ['main', 'Answer', true],
    ['search', 'Search', fuzz !== undefined],
    ['failed', 'What failed', anyWrong],
    ['failures', 'Failures in detail', anyWrong],
    ['requirements', 'Requirements', true],
    ['cases', rowsHeading(report), true],
    ['answers', 'Answers', answers !== undefined],
    ['not-applicable', 'Not applicable', anyExcluded],
    ['measured', 'Measured as', profiles.length > 0],
    ['pics', 'Declared', true],
  ]
  return links.filter(([, , present]) => present).map(([id, words]) => html`<a href="#${id}">${words}</a> `)
}

/** A script ends at the first `</script`, wherever it stands. */
function script(client: string): Markup {
  return trusted(client.replace(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--'))
}
