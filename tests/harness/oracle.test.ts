// The oracle and forged frames: those that must be dropped do not stop it, and it says by which rule.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { openProject, type Project } from '../../harness/cli/project/project.ts'
import { macOf } from '../../harness/fabric/address.ts'
import { buildFrame } from '../../harness/judge/frames/frame-building.ts'
import { cuttingFor } from '../../harness/judge/emp/cutting.ts'
import { allVoidBy, voidBy } from '../../harness/judge/oracle/void-frames.ts'
import { oracleOf } from '../../harness/judge/oracle/of-interface.ts'
import { opaqueWire } from '../../harness/plan/layout.ts'
import { expand } from '../../harness/plan/expand.ts'
import { Trace } from '../../harness/result/trace.ts'

const project = opened()
const layout = project.layouts.emp
const macs = [macOf(0), macOf(1)]
const reading = { layout, macs, cutting: cuttingFor(layout, 64) }

function opened(): Project {
  const read = openProject()
  if (!read) throw new Error('the project has faults')
  return read
}

interface Forged {
  readonly fields?: Readonly<Record<string, number>>
  readonly source?: string
  readonly destination?: string
  readonly octets?: number
}

/** A trace in which right sent the first frame of its message 0, and then one frame was forged from left to right. */
function traceOf({ fields = {}, source = macOf(0), destination = macOf(1), octets = 10 }: Forged): Trace {
  const trace = new Trace()
  const data = { type: 1, sender: 1, message: 0, frame: 0, tag: 0 }
  const sent = buildFrame(layout, data, { source: macOf(1), destination: macOf(0), payload: new Uint8Array(10) })
  trace.frame('sent', { from: 1, frame: 0, now: 0 }, sent, sent.length)
  const parts = { source, destination, payload: new Uint8Array(octets) }
  const forged = buildFrame(layout, { ...data, sender: 0, ...fields }, parts)
  trace.frame('crafted', { from: 0, frame: 1, now: 10 }, forged, forged.length)
  return trace
}

const acknowledgement = { type: 2, length: 0 }

const forgeries: Readonly<Record<string, readonly [Forged, readonly string[] | undefined]>> = {
  'data that could be true': [{}, undefined],
  'a type that there is not': [{ fields: { type: 7 } }, ['EMP-FRAME-006']],
  'a length that does not fit': [{ fields: { length: 200 } }, ['EMP-FRAME-006']],
  'totals that cannot be': [{ fields: { frames: 5 } }, ['EMP-FRAME-006']],
  'a false sender': [{ source: '02000000ee00' }, ['EMP-FRAME-008']],
  'another destination': [{ destination: '02000000ee00' }, ['EMP-FRAME-008']],
  'an acknowledgement of what was sent': [{ fields: acknowledgement, octets: 0 }, undefined],
  'an acknowledgement of no message': [{ fields: { ...acknowledgement, message: 9 }, octets: 0 }, ['EMP-REL-017']],
  'an acknowledgement of no frame': [{ fields: { ...acknowledgement, frame: 9 }, octets: 0 }, ['EMP-REL-017']],
}

for (const [words, [forged, expected]] of Object.entries(forgeries)) {
  await test(`${words} ${expected ? `must be dropped by ${expected.join()}` : 'may have an effect'}`, (t) => {
    const trace = traceOf(forged)
    t.same(voidBy(trace, 1, reading), expected)
    t.same(allVoidBy(trace, reading), expected ?? [])
    t.end()
  })
}

await test("on a wire that is the provider's own, only frames of other protocols can be forged, and none may have an effect", (t) => {
  const trace = new Trace()
  const parts = { source: macOf(0), destination: macOf(1), payload: new Uint8Array(46) }
  const foreign = buildFrame({ ...opaqueWire, ethertype: 0x0800 }, {}, parts)
  trace.frame('crafted', { from: 0, frame: 0, now: 0 }, foreign, foreign.length)
  t.same(voidBy(trace, 0, { ...reading, layout: opaqueWire }), ['VIA-NIC-014'])
  t.end()
})

await test('an oracle is made once for worlds of a kind, and begins anew for each run', (t) => {
  const { pics } = referenceAdapter()
  const permutations = expand(project.cases, pics, { roles: ['iut-iut'], seed: 1 })
  for (const of of ['emp', 'via']) {
    const permutation = permutations.find((each) => each.interface === of)
    if (!permutation) throw new Error(`no permutation of ${of}`)
    t.ok(oracleOf(permutation, pics))
    t.equal(oracleOf(permutation, pics), oracleOf(permutation, pics))
  }
  t.end()
})
