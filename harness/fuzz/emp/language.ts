// EMP as the fuzzer speaks it.
import type { WireLayout } from '../../plan/layout.ts'
import { grants, type Pics } from '../../subject/pics.ts'
import type { Language } from '../language.ts'
import { empMistakes, empMoves, type EmpMove } from './moves.ts'
import type { EmpOption } from './on-request.ts'
import { empProgram } from './program.ts'
import { empSettings } from './settings.ts'

/** Whether it is data or an acknowledgement, and of which frame, the first ones apart. */
function frameKind(octets: Uint8Array): number {
  return ((octets[17] ?? 0) & 3) | (Math.min(3, octets[25] ?? 0) << 2)
}

export function empLanguage(layout: WireLayout, pics: Pics): Language<EmpMove> {
  const means = { layout, offers: (option: EmpOption) => grants(pics, option) }
  return {
    interface: 'emp',
    class: 'core',
    moves: empMoves,
    mistakes: empMistakes,
    drawnForOne: 8,
    dealt: [],
    frameKind,
    settings: empSettings,
    compile: (plan, configuration) => empProgram(plan, configuration, means),
  }
}
