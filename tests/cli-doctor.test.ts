// viaduct doctor: the reference is well, and each thing that can be wrong with an adapter is found, with what to change.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'tap'
import { differenceOf } from '../harness/cli/doctor/difference.ts'
import { wrong, type Outcome } from '../harness/cli/doctor/check.ts'
import { checks } from '../harness/cli/doctor/checks.ts'
import { startCheck } from '../harness/cli/doctor/greeting-checks.ts'
import { knownOf } from '../harness/cli/project/known.ts'
import { Patient } from '../harness/cli/doctor/patient.ts'
import { openProject } from '../harness/cli/project/project.ts'
import { AdapterFailure } from '../harness/subject/adapter.ts'
import { complaint, entry, folder, viaduct, written } from './viaduct-command.ts'

function link(built: string): string {
  return JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '..', built)).href)
}

/** The reference with one defect in what goes in (`ask`: a request, or nothing to keep it), or comes out (`tell`). */
const defective = `
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { servePeer } from ${link('adapters/process/peer.js')}
import { referenceAdapter } from ${link('adapters/reference/adapter.js')}

const write = (line) => process.stdout.write(JSON.stringify(line) + '\\n')
const greeting = (change) => ({ tell: (answer) => answer.ok?.nonce === undefined ? answer : { ...answer, ok: { ...answer.ok, ...change(answer.ok) } } })
const turns = (change) => ({ tell: (answer) => answer.ok?.outputs === undefined ? answer : { ...answer, ok: { ...answer.ok, ...change(answer.ok) } } })
const outputs = (change) => turns((ok) => ({ outputs: ok.outputs.flatMap(change) }))
const returns = (change) => outputs((output) => output.kind === 'return' ? [{ ...output, ...change(output) }] : [output])
const without = (option) => (ok) => ({ options: { ...ok.options, [option]: false } })
const stay = () => setInterval(() => undefined, 1000)
const asked = new Map()
const nanoseconds = () => Math.round(performance.now() * 1_000_000)
const callOf = (output) => asked.get(output.id) ?? {}
let [frames, isWaiting, now, lingers] = [0, false, 0, undefined]

const defects = {
  none: {},
  'no-vendor': greeting(() => ({ vendor: undefined })),
  'other-protocol': greeting(() => ({ protocol: 2 })),
  'canned-nonce': greeting(() => ({ nonce: 'canned' })),
  'any-version': { ask: (request) => request.op === 'hello' ? { ...request, protocols: [1] } : request },
  'empty-name': greeting(() => ({ name: ' ' })),
  'unknown-interface': greeting(() => ({ interfaces: ['emp', 'mpi'] })),
  'misspelt-option': greeting(() => ({ options: { 'emp.counter': true } })),
  'clock-as-option': greeting(() => ({ options: { 'clock.virtual': true } })),
  'misspelt-value': greeting(() => ({ values: { 'emp.windows': { value: 4 } } })),
  'value-outside': greeting(() => ({ values: { 'emp.window': { value: 4, settable: { least: 5, most: 9 } } } })),
  'unknown-profile': greeting(() => ({ profile: 'emp-2' })),
  'knows-everything': { ask: (request) => request.op.startsWith('probe') ? write({ id: request.id, ok: {} }) : request },
  'does-everything': returns((output) => output.status === 'unsupported' ? { status: 'ok' } : {}),
  'dies-of-bad-lines': { raw: (line) => { if (!line.startsWith('{"')) process.exit(1) } },
  'hangs-in-sends': { raw: (line) => { while (line.includes('emp.isend')); } },
  'strict-members': { ask: (request) => request.novelty ? write({ id: request.id, error: { message: 'novelty?' } }) : request },
  'out-of-order': { raw: () => { frames++ }, tell: (answer) => frames > 40 && answer.id === 12 ? { ...answer, id: 13 } : answer },
  'no-via': { ask: (request) => request.interface === 'via' ? write({ id: request.id, error: { message: 'no VIA here' } }) : request },
  'no-world': { ask: (request) => request.op === 'open' ? write({ id: request.id, error: { message: 'no NIC here' } }) : request },
  'no-frames': outputs((output) => output.kind === 'frame' ? [] : [output]),
  'same-mac': outputs((output) => {
    if (output.kind !== 'frame') return [output]
    const octets = Buffer.from(output.octets, 'base64')
    octets.fill(2, 6, 12)
    return [{ ...output, octets: octets.toString('base64') }]
  }),
  'other-tag': outputs((output) => {
    if (output.kind !== 'frame') return [output]
    const octets = Buffer.from(output.octets, 'base64')
    if (octets.length > 33) octets[33] ^= 1
    return [{ ...output, octets: octets.toString('base64') }]
  }),
  'short-frames': outputs((output) => {
    if (output.kind !== 'frame') return [output]
    return [{ ...output, octets: Buffer.from(output.octets, 'base64').subarray(0, 20).toString('base64') }]
  }),
  'other-type': outputs((output) => {
    if (output.kind !== 'frame') return [output]
    const octets = Buffer.from(output.octets, 'base64')
    octets[17] = 2
    return [{ ...output, octets: octets.toString('base64') }]
  }),
  'leaky-wire': greeting(() => ({ wire: 'none', profile: undefined })),
  'wrong-digest': returns((output) => output.digest === undefined ? {} : { digest: output.digest ^ 1 }),
  'shifted-writes': { call: (call) => call.operation === 'memory.write' && call.at.offset > 0 ? { ...call, fill: { ...call.fill, seed: call.fill.seed + 1 } } : call },
  'damaged-guards': returns((output) => output.damaged === undefined ? {} : { damaged: -1 }),
  'takes-any-range': returns((output) => callOf(output).operation === 'memory.write' ? { status: 'ok' } : {}),
  'keeps-names': { call: (call) => call.operation === 'memory.free' ? { ...call, operation: 'memory.guards' } : call },
  'locks-all': { call: (call) => ({ ...call, locked: true }) },
  'own-time': turns((ok) => ok.wakeAt === null ? {} : { wakeAt: 800000 }),
  'restless': turns((ok) => ok.outputs.length > 0 ? {} : { outputs: [{ kind: 'frame', octets: '' }] }),
  'sleeps-on': { ask: (request) => ({ ...request, ...(request.inputs ? { inputs: request.inputs.filter(({ kind }) => kind !== 'wake') } : {}) }) },
  'wakes-never': turns(() => ({ wakeAt: null })),
  'creeps': { ask: (request) => { now = request.now; return request }, ...turns(() => ({ wakeAt: now + 100 })) },
  'lingers': {
    ask: (request) => {
      if (request.op === 'open') lingers = undefined
      if (request.inputs?.some(({ kind }) => kind === 'frame')) lingers ??= request.now
      return request
    },
    ...turns(() => lingers === undefined ? {} : { wakeAt: lingers }),
  },
  'moody': turns(() => ({ mood: Math.random() })),
  'forgets-reset': { ask: (request) => request.op === 'reset' ? write({ id: request.id, ok: {} }) : request },
  'one-world': { ask: ({ world, ...request }) => request },
  'resets-another': { ask: ({ world, ...request }) => request.op === 'reset' ? request : { ...request, world } },
  'secret-counters': greeting(without('emp.counters')),
  'secret-mpi': greeting(without('emp.mpi')),
  'secret-cancel': greeting(without('emp.cancel')),
  'secret-probe': greeting(without('emp.probe')),
  'secret-descriptors': greeting(without('emp.descriptors')),
  'secret-events': greeting(without('emp.completion-events')),
  'lost-counters': returns((output) => callOf(output).operation === 'emp.counters' ? { status: 'unsupported', counters: undefined } : {}),
  'lost-events': outputs((output) => output.kind === 'event' ? [] : [output]),
  'only-left': { call: (call) => call.operation === 'emp.irecv' ? { ...call, from: 0 } : call, ...returns((output) => callOf(output).tag === 65535 ? { status: 'invalid' } : {}) },
  'no-setting': { ask: (request) => ({ ...request, ...(request.endpoints ? { endpoints: request.endpoints.map((each) => ({ ...each, configuration: {} })) } : {}) }) },
  'fixed-burst': greeting((ok) => ({ values: { ...ok.values, 'emp.burst': { value: 20 } } })),
  'few-retries': greeting((ok) => ({ values: { ...ok.values, 'emp.retries': { value: 3, settable: { least: 2, most: 9 } } } })),
  'few-vis': returns(({ vip }) => vip?.nicAttributes ? { vip: { ...vip, nicAttributes: { ...vip.nicAttributes, maxVI: 5 } } } : {}),
  'secret-level': greeting(without('via.reliable-delivery')),
  'no-rdma': returns((output) => callOf(output).attributes?.enableRdmaWrite ? { vip: { code: 'VIP_INVALID_PARAMETER' } } : {}),
  'no-peers': returns((output) => callOf(output).operation === 'VipConnectPeerRequest' ? { status: 'unsupported', vip: undefined } : {}),
  'secret-handlers': greeting(without('via.notify')),
  'not-stepped': turns(() => ({ runnable: undefined })),
  'counts-microseconds': { clock: () => Math.round(performance.now() * 1000) },
  'one-thread': { clock: nanoseconds, ask: (request) => {
    if (isWaiting && request.op === 'input') return write({ id: request.id, ok: { at: nanoseconds() } })
    isWaiting = request.input?.operation === 'emp.wait'
    return request
  } },
  'stays-after-close': { ask: (request) => { if (request.op === 'close') stay(); return request }, ends: false },
  'stays-after-input': { end: stay },
  'a-daemon-for-each-world': { ask: (request) => { if (request.op === 'open') spawn('sleep', ['60'], { stdio: 'ignore', detached: true }).unref(); return request } },
  'leaves-a-daemon': { end: () => { spawn('sleep', ['60'], { stdio: 'ignore', detached: true }); process.exit() } },
}

const { clock, raw, ask = (request) => request, call = (made) => made, tell = (answer) => answer, end = () => undefined, ends = true } = defects[process.argv[2]]
const [input, output] = [new PassThrough(), new PassThrough()]
const parsed = (line) => { try { return JSON.parse(line) } catch { return undefined } }
createInterface({ input: output }).on('line', (line) => write(tell(JSON.parse(line))))
createInterface({ input: process.stdin }).on('line', (line) => {
  raw?.(line)
  const request = parsed(line)
  if (typeof request?.op !== 'string' || request.id === undefined) return input.write(line + '\\n')
  const passed = ask(request)
  if (typeof passed?.op !== 'string') return
  for (const made of passed.inputs ?? []) asked.set(made.id, made)
  if (passed.inputs) passed.inputs = passed.inputs.map(call)
  input.write(JSON.stringify(passed) + '\\n')
}).on('close', () => { end(); input.end() })
await servePeer(referenceAdapter(), input, output, clock ? { live: { clock, hidesWire: false } } : { worlds: 4 })
if (ends && end.name !== 'stay') setImmediate(() => process.exit())
`

writeFileSync(join(folder, 'defective.mjs'), defective)

const project = openProject()
if (!project) throw new Error('the project cannot be read')
const known = knownOf(project)

/** The command of the reference with a defect. Nothing of the test runner's rides along in it. */
function defectiveBy(defect: string, before = ''): string {
  return `NODE_OPTIONS= ${before}'${process.execPath}' '${join(folder, 'defective.mjs')}' ${defect}`
}

/** What a check finds of the reference with a defect, after the checks that it rests on. */
async function outcomeOf(name: string, defect: string, before = ''): Promise<Outcome> {
  const command = defectiveBy(defect, before)
  const patient = new Patient({ reach: { command }, known, answerWithin: 5000, startWithin: 10_000 })
  try {
    for (const check of [startCheck, ...checks]) {
      if (check.name === name) return await check.run(patient)
      if (check.name === 'start' || check.name === 'greeting') await check.run(patient)
    }
    throw new Error(`no check ${name}`)
  } catch (thrown) {
    if (thrown instanceof AdapterFailure) return wrong(thrown.message)
    throw thrown
  } finally {
    await patient.close()
  }
}

const defects: readonly { readonly defect: string; readonly check: string; readonly seen: RegExp }[] = [
  { defect: 'no-vendor', check: 'greeting', seen: /vendor is missing/ },
  { defect: 'other-protocol', check: 'protocol', seen: /^protocol 2, where 1 was offered$/ },
  { defect: 'canned-nonce', check: 'nonce', seen: /^nonce "canned", where "[0-9a-f-]+" was sent$/ },
  { defect: 'any-version', check: 'other-version', seen: /^offered version 2147483648 only, it answered "{/ },
  { defect: 'empty-name', check: 'identity', seen: /^empty: name$/ },
  { defect: 'unknown-interface', check: 'interfaces', seen: /^interface "mpi" is unknown/ },
  { defect: 'misspelt-option', check: 'options', seen: /"emp\.counter" is unknown: did you mean `emp\.counters`\?/ },
  { defect: 'clock-as-option', check: 'options', seen: /the member `clock` of the greeting says that/ },
  { defect: 'misspelt-value', check: 'values', seen: /"emp\.windows" is unknown: did you mean `emp\.window`\?/ },
  { defect: 'value-outside', check: 'ranges', seen: /^emp\.window is 4, and can be set from 5 to 9$/ },
  { defect: 'unknown-profile', check: 'profile', seen: /^"emp-2" is unknown: did you mean `emp-1`\?$/ },
  { defect: 'knows-everything', check: 'unknown-operation', seen: /"ok\\":{}/ },
  { defect: 'does-everything', check: 'unknown-call', seen: /"status":"ok"/ },
  { defect: 'dies-of-bad-lines', check: 'bad-line', seen: /exited with code 1/ },
  { defect: 'strict-members', check: 'unknown-members', seen: /novelty\?/ },
  { defect: 'out-of-order', check: 'pipelining', seen: /answered request 13 where request 12 was asked/ },
  { defect: 'no-via', check: 'open', seen: /failed in open: no VIA here/ },
  { defect: 'no-frames', check: 'wire', seen: /^left sent to right over emp, and no frame was told$/ },
  { defect: 'same-mac', check: 'wire', seen: /^a frame of left has the source MAC 020202020202, where/ },
  { defect: 'other-tag', check: 'wire', seen: /^the first frame has tag 4, where 5 was due$/ },
  { defect: 'leaky-wire', check: 'hidden-wire', seen: /^\d+ frames over emp$/ },
  { defect: 'wrong-digest', check: 'patterns', seen: /"memory\.digest".* returned .*, where .* was due/ },
  { defect: 'shifted-writes', check: 'offsets', seen: /"memory\.read".* returned/ },
  { defect: 'damaged-guards', check: 'alignment', seen: /"damaged":-1}, where .*"damaged":null} was due/ },
  { defect: 'takes-any-range', check: 'refused-ranges', seen: /"bytes":101.* returned {"status":"ok"}, where/ },
  { defect: 'keeps-names', check: 'names', seen: /"memory\.read".* returned {"status":"ok"/ },
  { defect: 'locks-all', check: 'unlocked', seen: /^emp\.isend from it returned ok$/ },
  { defect: 'own-time', check: 'told-time', seen: /^at 5000000019ns its deadline is 800us, which is past$/ },
  { defect: 'restless', check: 'nothing-unasked', seen: /^asked again at the same instant, it did frame$/ },
  { defect: 'sleeps-on', check: 'served-deadline', seen: /^its deadline came at 5000800019ns, and after 100 wakes/ },
  { defect: 'wakes-never', check: 'served-deadline', seen: /^left sent a frame over emp .* told no deadline/ },
  {
    defect: 'creeps',
    check: 'passing-time',
    seen: /^after left sent over emp, 1000 deadlines came within 50us, and there is yet another$/,
  },
  {
    defect: 'lingers',
    check: 'passing-time',
    seen: /^after left was answered over emp, 1000 deadlines came within 0s, and there is yet another$/,
  },
  { defect: 'restless', check: 'idle-wake', seen: /^woken in a fresh world, it did frame$/ },
  { defect: 'moody', check: 'same-world', seen: /^in answer 1 of the world opened again .*mood/ },
  { defect: 'forgets-reset', check: 'reset', seen: /^in answer \d+ of the world after reset .*, where it was/ },
  { defect: 'one-world', check: 'several-worlds', seen: /^in answer \d+ of world 1 beside world 0 .*, where it was/ },
  {
    defect: 'resets-another',
    check: 'several-worlds',
    seen: /^in answer \d+ of world 0, with a reset of world 1 in the middle, .*, where it was/,
  },
  { defect: 'secret-counters', check: 'emp.counters', seen: /^it returned .*"status":"ok"/ },
  { defect: 'secret-mpi', check: 'emp.mpi', seen: /^it returned .*"status":"pending"/ },
  { defect: 'secret-cancel', check: 'emp.cancel', seen: /^it returned .*"status":"invalid"/ },
  { defect: 'secret-probe', check: 'emp.probe', seen: /^it returned .*"status":"pending"/ },
  { defect: 'secret-descriptors', check: 'emp.descriptors', seen: /^it returned .*"octets":"/ },
  { defect: 'lost-counters', check: 'emp.counters', seen: /^it returned .*"status":"unsupported"/ },
  { defect: 'lost-events', check: 'emp.completion-events', seen: /^0 events of an exchange$/ },
  { defect: 'no-frames', check: 'emp.completion-events', seen: /its receive is still pending .* did not get through$/ },
  { defect: 'secret-events', check: 'emp.completion-events', seen: /^\d+ events of an exchange$/ },
  { defect: 'only-left', check: 'emp.wildcards', seen: /^for any node and tag emp\.irecv returned invalid$/ },
  { defect: 'no-setting', check: 'emp.retry-limit', seen: /after a send that nothing answered, emp\.test .*"pending"/ },
  { defect: 'few-retries', check: 'emp.retry-limit', seen: /^emp\.retries can be set from 2 to 9 only, 1 was due$/ },
  { defect: 'no-setting', check: 'emp.slow-translation', seen: /^emp\.irecv returned .*"ok".* at once$/ },
  { defect: 'no-setting', check: 'emp.word-writes', seen: /^a receive took \d+ activit.*, as with emp\.burst 20$/ },
  { defect: 'fixed-burst', check: 'emp.word-writes', seen: /^emp\.burst cannot be set, 1 was due$/ },
  { defect: 'few-vis', check: 'via.attributes', seen: /^maxVI is 5, and via\.max-vis is declared as 64$/ },
  {
    defect: 'secret-level',
    check: 'via.attributes',
    seen: /^levels are 7, and via\.reliable-delivery is not declared$/,
  },
  { defect: 'no-rdma', check: 'via.rdma-write', seen: /^VipCreateVi returned VIP_INVALID_PARAMETER$/ },
  { defect: 'no-peers', check: 'via.peer-to-peer', seen: /"unsupported".*via\.peer-to-peer is declared$/ },
  { defect: 'secret-handlers', check: 'via.notify', seen: /VIP_SUCCESS.*via\.notify is not declared$/ },
  { defect: 'not-stepped', check: 'stepped', seen: /^no runnable in a stepped world$/ },
  { defect: 'counts-microseconds', check: 'own-clock', seen: /^it counted \d{5} while \d{8,} nanoseconds passed$/ },
  {
    defect: 'one-thread',
    check: 'threads',
    seen: /^while emp\.wait was open on thread 1, memory\.digest .* did not return$/,
  },
  { defect: 'stays-after-close', check: 'close', seen: /^after close it was still there 2 s later$/ },
  { defect: 'stays-after-input', check: 'end-of-input', seen: /^after its input ended it was still there 2 s later$/ },
  {
    defect: 'leaves-a-daemon',
    check: 'end-of-input',
    seen: /^after its input ended a process that it started was still there$/,
  },
  {
    defect: 'a-daemon-for-each-world',
    check: 'close',
    seen: /^after close a process that it started was still there$/,
  },
]

for (const { defect, check, seen } of defects) {
  await test(`the defect ${defect} is found by the check ${check}`, async (t) => {
    const outcome = await outcomeOf(check, defect)
    t.match(outcome, { kind: 'wrong', seen })
  })
}

for (const check of ['crash', 'hang']) {
  await test(`an adapter that answers from outside its process group is found by the check ${check}`, async (t) => {
    const outcome = await outcomeOf(check, 'none; true', 'setsid -w ')
    t.match(outcome, { kind: 'wrong', seen: /^its process group was (stopped|killed), and / })
  })
}

await test('every check has a name of its own, and finds a defect that is tried here', async (t) => {
  const names = checks.map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
  const tried = new Set([...defects.map(({ check }) => check), 'crash', 'hang'])
  t.same(
    names.filter((name) => !tried.has(name)),
    [],
  )
})

// --- the command ----------------------------------------------------------------------------------------------------

const served = `NODE_OPTIONS= '${process.execPath}' '${entry}' serve reference`
const runs = {
  reference: viaduct(['doctor', '--adapter', served, '--transcript', 'said.txt']),
  realClock: viaduct(['doctor', '--adapter', `${served} --clock real`]),
  hiddenWire: viaduct(['doctor', '--adapter', `${served} --clock real --wire none`]),
  yes: viaduct(['doctor', '--adapter', 'degenerate:yes']),
  noWorld: viaduct(['doctor', '--adapter', defectiveBy('no-world')]),
  noGreeting: viaduct(['doctor', '--adapter', defectiveBy('no-vendor')]),
  hung: viaduct(['doctor', '--adapter', defectiveBy('hangs-in-sends'), '--call-timeout', '300ms']),
  dead: viaduct(['doctor', '--adapter', 'echo the NIC is missing >&2; exit 9']),
}

for (const [name, run, unasked] of [
  ['the reference', runs.reference, 3],
  ['the reference by its own clock', runs.realClock, 13],
  ['the reference by its own clock, with a wire of its own', runs.hiddenWire, 14],
] as const) {
  await test(`${name} is well in every respect`, async (t) => {
    const { code, stdout, stderr } = await run
    t.equal(stderr, '')
    t.notMatch(stdout, /FAILED/)
    t.match(
      stdout,
      new RegExp(`^exit 0: all ${checks.length + 1 - unasked} checks passed; ${unasked} did not apply$`, 'm'),
    )
    t.equal(code, 0)
  })
}

await test('each failure says what was seen and what to change, and the exit code is 1', async (t) => {
  const { code, stdout } = await runs.yes
  t.equal(code, 1)
  t.match(
    stdout,
    /^FAILED {2}wire: frames between .*\n {8}seen: left sent to right .*\n {8}change: Hand over every frame/m,
  )
  t.match(
    stdout,
    /^exit 1: 7 of \d+ checks failed; 1 was not made, since it needs one that failed; \d+ did not apply$/m,
  )
})

await test('where the wire is not as it should be, what is told over it is not asked', async (t) => {
  const { stdout } = await runs.yes
  t.match(stdout, /^skipped completions are told unasked .*; needs: wire$/m)
})

for (const [defect, advice] of [
  ['other-tag', /^Write tag as the profile emp-1 has it, at octets 6 to 7, big-endian, of the message header: /],
  ['same-mac', /^Give each frame the MAC of the host that it goes to, then that of the host that sends it/],
  ['short-frames', /^Lay each frame out as the profile emp-1 has it/],
  ['other-type', /^Write type as the profile emp-1 has it, at octets 2 to 3, big-endian, of the frame header: /],
] as const) {
  await test(`of frames with the defect ${defect} what is wrong with them is told, and how to mend it`, async (t) => {
    t.match(await outcomeOf('wire', defect), { kind: 'wrong', advice })
  })
}

await test('an adapter that hangs is told so once, with what to change, and no other check fails by it', async (t) => {
  const { code, stdout } = await runs.hung
  t.equal(code, 1)
  const failed = [...stdout.matchAll(/^FAILED {2}.*\n.*seen: (.*)\n.*change: (.{20})/gm)]
  t.same(
    failed.map(([, seen, advice]) => [seen, advice]),
    [['the adapter did not answer turn (emp.isend) within 300 ms', 'Find out why it hang']],
  )
})

await test('what could not be checked since an adapter hung again is skipped, with where it hung, and counted', async (t) => {
  const { stdout } = await runs.hung
  const skipped = stdout.split('\n').filter((line) => line.startsWith('skipped'))
  const hung = skipped.filter((line) =>
    line.endsWith('; it hung again: the adapter did not answer turn (emp.isend) within 300 ms'),
  )
  t.ok(hung.length > 3, stdout)
  t.match(stdout, new RegExp(`; ${hung.length} more could not be made, since it hung again;`))
})

for (const [name, run, cause] of [
  ['no world opens', runs.noWorld, 'open'],
  ['the greeting cannot be read', runs.noGreeting, 'greeting'],
] as const) {
  await test(`where ${name}, that alone fails, and what needs it is skipped`, async (t) => {
    const { code, stdout } = await run
    t.equal(code, 1)
    const lines = stdout.split('\n')
    t.match(
      lines.filter((line) => line.startsWith('FAILED')),
      [new RegExp(`^FAILED {2}${cause}: `)],
    )
    const skipped = lines.filter((line) => line.startsWith('skipped'))
    t.ok(skipped.length > 15, stdout)
    t.ok(skipped.every((line) => line.endsWith(`; needs: ${cause}`)))
    t.match(lines.at(-2), `; ${skipped.length} were not made, since they need one that failed`)
  })
}

await test('every check that another needs comes before it', async (t) => {
  const names = checks.map(({ name }) => name)
  for (const [place, { needs = [] }] of checks.entries())
    for (const needed of needs) t.ok(names.slice(0, place).includes(needed), `${needed} before ${names[place]}`)
})

await test('an adapter that cannot be started exits 5, and says how it ended', async (t) => {
  const said = await complaint(runs.dead, 5)
  t.match(said, /exited with code 9$/m)
  t.match(said, /^ {2}stderr +the NIC is missing$/m)
})

await test('a transcript has what was said, and what was checked by it', async (t) => {
  await runs.reference
  const lines = written('said.txt').trimEnd().split('\n')
  t.equal(lines[0], '# the adapter starts')
  t.match(lines[1], /^> {"id":1,"op":"hello",/)
  t.match(lines[2], /^< {"id":1,"ok":{"protocol":1,/)
  t.ok(
    lines.includes(
      '# check bad-line: a line that is no request is answered by an error whose id is null, and it lives on',
    ),
  )
  t.ok(lines.includes('> no JSON'))
  t.ok(lines.every((line) => /^[<>#] /.test(line)))
})

function sent(...octets: readonly number[]): string {
  return JSON.stringify({ outputs: [{ kind: 'frame', octets: Buffer.from(octets).toString('base64') }], wakeAt: 5 })
}

await test('of two frames that should be alike the octet is told in which they differ', (t) => {
  t.equal(
    differenceOf(sent(1, 2, 7, 4), sent(1, 2, 3, 4)),
    'outputs[0].octets: octet 2 of the frame is 0x07, where it was 0x03',
  )
  t.equal(differenceOf(sent(1), sent(1, 2)), 'outputs[0].octets: the frame has 1 octet, where it had 2')
  t.equal(differenceOf(sent(1), sent(1)), '')
  t.end()
})

await test('of two answers that should be alike the member is told in which they differ', (t) => {
  t.equal(differenceOf('{"wakeAt":7}', '{"wakeAt":null}'), 'wakeAt is 7, where it was null')
  t.equal(differenceOf('{"outputs":[]}', '{"outputs":[],"mood":"x"}'), 'mood is not there, where it was "x"')
  t.equal(
    differenceOf('{"a":1,"b":2}', '{"b":2,"a":1}'),
    'it is "{\\"a\\":1,\\"b\\":2}", where it was "{\\"b\\":2,\\"a\\":1}"',
  )
  t.end()
})

await test('a run says what its adapter declares that nobody knows, before it begins', async (t) => {
  const one = 'emp.matching/equal-tag'
  const { code, stderr } = await viaduct([
    'run',
    one,
    '--adapter',
    defectiveBy('misspelt-option'),
    '--report',
    'misspelt',
  ])
  t.equal(code, 0, stderr)
  t.match(stderr, / declares what has no effect: option "emp\.counter" is unknown: did you mean `emp\.counters`\?$/m)
})
