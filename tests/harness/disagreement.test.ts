// Judges that contradict each other yield an error that names all three; where they do not, a fault is a failure as before.
import { test } from 'tap'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { openProject, type Project } from '../../harness/cli/project/project.ts'
import { permutationsFor } from '../../harness/cli/session/session.ts'
import { judgeRun, type JudgeInput, type Judgement } from '../../harness/judge/judge.ts'
import type { Monitor } from '../../harness/judge/monitors/monitor.ts'
import type { Oracle } from '../../harness/judge/oracle/pronounce.ts'
import { readingOf } from '../../harness/run/play.ts'
import type { Finding } from '../../harness/result/report.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import { Affirmed } from '../../spec/model/affirmed.ts'
import { eachTrace } from '../traces.ts'

const cases = `
suite: told
title: Cases that tell right and wrong
interface: via
class: early-adopter
cases:
  - id: gone
    title: A VI that is gone is refused
    steps:
      - use: { fixture: nic, host: left }
      - left.VipCreateVi: { as: v }
      - left.VipDestroyVi: { vi: v }
      - advance: 1ms
      - left.VipQueryVi: { vi: v, label: refused }
    expect:
      - left.returned: { call: refused, code: $CODE }
        for: VIA-VI-019
    proves: [{ returned: refused }]
  - id: waited
    title: A wait lasts as long as its time
    steps:
      - use: { fixture: nic, host: left }
      - left.VipCreateVi: { as: v }
      - use: { fixture: data, host: left, buffer: rx }
      - left.VipPostRecv: { vi: v, descriptor: { as: r, segments: [rx@0+8] } }
      - left.VipRecvWait: { vi: v, timeout: 100ms, label: waited }
    memory: { left.rx: { bytes: 64 } }
    expect:
      - model.allows: everything
        for: VIA-WAIT-002
    proves: [{ returned: waited }]
`

function opened(code: string): Project {
  const project = openProject([{ file: 'told.yaml', text: cases.replace('$CODE', code) }])
  if (!project) throw new Error('the cases have faults')
  return project
}

interface Asked {
  readonly case: 'gone' | 'waited'
  readonly code?: string
  readonly adapter?: Adapter
  readonly lies?: Partial<Pick<JudgeInput, 'monitors' | 'oracle'>>
}

/** Plays a case, and has it judged, with a liar among the judges if there is one. */
async function judged({
  case: id,
  code = 'VIP_INVALID_PARAMETER',
  adapter = referenceAdapter(),
  lies = {},
}: Asked): Promise<Judgement> {
  const project = opened(code)
  const permutations = permutationsFor(project, adapter, 1).filter((each) => each.case === id)
  const layout = project.layouts.via
  const judgements: Judgement[] = []
  await eachTrace({ project, adapter, permutations }, (permutation, trace) => {
    const reading = readingOf(permutation, layout)
    const ending = { kind: 'finished' } as const
    judgements.push(judgeRun({ permutation, trace, ending, pics: adapter.pics, ...reading, ...lies }))
  })
  const [judgement] = judgements
  if (!judgement) throw new Error(`${id} was not run`)
  return judgement
}

const disputed = ({ findings }: Judgement): Finding | undefined =>
  findings.find(({ opinions }) => opinions !== undefined)

const lyingMonitor: Monitor = {
  name: 'liar',
  words: 'no VI is ever gone',
  requirements: ['VIA-VI-019'],
  needsWire: false,
  watch: ({ history: { calls } }, watching) => {
    const call = calls.find(({ call: { body } }) => body.operation === 'VipQueryVi')
    if (call?.answer) watching.broken({ node: call.node, seen: 'it was refused', at: call.answer.time })
  },
}

/** Forbids the end of a wait, whenever it comes. */
function lyingModel(): Oracle {
  return {
    affirmed: new Affirmed(() => true),
    begin: () => undefined,
    end: () => undefined,
    read: (trace, record) => {
      const isEnd = trace.returnOf(record)?.vip?.code === 'VIP_TIMEOUT'
      return isEnd ? { requirements: ['VIA-WAIT-002'], words: 'it ended too early' } : undefined
    },
  }
}

await test('judges that agree tell nothing of it', async (t) => {
  for (const id of ['gone', 'waited'] as const) {
    const judgement = await judged({ case: id })
    t.equal(judgement.verdict, 'pass', judgement.reason)
    t.equal(disputed(judgement), undefined)
  }
})

await test('an expectation that the model contradicts is an error that names the three', async (t) => {
  const judgement = await judged({ case: 'gone', code: 'VIP_SUCCESS' })
  t.equal(judgement.verdict, 'error')
  t.equal(judgement.blame, 'harness')
  const finding = disputed(judgement)
  t.equal(finding?.judge, 'expectation')
  t.match(finding?.opinions?.model, /^right: /)
  t.match(finding?.opinions?.monitors, /dead-handles/)
  t.match(finding?.opinions?.expectations, /^wrong: .*VIP_SUCCESS expected/)
  t.match(judgement.reason, /disagree about VIA-VI-019\. The model: right.* The monitors: .* The expectations: wrong/)
})

await test('a monitor that the model contradicts is an error that names the three', async (t) => {
  const judgement = await judged({ case: 'gone', lies: { monitors: [lyingMonitor] } })
  t.equal(judgement.verdict, 'error')
  const finding = disputed(judgement)
  t.equal(finding?.judge, 'monitor')
  t.match(finding?.opinions?.model, /^right: /)
  t.equal(finding?.opinions?.monitors, 'wrong: it was refused')
  t.match(finding?.opinions?.expectations, /^held: /)
})

await test('a model that a monitor contradicts is an error that names the three', async (t) => {
  const judgement = await judged({ case: 'waited', lies: { oracle: lyingModel() } })
  t.equal(judgement.verdict, 'error')
  const finding = disputed(judgement)
  t.equal(finding?.judge, 'model')
  t.equal(finding?.opinions?.model, 'wrong: it ended too early')
  t.match(finding?.opinions?.monitors, /^right: waits-long-enough/)
  t.equal(finding?.opinions?.expectations, 'the case expects nothing of it')
})

await test('where the model forbids something as well, who finds a fault is believed', async (t) => {
  const mutant = mutants.find(({ name }) => name === 'via-destroyed-vi-usable')
  if (!mutant) throw new Error('there is no such mutant')
  const judgement = await judged({ case: 'gone', adapter: mutantAdapter(mutant) })
  t.equal(judgement.verdict, 'fail', judgement.reason)
  t.equal(disputed(judgement), undefined)
})

await test('what nobody has pronounced on is believed of one judge alone', async (t) => {
  const other: Monitor = { ...lyingMonitor, requirements: ['VIA-VI-013'] }
  const judgement = await judged({ case: 'gone', lies: { monitors: [other] } })
  t.equal(judgement.verdict, 'fail')
})
