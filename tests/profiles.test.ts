// Systems that the sources describe: their profiles, the reference run as one of them, and whoever declares what is not so.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { localAdapter } from '../adapters/local.ts'
import { referenceAdapter, referenceLike, type Likeness } from '../adapters/reference/adapter.ts'
import { referencePics } from '../adapters/reference/pics.ts'
import { openProject, type Project } from '../harness/cli/project/project.ts'
import { permutationsFor, runSession } from '../harness/cli/session/session.ts'
import { measureProfiles } from '../harness/judge/requirements/measured.ts'
import { Findings } from '../harness/plan/yaml/findings.ts'
import { readProfiles, type Profile } from '../harness/plan/specification/profile.ts'
import { select } from '../harness/plan/select.ts'
import type { Adapter } from '../harness/subject/adapter.ts'
import { ViaEndpoint } from '../reference/via/endpoint.ts'
import { readOffer } from '../reference/via/offer.ts'
import { complaint, folder, viaduct } from './viaduct-command.ts'

function opened(): Project {
  const project = openProject()
  if (!project) throw new Error('the project has errors')
  return project
}

const project = opened()

function profileNamed(name: string): Profile {
  const profile = project.profiles.find((each) => each.name === name)
  if (!profile) throw new Error(`no profile ${name}`)
  return profile
}

// --- reading --------------------------------------------------------------------------------------------------------

function problemsOf(...texts: readonly string[]): string[] {
  const findings = new Findings()
  const known = { options: ['via.notify'], classes: [{ interface: 'via', class: 'full' }] }
  readProfiles(
    texts.map((text, place) => ({ file: `${place}.yaml`, text })),
    known,
    findings,
  )
  return findings.diagnostics.map(({ message, suggestion }) => `${message} ${suggestion}`)
}

function profileText(changed: string, to: string): string {
  const text = `profile: one
title: One
words: Some system.
interface: via
class: full
options:
  via.notify: { present: true, why: it says so }
`
  return text.replace(changed, to)
}

await test('a profile with all its members is read', (t) => {
  t.same(problemsOf(profileText('', '')), [])
  t.end()
})

const mistakes: readonly { readonly text: string; readonly message: RegExp }[] = [
  { text: profileText('class: full', 'class: fall'), message: /no class `fall`.*`full`/ },
  { text: profileText('via.notify:', 'via.notfy:'), message: /`via\.notfy` is unknown.*`via\.notify`/ },
  { text: profileText(', why: it says so', ''), message: /why/ },
  { text: profileText('title: One\n', ''), message: /title/ },
]

for (const { text, message } of mistakes) {
  await test(`a profile is refused in words that match ${message.source}`, (t) => {
    t.match(problemsOf(text).join('\n'), message)
    t.end()
  })
}

await test('two profiles of one name are refused', (t) => {
  t.match(problemsOf(profileText('', ''), profileText('', '')).join('\n'), /a profile `one` already/)
  t.end()
})

// --- measuring ------------------------------------------------------------------------------------------------------

await test('a profile is asked everything but what its lacking options excuse, and each excuse is given', (t) => {
  const { catalogue } = project
  const [measure] = measureProfiles([profileNamed('vi-gm')], catalogue, referencePics)
  t.match(measure, { name: 'vi-gm', class: 'full' })
  const excused = measure?.excluded.flatMap(({ requirements }) => requirements) ?? []
  const reads = catalogue.requirements.filter(({ needs }) => needs.includes('via.rdma-read')).map(({ id }) => id)
  t.ok(reads.length > 0)
  t.same(
    reads.filter((id) => !excused.includes(id)),
    [],
  )
  const last = measure?.classes.at(-1)
  const testable = catalogue.requirements.filter((each) => each.interface === 'via' && each.untestable === undefined)
  t.equal((last?.asked ?? 0) + excused.length, testable.length + untestableAmong(excused))
  t.equal(last?.notAsked, excused.length)
  t.end()
})

function untestableAmong(ids: readonly string[]): number {
  return project.catalogue.requirements.filter(({ id, untestable }) => untestable !== undefined && ids.includes(id))
    .length
}

await test('a smaller class of a profile leaves out what only the larger asks', (t) => {
  const [measure] = measureProfiles([profileNamed('m-via')], project.catalogue, referencePics)
  t.same(
    measure?.classes.map((each) => each.class),
    ['early-adopter', 'functional'],
  )
  t.end()
})

// --- lying ----------------------------------------------------------------------------------------------------------

/** An adapter that declares one thing and does another. */
function liar(declares: Likeness, does: Readonly<Record<string, boolean>>): Adapter {
  const { name, identity, pics } = referenceLike(declares)
  const offer = readOffer({ ...pics.options, ...does })
  return localAdapter({
    name: `${name} that lies`,
    identity,
    pics,
    isReference: false,
    make: (setting) => new ViaEndpoint(setting, {}, offer),
  })
}

/** Requirements that failures name, of all that runs of these cases. */
async function violated(adapter: Adapter, patterns: readonly string[]): Promise<string[]> {
  const chosen = select(project.cases, patterns)
  if ('problem' in chosen) throw new Error(chosen.problem)
  const permutations = permutationsFor(project, adapter, 1).filter(({ name }) => chosen.matches(name))
  const found = new Set<string>()
  for await (const row of runSession({ project, adapter, permutations, repeat: () => '' })) {
    for (const { verdict, requirements } of row.findings)
      if (verdict === 'fail') for (const id of requirements) found.add(id)
  }
  return [...found]
}

const withoutNotify: Likeness = {
  ...profileNamed('via-full'),
  options: profileNamed('via-full').options.map((option) =>
    option.name === 'via.notify' ? { ...option, present: false } : option,
  ),
}

const lies: Readonly<
  Record<string, { of: Likeness; does: Readonly<Record<string, boolean>>; asked: string; broken: string }>
> = {
  'RDMA read that is not there is claimed': {
    of: profileNamed('via-full'),
    does: { 'via.rdma-read': false },
    asked: 'via.options/rdma-read',
    broken: 'VIA-RDMA-024',
  },
  'Reliable Delivery that is not there is claimed': {
    of: profileNamed('vi-gm'),
    does: { 'via.reliable-delivery': false },
    asked: 'via.options/reliable-delivery',
    broken: 'VIA-VI-002',
  },
  'Reliable Delivery is hidden though it works': {
    of: profileNamed('m-via'),
    does: { 'via.reliable-delivery': true },
    asked: 'via.vi/no-reliable-delivery',
    broken: 'VIA-VI-003',
  },
  'Reliable Reception is hidden though it works': {
    of: profileNamed('m-via'),
    does: { 'via.reliable-reception': true },
    asked: 'via.vi/no-reliable-reception',
    broken: 'VIA-VI-003',
  },
  'peer-to-peer connections are hidden though they work': {
    of: profileNamed('m-via'),
    does: { 'via.peer-to-peer': true },
    asked: 'via.options/no-peer-to-peer',
    broken: 'VIA-PEER-012',
  },
  'handlers are hidden though they run': {
    of: withoutNotify,
    does: { 'via.notify': true },
    asked: 'via.options/no-handlers',
    broken: 'VIA-NTFY-009',
  },
}

for (const [words, { of, does, asked, broken }] of Object.entries(lies)) {
  await test(`it is found out when ${words}, and only then`, async (t) => {
    t.same(await violated(referenceLike(of), [asked]), [], 'who tells the truth is right')
    const found = await violated(liar(of, does), [asked])
    t.ok(found.includes(broken), found.join(' '))
  })
}

// --- the command ----------------------------------------------------------------------------------------------------

await test('--pics with a profile runs the reference as that system', async (t) => {
  const { code, stdout } = await viaduct(['run', 'via.options', '--pics', 'm-via', '--report', 'as-m-via'])
  t.match(stdout, /reference as M-VIA 1\.1/)
  t.match(stdout, /7 permutations: 2 pass, 5 not-applicable/)
  t.equal(code, 0)
  const html = readFileSync(join(folder, 'as-m-via/index.html'), 'utf8')
  t.match(html, /id="measured-vi-gm"/)
})

await test('an adapter that lacks what a profile has is not judged as it', async (t) => {
  const words = await complaint(viaduct(['run', 'via.nic', '--pics', 'vi-gm', '--adapter', 'reference:m-via']))
  t.match(words, /cannot be judged as VI-GM 1\.3: it does not declare via\.reliable-delivery/)
})

await test('an adapter that does not offer the interface of a profile is not judged as it', async (t) => {
  const words = await complaint(viaduct(['run', '--pics', 'm-via', '--adapter', 'mutant:emp-acks-early']))
  t.match(words, /M-VIA 1\.1 offers via, and mutant:emp-acks-early does not/)
})

await test('a name that is neither profile nor file is answered with the profiles that there are', async (t) => {
  const words = await complaint(viaduct(['run', '--pics', 'm-vai']))
  t.match(words, /m-vai is no profile \(there are m-via, vi-gm, via-full\)/)
})

await test('the reference as it is offers both interfaces still', (t) => {
  t.same(referenceAdapter().pics.interfaces, ['emp', 'via'])
  t.end()
})
