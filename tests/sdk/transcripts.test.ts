// Recorded transcripts, replayed: every SDK's template answers each line as the protocol has it, and as all others do.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { t as tap, test } from 'tap'
import { readAdapterFile } from '../../harness/cli/adapter/adapter-file.ts'
import { buildAdapter } from '../../harness/cli/adapter/build-adapter.ts'
import { languages } from '../../harness/cli/init/languages.ts'
import { answer, root, viaduct } from '../viaduct-command.ts'

const folder = join(root, 'tests/transcripts')

// --- transcripts ----------------------------------------------------------------------------------------------------

/** Lines that go out together, and the answers to them. */
interface Exchange {
  readonly said: string[]
  readonly answers: unknown[]
}

/** Comments say what it is about; lines that follow each other without an answer are said at once. */
function exchangesOf(file: string): Exchange[] {
  const exchanges: Exchange[] = []
  for (const line of readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')) {
    const last = exchanges.at(-1)
    const [mark, text] = [line.slice(0, 2), line.slice(2)]
    if (mark === '> ' && last && last.answers.length === 0) last.said.push(text)
    else if (mark === '> ') exchanges.push({ said: [text], answers: [] })
    else if (mark === '< ' && last) last.answers.push(JSON.parse(text))
    else if (mark !== '# ') throw new Error(`${file} has the line ${line}`)
  }
  return exchanges
}

/** In a transcript it stands for what each adapter says in its own way. */
const anything = '*'

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where a value is not what the transcript has; members that it does not have are ignored, as everywhere. */
function difference(seen: unknown, due: unknown, path = ''): string | undefined {
  if (due === anything && seen !== undefined) return undefined
  if (Array.isArray(due) && Array.isArray(seen)) {
    if (seen.length !== due.length) return `${path} has ${seen.length} entries instead of ${due.length}`
    return due.map((each, i) => difference(seen[i], each, `${path}[${i}]`)).find((found) => found !== undefined)
  }
  if (isRecord(due) && isRecord(seen)) {
    return Object.entries(due)
      .map(([name, each]) => difference(seen[name], each, `${path}.${name}`))
      .find((found) => found !== undefined)
  }
  return Object.is(seen, due) ? undefined : `${path} is ${JSON.stringify(seen)} instead of ${JSON.stringify(due)}`
}

// --- adapters -------------------------------------------------------------------------------------------------------

interface Subject {
  readonly name: string
  /** Makes it ready, and gives the command that starts it and where that runs. */
  readonly prepare: () => Promise<{ readonly command: string; readonly directory: string }>
}

// Inside the clone a TypeScript compiler is at hand.
const made = tap.testdir()

/** A command without what the test runner has ride along in every process. */
function alone(command: string): string {
  return `unset NODE_OPTIONS; ${command}`
}

/** What `viaduct init` writes, built as it stands. */
function template(language: string): Subject {
  return {
    name: `the template in ${languages[language]?.title ?? language}`,
    prepare: async () => {
      const directory = join(made, language)
      await answer(viaduct(['init', directory, '--lang', language]))
      return built(directory)
    },
  }
}

/** The adapter in a folder, built as its file says. */
async function built(directory: string): ReturnType<Subject['prepare']> {
  const file = readAdapterFile(join(directory, 'adapter.yaml'))
  if ('problem' in file) throw new Error(file.problem)
  const { build, command } = file
  const problem = await buildAdapter(build === undefined ? file : { ...file, build: alone(build) })
  if (problem !== undefined) throw new Error(problem)
  return { command, directory }
}

/** The example in that language, an implementation of EMP. */
function example(language: string): Subject {
  return {
    name: `the EMP endpoint in ${languages[language]?.title ?? language}`,
    prepare: () => built(join(root, 'sdk', language, 'emp')),
  }
}

const reference: Subject = {
  name: 'the reference',
  prepare: async () => ({ command: `'${process.execPath}' bin/viaduct.js serve reference`, directory: root }),
}

const subjects: readonly Subject[] = [reference, ...Object.keys(languages).map(template)]

/** Says the lines of a transcript to a fresh process; in words, the first answer that is another. */
async function replay(file: string, start: Awaited<ReturnType<Subject['prepare']>>): Promise<string | undefined> {
  const child = spawn('sh', ['-c', alone(start.command)], { cwd: start.directory, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  // Whoever ended before a line was read shows it by the answer that is missing.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  try {
    for (const { said, answers } of exchangesOf(file)) {
      child.stdin.write(said.map((line) => `${line}\n`).join(''))
      for (const due of answers) {
        const line = await lines.next()
        if (line.done === true) return `it ended, where ${JSON.stringify(due)} was due`
        const found = difference(JSON.parse(line.value), due)
        if (found !== undefined) return `${found}, after ${said.join(' ')}`
      }
    }
    return undefined
  } finally {
    child.stdin.end()
    await ended
  }
}

/** Transcripts that lie in the folder itself, or in one of its own that says what they need. */
function transcriptsIn(of: string): readonly string[] {
  return readdirSync(join(folder, of))
    .filter((name) => name.endsWith('.txt'))
    .map((name) => join(of, name))
}

for (const { name, prepare } of subjects) {
  await test(`${name} answers every transcript as it stands, and ends`, async (t) => {
    const start = await prepare()
    const transcripts = transcriptsIn('.')
    for (const file of transcripts) t.equal(await replay(file, start), undefined, file)
    t.ok(transcripts.length > 5)
  })
}

for (const { name, prepare } of [reference, ...['c', 'python'].map(example)]) {
  await test(`${name} keeps the worlds apart that it hosts at once`, async (t) => {
    const start = await prepare()
    for (const file of transcriptsIn('several-worlds')) t.equal(await replay(file, start), undefined, file)
  })
}
