const CHUNK_BYTES = 16 * 1024 * 1024;

/** Texts outside the heap, by number: a million accounts are a few hundred megabytes that no collector has to walk through. */
export class TextArena {
  private readonly chunks: Buffer[] = [];
  private at = CHUNK_BYTES;
  private readonly places: number[] = [];

  /** The number of the text: 0 for the first. */
  add(text: string): number {
    const bytes = Buffer.byteLength(text);
    if (bytes > CHUNK_BYTES) throw new RangeError('a text longer than a chunk');
    if (this.at + bytes > CHUNK_BYTES) {
      this.chunks.push(Buffer.allocUnsafe(CHUNK_BYTES));
      this.at = 0;
    }
    (this.chunks.at(-1) as Buffer).write(text, this.at, 'utf8');
    this.places.push((this.chunks.length - 1) * CHUNK_BYTES + this.at, bytes);
    this.at += bytes;
    return this.places.length / 2 - 1;
  }

  get(number: number): string {
    const place = this.places[number * 2] ?? 0;
    const chunk = this.chunks[Math.floor(place / CHUNK_BYTES)];
    const at = place % CHUNK_BYTES;
    return chunk?.toString('utf8', at, at + (this.places[number * 2 + 1] ?? 0)) ?? '';
  }
}
