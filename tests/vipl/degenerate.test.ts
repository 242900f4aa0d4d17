// Libraries that do next to nothing, behind the bridge: none is taken for one that conforms, whatever it answers.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'tap'
import type { Report } from '../../harness/result/report.ts'
import { answer, folder, root, viaduct, written } from '../viaduct-command.ts'

const headers = join(root, 'adapters/vipl/loopback')
const strict = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wno-unused-parameter']
const words = ['-shared', '-fPIC', `-I${headers}`, join(root, 'tests/vipl/degenerate.c'), '-o', 'libdegenerate.so']
execFileSync('cc', [...strict, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })

const bridge = ['bridge', 'vipl', 'bridged', '--include', headers, '--lib', 'libdegenerate.so']
const made = answer(viaduct(bridge, { variables: { DEGENERATE: 'agrees' } }))

/** Two cases that need the NIC alone, and two that need messages to be carried. */
const cases = [
  'via.nic/opened-handle-can-be-used',
  'via.nic/bad-handle-makes-no-tag',
  'via.done-and-wait/wait-for-a-complete-send',
  'via.delivery/second-done-first-done',
]

for (const [way, failing] of [
  ['agrees', 'via.nic/bad-handle-makes-no-tag'],
  ['refuses', 'via.nic/opened-handle-can-be-used'],
  ['misunderstands', 'via.nic/opened-handle-can-be-used'],
  ['lacks', 'via.nic/opened-handle-can-be-used'],
  ['completes', 'via.done-and-wait/wait-for-a-complete-send'],
  ['never', 'via.done-and-wait/wait-for-a-complete-send'],
] as const) {
  await test(`a library that ${way} is found out`, async (t) => {
    await made
    const run = ['run', ...cases, '--adapter', './bridged', '--report', way]
    const { code, stdout } = await viaduct(run, { variables: { DEGENERATE: way } })
    t.equal(code, 1, stdout)
    const { cases: rows }: Report = JSON.parse(written(way, 'report.json'))
    t.equal(rows.find((row) => `${row.suite}/${row.case}` === failing)?.verdict, 'fail', stdout)
    t.notOk(
      rows.some((row) => row.suite !== 'via.nic' && row.verdict === 'pass'),
      'nothing was carried',
    )
  })
}
