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

/** 32 bits of a text's hash, for what is only compared and never looked up. */
export const shortPrintOf = (text: string): number => {
  let low = 0x2545f491;
  for (let i = 0; i < text.length; i++) {
    low = Math.imul((low ^ text.charCodeAt(i)) + 0x9e3779b9, 0x85ebca6b);
    low ^= low >>> 13;
  }
  low = Math.imul(low ^ (low >>> 16), 0xc2b2ae35);
  return (low ^ (low >>> 13)) >>> 0;
};

/** Of a slot: its place, the two halves of the hash, what belongs to it. Side by side, so that a look costs one line of the cache. */
const WIDTH = 4;

/**
 * Where each of millions of texts stands in the log, in 16 bytes each instead of the text: 64 bits of the text's hash, 32 of what belongs to
 * it, its log index. Two texts with one fingerprint are a chance of one in a million at five million texts: a hit is asked about again, a
 * miss is certain.
 */
export class FingerprintTable {
  size = 0;
  private mask: number;
  private slots: Uint32Array;
  private seen: Uint8Array;

  /** `expected`: how many texts will come; more may come. */
  constructor(expected = 0) {
    let capacity = 1 << 12;
    while (expected > LOAD_MAX * capacity) capacity *= 2;
    this.mask = capacity - 1;
    this.slots = new Uint32Array(capacity * WIDTH).fill(EMPTY);
    this.seen = new Uint8Array(capacity);
  }

  /** Puts the text at its place. Returns the earlier place when there is one already, which stays. */
  put([high, low]: readonly [number, number], place: number, belongs = 0): number | undefined {
    if (this.size + 1 > LOAD_MAX * (this.mask + 1)) this.grow();
    const at = this.slotOf(high, low) * WIDTH;
    if (this.slots[at] !== EMPTY) return this.slots[at];
    const { slots } = this;
    slots[at] = place;
    slots[at + 1] = high;
    slots[at + 2] = low;
    slots[at + 3] = belongs;
    this.size++;
    return undefined;
  }

  /** Place and what belongs to it; it counts as met from now on. */
  meet([high, low]: readonly [number, number]): Readonly<{ place: number; belongs: number }> | undefined {
    const slot = this.slotOf(high, low);
    const place = this.slots[slot * WIDTH] ?? EMPTY;
    if (place === EMPTY) return undefined;
    this.seen[slot] = 1;
    return { place, belongs: this.slots[slot * WIDTH + 3] ?? 0 };
  }

  placeOf([high, low]: readonly [number, number]): number | undefined {
    const place = this.slots[this.slotOf(high, low) * WIDTH];
    return place === EMPTY ? undefined : place;
  }

  /** Places of texts that nobody has met. */
  *unmet(): Generator<number> {
    for (let slot = 0; slot <= this.mask; slot++) {
      const place = this.slots[slot * WIDTH] ?? EMPTY;
      if (place !== EMPTY && this.seen[slot] === 0) yield place;
    }
  }

  private slotOf(high: number, low: number): number {
    const { slots, mask } = this;
    let slot = (high ^ Math.imul(low, 0x9e3779b1)) & mask;
    for (let at = slot * WIDTH; slots[at] !== EMPTY && (slots[at + 1] !== high || slots[at + 2] !== low); at = slot * WIDTH)
      slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { slots, seen, mask } = this;
    const capacity = (mask + 1) * 2;
    this.mask = capacity - 1;
    this.slots = new Uint32Array(capacity * WIDTH).fill(EMPTY);
    this.seen = new Uint8Array(capacity);
    for (let old = 0; old <= mask; old++) {
      const from = old * WIDTH;
      if (slots[from] === EMPTY) continue;
      const slot = this.slotOf(slots[from + 1] ?? 0, slots[from + 2] ?? 0);
      this.slots.set(slots.subarray(from, from + WIDTH), slot * WIDTH);
      this.seen[slot] = seen[old] ?? 0;
    }
  }
}
