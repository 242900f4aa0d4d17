// What the specification leaves to a provider, and what this one offers of it.
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'

/** `levels` and `readLevels` are unions of reliability levels: those that VIs get, and those at which RDMA reads work. */
export interface ViaOffer {
  readonly levels: number
  readonly readLevels: number
  readonly peers: boolean
  readonly notify: boolean
  readonly threadSafe: boolean
}

const { unreliable, 'reliable-delivery': delivery, 'reliable-reception': reception } = viaReliabilityLevels

/** What the whole specification offers. */
export const wholeOffer: ViaOffer = {
  levels: unreliable | delivery | reception,
  readLevels: delivery | reception,
  peers: true,
  notify: true,
  threadSafe: true,
}

/** What is offered by options of a PICS, as spec/pics names them; one that is not there is absent. */
export function readOffer(options: Readonly<Record<string, boolean>>): ViaOffer {
  const has = (name: string): boolean => options[`via.${name}`] === true
  const reliable = (has('reliable-delivery') ? delivery : 0) | (has('reliable-reception') ? reception : 0)
  return {
    levels: unreliable | reliable,
    readLevels: has('rdma-read') ? reliable : 0,
    peers: has('peer-to-peer'),
    notify: has('notify'),
    threadSafe: has('thread-safe'),
  }
}
