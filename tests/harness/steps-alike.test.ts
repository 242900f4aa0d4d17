// Lists of steps: what follows itself stands there once.
import { test } from 'tap'
import { numberedSteps, stepsAlike } from '../../harness/result/steps-alike.ts'

await test('steps that read alike and follow each other stand once, with the numbers of all of them', (t) => {
  t.same(numberedSteps(['opens', 'sends', 'sends', 'sends', 'closes']), ['1. opens', '2 to 4. sends', '5. closes'])
  t.end()
})

await test('steps that read alike stand each for itself where others are between them', (t) => {
  t.same(stepsAlike(['a', 'b', 'a']), [
    { first: 1, last: 1, words: 'a' },
    { first: 2, last: 2, words: 'b' },
    { first: 3, last: 3, words: 'a' },
  ])
  t.end()
})
