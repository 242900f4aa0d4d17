// Reads requirements and classes of the spec files into the catalogue that judging needs.
import { classes as validateClasses, requirements as validateRequirements } from '#generated/validators'
import type { Diagnostic } from './diagnostic.ts'
import { Findings, inFileOrder } from './findings.ts'
import { didYouMean } from './nearest.ts'
import { Place } from './place.ts'
import type { Catalogue, ConformanceClass, Requirement } from './requirement.ts'
import { readSource, type SourceText } from './source.ts'
import { choiceAt } from './values.ts'
import { checkShape } from './violations.ts'

export interface CatalogueRead {
  /** Complete only if there are no diagnostics. */
  readonly catalogue: Catalogue
  readonly diagnostics: readonly Diagnostic[]
}

export function parseCatalogue(requirementFiles: readonly SourceText[], classFile: SourceText): CatalogueRead {
  const findings = new Findings()
  const classes = readClasses(classFile, findings)
  const ids = new Map<string, Requirement>()
  for (const file of requirementFiles) {
    const source = readSource(file, findings)
    if (!source) continue
    checkShape(source, validateRequirements, findings)
    const root = Place.root(source)
    for (const item of root.get('requirements').items()) {
      const requirement = readRequirement(root, item, findings)
      if (!requirement) continue
      checkRequirement(requirement, item, { ids, classes, findings })
      ids.set(requirement.id, requirement)
    }
  }
  return { catalogue: { requirements: [...ids.values()], classes }, diagnostics: findings.diagnostics.toSorted(inFileOrder) }
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
    ...(untestable === undefined ? {} : { untestable }),
    ...(deferred === undefined ? {} : { deferred }),
    position: item.get('id').position(),
  }
}

interface Known {
  readonly ids: ReadonlyMap<string, Requirement>
  readonly classes: readonly ConformanceClass[]
  readonly findings: Findings
}

function checkRequirement(requirement: Requirement, item: Place, { ids, classes, findings }: Known): void {
  const earlier = ids.get(requirement.id)
  if (earlier) {
    const { file, line } = earlier.position
    findings.add(item.get('id').mark(), `another requirement has the id \`${requirement.id}\``, `it stands at ${file}:${line}`)
  }
  const names = classes.filter((entry) => entry.interface === requirement.interface).map((entry) => entry.class)
  if (names.includes(requirement.class)) return
  findings.add(item.get('class').mark(), `there is no class \`${requirement.class}\``, didYouMean(requirement.class, names))
}
