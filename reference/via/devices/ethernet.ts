// An ordinary Ethernet card: the host's processor does everything, in traps and interrupts.
import { Offload } from './offload.ts'

export class Ethernet extends Offload {
  override readonly worksInCalls = true
}
