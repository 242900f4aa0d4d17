// The oracle for VIA: what calls that set attributes may leave behind, by which requirement.
import type { Judged } from '../../spec/model/via.ts'
import type { ViaMemoryAttributes, ViaViAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import { testRules, type Rule } from './via-histories.ts'
import { left, Story } from './via-story.ts'

type Code = ViaReturn['code']

const createTag = (story: Story, as: string): Judged => story.ask(left, { operation: 'VipCreatePtag', nic: 'nic', as })
const destroyTag = (story: Story, ptag: string, code: Code = 'VIP_SUCCESS'): Judged =>
  story.ask(left, { operation: 'VipDestroyPtag', nic: 'nic', ptag }, code)

function set(story: Story, changed: Partial<ViaViAttributes>, code: Code = 'VIP_SUCCESS'): Judged {
  const attributes = { ...story.attributes, ...changed }
  return story.ask(left, { operation: 'VipSetViAttributes', vi: 'v', attributes }, code)
}

const told = (story: Story, state: ViaReturn['state'], changed: Partial<ViaViAttributes> = {}): Judged =>
  story.query(left, state, { viAttributes: { ...story.attributes, ...changed } })

const usual: ViaMemoryAttributes = { ptag: 'tag', enableRdmaWrite: false, enableRdmaRead: false }

function setMemory(story: Story, changed: Partial<ViaMemoryAttributes>, code: Code = 'VIP_SUCCESS'): Judged {
  const at = { buffer: 'rx', offset: 0 }
  const attributes = { ...usual, ...changed }
  return story.ask(left, { operation: 'VipSetMemAttributes', nic: 'nic', at, memory: 'rx', attributes }, code)
}

function ofMemory(story: Story, changed: Partial<ViaMemoryAttributes> = {}, offset = 0): Judged {
  const at = { buffer: 'rx', offset }
  const memoryAttributes = { ...usual, ...changed }
  return story.ask(left, { operation: 'VipQueryMem', nic: 'nic', at, memory: 'rx' }, { memoryAttributes })
}

const rules: Readonly<Record<string, Rule>> = {
  'a VI keeps its tag though another one was set': {
    requirement: 'VIA-VI-014',
    before: (story) => [createTag(story, 'other'), set(story, { ptag: 'other' })],
    forbidden: (story) => told(story, 'idle'),
    allowed: (story) => told(story, 'idle', { ptag: 'other' }),
  },
  'a VI that was not idle has what was refused': {
    requirement: 'VIA-VI-015',
    before: (story) => [...story.connect(), set(story, { maxTransferSize: 900 }, 'VIP_INVALID_STATE')],
    forbidden: (story) => told(story, 'connected', { maxTransferSize: 900 }),
    allowed: (story) => told(story, 'connected'),
  },
  'a VI has the good half of what was refused': {
    requirement: 'VIA-VI-016',
    before: (story) => [set(story, { enableRdmaWrite: true, ptag: null }, 'VIP_INVALID_PTAG')],
    forbidden: (story) => told(story, 'idle', { enableRdmaWrite: true }),
    allowed: (story) => told(story, 'idle'),
  },
  'a VI with a receive keeps its attributes': {
    requirement: 'VIA-VI-014',
    before: (story) => [story.receive('r', 100, {}, left)],
    forbidden: (story) => set(story, { maxTransferSize: 900 }, 'VIP_INVALID_STATE'),
    allowed: (story) => set(story, { maxTransferSize: 900 }),
  },
  'the tag that a VI was given is destroyed': {
    requirement: 'VIA-PTAG-004',
    before: (story) => [createTag(story, 'other'), set(story, { ptag: 'other' })],
    forbidden: (story) => destroyTag(story, 'other'),
    allowed: (story) => destroyTag(story, 'other', 'VIP_ERROR_RESOURCE'),
  },
  'memory has the good half of what was refused': {
    requirement: 'VIA-MEM-012',
    before: (story) => [setMemory(story, { enableRdmaWrite: true, ptag: null }, 'VIP_INVALID_PTAG')],
    forbidden: (story) => ofMemory(story, { enableRdmaWrite: true }),
    allowed: (story) => ofMemory(story),
  },
  'attributes are told of a place far behind memory': {
    requirement: 'VIA-MEM-011',
    forbidden: (story) => ofMemory(story, {}, 20_000 + 4096),
    allowed: (story) => ofMemory(story, {}, 20_000),
  },
}

await testRules(rules)
