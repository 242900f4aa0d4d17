// Small pieces that several sections of the page are made of.
import type { RequirementResult } from '../harness/result/report.ts'
import { html, type Markup } from './markup.ts'

/** A command with a button that copies it. */
export function command(text: string): Markup {
  return html`<div class="command">
    <pre><code>${text}</code></pre>
    <button type="button" class="copy" hidden>Copy</button>
  </div>`
}

/** Terms and what they are; entries without content are left out. */
export function facts(entries: readonly (readonly [term: string, content: Markup | string | undefined])[]): Markup {
  return html`<dl class="facts">
    ${entries.flatMap(([term, content]) =>
      content === undefined || content === ''
        ? []
        : [
            html`<div>
              <dt>${term}</dt>
              <dd>${content}</dd>
            </div>`,
          ],
    )}
  </dl>`
}

export function requirementLink(id: string): Markup {
  return html`<a class="id" href="#${anchorOf(id)}">${id}</a>`
}

export function anchorOf(requirement: string): string {
  return `requirement-${requirement}`
}

/** `suite/case` as the page's anchor. */
export function caseAnchor(name: string): string {
  return `case-${name}`
}

/** How we read a requirement and how others do, where they differ. */
export function bothReadings({ dispute }: RequirementResult): Markup | undefined {
  return (
    dispute &&
    html`<p class="note">
      Disputed by ${dispute.by}. Our reading, by which it is judged: ${dispute.ours} Theirs: ${dispute.theirs}
    </p>`
  )
}

const bases: Readonly<Record<RequirementResult['basis'], string>> = {
  sourced: 'stated by the source',
  recalled: 'recalled from the source',
  reading: 'our reading of the source',
}

/** Where a requirement comes from, and how sure that is. */
export function origin(requirement: RequirementResult): Markup {
  const sources = requirement.source.length > 0 ? ` (${requirement.source.join(', ')})` : ''
  return html`${requirement.clause}${sources};
    <span title="basis: ${requirement.basis}">${bases[requirement.basis]}</span>`
}
