// Everything that is checked of an adapter, in order: each rests on those before it, and is not made where one that it needs failed.
import { needing, type Check } from './check.ts'
import { clockChecks } from './clock-checks.ts'
import { determinismChecks } from './determinism-checks.ts'
import { endingChecks } from './ending-checks.ts'
import { greetingChecks } from './greeting-checks.ts'
import { lineChecks } from './line-checks.ts'
import { memoryChecks } from './memory-checks.ts'
import { optionChecks } from './option-checks.ts'
import { settableChecks } from './settable-checks.ts'
import { viaOptionChecks } from './via-option-checks.ts'
import { wireChecks } from './wire-checks.ts'
import { worldChecks } from './world-checks.ts'

export const checks: readonly Check[] = [
  ...greetingChecks,
  ...lineChecks,
  ...worldChecks,
  ...needing(
    ['open'],
    [
      ...wireChecks,
      ...memoryChecks,
      ...clockChecks,
      ...determinismChecks,
      ...optionChecks,
      ...settableChecks,
      ...viaOptionChecks,
    ],
  ),
  ...endingChecks,
]
