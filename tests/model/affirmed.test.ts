// On what the models say that they have pronounced: answers that were the only right ones, while nothing was left open.
import { test } from 'tap'
import { at, blank, left, right, sent, status, Story } from './via-story.ts'
import { Story as EmpStory } from './story.ts'

/** What the model of a story has pronounced on since it was last asked. */
function listening(): { story: Story; heard: () => readonly string[] } {
  const story = new Story()
  story.model.affirmed.isWanted = true
  return { story, heard: () => story.model.affirmed.take() }
}

const destroyed = { operation: 'VipDestroyVi', vi: 'v' } as const

await test('a call that can only be refused by one code, and is, is pronounced on', async (t) => {
  const { story, heard } = listening()
  story.ask(left, destroyed)
  heard()
  story.ask(left, { operation: 'VipQueryVi', vi: 'v' }, 'VIP_INVALID_PARAMETER')
  t.same(heard(), ['VIA-VI-019'])
})

await test('a call that may be refused by several codes is not', async (t) => {
  const { story, heard } = listening()
  story.connect()
  heard()
  t.equal(story.ask(left, destroyed, 'VIP_INVALID_STATE'), undefined)
  t.same(heard(), [])
})

for (const discriminator of ['01', '02']) {
  const isFor = discriminator === '01'
  const what = `the timeout of a wait at 01 is${isFor ? ' not' : ''} pronounced on beside a request for ${discriminator}`
  await test(what, async (t) => {
    const { story, heard } = listening()
    const waiting = story.wait('01', 100)
    story.request(1000, discriminator)
    story.elapse(100)
    heard()
    t.equal(story.answer(right, waiting, { code: 'VIP_TIMEOUT' }), undefined)
    t.same(heard(), isFor ? [] : ['VIA-CON-012'])
  })
}

await test('nothing is noted unless somebody wants to know', async (t) => {
  const { story, heard } = listening()
  story.model.affirmed.isWanted = false
  story.ask(left, { operation: 'VipQueryVi', vi: null }, 'VIP_INVALID_PARAMETER')
  t.same(heard(), [])
})

await test('the only state of a VI, and the octets of the only message, are pronounced on', async (t) => {
  const { story, heard } = listening()
  story.connect()
  story.receive('r', 300)
  story.send('s', 100)
  heard()
  story.query(left, 'connected', { sendQueueEmpty: false })
  t.ok(heard().includes('VIA-CON-001'))
  story.received('r')
  t.ok(heard().includes('VIA-DESC-012'))
  story.digest(right, at('rx', 0, 100), sent)
  t.ok(heard().includes('VIA-SEND-001'))
  story.digest(right, at('rx', 100, 100), blank)
  t.ok(heard().includes('VIA-RECV-006'))
})

await test('once a frame has suffered nothing is pronounced on', async (t) => {
  const { story, heard } = listening()
  story.connect()
  story.model.disturbed()
  heard()
  story.query(left, 'connected')
  story.ask(left, { operation: 'VipQueryVi', vi: null }, 'VIP_INVALID_PARAMETER')
  story.receive('r', 300)
  story.send('s', 100)
  story.received('r', { status: status.received })
  t.same(heard(), [])
})

await test('once a VI was let go nothing is pronounced on', async (t) => {
  const { story, heard } = listening()
  story.connect()
  story.send('w', 100, { op: 'rdma-write', patch: [{ offset: 32, width: 8, value: 0 }] })
  heard()
  story.ask(left, { operation: 'VipQueryVi', vi: null }, 'VIP_INVALID_PARAMETER')
  t.same(heard(), [])
})

await test('the model of EMP pronounces on the length of the only message, and its octets', async (t) => {
  const story = new EmpStory()
  const { affirmed } = story.model
  affirmed.isWanted = true
  story.receive('r', 300)
  story.send('s', 100)
  t.same(affirmed.take(), [])
  t.equal(story.test(right, 'r', {}), undefined)
  t.ok(affirmed.take().includes('EMP-MATCH-010'))
})
