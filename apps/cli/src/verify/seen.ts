/** Which log indexes were read: one bit each. */
export class Seen {
  count = 0;
  private readonly bits: Uint8Array;

  constructor(
    private readonly from: number,
    private readonly to: number,
  ) {
    this.bits = new Uint8Array(Math.max(0, Math.ceil((to - from + 1) / 8)));
  }

  /** False when it was read before, or stands outside the range. */
  see(logIndex: number): boolean {
    if (logIndex < this.from || logIndex > this.to) return false;
    const at = logIndex - this.from;
    const bit = 1 << (at & 7);
    const byte = this.bits[at >> 3] ?? 0;
    if ((byte & bit) !== 0) return false;
    this.bits[at >> 3] = byte | bit;
    this.count++;
    return true;
  }

  *missing(): Generator<number> {
    for (let logIndex = this.from; logIndex <= this.to; logIndex++) {
      const at = logIndex - this.from;
      if (((this.bits[at >> 3] ?? 0) & (1 << (at & 7))) === 0) yield logIndex;
    }
  }
}
