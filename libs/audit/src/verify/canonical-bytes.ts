const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_RECORD = 0x7b;
const CLOSE_RECORD = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const MINUS = 0x2d;
const DEPTH_MAX = 64;

/** What one look at the bytes can say: canonical, not canonical, or written in a way that only writing it again can judge. */
export type CanonicalVerdict = 'canonical' | 'not' | 'unsure';

/** Escapes that RFC 8785 writes with one letter, and no others: \b \t \n \f \r \" \\. */
const LETTERS = new Set([0x62, 0x74, 0x6e, 0x66, 0x72, QUOTE, BACKSLASH]);

let scratch = Buffer.alloc(16 * 1024);
/** The text's UTF-8 at the beginning of one buffer for all: an array of its own for every event is what costs most. */
const written = (text: string): number => {
  if (text.length * 3 >= scratch.length) scratch = Buffer.alloc(text.length * 3 + 1);
  const size = scratch.write(text, 0, 'utf8');
  scratch[size] = 0; // What was there before belongs to another event.
  return size;
};

/**
 * Whether a text that parsed as JSON is its RFC 8785 form, in one pass and without writing it again: no white space, members in order and
 * each once, whole numbers without a second spelling. A fraction, an exponent, a \u escape or a member's name beyond ASCII is `unsure`.
 * Costs about a tenth of writing the value again, which is why every event of a log can be held to it.
 * Source: RFC 8785, 3.2.
 */
export const canonicalVerdict = (text: string): CanonicalVerdict => {
  const size = written(text);
  return new Scan(scratch, size).verdict();
};

const DIGITS_MAX = 15; // Beyond, not every whole number is a double of its own.
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
/** A point, or the e of an exponent. */
const isOfFraction = (byte: number | undefined): boolean => byte === 0x2e || byte === 0x65 || byte === 0x45;

class Scan {
  private at = 0;
  private unsure = false;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly size: number,
  ) {}

  verdict(): CanonicalVerdict {
    const isCanonical = this.value(0) && this.at === this.size;
    if (this.unsure) return 'unsure';
    return isCanonical ? 'canonical' : 'not';
  }

  private value(depth: number): boolean {
    const first = this.bytes[this.at] ?? 0;
    if (first === QUOTE) return this.text();
    if (first === OPEN_RECORD) return this.record(depth);
    if (first === OPEN_LIST) return this.list(depth);
    if (first === MINUS || (first >= 0x30 && first <= 0x39)) return this.number();
    return this.word(first === 0x74 ? 'true' : first === 0x66 ? 'false' : 'null');
  }

  private record(depth: number): boolean {
    const { bytes } = this;
    if (depth > DEPTH_MAX) return this.giveUp();
    if (bytes[++this.at] === CLOSE_RECORD) {
      this.at++;
      return true;
    }
    let previous = -1;
    let previousEnd = -1;
    for (;;) {
      const name = this.at + 1;
      if (bytes[this.at] !== QUOTE || !this.name()) return false;
      const nameEnd = this.at - 1;
      if (previous >= 0 && !this.precedes(previous, previousEnd, name, nameEnd)) return false;
      previous = name;
      previousEnd = nameEnd;
      if (bytes[this.at++] !== COLON || !this.value(depth + 1)) return false;
      const next = bytes[this.at++];
      if (next === CLOSE_RECORD) return true;
      if (next !== COMMA) return false;
    }
  }

  private list(depth: number): boolean {
    const { bytes } = this;
    if (depth > DEPTH_MAX) return this.giveUp();
    if (bytes[++this.at] === CLOSE_LIST) {
      this.at++;
      return true;
    }
    for (;;) {
      if (!this.value(depth + 1)) return false;
      const next = bytes[this.at++];
      if (next === CLOSE_LIST) return true;
      if (next !== COMMA) return false;
    }
  }

  /** A name is its own order only while it is ASCII without escapes. */
  private name(): boolean {
    const { bytes, size } = this;
    for (let i = this.at + 1; i < size; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === QUOTE) {
        this.at = i + 1;
        return true;
      }
      if (byte === BACKSLASH || byte >= 0x80) return this.giveUp();
    }
    return false;
  }

  private text(): boolean {
    const { bytes, size } = this;
    for (let i = this.at + 1; i < size; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) {
        this.at = i + 1;
        return true;
      }
      if (byte !== BACKSLASH) continue;
      if (!LETTERS.has(bytes[++i] ?? 0)) return bytes[i] === 0x75 ? this.giveUp() : false;
    }
    return false;
  }

  private number(): boolean {
    const { bytes } = this;
    const isNegative = bytes[this.at] === MINUS;
    const first = this.at + (isNegative ? 1 : 0);
    let at = first;
    while (isDigit(bytes[at])) at++;
    const digits = at - first;
    if (digits > DIGITS_MAX || isOfFraction(bytes[at])) return this.giveUp();
    this.at = at;
    return digits > 0 && (bytes[first] !== 0x30 || (digits === 1 && !isNegative));
  }

  private word(word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.bytes[this.at++] !== word.charCodeAt(i)) return false;
    return true;
  }

  private precedes(a: number, aEnd: number, b: number, bEnd: number): boolean {
    const { bytes } = this;
    const shared = Math.min(aEnd - a, bEnd - b);
    for (let i = 0; i < shared; i++) {
      const difference = (bytes[a + i] ?? 0) - (bytes[b + i] ?? 0);
      if (difference !== 0) return difference < 0;
    }
    return aEnd - a < bEnd - b;
  }

  private giveUp(): false {
    this.unsure = true;
    return false;
  }
}
