// The SDK's door: all that an adapter in TypeScript imports, as `viaduct/adapter`.
export { serveAdapter, type AdapterDescription } from './serve.ts'
export { HostEndpoint, type HostCall } from './host-endpoint.ts'
export { HostMemory, type MemoryAnswer } from '../../adapters/host-memory.ts'
export type { PicsValue } from '../../harness/subject/pics.ts'
export type { Call, CallBody, ProviderEvent, Return, ReturnStatus } from '../../spec/vocabulary/calls.ts'
export type {
  EmpCall,
  EmpCompletion,
  EmpCompletionEvent,
  EmpDropReason,
  EmpEvent,
  EmpOutcome,
} from '../../spec/vocabulary/emp.ts'
export type {
  Configuration,
  Endpoint,
  EndpointSetting,
  HostAddress,
  InterfaceName,
  OutputSink,
} from '../../spec/vocabulary/endpoint.ts'
export { crc32c, writePattern } from '../../spec/vocabulary/memory.ts'
export type { MemoryCall, Pattern, Range } from '../../spec/vocabulary/memory.ts'
export type { Duration, Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
export type { ViaCall } from '../../spec/vocabulary/via-calls.ts'
export type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'
export type { ViaEvent } from '../../spec/vocabulary/via.ts'
