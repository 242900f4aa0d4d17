// Bundles the report's client into build/generated/client.js: one script without imports, to be inlined in the page.
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

await build({
  entryPoints: [at('reports/client/main.ts')],
  outfile: at('build/generated/client.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  logLevel: 'warning',
})
