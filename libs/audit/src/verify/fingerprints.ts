const EMPTY = 0xffff_ffff;
const LOAD_MAX = 0.7;

/** Two independent 32-bit hashes of a text, in one pass. Source: FNV-1a and the multiplier of Murmur3. */
export const fingerprintOf = (text: string): readonly [high: number, low: number] => {
  let high = 0x811c9dc5;
  let low = 0x2545f491;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul((low ^ code) + 0x9e3779b9, 0x85ebca6b);
    low ^= low >>> 13;
  }
  high ^= high >>> 16;
  low = Math.imul(low ^ (low >>> 16), 0xc2b2ae35);
  return [high >>> 0, (low ^ (low >>> 13)) >>> 0];
};

/**
 * Where each of millions of texts stands in the log, in 16 bytes each instead of the text: 64 bits of the text's hash, 32 of what belongs to
 * it, its log index. Two texts with one fingerprint are a chance of one in a million at five million texts: a hit is asked about again, a
 * miss is certain.
 */
export class FingerprintTable {
  size = 0;
  private mask: number;
  private high: Uint32Array;
  private low: Uint32Array;
  private belongs: Uint32Array;
  private places: Uint32Array;
  private seen: Uint8Array;

  constructor(capacity = 1 << 12) {
    this.mask = capacity - 1;
    [this.high, this.low, this.belongs] = [new Uint32Array(capacity), new Uint32Array(capacity), new Uint32Array(capacity)];
    this.places = new Uint32Array(capacity).fill(EMPTY);
    this.seen = new Uint8Array(capacity);
  }

  /** Puts the text at its place. Returns the earlier place when there is one already, which stays. */
  put([high, low]: readonly [number, number], place: number, belongs = 0): number | undefined {
    if (this.size + 1 > LOAD_MAX * (this.mask + 1)) this.grow();
    const slot = this.slotOf(high, low);
    if (this.places[slot] !== EMPTY) return this.places[slot];
    this.set(slot, [high, low], place, belongs);
    this.size++;
    return undefined;
  }

  /** Place and what belongs to it; it counts as met from now on. */
  meet([high, low]: readonly [number, number]): Readonly<{ place: number; belongs: number }> | undefined {
    const slot = this.slotOf(high, low);
    if (this.places[slot] === EMPTY) return undefined;
    this.seen[slot] = 1;
    return { place: this.places[slot] ?? 0, belongs: this.belongs[slot] ?? 0 };
  }

  placeOf([high, low]: readonly [number, number]): number | undefined {
    const place = this.places[this.slotOf(high, low)];
    return place === EMPTY ? undefined : place;
  }

  /** Places of texts that nobody has met. */
  *unmet(): Generator<number> {
    for (let slot = 0; slot <= this.mask; slot++) {
      const place = this.places[slot] ?? EMPTY;
      if (place !== EMPTY && this.seen[slot] === 0) yield place;
    }
  }

  private slotOf(high: number, low: number): number {
    let slot = (high ^ Math.imul(low, 0x9e3779b1)) & this.mask;
    while (this.places[slot] !== EMPTY && (this.high[slot] !== high || this.low[slot] !== low)) slot = (slot + 1) & this.mask;
    return slot;
  }

  private set(slot: number, [high, low]: readonly [number, number], place: number, belongs: number): void {
    this.high[slot] = high;
    this.low[slot] = low;
    this.belongs[slot] = belongs;
    this.places[slot] = place;
  }

  private grow(): void {
    const { high, low, belongs, places, seen } = this;
    const capacity = (this.mask + 1) * 2;
    this.mask = capacity - 1;
    [this.high, this.low, this.belongs] = [new Uint32Array(capacity), new Uint32Array(capacity), new Uint32Array(capacity)];
    this.places = new Uint32Array(capacity).fill(EMPTY);
    this.seen = new Uint8Array(capacity);
    for (let old = 0; old < places.length; old++) {
      const place = places[old] ?? EMPTY;
      if (place === EMPTY) continue;
      const slot = this.slotOf(high[old] ?? 0, low[old] ?? 0);
      this.set(slot, [high[old] ?? 0, low[old] ?? 0], place, belongs[old] ?? 0);
      this.seen[slot] = seen[old] ?? 0;
    }
  }
}
