// The command line with adapters that run already, or by a real clock: attached through sockets, and what cannot be judged then.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'tap'
import { startProcessAdapter } from '../adapters/process/adapter.ts'
import { readSocketAddress } from '../adapters/process/attached.ts'
import { listenPeer } from '../adapters/process/listen.ts'
import { servePeer } from '../adapters/process/peer.ts'
import { referenceAdapter } from '../adapters/reference/adapter.ts'
import type { Report } from '../harness/result/report.ts'
import { complaint, entry, folder, viaduct, written } from './viaduct-command.ts'

const socket = join(folder, 'adapter.sock')
const server = spawn(process.execPath, [entry, 'serve', 'reference', '--listen', `unix:${socket}`])
after(() => server.kill()) // should the last test not have been reached
await once(server.stderr, 'data') // it says where it listens

const byRealClock = `'${process.execPath}' '${entry}' serve reference --clock real`
const runs = {
  attached: viaduct(['run', 'emp.truncation', '--adapter', `unix:${socket}`, '--report', 'attached']),
  nobody: viaduct(['run', 'emp.truncation', '--adapter', `unix:${socket}.not-there`, '--report', 'nobody']),
  odd: viaduct(['run', 'emp.truncation', '--adapter', 'tcp://host', '--report', 'odd']),
  real: viaduct([
    'run',
    'via.protection-tags',
    'emp.truncation',
    '--adapter',
    `${byRealClock} --wire none`,
    '--report',
    'real',
  ]),
  framesByRealClock: viaduct(['run', 'emp.memory', '--adapter', byRealClock, '--report', 'frames']),
}

await test('an adapter that runs already is judged through its socket, and goes on running', async (t) => {
  const { code, stdout } = await runs.attached
  t.equal(code, 0, stdout)
  t.match(written('attached', 'report.json'), `"adapter":"unix:${socket}"`)
  t.equal(server.exitCode, null)
  const again = await viaduct(['run', 'emp.memory', '--adapter', `unix:${socket}`, '--report', 'attached-again'])
  t.equal(again.code, 0)
})

await test('where nobody listens nothing is judged, and what to look at is said', async (t) => {
  t.match(await complaint(runs.nobody, 5), /could not be started: nothing answers there: .*ENOENT/)
})

await test('a socket file that is in the way is told, with what to do about it', async (t) => {
  const said = await complaint(viaduct(['serve', 'reference', '--listen', `unix:${socket}`]))
  t.match(said, `or remove ${socket} if nobody listens there any more`)
})

await test('an address that is none is a mistake of usage', async (t) => {
  t.match(await complaint(runs.odd), /tcp:\/\/host is no address: tcp:\/\/host:port/)
})

await test('addresses are read as people write them', async (t) => {
  t.same(readSocketAddress('tcp://127.0.0.1:7000'), { host: '127.0.0.1', port: 7000 })
  t.same(readSocketAddress('tcp://[::1]:7000'), { host: '::1', port: 7000 })
  t.same(readSocketAddress('unix:/run/nic.sock'), { path: '/run/nic.sock' })
  t.match(readSocketAddress('unix:'), { problem: /names no path/ })
  t.match(readSocketAddress('tcp://host:70000'), { problem: /no address/ })
  t.equal(readSocketAddress('./adapter'), undefined)
})

await test('a connection is greeted like a process, and a broken one costs its case only', async (t) => {
  const listening = await listenPeer(referenceAdapter(), { host: '127.0.0.1', port: 0 })
  const address = listening.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  const reach = { host: '127.0.0.1', port: address.port }
  const adapter = await startProcessAdapter('it', reach, { harness: { name: 'test', version: '0' } })
  t.equal(adapter.isReference, true)
  await adapter.close()
  const hosts = [{ node: 0, name: 'left', mac: '020000000000' }]
  const setting = { interface: 'emp', node: 0, hosts, configuration: {}, stepped: false, seed: 1 } as const
  t.match(await adapter.open([setting]), { kind: 'remote' }, 'connected again')
  await adapter.close()
  listening.close()
})

/** Listens until a connection has brought so many turns; then it is gone, and back after so many milliseconds, if ever. */
function listenForTurns(path: string, turnsMax: number, backAfter?: number): void {
  const listening = createServer((connection) => {
    let turns = 0
    connection
      .on('error', () => undefined)
      .on('data', (chunk) => {
        turns += chunk.toString('latin1').split('"op":"turn"').length - 1
        if (turns > turnsMax) leave(connection)
      })
    servePeer(referenceAdapter(), connection, connection).catch(() => undefined)
  })
  const leave = (connection: Socket): void => {
    connection.destroy()
    listening.close()
    if (backAfter !== undefined) setTimeout(() => listenForTurns(path, Infinity), backAfter).unref()
  }
  listening.listen(path).unref()
}

function reportIn(name: string): Report {
  return JSON.parse(written(name, 'report.json'))
}

await test('where a connection is lost for good one case tells, the rest is not run, and what was done is kept', async (t) => {
  const path = join(folder, 'dying.sock')
  listenForTurns(path, 100)
  const { code, stdout } = await viaduct(['run', 'emp.memory', '--adapter', `unix:${path}`, '--report', 'lost'])
  t.equal(code, 1)
  const { totals, cases } = reportIn('lost')
  t.match(totals, { crash: 1, inconclusive: 0, fail: 0 })
  t.ok(totals.pass > 0 && totals.skipped > 0, JSON.stringify(totals))
  t.match(cases.find(({ verdict }) => verdict === 'crash')?.reason, /crashed: the adapter closed the connection$/)
  t.match(
    stdout.split('\n').filter((line) => line.includes('cannot be made again')),
    [/^\d+ permutations not run: the adapter is gone: .* was lost and cannot be made again: nothing answers there: /],
    'one line says so',
  )
})

await test('where somebody starts the adapter again at once, the run goes on with it', async (t) => {
  const path = join(folder, 'tended.sock')
  listenForTurns(path, 100, 300)
  await viaduct(['run', 'emp.memory', '--adapter', `unix:${path}`, '--report', 'tended'])
  const { totals } = reportIn('tended')
  t.match(totals, { crash: 0, inconclusive: 1, skipped: 0 })
})

await test('by a real clock with a hidden wire VIA is judged, and what is lost to them is counted', async (t) => {
  const { code, stdout } = await runs.real
  t.equal(code, 0, stdout)
  t.match(stdout, /^\d+ permutations could not be judged because the wire is hidden$/m)
  t.match(written('real', 'report.json'), /"clock":"real","wire":"none"/)
  t.match(written('real', 'index.html'), /could not be judged because the wire is hidden/)
})

await test('by a real clock with frames the harness is the wire, and cases of virtual time are lost', async (t) => {
  const { stdout } = await runs.framesByRealClock
  t.match(stdout, /^\d+ permutations could not be judged because the clock is real$/m)
})

await test('a hidden wire in virtual time is refused', async (t) => {
  t.match(await complaint(viaduct(['serve', 'reference', '--wire', 'none'])), /only with --clock real/)
})

await test('who lets the system choose a port is told which it is', async (t) => {
  const served = viaduct(['serve', 'reference', '--listen', 'tcp://127.0.0.1:0'], { interruptAt: /Ctrl-C/ })
  t.match((await served).stderr, /^reference is served on tcp:\/\/127\.0\.0\.1:[1-9]\d*; Ctrl-C ends it\n/)
})

await test('Ctrl-C ends a server, which leaves no socket behind', async (t) => {
  server.kill('SIGINT')
  const [code]: unknown[] = await once(server, 'exit')
  t.equal(code, 0)
  t.notOk(existsSync(socket))
})
