// viaduct run --capture and dissector: every frame of a run in a pcapng file, and Wireshark that reads it as reports do.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { frameBlock, interfaceBlock, sectionBlock } from '../harness/cli/capture/pcapng.ts'
import { openProject } from '../harness/cli/project/project.ts'
import { dissect, protocolHeaders } from '../harness/judge/frames/dissect.ts'
import type { WireLayout } from '../harness/plan/layout.ts'
import { complaint, folder, viaduct } from './viaduct-command.ts'

interface Block {
  readonly type: number
  readonly view: DataView
  readonly options: ReadonlyMap<number, string>
}

/** Where the options of a block begin, from the begin of the block. */
const optionsAt: Readonly<Record<number, (view: DataView) => number>> = {
  0x0a_0d_0d_0a: () => 24,
  1: () => 16,
  6: (view) => 28 + Math.ceil(view.getUint32(20, true) / 4) * 4,
}

/** The blocks of a file; throws where a length is wrong. */
function blocksOf(octets: Uint8Array): readonly Block[] {
  const blocks: Block[] = []
  let place = 0
  while (place < octets.length) {
    const all = new DataView(octets.buffer, octets.byteOffset + place)
    const [type, length] = [all.getUint32(0, true), all.getUint32(4, true)]
    if (length % 4 !== 0 || all.getUint32(length - 4, true) !== length) throw new Error(`block at ${place}`)
    const view = new DataView(octets.buffer, octets.byteOffset + place, length)
    blocks.push({ type, view, options: optionsOf(view, optionsAt[type]?.(view) ?? 0) })
    place += length
  }
  return blocks
}

function optionsOf(view: DataView, begin: number): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  let place = begin
  while (view.getUint16(place, true) !== 0) {
    const [code, length] = [view.getUint16(place, true), view.getUint16(place + 2, true)]
    found.set(code, new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + place + 4, length)))
    place += 4 + Math.ceil(length / 4) * 4
  }
  if (place + 8 !== view.byteLength) throw new Error('options do not end where the block does')
  return found
}

function framesOf(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter(({ type }) => type === 6)
}

await test('a capture has a section for the world, its hosts, and all frames with what became of each', async (t) => {
  const name = 'emp.loss/one-data-frame-lost/victim=1/roles=iut-iut'
  const { code, stdout } = await viaduct(['run', name, '--capture', 'loss.pcapng', '--trace'])
  t.equal(code, 0)
  const blocks = blocksOf(readFileSync(join(folder, 'loss.pcapng')))
  t.same(
    blocks.slice(0, 3).map(({ type }) => type),
    [0x0a_0d_0d_0a, 1, 1],
  )
  t.equal(blocks[0]?.options.get(1), name)
  t.same(
    blocks.slice(1, 3).map(({ options }) => options.get(2)),
    ['left', 'right'],
  )
  const comments = framesOf(blocks).map(({ options }) => options.get(1) ?? '')
  t.equal(comments.length, [...stdout.matchAll(/ sent #\d/g)].length)
  t.equal(comments.filter((comment) => /suffers drop by rule 0/.test(comment)).length, 1)
  const [first, ...later] = comments
  t.match(first, /^emp\.loss\/one-data-frame-lost\/.*\n-- step \d: .*\nsent #0 {2}data m0 f0/)
  t.notOk(
    later.some((comment) => comment.startsWith('emp.')),
    'only the first says which world it is of',
  )
})

await test('a frame keeps its octets and a time that is longer than 32 bits', (t) => {
  const octets = Uint8Array.from([1, 2, 3, 4, 5])
  const time = 20_000_000_123
  const blocks = blocksOf(
    Uint8Array.from([
      ...sectionBlock('viaduct', 'made'),
      ...interfaceBlock('left'),
      ...frameBlock({ from: 0, time, octets, comment: 'five' }),
    ]),
  )
  const [frame] = framesOf(blocks)
  if (!frame) throw new Error('no frame')
  const { view } = frame
  t.equal(view.getUint32(12, true) * 2 ** 32 + view.getUint32(16, true), time)
  t.same(new Uint8Array(view.buffer, view.byteOffset + 28, 5), octets)
  t.equal(blocks[1]?.options.get(9), '\t', 'nanoseconds')
  t.end()
})

await test('a capture that cannot be written is told before anything runs', async (t) => {
  t.match(
    await complaint(viaduct(['run', 'emp.loss', '--capture', 'no/where.pcapng'])),
    /Name another file with --capture/,
  )
})

await test('a capture of before is there still when nothing comes to run', async (t) => {
  writeFileSync(join(folder, 'before.pcapng'), 'all that was seen')
  const { code } = await viaduct(['run', 'emp.loss', '--adapter', 'no-such-adapter', '--capture', 'before.pcapng'])
  t.equal(code, 5)
  t.equal(readFileSync(join(folder, 'before.pcapng'), 'utf8'), 'all that was seen')
})

await test('a capture takes the place of one of before', async (t) => {
  writeFileSync(join(folder, 'again.pcapng'), 'x'.repeat(1_000_000))
  await viaduct(['run', 'emp.loss/one-data-frame-lost/victim=1/roles=iut-iut', '--capture', 'again.pcapng'])
  t.doesNotThrow(() => blocksOf(readFileSync(join(folder, 'again.pcapng'))))
})

await test(
  'a capture that the disk has no room for is told once, and the run goes on',
  { skip: !existsSync('/dev/full') },
  async (t) => {
    const { code, stdout, stderr } = await viaduct(['run', 'emp.truncation', '--capture', '/dev/full'])
    t.equal(code, 0)
    t.match(stdout, /all \d+ permutations that apply passed/)
    t.equal([...stderr.matchAll(/The capture ends here, since \/dev\/full cannot be written/g)].length, 1)
  },
)

function empLayout(): WireLayout {
  const project = openProject()
  if (!project) throw new Error('the suites cannot be read')
  return project.layouts.emp
}

await test('the dissector knows every field of the layout by its name, place and meaning', async (t) => {
  const { code, stdout } = await viaduct(['dissector'])
  t.equal(code, 0)
  const fields = protocolHeaders(empLayout()).flatMap((header) => header.fields)
  for (const { name, offset, octets, meaning } of fields) {
    const place = `offset = ${offset},\\s+octets = ${octets},`
    t.match(stdout, new RegExp(`name = "${name}",\\s+filter = "${name}",\\s+${place}[^}]*meaning = "${meaning}"`))
  }
})

await test('no dissector is made for frames that are the provider’s own', async (t) => {
  t.match(await complaint(viaduct(['dissector', 'via'])), /The frames of VIA are the provider's own/)
})

const hasWireshark = spawnSync('tshark', ['--version']).status === 0

/** What Wireshark says of each frame: its type, its message, whether it is malformed, and its line. */
async function readByWireshark(capture: string): Promise<readonly string[]> {
  writeFileSync(join(folder, 'emp.lua'), (await viaduct(['dissector', 'emp'])).stdout)
  const fields = ['emp.type', 'emp.message', 'emp.frame', 'emp.total', 'emp.tag', 'emp.malformed', '_ws.col.Info']
  const words = ['-X', 'lua_script:emp.lua', '-r', capture, '-T', 'fields', '-E', 'separator=|']
  const shown = spawnSync('tshark', [...words, ...fields.flatMap((field) => ['-e', field])], {
    cwd: folder,
    encoding: 'utf8',
    // Its settings go nowhere but here.
    env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder },
  })
  if (shown.status !== 0) throw new Error(shown.stderr)
  return shown.stdout.trimEnd().split('\n')
}

await test(
  'Wireshark reads frames by the dissector as reports read them, damaged ones too',
  { skip: hasWireshark ? false : 'tshark is not installed' },
  async (t) => {
    await viaduct(['run', 'emp.malformed', 'emp.truncation', '--capture', 'malformed.pcapng'])
    const seen = await readByWireshark('malformed.pcapng')
    const frames = framesOf(blocksOf(readFileSync(join(folder, 'malformed.pcapng'))))
    t.equal(seen.length, frames.length)
    const layout = empLayout()
    const wrong: string[] = []
    let malformed = 0
    frames.forEach(({ view }, number) => {
      const octets = new Uint8Array(view.buffer, view.byteOffset + 28, view.getUint32(20, true))
      const { fields, summary, malformed: why } = dissect(layout, octets)
      const [type, message, frame, total = '', tag = ''] = ['type', 'message', 'frame', 'total', 'tag'].map((name) =>
        String(fields[name] ?? ''),
      )
      const isRead = type !== ''
      if (isRead && why !== undefined) malformed++
      const line = [type, message, frame, total, tag, isRead && why !== undefined ? '1' : ''].join('|')
      const told = seen[number] ?? ''
      if (!told.startsWith(`${line}|`)) wrong.push(`${told} instead of ${line} (${summary})`)
      else if (isRead && why === undefined && told !== `${line}|${summary}`) wrong.push(`${told}: ${summary}`)
    })
    t.same(wrong, [])
    t.ok(malformed > 0, `${malformed} malformed frames`)
  },
)
