// Tables of hand-made histories for the VIA model, each row a test: what breaks a requirement beside what does not, and what is allowed.
import { test } from 'tap'
import type { Judged } from '../../spec/model/via.ts'
import { Story, type StorySetting } from './via-story.ts'

/** A history and its neighbour: the last observation of `forbidden` breaks the requirement; all others are allowed. */
export interface Rule {
  readonly requirement: string
  readonly setting?: StorySetting
  readonly before?: (story: Story) => readonly Judged[]
  readonly forbidden: (story: Story) => Judged
  readonly allowed: (story: Story) => Judged
}

/** A history that is allowed though it looks odd. */
export interface Oddity {
  readonly setting?: StorySetting
  readonly story: (story: Story) => readonly Judged[]
}

/** Something is done without an observation. */
export function quietly(done: unknown): undefined {
  if (done instanceof Error) throw done
}

/** `usual`: the setting of rules that have none of their own. */
export async function testRules(rules: Readonly<Record<string, Rule>>, usual?: StorySetting): Promise<void> {
  for (const [words, { requirement, setting = usual, before, forbidden, allowed }] of Object.entries(rules)) {
    await test(`${words}: ${requirement}`, async (t) => {
      const begun = (): Story => {
        const story = new Story(setting)
        for (const judged of before?.(story) ?? []) t.equal(judged, undefined, judged?.words ?? 'allowed')
        return story
      }
      const judged = forbidden(begun())
      t.ok(
        judged?.requirements.includes(requirement),
        `${judged?.words ?? 'all is allowed'} ${judged?.requirements.join()}`,
      )
      const other = allowed(begun())
      t.equal(other, undefined, other?.words ?? 'allowed')
    })
  }
}

/** `usual`: the setting of histories that have none of their own. */
export async function testOddities(oddities: Readonly<Record<string, Oddity>>, usual?: StorySetting): Promise<void> {
  for (const [words, { setting = usual, story }] of Object.entries(oddities)) {
    await test(`allowed: ${words}`, async (t) => {
      for (const judged of story(new Story(setting))) t.equal(judged, undefined, judged?.words ?? 'allowed')
    })
  }
}
