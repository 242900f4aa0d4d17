// What monitors say of a run: which of them are asked, how many breaches are told, and what becomes of those of the reference.
import { test as it } from 'tap'
import { referencePics } from '../../adapters/reference/pics.ts'
import type { Monitor } from '../../harness/judge/monitors/monitor.ts'
import { viewOf } from '../../harness/judge/seen/view.ts'
import { watchedBy, type Watched } from '../../harness/judge/monitors/watched.ts'
import type { Role } from '../../harness/plan/permutation.ts'
import type { Pics } from '../../harness/subject/pics.ts'
import { finished, layout, left, macs, permutation, right } from './emp-story.ts'

/** A monitor that sees so many breaches of a host, and has watched both. */
function monitor(over: Partial<Monitor>, breaches = 0, node = left): Monitor {
  return {
    name: 'made-up',
    words: 'nothing is ever wrong',
    requirements: ['EMP-REL-001'],
    needsWire: false,
    watch: (_view, watching) => {
      watching.watched(node)
      for (let n = 1; n <= breaches; n++) watching.broken({ node, seen: `wrong ${n}` })
    },
    ...over,
  }
}

function watched(monitors: readonly Monitor[], pics: Partial<Pics> = {}, roleList: Role[] = ['iut', 'iut']): Watched {
  const trace = finished()
  return watchedBy(
    monitors,
    viewOf({ permutation: permutation({ roleList }), trace, layout, macs, pics: { ...referencePics, ...pics } }),
  )
}

await it('of many breaches of one rule the first five are told, and how many more there are', (t) => {
  const { findings } = watched([monitor({}, 7)])
  t.same(
    findings.map(({ seen }) => seen),
    ['wrong 1', 'wrong 2', 'wrong 3', 'wrong 4', 'wrong 5; and 2 more'],
  )
  t.end()
})

await it('five breaches are told as five, and no more are promised', (t) => {
  t.equal(watched([monitor({}, 5)]).findings.at(-1)?.seen, 'wrong 5')
  t.end()
})

await it('what must hold is said by the breach, or else by the monitor', (t) => {
  const own: Partial<Monitor> = {
    watch: (_view, watching) => watching.broken({ node: left, seen: 'wrong', words: 'this is right' }),
  }
  t.equal(watched([monitor(own)]).findings[0]?.expected, 'this is right')
  t.equal(watched([monitor({}, 1)]).findings[0]?.expected, 'nothing is ever wrong')
  t.end()
})

await it('a monitor that measures time is not asked by a real clock', (t) => {
  const measuring = [monitor({ needsExactTime: true }, 1)]
  t.equal(watched(measuring).findings.length, 1)
  t.same(watched(measuring, { clock: 'real' }).findings, [])
  t.end()
})

await it('a monitor that reads frames is not asked where the wire is hidden', (t) => {
  const reading = [monitor({ needsWire: true }, 1)]
  t.equal(watched(reading).findings.length, 1)
  t.same(watched(reading, { wire: 'none' }).findings, [])
  t.end()
})

await it('all monitors that are satisfied are told in one pass, for the requirements of each', (t) => {
  const { findings, satisfied } = watched([
    monitor({ name: 'one' }),
    monitor({ name: 'other', requirements: ['EMP-REL-002'] }),
  ])
  t.match(findings, [
    { verdict: 'pass', requirements: ['EMP-REL-001', 'EMP-REL-002'], seen: 'one, other: nothing broken' },
  ])
  t.same(
    satisfied.map(({ name }) => name),
    ['one', 'other'],
  )
  t.end()
})

await it('a monitor that watched the reference alone is not satisfied: that shows nothing of the implementation', (t) => {
  t.same(watched([monitor({}, 0, right)], {}, ['iut', 'reference']).findings, [])
  t.end()
})

await it('a monitor that throws is an error of ours, and the others are asked all the same', (t) => {
  const broken = monitor({
    watch: () => {
      throw new RangeError('oops')
    },
  })
  t.match(watched([broken, monitor({}, 1)]).findings, [
    { verdict: 'error', judge: 'harness', seen: /RangeError: oops/ },
    { verdict: 'fail', judge: 'monitor' },
  ])
  t.end()
})
