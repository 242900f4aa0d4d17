// An adapter whose endpoints live in this process: the reference, mutants and degenerates are made of it.
import type { Adapter, Identity, OpenedHosts } from '../harness/subject/adapter.ts'
import type { Pics } from '../harness/subject/pics.ts'
import type { Endpoint, EndpointSetting } from '../spec/vocabulary/endpoint.ts'

export interface LocalAdapterParts {
  readonly name: string
  readonly identity: Identity
  readonly pics: Pics
  readonly isReference: boolean
  readonly make: (setting: EndpointSetting) => Endpoint
}

export function localAdapter({ make, ...facts }: LocalAdapterParts): Adapter {
  return {
    ...facts,
    async open(settings): Promise<OpenedHosts> {
      for (const setting of settings) checkOffered(facts, setting)
      return { kind: 'local', endpoints: settings.map(make) }
    },
    close: () => Promise.resolve(),
  }
}

function checkOffered({ name, pics }: Omit<LocalAdapterParts, 'make'>, setting: EndpointSetting): void {
  if (pics.interfaces.includes(setting.interface)) return
  throw new Error(`${name} does not offer the interface ${setting.interface}, only ${pics.interfaces.join(' and ')}`)
}
