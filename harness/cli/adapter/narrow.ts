// Lets an adapter be judged by less than it declares, as a PICS file or a profile says.
import { readFileSync } from 'node:fs'
import { formatDiagnostic } from '../../plan/yaml/code-frame.ts'
import { Findings, inFileOrder } from '../../plan/yaml/findings.ts'
import type { Profile } from '../../plan/specification/profile.ts'
import { readStatement } from '../../plan/specification/statement.ts'
import type { Adapter } from '../../subject/adapter.ts'
import type { Pics } from '../../subject/pics.ts'
import { knownOf } from '../project/known.ts'
import type { Project } from '../project/project.ts'
import { messageOf } from '../../subject/thrown.ts'

interface Problem {
  readonly problem: string
}

/** The adapter with the PICS that a profile or a file leaves of it; or everything in which that contradicts it. */
export function narrowed(adapter: Adapter, named: string, project: Project): Adapter | Problem {
  const profile = project.profiles.find(({ name }) => name === named)
  const pics = profile ? profiled(adapter, profile) : stated(adapter, named, project)
  if ('problem' in pics) return pics
  return withPics(adapter, pics)
}

/** The adapter, declaring this and nothing else. */
export function withPics(adapter: Adapter, pics: Pics): Adapter {
  const { name, identity, isReference, callWithin, carrier } = adapter
  return {
    name,
    identity,
    pics,
    isReference,
    ...(callWithin === undefined ? {} : { callWithin }),
    ...(carrier ? { carrier } : {}),
    open: (settings) => adapter.open(settings),
    close: () => adapter.close(),
  }
}

/** What is left of an adapter that is judged as a system of that profile. */
function profiled({ name, pics }: Adapter, profile: Profile): Pics | Problem {
  const { interface: of, options, title } = profile
  if (!pics.interfaces.includes(of)) return { problem: `${title} offers ${of}, and ${name} does not` }
  const lacking = options.filter((option) => option.present && pics.options[option.name] !== true)
  if (lacking.length > 0) {
    const words = lacking.map((option) => `${option.name} (${option.why})`).join(', ')
    return { problem: `${name} cannot be judged as ${title}: it does not declare ${words}` }
  }
  const had = Object.fromEntries(options.map((option) => [option.name, option.present]))
  return { ...pics, interfaces: [of], options: { ...pics.options, ...had } }
}

function stated(adapter: Adapter, file: string, project: Project): Pics | Problem {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    return { problem: unreadable(file, thrown, project) }
  }
  const findings = new Findings()
  const pics = readStatement({ file: { file, text }, declared: adapter.pics, known: knownOf(project) }, findings)
  const wrong = findings.diagnostics.toSorted(inFileOrder).map((each) => formatDiagnostic(each, text))
  return wrong.length > 0 ? { problem: wrong.join('\n\n') } : pics
}

function unreadable(file: string, thrown: unknown, { profiles }: Project): string {
  const names = profiles.map(({ name }) => name).join(', ')
  return `${file} is no profile (there are ${names}), and cannot be read as a file: ${messageOf(thrown)}`
}
