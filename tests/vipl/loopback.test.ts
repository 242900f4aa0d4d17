// The library of this project behind the bridge: judged without a line of code, and told apart from its mutants.
import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import type { Report } from '../../harness/result/report.ts'
import { answer, folder, root, viaduct, written } from '../viaduct-command.ts'

cpSync(join(root, 'adapters/vipl/loopback'), join(folder, 'loopback'), {
  recursive: true,
  filter: (path) => !path.endsWith('/build'),
})
execFileSync('make', ['--silent', 'CFLAGS=-O0 -g', 'build/libvipl-loopback.so'], { cwd: join(folder, 'loopback') })
const library = 'loopback/build/libvipl-loopback.so'
const made = answer(viaduct(['bridge', 'vipl', 'bridged', '--include', 'loopback', '--lib', library]))

/** Cases of each kind that there is: objects, connections, transfers, handlers, names, memory, a race. */
const cases = [
  'via.nic/one-handle-too-many',
  'via.connection/server-learns-address-and-attributes',
  'via.done-and-wait/wait-for-a-complete-send',
  'via.memory/any-start-and-length',
  'via.notify/send-to-handler',
  'via.error-callback/told-once',
  'via.name-service/started-and-shut-down',
  'via.management/discovery',
  'via.rdma-write/before-the-send',
  'via.delivery/second-done-first-done',
]

function reportOf(name: string): Report {
  const report: Report = JSON.parse(written(name, 'report.json'))
  return report
}

/** Names and verdicts of those that ran or did not, in order; what was lost to the clock on a busy machine aside. */
function verdictsOf(name: string): readonly string[] {
  return reportOf(name).cases.map((row) => `${row.name} ${row.verdict === 'inconclusive' ? 'pass' : row.verdict}`)
}

await test('the library is found by the device that such libraries have, and declares what its NIC says', async (t) => {
  t.match(await made, /\/dev\/via_lo0, by the device \/dev\/via_lo%d/)
  t.match(written('bridged/adapter.yaml'), /^command: "exec \.\/bridge --nics \d+ --device '\/dev\/via_lo%d'"$/m)
})

await test('the library passes through the bridge, and verdicts are the same when it is run again', async (t) => {
  await made
  for (const name of ['first', 'second']) {
    const { code, stdout, stderr } = await viaduct(['run', ...cases, '--adapter', './bridged', '--report', name])
    t.ok(code === 0 || code === 2, `exit ${code}: ${stdout}${stderr}`)
  }
  t.same(verdictsOf('first'), verdictsOf('second'))
  const { cases: rows, pics } = reportOf('first')
  t.ok(rows.filter(({ verdict }) => verdict === 'pass').length > 20)
  t.same(
    rows.filter(({ verdict }) => !['pass', 'not-applicable', 'inconclusive'].includes(verdict)),
    [],
  )
  t.ok(rows.filter(({ verdict }) => verdict === 'not-applicable').every(({ reason }) => reason !== ''))
  t.match(pics, { options: { 'via.notify': true, 'via.rdma-read': false }, values: { 'via.max-vis': {} } })
})
