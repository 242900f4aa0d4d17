// Builds an adapter as its file says, and tells why it cannot be built.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Family } from '../../../adapters/process/family.ts'
import { Tail } from '../../../adapters/process/tail.ts'
import type { AdapterFile } from './adapter-file.ts'
import { firstComplaint } from '../bridge/compiler.ts'
import { complain } from '../terminal/terminal.ts'

/** How much of what a failed build said is shown: this many lines from the first error on, of the last so many octets. */
const linesMax = 20
const octetsMax = 1024 * 1024

/** In milliseconds: a build that takes longer is told, so that nobody wonders. */
const quietMax = 1000

/** What a shell says of a program that it cannot find. */
const notFound = 127

/** Builds the adapter, if there is anything to build. In words why it failed; undefined if it did not. */
export async function buildAdapter(adapter: AdapterFile): Promise<string | undefined> {
  const { build, folder, environment } = adapter
  if (build === undefined) return undefined
  const said = new Tail(octetsMax)
  const family = new Family()
  // A group of its own: what the build starts can then be killed with it, when this process is ended.
  const child = spawn('sh', ['-c', build], {
    detached: true,
    cwd: folder,
    env: { ...process.env, ...environment, ...family.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  family.begin(child.pid)
  const patience = setTimeout(() => complain(`building ${folder} ...`), quietMax)
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (chunk: Uint8Array) => said.push(chunk))
  const end = await new Promise<number | string>((settle) => {
    child.on('error', (error) => settle(error.message))
    child.on('close', (code, signal) => settle(code ?? signal ?? 'no exit status'))
  })
  clearTimeout(patience)
  family.release()
  if (end === 0) return undefined
  const lines = firstComplaint(said.text, linesMax)
  const fate = typeof end === 'number' ? `exit status ${end}` : end
  return [
    `The adapter could not be built: \`${build}\` in ${folder} ended with ${fate}`,
    ...lines,
    advice(adapter, end),
  ]
    .filter((line) => line !== '')
    .join('\n')
}

function advice({ file, folder }: AdapterFile, end: number | string): string {
  if (end !== notFound) return `Try: run it by hand in ${folder} until it succeeds`
  if (existsSync(join(folder, 'package.json'))) return `Try: npm install, in ${folder}`
  return `Try: install the program that is missing, or name another in ${file}`
}
