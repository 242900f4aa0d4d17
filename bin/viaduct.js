#!/usr/bin/env node
// The command as the shell sees it: starts the built program, or says how to build it.
import { existsSync } from 'node:fs'

const entry = new URL('../build/harness/cli/main.js', import.meta.url)
if (existsSync(entry)) {
  await import(entry.href)
} else {
  process.stderr.write('viaduct is not built yet. Run: npm run build\n')
  process.exitCode = 3
}
