// Name and version of this harness, as package.json has them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './project.ts'

function version(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown'
}

export const harnessIdentity = { name: 'viaduct', version: version() } as const
