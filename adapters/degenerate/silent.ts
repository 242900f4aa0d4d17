// Takes every call and never answers one.
import { InertEndpoint } from './inert.ts'

export class SilentEndpoint extends InertEndpoint {
  override apply(): void {}
}
