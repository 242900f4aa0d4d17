// Words what a schema found wrong, at the place in the file where it is wrong.
import type { Validator, Violation } from '#generated/validators'
import type { Findings } from './findings.ts'
import { didYouMean } from './nearest.ts'
import { Place } from './place.ts'
import type { Source } from './source.ts'

/** Something that a schema found wrong. */
export interface Wrong {
  /** JSON pointer, to the key itself if that is unknown. */
  readonly path: string
  readonly place: Place
  /** True if what stands there cannot have been read, and not only lacks something. */
  readonly isUnread: boolean
  readonly isUnknownKey: boolean
}

/** Checks the values of a file against its schema. Returns everything wrong. */
export function checkShape(source: Source, validator: Validator, findings: Findings): readonly Wrong[] {
  if (validator(source.data)) return []
  const all = validator.errors ?? []
  const meant = all.filter((violation) => !isEcho(violation, all))
  for (const violation of meant) report(violation, source, findings)
  return meant.map((violation) => wrongOf(violation, source))
}

/** The keys that a value of this schema must have. */
export function requiredKeys(validator: Validator): readonly string[] {
  if (validator({})) return []
  return (validator.errors ?? []).flatMap(({ keyword, params }) =>
    keyword === 'required' ? [String(params['missingProperty'])] : [],
  )
}

function wrongOf({ keyword, instancePath, params }: Violation, source: Source): Wrong {
  const isUnknownKey = keyword === 'additionalProperties'
  const key = String(params['additionalProperty']).replaceAll('~', '~0').replaceAll('/', '~1')
  const path = isUnknownKey ? `${instancePath}/${key}` : instancePath
  return { path, place: placeOf(path, source), isUnread: !lacking.has(keyword), isUnknownKey }
}

/** Rules that say how much must be there, and leave what is there readable. */
const lacking: ReadonlySet<string> = new Set([
  'required',
  'dependentRequired',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'uniqueItems',
  'propertyNames',
])

/** True for what another violation of the same value already says better. */
function isEcho(violation: Violation, all: readonly Violation[]): boolean {
  const here = all.filter((other) => other.instancePath === violation.instancePath)
  const branches = here.filter((other) => /\/(anyOf|oneOf)\/\d+\//.test(other.schemaPath))
  switch (violation.keyword) {
    case 'if':
      return true
    case 'anyOf':
    case 'oneOf':
      return (
        branches.some((other) => other.keyword === 'enum') ||
        all.some((other) => other !== violation && other.instancePath.startsWith(`${violation.instancePath}/`))
      )
    case 'minProperties':
    case 'maxProperties':
      return here.some((other) => other.keyword === 'required' || other.keyword === 'additionalProperties')
    default:
      return (
        branches.includes(violation) && here.some((other) => other.keyword === 'anyOf') && violation.keyword !== 'enum'
      )
  }
}

function report(violation: Violation, source: Source, findings: Findings): void {
  const place = placeOf(violation.instancePath, source)
  const { message, suggestion, key } = words(violation, place)
  const mark =
    key === undefined ? place.mark() : (place.entries().find(({ name }) => name === key)?.key ?? place).mark()
  findings.add(mark, message, suggestion)
}

/** The place that a JSON pointer names. */
function placeOf(pointer: string, source: Source): Place {
  let place = Place.root(source)
  for (const part of pointer.split('/').slice(1)) {
    place = place.child(part.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  return place
}

interface Wording {
  readonly message: string
  readonly suggestion: string
  /** The key that is wrong, if it is not the whole value. */
  readonly key?: string
}

function words(violation: Violation, place: Place): Wording {
  const { keyword, params } = violation
  const schema = isRecord(violation.parentSchema) ? violation.parentSchema : {}
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty'])
      return { message: `unknown key \`${key}\``, suggestion: didYouMean(key, keysOf(schema, key)), key }
    }
    case 'required': {
      const key = String(params['missingProperty'])
      return { message: missing(key, schema), suggestion: `add \`${key}:\`${describe(schema, key)}` }
    }
    case 'dependentRequired':
      return {
        message: `\`${String(params['property'])}\` needs \`${String(params['missingProperty'])}\` beside it`,
        suggestion: '',
      }
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'].map(String) : []
      return {
        message: `\`${place.flow()}\` is none of ${allowed.join(', ')}`,
        suggestion: didYouMean(place.flow(), allowed),
      }
    }
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties':
      return { message: count(violation), suggestion: describe(schema).replace(/^: /, '') }
    case 'uniqueItems':
      return { message: 'lists the same item twice', suggestion: 'remove one' }
    case 'propertyNames': {
      const key = String(params['propertyName'])
      const names = isRecord(schema['propertyNames']) ? describe(schema['propertyNames']) : ''
      const suggestion = names === '' ? 'lower-case letters, digits and hyphens' : names.replace(/^: /, '')
      return { message: `\`${key}\` is no name`, suggestion, key }
    }
    case 'type':
    case 'pattern':
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'anyOf':
    case 'oneOf':
    case 'minLength':
      return {
        message: `\`${short(place.flow())}\` is not ${expected(violation, schema)}`,
        suggestion: describe(schema).replace(/^: /, ''),
      }
    default:
      return {
        message: violation.message ?? `breaks the rule \`${keyword}\``,
        suggestion: describe(schema).replace(/^: /, ''),
      }
  }
}

function missing(key: string, schema: Readonly<Record<string, unknown>>): string {
  if (key === 'for') return 'an expectation without `for`: nothing would be verified'
  if (key === 'proves') return 'a case without `proves`: a pass would prove nothing'
  const title = isRecord(schema['properties']) && key in schema['properties'] ? '' : ' here'
  return `the key \`${key}\` is missing${title}`
}

function count({ keyword, params, instancePath }: Violation): string {
  const limit = Number(params['limit'])
  if (instancePath.endsWith('/proves')) return '`proves` is empty: a pass would prove nothing'
  const things = keyword.endsWith('Items') ? 'items' : 'keys'
  return `has ${keyword.startsWith('min') ? 'fewer' : 'more'} than ${limit} ${limit === 1 ? things.slice(0, -1) : things}`
}

/** What the value should have been, as the schema's title or type says. */
function expected(violation: Violation, schema: Readonly<Record<string, unknown>>): string {
  if (violation.keyword === 'minimum' || violation.keyword === 'maximum') {
    const bound = violation.keyword === 'minimum' ? 'least' : 'most'
    return `allowed: it must be at ${bound} ${String(violation.params['limit'])}`
  }
  if (typeof schema['title'] === 'string') return schema['title']
  if (violation.keyword === 'pattern') return `of the form ${String(violation.params['pattern'])}`
  const type = violation.params['type'] ?? schema['type']
  const kinds = (Array.isArray(type) ? type : [type]).map((kind) => typeWords[String(kind)] ?? String(kind))
  return violation.keyword === 'minLength' ? 'a text that says something' : kinds.join(' or ')
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
}

/** Keys that may stand here. A step `left.isnd` is compared with `left.isend`. */
function keysOf(schema: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  const plain = isRecord(schema['properties']) ? Object.keys(schema['properties']) : []
  const patterns = isRecord(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : []
  const host = key.includes('.') ? key.slice(0, key.lastIndexOf('.')) : 'HOST'
  const kinds = patterns.flatMap((pattern) => /\\\.([A-Za-z-]+)\$$/.exec(pattern)?.[1] ?? [])
  return [...plain, ...kinds.map((kind) => `${host}.${kind}`)]
}

/** What the schema says of itself or of one of its keys, after a colon. */
function describe(schema: Readonly<Record<string, unknown>>, key?: string): string {
  const properties = schema['properties']
  const told = key === undefined ? schema : isRecord(properties) ? properties[key] : undefined
  const text = isRecord(told) ? told['description'] : undefined
  return typeof text === 'string' ? `: ${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, '')}` : ''
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
