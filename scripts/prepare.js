// Runs after every install: builds, and builds tap's own configuration once. Does nothing where development tools are absent.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
const present = (path) => existsSync(new URL(path, root))
const run = (command) =>
  spawnSync(process.execPath, command, { cwd: fileURLToPath(root), stdio: ['ignore', 2, 2] }).status ?? 1

let status = 0
if (present('node_modules/typescript/package.json')) status = run(['scripts/build.js'])
const tapIsUnbuilt = present('node_modules/tap/package.json') && !present('.tap/plugins')
if (status === 0 && tapIsUnbuilt) status = run(['node_modules/tap/dist/esm/run.mjs', 'build'])
process.exitCode = status
