// Keeps the last so many octets of a stream.
export class Tail {
  private readonly octetsMax: number
  private chunks: Uint8Array[] = []
  private held = 0

  constructor(octetsMax: number) {
    this.octetsMax = octetsMax
  }

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.held += chunk.length
    // Joined only when twice as much has come, so that each octet is moved about once.
    if (this.held > 2 * this.octetsMax) this.trim()
  }

  clear(): void {
    this.chunks = []
    this.held = 0
  }

  get text(): string {
    this.trim()
    return Buffer.concat(this.chunks).toString('utf8')
  }

  private trim(): void {
    const last = Buffer.concat(this.chunks).subarray(-this.octetsMax)
    this.chunks = [Buffer.from(last)]
    this.held = last.length
  }
}
