// Checks of the start and of the greeting: who the implementation is, and whether all that it declares means something.
import { protocolVersion, readGreeting, type Greeting } from '../../../adapters/process/protocol.ts'
import { quote } from '../../../adapters/process/lines.ts'
import { WrongShape } from '../../../adapters/process/shape.ts'
import { interfaceNames } from '../../../spec/vocabulary/endpoint.ts'
import { nearest } from '../../plan/yaml/nearest.ts'
import { greeted, right, unasked, wrong, wrongIf, type Check, type Outcome } from './check.ts'
import { elsewhere, unknownWords } from '../project/known.ts'
import type { Patient } from './patient.ts'

/** Without this nothing else can be asked. */
export const startCheck: Check = {
  name: 'start',
  words: 'it starts, and answers hello',
  advice: 'Run the command by hand: it has to wait for lines on its input and to answer each on its output.',
  run: async (patient) => {
    await patient.visit()
    return right
  },
}

export const greetingChecks: readonly Check[] = [
  {
    name: 'greeting',
    words: 'its greeting has every member that the protocol asks for, each of its kind',
    advice: 'Answer hello as docs/adapter-protocol.md shows it.',
    run: async (patient) => readFirst(patient),
  },
  {
    name: 'protocol',
    words: `it answers that protocol ${protocolVersion} is spoken`,
    advice: `Answer hello with "protocol": ${protocolVersion}, the version that was offered.`,
    run: greeted((_patient, { protocol }) =>
      protocol === protocolVersion ? right : wrong(`protocol ${protocol}, where ${protocolVersion} was offered`),
    ),
  },
  {
    name: 'nonce',
    words: 'it gives the nonce of hello back',
    advice: 'Copy the member nonce of the request into the answer: no answer may be a canned one.',
    run: greeted(({ hello }, { nonce }) =>
      nonce === hello?.nonce ? right : wrong(`nonce ${quote(nonce)}, where ${quote(hello?.nonce ?? '')} was sent`),
    ),
  },
  {
    name: 'other-version',
    words: 'it refuses with an error when no version is offered that it speaks',
    advice: `Answer hello with an error unless its protocols contain ${protocolVersion}.`,
    run: offerOther,
  },
  {
    name: 'identity',
    words: 'it says name, version and vendor of the implementation',
    advice: 'Fill in name, version and vendor: they head the report.',
    run: greeted((_patient, { identity }) => {
      const empty = Object.entries(identity).filter(([, text]) => text.trim() === '')
      return empty.length === 0 ? right : wrong(`empty: ${empty.map(([name]) => name).join(', ')}`)
    }),
  },
  {
    name: 'interfaces',
    words: 'it offers interfaces that are known',
    advice: 'Declare "interfaces": ["emp"], ["via"] or both.',
    run: greeted((_patient, { pics: { interfaces } }) =>
      interfaces.length === 0 ? wrong('no interface') : unknownAmong('interface', interfaces, interfaceNames),
    ),
  },
  {
    name: 'options',
    words: 'every option that it declares is known',
    advice: 'Spell options as spec/pics/emp.yaml and spec/pics/via.yaml do: one that nobody knows has no effect.',
    run: greeted(({ known }, { pics: { options } }) => {
      const names = [...known.options].filter((name) => elsewhere[name] === undefined)
      return unknownAmong('option', Object.keys(options), names)
    }),
  },
  {
    name: 'values',
    words: 'every value that it declares is known',
    advice: 'Spell values as spec/pics/emp.yaml and spec/pics/via.yaml do: one that nobody knows has no effect.',
    run: greeted(({ known }, { pics: { values } }) => unknownAmong('value', Object.keys(values), known.values)),
  },
  {
    name: 'ranges',
    words: 'every value lies in its own range, and none is negative',
    advice: 'Declare what open without a wish gives, and settable as the least and the most that open may ask for.',
    run: greeted((_patient, { pics }) => wrongIf(outOfRange(pics))),
  },
  {
    name: 'profile',
    words: 'the profile of its frames is known',
    advice: 'Declare a profile whose layout stands in spec/layouts, or none: then cases that read frames do not apply.',
    run: greeted(checkProfile),
  },
]

function readFirst(patient: Patient): Outcome {
  const answered = patient.hello?.answered
  if (!answered) return unasked('it did not answer hello')
  const { answer, text } = answered
  if (answer.kind !== 'ok') return wrong(text)
  try {
    patient.greeting = readGreeting(answer.ok)
    return right
  } catch (thrown) {
    if (!(thrown instanceof WrongShape)) throw thrown
    return wrong(`${thrown.message}, in ${quote(text)}`)
  }
}

/** No version will ever have this number. */
const nobodysVersion = 2 ** 31

async function offerOther(patient: Patient): Promise<Outcome> {
  const visit = patient.start()
  const { answered } = await visit.hello([nobodysVersion])
  await patient.dismiss(visit)
  if (answered.answer.kind === 'error') return right
  return wrong(`offered version ${nobodysVersion} only, it answered ${quote(answered.text)}`)
}

function unknownAmong(noun: string, declared: readonly string[], known: Iterable<string>): Outcome {
  const strange = unknownWords(noun, declared, known)
  return strange.length === 0 ? right : wrong(strange.join('; '))
}

function outOfRange({ values }: Greeting['pics']): string | undefined {
  const strange = Object.entries(values).flatMap(([key, { value, settable }]) => {
    if (value < 0) return [`${key} is ${value}`]
    if (!settable) return []
    const { least, most } = settable
    if (least < 0) return [`${key} could be set to ${least}`]
    return value >= least && value <= most ? [] : [`${key} is ${value}, and can be set from ${least} to ${most}`]
  })
  return strange.length === 0 ? undefined : strange.join('; ')
}

function checkProfile({ known }: Patient, { pics: { profile, wire } }: Greeting): Outcome {
  if (profile === undefined) return unasked('it declares none')
  if (wire === 'none') return wrong(`profile ${quote(profile)}, while its wire is hidden`)
  const profiles = Object.values(known.layouts).map((layout) => layout.profile)
  if (profiles.includes(profile)) return right
  const close = nearest(profile, profiles)
  return wrong(`${quote(profile)} is unknown${close === undefined ? '' : `: did you mean \`${close}\`?`}`)
}
