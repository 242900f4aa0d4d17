// How sequence diagrams are drawn: every text has a halo of the background, so that arrows may pass under it.

export const diagramStyles: string = `
.sequence { display: block; font: 11px ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; margin: .4rem 0 }
.sequence text { fill: var(--ink); stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke }
.sequence .host { font: 600 13px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; text-anchor: middle }
.sequence .time { fill: var(--soft); font-size: 10px }
.sequence .said-event, .sequence .said-note { fill: var(--soft) } .sequence .said-note { font-style: italic }
.sequence .life { stroke: var(--line); stroke-width: 1.5 }
.sequence .shaft { fill: none; stroke: var(--ink); stroke-width: 1.2 } .sequence .tip { fill: var(--ink) }
.sequence .call .shaft, .sequence .return .shaft { stroke: var(--soft) } .sequence .call .tip { fill: var(--soft) }
.sequence .return .tip { fill: var(--paper); stroke: var(--soft); stroke-width: 1.2 }
.sequence .dot { fill: var(--soft) } .sequence .dot.square { fill: var(--paper); stroke: var(--soft) }
.sequence .touched .shaft { stroke: var(--doubt) } .sequence .touched .tip { fill: var(--doubt) }
.sequence .lost .shaft, .sequence .cross { stroke: var(--bad) } .sequence .cross { stroke-width: 2; fill: none }
.sequence .crafted .shaft { stroke-dasharray: 5 4; stroke: var(--ours) } .sequence .crafted .tip { fill: var(--ours) }
.sequence text.fate { fill: var(--bad) } .sequence tspan.fate { fill: var(--doubt) }
.beside .parting { fill: var(--doubt-wash) } .beside .parting-line { stroke: var(--doubt); stroke-width: 1.5; stroke-dasharray: 6 3 }
.beside .parting-word { fill: var(--doubt); font-weight: 600 } .beside .side { font: 600 13px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif }
.beside .same text { fill: var(--soft) } .beside .same :not(.lost) > .shaft { stroke: var(--soft) } .beside .same .frame .tip { fill: var(--soft) }
.sequence .frame:hover .shaft { stroke-width: 2.4 }
`
