// This package as it stands on disk: its folder, its name and its version.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's folder, whether run from a clone or installed. */
export const packageRoot: string = fileURLToPath(new URL('../../../..', import.meta.url))

function version(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown'
}

export const harnessIdentity = { name: 'viaduct', version: version() } as const
