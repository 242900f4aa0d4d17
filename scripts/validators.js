// Compiles every schema of spec/schema into one module of standalone validators, build/generated/validators.js, with its types.
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { buildSync } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}spec/schema`
const made = `${root}build/generated`
const ending = '.schema.json'

/** `adapter-protocol.schema.json` becomes `adapterProtocol`. */
function exportName(file) {
  return file.slice(0, -ending.length).replaceAll(/[-.](.)/g, (_, letter) => letter.toUpperCase())
}

/** Writes through a temporary name, so that nobody ever reads half a file. */
function write(path, text) {
  writeFileSync(`${path}.${process.pid}`, text)
  renameSync(`${path}.${process.pid}`, path)
}

const files = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .toSorted()
// `verbose` hands the schema to whoever words an error: titles, allowed names, descriptions.
const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strictTypes: false,
  inlineRefs: false,
  code: { source: true, esm: true },
})
const names = {}
for (const file of files) {
  const schema = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
  ajv.addSchema(schema, file)
  names[exportName(file)] = file
}

const bundle = buildSync({
  stdin: { contents: standaloneCode.default(ajv, names), resolveDir: root },
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['main'],
  write: false,
  logLevel: 'error',
})

const declarations = Object.keys(names).map((name) => `export declare const ${name}: Validator\n`)
mkdirSync(made, { recursive: true })
write(
  `${made}/validators.d.ts`,
  `/** One thing that is wrong with the data, as ajv tells it. */
export interface Violation {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
  readonly parentSchema?: unknown
  readonly data?: unknown
}

/** True if the data has the shape of its schema; if not, \`errors\` says everything that is wrong. */
export interface Validator {
  (data: unknown): boolean
  errors?: readonly Violation[] | null
}

${declarations.join('')}`,
)
write(`${made}/validators.js`, bundle.outputFiles[0].text)
