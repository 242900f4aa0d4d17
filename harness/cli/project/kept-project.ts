// The project as the build has read it already: reading YAML takes seconds, and nobody wants to wait for them at every command.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, PlannedStep } from '../../plan/permutation.ts'
import type { Expectation } from '../../plan/expectation.ts'
import type { CasePlan, SuiteCase } from '../../plan/suite-case.ts'
import { packageRoot } from '../files/package.ts'
import type { Project } from './project.ts'

const file = join(packageRoot, 'build/generated/project.json')

/** Steps and expectations are mostly the same from one combination of axes to the next: each stands once, and plans name it. */
interface Kept {
  readonly project: Omit<Project, 'cases' | 'declared'>
  readonly steps: readonly PlannedStep[]
  readonly expectations: readonly Expectation[]
  readonly cases: readonly KeptCase[]
}

interface KeptCase {
  readonly declared: SuiteCase['declared']
  readonly plans: readonly { readonly axes: Readonly<Record<string, string>>; readonly plan: KeptPlan }[]
}

type KeptPlan = Omit<CasePlan, 'steps' | 'outcomes'> & {
  readonly steps: readonly number[]
  readonly outcomes: readonly (Omit<Outcome, 'expectations'> & { readonly expectations: readonly number[] })[]
}

/** What the build kept, if the files have still the digest that it kept them under. */
export function keptProject(digest: string): Project | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!isKept(kept) || kept.project.digest !== digest) return undefined
    const cases = kept.cases.map((each) => unpacked(each, kept))
    return { ...kept.project, cases, declared: cases.map(({ declared }) => declared) }
  } catch {
    // Whatever is wrong with it, the files themselves are there to be read.
    return undefined
  }
}

/** Keeps a project that has been read; all of it is plain data. */
export function keepProject({ cases, declared: _ofCases, ...project }: Project): void {
  const steps = new Store<PlannedStep>()
  const expectations = new Store<Expectation>()
  const packed = cases.map(({ declared, plans }) => ({
    declared,
    plans: plans.map(({ axes, plan }) => ({
      axes,
      plan: {
        ...plan,
        steps: plan.steps.map((step) => steps.place(step)),
        outcomes: plan.outcomes.map((outcome) => ({
          ...outcome,
          expectations: outcome.expectations.map((each) => expectations.place(each)),
        })),
      },
    })),
  }))
  const kept: Kept = { project, steps: steps.all, expectations: expectations.all, cases: packed }
  writeFileSync(file, JSON.stringify(kept))
}

export function forgetProject(): void {
  rmSync(file, { force: true })
}

/** Things by their text, each once. */
class Store<T> {
  readonly all: T[] = []
  private readonly places = new Map<string, number>()

  place(one: T): number {
    const text = JSON.stringify(one)
    const known = this.places.get(text)
    if (known !== undefined) return known
    this.places.set(text, this.all.length)
    return this.all.push(one) - 1
  }
}

function unpacked({ declared, plans }: KeptCase, kept: Kept): SuiteCase {
  return {
    declared,
    plans: plans.map(({ axes, plan }) => ({
      axes,
      plan: {
        ...plan,
        steps: stepsAt(plan.steps, kept.steps),
        outcomes: plan.outcomes.map((outcome) => ({
          ...outcome,
          expectations: outcome.expectations.flatMap((place) => kept.expectations[place] ?? []),
        })),
        // JSON leaves out what is undefined.
        weather: plan.weather,
        ordersMax: plan.ordersMax,
        explored: plan.explored,
        seed: plan.seed,
        schedule: plan.schedule,
      },
    })),
  }
}

/** A step that stands twice in a plan is two steps, with all calls in it: these are told apart by what they are, not by what they say. */
function stepsAt(places: readonly number[], all: readonly PlannedStep[]): PlannedStep[] {
  const used = new Set<number>()
  return places.flatMap((place) => {
    const step = all[place]
    if (!step || !used.has(place)) {
      used.add(place)
      return step ?? []
    }
    return structuredClone(step)
  })
}

/** The build writes this file and nobody else: its shape is looked at only as far as a torn file would differ. */
function isKept(value: unknown): value is Kept {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['project', 'steps', 'expectations', 'cases'].every((key) => key in value)
  )
}
