// What a leak leaves behind: objects of no NIC handle, which nobody can name and which count all the same.
import type { Nic, Ptag } from '../../../reference/via/objects.ts'

export function ghostNic(): Nic {
  return { kind: 'nic', name: 'ghost', alive: false, handler: null, context: 0 }
}

export function ghostTag(name: string): Ptag {
  return { kind: 'ptag', name, nic: ghostNic(), alive: true }
}
