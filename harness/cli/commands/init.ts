// viaduct init: a small adapter in a new folder, which builds and runs at once and declares nothing yet.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { didYouMean } from '../../plan/yaml/nearest.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { languages, type Language } from '../init/languages.ts'
import { makeFolder } from '../files/make-folder.ts'
import { harnessIdentity, packageRoot } from '../files/package.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { Refusal, refuseIf } from '../refusal.ts'
import { say, table } from '../terminal/terminal.ts'
import { messageOf } from '../../subject/thrown.ts'

/** How the manifest of a template names this package: as seen from there. */
const packageAsTemplatesSeeIt = 'file:../../..'

export function init(folder: string, name: string): number {
  const language = languages[name]
  if (!language) throw new Refusal(`There is no SDK for \`${name}\`: ${didYouMean(name, Object.keys(languages))}`)
  try {
    refuseIf(whyNot(folder))
    copy(folder, name, language.sdk)
    if (language.importsPackage) joinPackage(folder)
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown
    throw new Refusal(`${folder} cannot be written: ${messageOf(thrown)}`)
  }
  sayWhatIsNext(folder, language)
  return exitCodes.ok
}

/** A folder that holds something is left alone. */
function whyNot(folder: string): string | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (!stat.isDirectory()) return `${folder} is a file. Name a folder that is not there yet.`
  if (readdirSync(folder).length === 0) return undefined
  return `${folder} is not empty, and nothing in it is to be overwritten. Name a folder that is not there yet.`
}

function copy(folder: string, name: string, sdk: readonly string[]): void {
  const from = join(packageRoot, 'sdk', name)
  makeFolder(folder)
  cpSync(join(from, 'template'), folder, { recursive: true })
  for (const file of sdk) cpSync(join(from, file), join(folder, file))
}

/** Lets the folder import this package, wherever it stands: what npm install would do, without asking a registry. */
function joinPackage(folder: string): void {
  const manifest = join(folder, 'package.json')
  const path = relative(resolve(folder), packageRoot)
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(packageAsTemplatesSeeIt, `file:${path}`))
  if (isResolvable(folder, `${harnessIdentity.name}/package.json`)) return
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(
    relative(resolve(folder, 'node_modules'), packageRoot),
    join(folder, 'node_modules', harnessIdentity.name),
  )
}

function isResolvable(folder: string, target: string): boolean {
  try {
    createRequire(resolve(folder, 'package.json')).resolve(target)
    return true
  } catch {
    return false
  }
}

function sayWhatIsNext(folder: string, { title, source, importsPackage }: Language): void {
  const named = folder.startsWith('.') || folder.startsWith('/') ? folder : `./${folder}`
  const needsInstall = importsPackage && !isResolvable(folder, 'typescript/package.json')
  const steps = [
    ...(needsInstall ? [[`(cd ${shellWord(folder)} && npm install)`, 'fetches the compiler']] : []),
    [`npx viaduct doctor --adapter ${shellWord(named)}`, 'builds it, checks that it can be judged'],
    [`npx viaduct run --adapter ${shellWord(named)}`, 'judges it, writes viaduct-report/index.html'],
    [`$EDITOR ${shellWord(join(folder, source))}`, 'is where calls are answered and options turned on'],
  ]
  say(`${folder} is an adapter in ${title} that declares nothing yet. Next:`)
  say()
  say(table(steps, '  '))
  say()
  say('docs/writing-an-adapter.md in the package of viaduct is the guide.')
  if (isTakenForProject(folder)) {
    say(
      `${folder} is in a clone of viaduct, whose own checks will look at it. They leave alone what is named my-* at its top.`,
    )
  }
}

/** In a clone everything belongs to the project but what its .gitignore leaves to whoever works there. */
function isTakenForProject(folder: string): boolean {
  const place = relative(packageRoot, resolve(folder))
  const isInside = !place.startsWith('..') && !isAbsolute(place)
  return isInside && !place.startsWith('my-') && existsSync(join(packageRoot, '.git'))
}
