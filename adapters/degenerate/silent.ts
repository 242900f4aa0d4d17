// Takes every call and never answers one.
import { QueuedEndpoint } from '../queued-endpoint.ts'

export class SilentEndpoint extends QueuedEndpoint {
  override apply(): void {}
}
