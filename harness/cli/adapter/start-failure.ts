// Says why an adapter could not be started: the command, what became of it, its last words, and what to try.
import type { Reach } from '../../../adapters/process/adapter.ts'
import type { AdapterFailure } from '../../subject/adapter.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { tellingLines } from '../terminal/telling-lines.ts'
import { table } from '../terminal/terminal.ts'

/** How many lines of stderr are shown. */
const linesMax = 12

/** What helps against what was seen; the first that fits is said. */
const remedies: readonly { readonly seen: RegExp; readonly advice: string }[] = [
  { seen: /nothing answers there/, advice: 'start the adapter first, so that it listens there' },
  {
    seen: /code 127\b/,
    advice: 'check the path of the program, as seen from where the command runs, and install what is missing',
  },
  {
    seen: /code 126\b/,
    advice: 'make the program executable (chmod +x), or name what runs it, such as `python3 adapter.py`',
  },
  {
    seen: /a line that is no JSON/,
    advice: 'write nothing but answers to standard output; banners and logs belong on standard error',
  },
  {
    seen: /speaks protocol|protocol \d+ is spoken/,
    advice: 'answer hello with "protocol": 1, or use a version of viaduct that speaks the same as the adapter',
  },
  { seen: /another nonce/, advice: 'copy the nonce of hello into the answer' },
  { seen: /in the answer to hello|no answer/, advice: 'answer hello as docs/adapter-protocol.md shows it' },
  {
    seen: /unknown operation/,
    advice: 'answer an unknown operation with {"id": the same, "unsupported": "what it is"}',
  },
  {
    seen: /did not answer/,
    advice: 'flush the output after each answer; `start-timeout` in adapter.yaml allows more time',
  },
  {
    seen: /killed by|a shell's word/,
    advice: 'run the command by hand, under a debugger if need be, and type the line of hello',
  },
  {
    seen: /exited|closed its/,
    advice: 'run the command by hand: it has to wait for lines on its input, and to end when that ends',
  },
]

/** The whole complaint, over several lines. */
export function startFailure(name: string, reach: Reach, { message, stderr }: AdapterFailure): string {
  const [first = '', ...more] = tellingLines(stderr, linesMax)
  const rows = [
    'command' in reach ? ['command', reach.command] : ['address', name],
    ...('command' in reach && reach.directory !== undefined ? [['folder', reach.directory]] : []),
    ...(first === '' ? [] : [['stderr', first], ...more.map((line) => ['', line])]),
  ]
  const remedy = remedies.find(({ seen }) => seen.test(message))
  return [
    `The adapter could not be started: ${message}`,
    table(rows, '  '),
    ...(remedy ? [`Try: ${remedy.advice}`] : []),
    `Nothing was judged. viaduct doctor --adapter ${shellWord(name)} --transcript FILE keeps what was said.`,
  ].join('\n')
}
