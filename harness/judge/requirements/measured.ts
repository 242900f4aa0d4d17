// What the suites ask of systems by what these declare: which requirements apply, class by class, and why others do not.
import type { Profile } from '../../plan/specification/profile.ts'
import type { Catalogue, Requirement } from '../../plan/requirement.ts'
import type { ProfileMeasure } from '../../result/report.ts'
import type { Pics } from '../../subject/pics.ts'
import { whyNotAsked } from './requirements.ts'

/** For each profile. What it does not speak of is taken as `pics`, the PICS of the implementation, has it. */
export function measureProfiles(
  profiles: readonly Profile[],
  catalogue: Catalogue,
  pics: Pics,
): readonly ProfileMeasure[] {
  return profiles.map((profile) => measure(profile, catalogue, pics))
}

function measure(profile: Profile, { requirements, classes }: Catalogue, pics: Pics): ProfileMeasure {
  const had = Object.fromEntries(profile.options.map(({ name, present }) => [name, present]))
  // A profile is about the system itself: that a wire is hidden or a clock real is a matter of how it is plugged in.
  const declared: Pics = {
    ...pics,
    interfaces: [profile.interface],
    clock: 'virtual',
    wire: 'frames',
    options: { ...pics.options, ...had },
  }
  const own = requirements.filter((requirement) => requirement.interface === profile.interface)
  const names = classes.filter((each) => each.interface === profile.interface).map((each) => each.class)
  const measured = names.slice(0, names.indexOf(profile.class) + 1)
  const { name, title, words, interface: of, class: largest, options } = profile
  return {
    name,
    title,
    words,
    interface: of,
    class: largest,
    options,
    classes: measured.map((each, place) => {
      const included = own.filter((requirement) => measured.slice(0, place + 1).includes(requirement.class))
      const asked = included.filter((requirement) => whyNotAsked(requirement, declared) === undefined)
      return { class: each, asked: asked.filter(isTestable).length, notAsked: included.length - asked.length }
    }),
    excluded: excludedBy(
      own.filter((requirement) => measured.includes(requirement.class)),
      declared,
    ),
  }
}

function isTestable({ untestable, deferred }: Requirement): boolean {
  return untestable === undefined && deferred === undefined
}

function excludedBy(requirements: readonly Requirement[], declared: Pics): ProfileMeasure['excluded'] {
  const byReason = new Map<string, string[]>()
  for (const requirement of requirements) {
    const why = whyNotAsked(requirement, declared)
    if (why === undefined) continue
    const others = byReason.get(why)
    if (others) others.push(requirement.id)
    else byReason.set(why, [requirement.id])
  }
  return [...byReason].map(([reason, ids]) => ({ reason, requirements: ids }))
}
