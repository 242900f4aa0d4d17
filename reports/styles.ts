// The page's style sheet: calm in light and dark, readable from 400 px, on paper and without colour.
import { diagramStyles } from './diagram-styles.ts'

const colours = `
:root { color-scheme: light dark;
  --paper: #fcfbf9; --raised: #ffffff; --ink: #20242b; --soft: #59616e; --line: #dedbd4; --wash: #f3f1ec; --link: #1f5688;
  --good: #1b7145; --bad: #b3261e; --worse: #8a1c7c; --ours: #5b3cc4; --doubt: #865300; --quiet: #646b78;
  --bad-wash: #fbeeec; --doubt-wash: #fbf3e1; --shade: #b9b4a9; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #15171b; --raised: #1b1e23; --ink: #e5e7eb; --soft: #a3abb8; --line: #33383f; --wash: #20242a; --link: #8ec1f0;
  --good: #56c48d; --bad: #ff8d83; --worse: #ea9ae0; --ours: #b7a5ff; --doubt: #e5b455; --quiet: #98a0ad;
  --bad-wash: #2d1d1d; --doubt-wash: #2b2417; --shade: #4f5763; } }
.good { --tone: var(--good) } .bad { --tone: var(--bad) } .worse { --tone: var(--worse) }
.ours { --tone: var(--ours) } .doubt { --tone: var(--doubt) } .quiet { --tone: var(--quiet) }
`

const page = `
*, *::before, *::after { box-sizing: border-box }
html { scroll-behavior: smooth; scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100% }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
main, nav, footer { padding: 0 max(clamp(1rem, 4vw, 2.5rem), (100vw - 68rem) / 2) }
main:focus { outline: none }
nav { display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; padding-top: .8rem; padding-bottom: .8rem; font-size: .875rem;
  position: sticky; top: 0; z-index: 2; background: var(--paper); border-bottom: 1px solid var(--line) }
nav a { color: var(--soft); text-decoration: none } nav a:hover { color: var(--ink); text-decoration: underline }
@media (max-width: 40rem) { nav { position: static } html { scroll-padding-top: .5rem } }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px }
.skip { position: absolute; left: -100vw } .skip:focus { left: 1rem; top: .5rem; z-index: 3; background: var(--raised); padding: .3rem .8rem }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.sheet { position: absolute }
h1, h2, h3, h4 { line-height: 1.25; font-weight: 600; text-wrap: balance }
h1 { font-size: clamp(1.7rem, 4.5vw, 2.5rem); letter-spacing: -.018em; margin: 0 0 1rem }
h1 .version { color: var(--soft); font-weight: 400 }
h2 { font-size: 1.5rem; letter-spacing: -.01em; margin: 4rem 0 1rem }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem } h4 { font-size: .875rem; margin: 1.6rem 0 .4rem; color: var(--soft) }
p { margin: .4rem 0; max-width: 46rem; text-wrap: pretty }
ul, ol { padding-left: 1.4rem; margin: .4rem 0 }
code, pre, .name, .id { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .84em }
.note, .over, .count, .sum, caption { color: var(--soft); font-size: .875rem }
.quiet-heading, .label { font-size: .8125rem; font-weight: 600; color: var(--soft); margin: 0 0 .6rem; letter-spacing: .01em }
.over { margin: 1.5rem 0 .2rem } .label { margin-top: 1.2rem }
.answer > section { margin-top: 1.5rem }
footer { margin-top: 5rem; padding-bottom: 3rem; color: var(--soft); font-size: .8125rem }
.mark { color: var(--tone); white-space: nowrap; font-weight: 550 }
.mark svg { width: .95em; height: .95em; vertical-align: -.11em; margin-right: .38em }
.keyword { font-size: .75rem; font-weight: 650; text-transform: uppercase; letter-spacing: .05em; color: var(--soft) }
.keyword.must { color: var(--ink) }
.weak { font-size: .75rem; border: 1px dashed var(--soft); border-radius: 3px; padding: 0 .35em; color: var(--soft) }
.scroll { overflow-x: auto; max-width: 100%; background: linear-gradient(90deg, var(--paper) 35%, transparent) left / 3rem 100% no-repeat local,
  linear-gradient(270deg, var(--paper) 35%, transparent) right / 3rem 100% no-repeat local,
  linear-gradient(90deg, var(--shade), transparent) left / .9rem 100% no-repeat scroll, linear-gradient(270deg, var(--shade), transparent) right / .9rem 100% no-repeat scroll }
`

const answer = `
.warning { background: var(--doubt-wash); border-left: .3rem solid var(--doubt); padding: .7rem 1rem; margin: 0 0 .8rem; max-width: none; border-radius: 2px }
.class { display: grid; grid-template-columns: minmax(10rem, 14rem) minmax(0, 1fr); gap: .3rem 2rem; padding: .7rem 0; border-top: 1px solid var(--line) }
.class:last-child { border-bottom: 1px solid var(--line) }
.class h3 { margin: 0; font-size: 1.05rem } .class .class-name { font-weight: 400 }
.class .verdict { font-size: 1.25rem; margin: .1rem 0 } .class .verdict .mark { font-weight: 650 }
.class p { margin: 0 0 .2rem } .class .note { max-width: none } .class .why { font-weight: 550; font-size: .9375rem; max-width: none } .class .bar { margin: .45rem 0 .3rem }
@media (max-width: 40rem) { .class { grid-template-columns: minmax(0, 1fr) } }
.bar { display: flex; gap: 2px; height: .7rem; margin: .7rem 0 .5rem; border-radius: 3px; overflow: hidden; background: var(--wash); print-color-adjust: exact; -webkit-print-color-adjust: exact }
.bar span { background: var(--tone); min-width: 3px }
.bar .quiet, .bar .unverified { background: repeating-linear-gradient(135deg, var(--tone) 0 1.5px, transparent 1.5px 5px) }
.bar .partly, .bar .inconclusive { background: repeating-linear-gradient(135deg, var(--tone) 0 3px, transparent 3px 5px) }
p.shares { max-width: none; font-size: .875rem; line-height: 1.75 }
.share { text-decoration: none; margin-right: .9em } .share:hover { text-decoration: underline; text-decoration-color: var(--tone) }
.exit > p:first-of-type strong { color: var(--tone) }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); gap: .7rem 2rem; margin: .4rem 0 1.2rem }
.facts div { min-width: 0 } .facts dt { color: var(--soft); font-size: .8125rem } .facts dd { margin: 0 }
@media (max-width: 40rem) { .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .6rem 1rem } }
.command { display: flex; align-items: flex-start; gap: .5rem; max-width: 100% }
.command pre, .output { flex: 1; min-width: 0; margin: 0; padding: .55rem .8rem; background: var(--wash); border-radius: 4px; line-height: 1.5 }
.command pre { white-space: pre-wrap } .output { white-space: pre; overflow: auto; max-height: 24rem }
button { font: inherit; font-size: .8125rem; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: .42rem .8rem; cursor: pointer }
button:hover { border-color: var(--soft) }
.command .copy { min-width: 5rem }
`

const failures = `
summary { cursor: pointer } summary h3 { display: inline; font-size: 1rem; margin: 0 }
summary::marker { color: var(--soft) }
.group, .failure, .suite { border-top: 1px solid var(--line); padding: .7rem 0 }
.group[open] { padding-bottom: 1.4rem }
.group .count { margin-left: .8em } .group h3 .mark { margin-right: .5em }
.rule { max-width: 48rem } .shown { list-style: none; padding: 0; margin: .8rem 0 0 }
.shown li { padding: .35rem 0 .35rem .9rem; border-left: 3px solid var(--line) } .shown span { display: block; color: var(--soft) }
.failure summary .name { font-weight: 500 } .failure summary .mark { margin-right: .5em } .failure .reason { display: block; color: var(--soft); padding-left: 1.1rem }
.failure .body { padding: .3rem 0 1.6rem 1.1rem } .failure[open] > summary { margin-bottom: .6rem }
@media (max-width: 40rem) { .failure .body { padding-left: 0 } }
.finding { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; margin: .8rem 0 }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); gap: .6rem 1.2rem; margin: .7rem 0 }
.sides > div { border-left: 3px solid var(--good); padding-left: .8rem } .sides .seen { border-left-color: var(--bad); border-left-style: double }
.sides h4 { margin: 0 } .sides p { margin: .1rem 0 }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.2rem 2.5rem; align-items: start }
.steps li, .events li { padding: .1rem 0 } .events { font-size: .875rem } .events .fields { display: block; color: var(--soft) }
.plain { font-size: .875rem; margin: .4rem 0 } .plain > summary { color: var(--soft) }
`

const lists = `
.filter { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: flex-end; margin: 0 0 1rem; font-size: .8125rem } .filterpre code { font-size: inherit }
[hidden] { display: none }
.filter label { display: flex; flex-direction: column; gap: .15rem; color: var(--soft) }
.filter output { padding: .4rem 0; color: var(--soft) }
select, input { font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: .3rem .5rem; height: 2.2rem; max-width: 15rem }
table { border-collapse: collapse; width: 100%; font-size: .875rem } caption { text-align: left; padding-bottom: .6rem; text-wrap: pretty }
th, td { text-align: left; vertical-align: top; padding: .6rem 1.2rem .6rem 0; border-bottom: 1px solid var(--line); font-weight: 400 }
thead th { color: var(--soft); font-size: .8125rem; padding-top: .2rem; padding-bottom: .3rem }
td p, th p { margin: .15rem 0 } .links { list-style: none; padding: 0; margin: .2rem 0 }
.requirements th:first-child { width: 44% } .requirements .id { margin-right: .4em; white-space: nowrap } .requirements td:nth-child(2) { width: 20% }
tr:target { background: var(--doubt-wash) }
.failure:target > summary, .case:target > summary { box-shadow: -.6rem 0 0 var(--paper), -.8rem 0 0 var(--doubt) }
.scroll .grid { overflow-wrap: normal; white-space: nowrap }
.grid { width: auto; min-width: min(24rem, 100%) } .grid th, .grid td { padding: .3rem 1.6rem .3rem 0 } .number { text-align: right }
@media (max-width: 48rem) { .requirements, .requirements tbody, .requirements tr, .requirements th, .requirements td, .requirements caption { display: block; width: auto !important }
  .requirements thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  .requirements th, .requirements td { border: 0; padding: .1rem 0 } .requirements tr { border-bottom: 1px solid var(--line); padding: .7rem 0 } }
pre code { font-size: inherit }
[hidden] { display: none !important }
.suite > summary .count { margin: 0 .8em 0 .4em } .tally { font-size: .8125rem } .tally .mark { margin-right: .8em }
.case { padding: .45rem 0 .45rem 1.2rem } .suite > .case:first-of-type { margin-top: .5rem } .case > summary .name { margin-right: .7em }
.case .title { color: var(--soft); font-size: .875rem; display: block; padding-left: 1.05rem } .rows > ul { list-style: none; padding-left: 1.05rem; font-size: .875rem }
.rows li { padding: .12rem 0 } a.permutation { text-decoration: none; padding-left: 1.05rem; display: block } a.permutation:hover .name { text-decoration: underline } .permutation .reason { color: var(--soft) } .permutation .mark { display: inline-block; min-width: 7.2em }
.reasons { list-style: none; padding: 0 } .reasons li { padding: .4rem 0; border-top: 1px solid var(--line) } .reasons strong { display: block; font-weight: 550 } .reasons a { margin-right: .6em }
`

/** So many failures are printed in detail, so that a report of hundreds is not a book. */
export const printedMax = 12

const print = `
.on-paper { display: none }
@media print {
  .on-paper { display: block } #requirements, #cases, #answers, #not-applicable, #measured { display: none }
  #failure-list > .failure:nth-child(n+${printedMax + 1}), .failure :is(.plain, .columns, .scroll:has(.grid), h4:has(+ .scroll > .grid), .body > .facts, .body > h4:has(+ .facts)) { display: none }
  .failure .scroll { break-inside: avoid } .output { white-space: pre-wrap; max-height: 12rem; overflow: hidden }
  :root { --paper: #fff; --raised: #fff; --ink: #000; --soft: #444; --line: #bbb; --wash: #f2f2f2; --link: #000;
    --good: #1b7145; --bad: #b3261e; --worse: #8a1c7c; --ours: #5b3cc4; --doubt: #865300; --quiet: #555; --bad-wash: #fff; --doubt-wash: #fff }
  body { font-size: 10pt } nav, .skip, .copy, .filter { display: none !important } main, footer { max-width: none; padding: 0 }
  .group::details-content, .failure::details-content { content-visibility: visible; block-size: auto }
  h2 { margin-top: 2rem; break-after: avoid } .finding, .class, tr, .shown li { break-inside: avoid }
  .scroll { overflow: visible; background: none } svg.sequence { max-width: 100%; max-height: 12cm; width: auto; height: auto } a { text-decoration: none }
}
`

export const styles: string = [colours, page, answer, failures, lists, diagramStyles, print].join('').trim()
