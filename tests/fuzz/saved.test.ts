// What the fuzzer keeps is read back as the same run: the case that is committed fails as the drawn run did.
import { assert, asyncProperty } from 'fast-check'
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { Attempts } from '../../harness/fuzz/attempt.ts'
import { plansFor } from '../../harness/fuzz/draw.ts'
import { leaningTo } from '../../harness/fuzz/focus.ts'
import type { Caught } from '../../harness/fuzz/hunt.ts'
import { fuzzed, languageOf } from '../../harness/fuzz/languages.ts'
import { Permuter } from '../../harness/fuzz/permutation.ts'
import { savedCase } from '../../harness/fuzz/saved.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import { expand } from '../../harness/plan/expand.ts'
import { parseSuites } from '../../harness/plan/read/suites.ts'
import { project, subjectOf, suiteContext } from './subject.ts'

const adapter = referenceAdapter()
const context = suiteContext()
const numRuns = 80
const seed = 5

/** A failure that never was, of that permutation. */
function caughtIn(permutation: Permutation): Caught {
  const finding = { judge: 'model', verdict: 'fail', requirements: [], expected: '', seen: '' } as const
  return { kind: 'x', finding, wrong: [finding], permutation, label: 'deterministic', digest: '00000000', run: 1 }
}

/** Written down and read back. */
function keptAndRead(permutation: Permutation): Permutation {
  const { suite, text } = savedCase(caughtIn(permutation), { pics: adapter.pics, durations: project.durations })
  const { cases, diagnostics } = parseSuites([{ file: `${suite}.yaml`, text }], context)
  const [read] = expand(cases, adapter.pics, { roles: undefined, seed: 1 })
  if (diagnostics.length > 0 || !read) throw new Error(`${diagnostics[0]?.message ?? 'nothing was read'} in\n${text}`)
  return read
}

for (const of of fuzzed) {
  await test(`every drawn run of ${of} can be kept, and what is kept runs as it was drawn`, async (t) => {
    const language = languageOf(of, project.layouts, adapter.pics)
    const permuter = new Permuter(language, adapter.pics)
    const attempts = new Attempts(subjectOf(adapter))
    const digestOf = async (permutation: Permutation): Promise<string> =>
      (await attempts.make(permutation)).trace.digest()
    await assert(
      asyncProperty(plansFor(language, leaningTo(undefined)), async (plan) => {
        const permutation = permuter.permute(plan)
        // A run in which nobody does anything proves nothing, and cannot fail.
        if (!permutation.steps.some(({ kind }) => kind === 'call' || kind === 'craft')) return true
        return (await digestOf(keptAndRead(permutation))) === (await digestOf(permutation))
      }),
      { numRuns, seed },
    )
    t.pass(`${numRuns} plans, seed ${seed}`)
  })
}
