// What VipRegisterMem has handed out in one run, and the address segments that are made of it.
import type { Call, CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { ViaRegion, ViaRegionName, ViaRemotePlace } from '../../spec/vocabulary/via-descriptor.ts'

export class Regions {
  private readonly known = new Map<string, ViaRegion>()
  /** Calls of VipRegisterMem that have not answered, and the names that they give. */
  private readonly asked = new Map<number, ViaRegionName>()

  issued(node: NodeIndex, { id, body }: Call): void {
    if (body.operation === 'VipRegisterMem') this.asked.set(id, { node, memory: body.as })
  }

  returned({ id, vip }: Return): void {
    const name = this.asked.get(id)
    if (!name) return
    this.asked.delete(id)
    if (vip?.region) this.known.set(keyOf(name), vip.region)
  }

  /** The call with addresses and handles for the names of regions; undefined while one of them is not known. */
  filledIn(body: CallBody): CallBody | undefined {
    if (body.operation !== 'descriptor.write' || !body.remote) return body
    const { addressOf, handleOf } = body.remote
    if (!addressOf && !handleOf) return body
    const address = addressOf ? this.find(addressOf)?.address : body.remote.address
    const handle = handleOf ? this.find(handleOf)?.handle : body.remote.handle
    if (address === undefined || handle === undefined) return undefined
    const remote: ViaRemotePlace = { ...body.remote, address, handle }
    return { ...body, remote }
  }

  private find(name: ViaRegionName): ViaRegion | undefined {
    return this.known.get(keyOf(name))
  }
}

function keyOf({ node, memory }: ViaRegionName): string {
  return `${node}/${memory}`
}
