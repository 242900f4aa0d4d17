// Builds everything into build/: validators from the schemas, the rooms, the report's client, the suites read once. Each step does nothing when nothing changed.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Newest modification time below the given files and folders, in milliseconds. */
function newest(paths) {
  let time = 0
  for (const path of paths) {
    if (!existsSync(path)) continue
    const stat = statSync(path)
    time = Math.max(time, stat.mtimeMs)
    if (stat.isDirectory()) time = Math.max(time, newest(readdirSync(path).map((name) => join(path, name))))
  }
  return time
}

/** True when `made` is absent or older than anything it is made from. */
function stale(made, sources) {
  return !existsSync(made) || statSync(made).mtimeMs < newest(sources)
}

function at(path) {
  return join(root, path)
}

function compile() {
  const compiler = at('node_modules/typescript/bin/tsc')
  // Everything goes to stderr: the first `npx viaduct` in a clone builds, and its stdout belongs to the command.
  const run = spawnSync(process.execPath, [compiler, '-b', ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  return run.status ?? 1
}

const steps = [
  {
    script: 'scripts/validators.js',
    made: 'build/generated/validators.js',
    from: ['scripts/validators.js', 'spec/schema'],
  },
  {
    script: 'scripts/client.js',
    made: 'build/generated/client.js',
    from: ['scripts/client.js', 'reports', 'spec/vocabulary'],
  },
]

for (const { script, made, from } of steps) {
  if (existsSync(at(script)) && stale(at(made), from.map(at))) await import(`../${script}`)
}

/** What commands would otherwise read from YAML each time. */
function keepProject() {
  const from = [
    'suites',
    'spec/requirements',
    'spec/pics',
    'spec/layouts',
    'build/harness/plan',
    'build/adapters/mutants',
  ]
  const files = [
    'build/harness/cli/project/project.js',
    'build/harness/cli/project/kept-project.js',
    'build/generated/validators.js',
  ]
  if (!stale(at('build/generated/project.json'), [...from, ...files].map(at))) return 0
  return (
    spawnSync(process.execPath, [at('build/harness/cli/project/keep-project.js')], { stdio: ['ignore', 2, 2] })
      .status ?? 1
  )
}

process.exitCode = compile() || keepProject()
