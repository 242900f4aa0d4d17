// State machines that are one table each: looking a move up, and printing the whole.

/** For each event the state that each state goes to; a state that an event does not list refuses it. */
export type StateTable<State extends string, Event extends string> = Readonly<
  Record<Event, Readonly<Partial<Record<State, State>>>>
>

/** The state after `event` in `state`; undefined if it is refused. */
export function nextState<State extends string, Event extends string>(
  table: StateTable<State, Event>,
  state: State,
  event: Event,
): State | undefined {
  const moves: Readonly<Partial<Record<State, State>>> = table[event]
  return moves[state]
}

/** The table as lines: an event each, with what every state does at it. */
export function printMachine<State extends string, Event extends string>(
  table: StateTable<State, Event>,
  states: readonly State[],
  events: readonly Event[],
): string {
  const rows = [
    ['', ...states],
    ...events.map((event) => [event, ...states.map((s) => nextState(table, s, event) ?? '-')]),
  ]
  const widths = ['', ...states].map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  return `${rows.map(line).join('\n')}\n`
}
