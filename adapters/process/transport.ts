// What carries the lines to an adapter and back: a process that is started here, or a socket to one that runs already.

export interface Transport {
  /** It was started here, and is asked to close. What ran before goes on afterwards. */
  readonly isOurs: boolean
  write(text: string): void
  /** Ends it hard, with everything that it started. Nothing is waited for. */
  end(): void
  /** The end of what it wrote to stderr since that was last forgotten; always empty where stderr is not seen. */
  readonly stderr: string
  forgetStderr(): void
  /** Octets of memory that it holds just now; undefined where that cannot be told. */
  readonly heldOctets: number | undefined
  /** Resolves when the adapter is gone, or out of reach. */
  readonly gone: Promise<void>
}

/** What a transport tells whoever uses it. */
export interface TransportListener {
  /** Octets that the adapter wrote, cut anywhere. They must not change afterwards. */
  octets(chunk: Uint8Array): void
  /** The adapter ended by itself, and why, in words. Nothing more comes. */
  ended(words: string): void
  /** The adapter could not be started or reached, in words. */
  unreachable(words: string): void
}

/** Makes a transport that tells the listener, from the next turn of the event loop on. */
export type OpenTransport = (listener: TransportListener) => Transport
