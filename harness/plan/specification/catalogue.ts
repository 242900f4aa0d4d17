// Reads requirements and classes of the spec files into the catalogue that judging needs.
import { classes as validateClasses, requirements as validateRequirements } from '#generated/validators'
import type { Diagnostic } from '../yaml/diagnostic.ts'
import { Findings, inFileOrder } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import { readPicsDescription, type PicsDescription } from './pics-description.ts'
import { Place } from '../yaml/place.ts'
import type { Catalogue, ConformanceClass, Requirement } from '../requirement.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { choiceAt } from '../yaml/scalars.ts'
import { checkShape } from '../yaml/violations.ts'

export interface CatalogueRead {
  /** Complete only if there are no diagnostics. */
  readonly catalogue: Catalogue
  /** Options that a PICS may declare, and configuration keys. */
  readonly options: readonly string[]
  readonly keys: readonly string[]
  /** Those keys whose values are durations. */
  readonly durations: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Each of `picsFiles` describes what an implementation of one interface declares; what several describe is one thing. */
export function parseCatalogue(
  requirementFiles: readonly SourceText[],
  classFile: SourceText,
  picsFiles: readonly SourceText[],
): CatalogueRead {
  const findings = new Findings()
  const classes = readClasses(classFile, findings)
  const described = picsFiles.flatMap((file) => readPicsDescription(file, findings) ?? [])
  const requirements = new Map<string, Requirement>()
  for (const file of requirementFiles) {
    const source = readSource(file, findings)
    if (!source) continue
    checkShape(source, validateRequirements, findings)
    const root = Place.root(source)
    for (const item of root.get('requirements').items()) {
      const requirement = readRequirement(root, item, findings)
      if (!requirement) continue
      checkRequirement(requirement, item, { requirements, classes, described, findings })
      requirements.set(requirement.id, requirement)
    }
  }
  return {
    catalogue: { requirements: [...requirements.values()], classes },
    options: [...new Set(described.flatMap(({ options }) => options.map(({ name }) => name)))],
    keys: [...new Set(described.flatMap(({ values }) => values.map(({ key }) => key)))],
    durations: [
      ...new Set(described.flatMap(({ values }) => values.flatMap(({ key, unit }) => (unit === 'ns' ? [key] : [])))),
    ],
    diagnostics: findings.diagnostics.toSorted(inFileOrder),
  }
}

function readClasses(file: SourceText, findings: Findings): ConformanceClass[] {
  const source = readSource(file, findings)
  if (!source) return []
  checkShape(source, validateClasses, findings)
  return Place.root(source)
    .get('interfaces')
    .items()
    .flatMap((item) => {
      const names = item.get('classes').items()
      return names.map((entry) => ({
        interface: item.get('interface').text() ?? '',
        class: entry.get('name').text() ?? '',
        words: entry.get('words').text() ?? '',
      }))
    })
}

function readRequirement(root: Place, item: Place, findings: Findings): Requirement | undefined {
  const text = (key: string): string => item.get(key).text() ?? ''
  const texts = (key: string): string[] =>
    item
      .get(key)
      .items()
      .flatMap((entry) => entry.text() ?? [])
  // A wrong word is the schema's to report; here it only has no meaning.
  const unheard = new Findings()
  const keyword = choiceAt(item.get('keyword'), ['must', 'should', 'may'], unheard)
  const basis = choiceAt(item.get('basis'), ['sourced', 'recalled', 'reading'], unheard)
  if (keyword === undefined || basis === undefined || text('id') === '') return undefined
  const [untestable, deferred] = [item.get('untestable').text(), item.get('deferred').text()]
  if (untestable !== undefined && deferred !== undefined) {
    findings.add(item.get('deferred').keyMark(), 'what is untestable cannot be deferred', 'remove one')
  }
  return {
    id: text('id'),
    interface: root.get('interface').text() ?? '',
    area: root.get('area').text() ?? '',
    title: text('title'),
    words: text('words'),
    keyword,
    class: text('class'),
    basis,
    source: texts('source'),
    clause: text('clause'),
    needs: texts('needs'),
    lacks: texts('lacks'),
    ...(untestable === undefined ? {} : { untestable }),
    ...(deferred === undefined ? {} : { deferred }),
    ...disputeAt(item.get('disputed'), { untestable }, findings),
    position: item.get('id').position(),
  }
}

/** Both readings; nothing if nobody disputes it. */
function disputeAt(
  place: Place,
  { untestable }: { readonly untestable: string | undefined },
  findings: Findings,
): Pick<Requirement, 'disputed'> {
  if (!place.present) return {}
  const text = (key: string): string => place.get(key).text() ?? ''
  const disputed = { by: text('by'), ours: text('ours'), theirs: text('theirs') }
  if (disputed.ours === disputed.theirs && disputed.ours !== '')
    findings.add(place.get('theirs').mark(), 'both readings are the same', 'say in what others read it otherwise')
  if (untestable !== undefined)
    findings.add(place.keyMark(), 'what is untestable is not judged by any reading', 'remove one')
  return { disputed }
}

interface Known {
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly described: readonly PicsDescription[]
  readonly classes: readonly ConformanceClass[]
  readonly findings: Findings
}

function checkRequirement(requirement: Requirement, item: Place, known: Known): void {
  const { findings } = known
  const { id } = requirement
  const earlier = known.requirements.get(id)?.position
  if (earlier) {
    const where = `it stands at ${earlier.file}:${earlier.line}`
    findings.add(item.get('id').mark(), `another requirement has the id \`${id}\``, where)
  }
  const classes = known.classes.filter((entry) => entry.interface === requirement.interface).map((entry) => entry.class)
  if (!classes.includes(requirement.class)) {
    const place = item.get('class')
    findings.add(place.mark(), `there is no class \`${requirement.class}\``, didYouMean(requirement.class, classes))
  }
  const described = known.described.filter((entry) => entry.interface === requirement.interface)
  const options = described.flatMap((entry) => entry.options.map(({ name }) => name))
  for (const place of [...item.get('needs').items(), ...item.get('lacks').items()]) {
    const need = place.text()
    if (need === undefined || options.includes(need)) continue
    findings.add(place.mark(), `there is no option \`${need}\``, didYouMean(need, options))
  }
}
