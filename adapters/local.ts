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
    open: (settings): Promise<OpenedHosts> => Promise.resolve({ kind: 'local', endpoints: settings.map(make) }),
    close: () => Promise.resolve(),
  }
}
