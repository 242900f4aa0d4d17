// Reads adapter.yaml: how an adapter is built and started, and how long it may take.
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { adapter as validateAdapter } from '#generated/validators'
import type { Draft } from '../../../adapters/process/shape.ts'
import { millisecond, parseDuration } from '../../../spec/vocabulary/units.ts'
import { formatDiagnostic } from '../../plan/yaml/code-frame.ts'
import { Findings, inFileOrder } from '../../plan/yaml/findings.ts'
import { Place } from '../../plan/yaml/place.ts'
import { setMember } from '../../plan/set-member.ts'
import { readSource, type Source } from '../../plan/yaml/source.ts'
import { checkShape } from '../../plan/yaml/violations.ts'
import { messageOf } from '../../subject/thrown.ts'

/** The name of the file in a folder that stands for an adapter. */
export const adapterFileName = 'adapter.yaml'

export interface AdapterFile {
  readonly file: string
  /** Where its commands run. */
  readonly folder: string
  /** What starts the adapter. */
  readonly command: string
  /** What makes it. */
  readonly build?: string
  /** Variables for both commands. */
  readonly environment: Readonly<Record<string, string>>
  /** How long one answer may take, and how long the start; in milliseconds. */
  readonly callTimeout?: number
  readonly startTimeout?: number
}

/** The file that `--adapter` names, itself or by its folder; undefined if it is neither. */
export function adapterFileAt(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) {
    const file = join(path, adapterFileName)
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : undefined
  }
  return stat?.isFile() === true && /\.ya?ml$/.test(path) ? path : undefined
}

/** What the file says; or everything that is wrong with it, in words with places. */
export function readAdapterFile(file: string): AdapterFile | { readonly problem: string } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${messageOf(thrown)}` }
  }
  const findings = new Findings()
  const source = readSource({ file, text }, findings)
  if (source) checkKeys(source, findings)
  const wrong = findings.diagnostics.toSorted(inFileOrder).map((each) => formatDiagnostic(each, text))
  if (!source || wrong.length > 0) return { problem: wrong.join('\n\n') }
  return adapterAt(file, Place.root(source))
}

/** A file without any key is told what to write: there is nothing in it that could be mended. */
function checkKeys(source: Source, findings: Findings): void {
  const { data } = source
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    checkShape(source, validateAdapter, findings)
    return
  }
  const message = data === null ? 'the file says nothing' : 'the file says no more than this, and nothing of an adapter'
  const suggestion =
    'write what starts the adapter, `command: ./my-adapter`, and if need be what makes it, `build: make`'
  findings.add(Place.root(source).mark(), message, suggestion)
}

/** Of a file that has the shape of its schema. */
function adapterAt(file: string, root: Place): AdapterFile {
  const variables = root.get('environment').entries()
  const read: Draft<AdapterFile> = {
    file,
    folder: dirname(file),
    command: root.get('command').text() ?? '',
    environment: Object.fromEntries(variables.map(({ name, value }) => [name, value.text() ?? ''])),
  }
  setMember(read, 'build', root.get('build').text())
  setMember(read, 'callTimeout', millisecondsAt(root.get('call-timeout')))
  setMember(read, 'startTimeout', millisecondsAt(root.get('start-timeout')))
  return read
}

function millisecondsAt(place: Place): number | undefined {
  const duration = parseDuration(place.text() ?? '')
  return duration === undefined ? undefined : duration / millisecond
}
