// The objects of one endpoint by the names of their handles, which the harness gave.
import type { ViaHandle } from '../../spec/vocabulary/via-attributes.ts'
import type { ViaObject } from './objects.ts'

/** Names stay bound when their object is gone. */
export class Names {
  private readonly byName = new Map<string, ViaObject>()

  bind(object: ViaObject): void {
    this.byName.set(object.name, object)
  }

  has(name: string): boolean {
    return this.byName.has(name)
  }

  isAlive(name: string): boolean {
    return this.byName.get(name)?.alive === true
  }

  /** The live object of that kind; undefined for NULL, a stale handle, or one of another kind. */
  find<Kind extends ViaObject['kind']>(kind: Kind, name: ViaHandle): Extract<ViaObject, { kind: Kind }> | undefined {
    const found = name === null ? undefined : this.byName.get(name)
    return found && isOf(kind, found) && found.alive ? found : undefined
  }

  /** The value of a memory handle, also of a region that is no more. */
  memory(name: string): number | undefined {
    const found = this.byName.get(name)
    return found?.kind === 'region' ? found.value : undefined
  }

  /** All live objects of that kind. */
  all<Kind extends ViaObject['kind']>(kind: Kind): Extract<ViaObject, { kind: Kind }>[] {
    const found: Extract<ViaObject, { kind: Kind }>[] = []
    for (const object of this.byName.values()) if (isOf(kind, object) && object.alive) found.push(object)
    return found
  }

  clear(): void {
    this.byName.clear()
  }
}

function isOf<Kind extends ViaObject['kind']>(
  kind: Kind,
  object: ViaObject,
): object is Extract<ViaObject, { kind: Kind }> {
  return object.kind === kind
}
