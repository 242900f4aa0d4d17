// viaduct dissector: a dissector of the frames for Wireshark, which reads captures and real links by it.
import type { InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { dissectorOf } from '../capture/dissector.ts'
import { textAt } from '../files/package-texts.ts'
import { harnessIdentity } from '../files/package.ts'
import { openProject } from '../project/project.ts'
import { Refusal } from '../refusal.ts'

export function dissector(of: InterfaceName): number {
  const project = openProject()
  if (!project) return exitCodes.usage
  const layout = project.layouts[of]
  const { ethertype } = layout
  if (ethertype === undefined)
    throw new Refusal(`The frames of ${of.toUpperCase()} are the provider's own: there is no layout to read them by.`)
  const { name, version } = harnessIdentity
  const reader = textAt('harness/cli/capture/dissector.lua').text
  process.stdout.write(dissectorOf(of, { ...layout, ethertype }, `${name} ${version}`, reader))
  return exitCodes.ok
}
