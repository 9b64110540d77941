import { hash } from 'node:crypto';
import { type Place, type Tally, words } from './checks';
import { type Command, categoryOf, type Entry, placeOf } from './entry';
import { FingerprintTable } from './fingerprints';

const NAMESPACE = Buffer.from('5b0e4d7c9f3a4c1e8d2b6a7f10c4e933', 'hex');
const NAME_BYTES_MAX = 2_048;
const ID_LENGTH = 36;
const HYPHEN = 0x2d;
const FIVE = 0x35;
const NOT_V5 = words('事件号不是 UUIDv5', 'the id is no UUIDv5');
const NOT_DERIVED = words('事件号不是由命令推得', 'the id does not follow from the command');
const TWICE = words('事件号出现两次', 'an id stands twice');

const name = Buffer.alloc(NAMESPACE.length + NAME_BYTES_MAX);
NAMESPACE.copy(name);

const hashOf = (text: string): string => {
  const size = NAMESPACE.length + name.write(text, NAMESPACE.length, 'utf8');
  return hash('sha1', name.subarray(0, size), 'hex');
};

/** Source: RFC 9562, 5.5; log-format.md, 3. */
export const idOf = (text: string): string => {
  const hex = hashOf(text);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const VERSION_AT = 12;
const VARIANT_AT = 16;
const nibble = (digit: number): number => (digit < 0x3a ? digit - 0x30 : digit - 0x57);
const isHexDigit = (digit: number): boolean => (digit >= 0x30 && digit <= 0x39) || (digit >= 0x61 && digit <= 0x66);
const isHyphenAt = (i: number): boolean => i === 8 || i === 13 || i === 18 || i === 23;

/** Whether it is the id of this name: the same as to write that out, digit by digit instead. */
export const isIdOf = (text: string, id: string): boolean => {
  const hex = hashOf(text);
  let at = 0;
  for (let i = 0; i < ID_LENGTH; i++) {
    const found = id.charCodeAt(i);
    if (isHyphenAt(i)) {
      if (found !== HYPHEN) return false;
      continue;
    }
    const digit = hex.charCodeAt(at);
    if (at === VERSION_AT) {
      if (found !== FIVE) return false;
    } else if (at === VARIANT_AT) {
      if (nibble(found) !== ((nibble(digit) & 0x3) | 0x8)) return false;
    } else if (found !== digit) return false;
    at++;
  }
  return id.length === ID_LENGTH;
};

const VERSION_IN_TEXT = 14;
const VARIANT_IN_TEXT = 19;
/** Its first eight digits and the first eight of its last part; undefined where it is no UUID of version 5 in small letters. */
const fingerprintOfId = (id: string): readonly [number, number] | undefined => {
  if (id.length !== ID_LENGTH || id.charCodeAt(VERSION_IN_TEXT) !== FIVE || nibble(id.charCodeAt(VARIANT_IN_TEXT)) >> 2 !== 2)
    return undefined;
  let [high, low] = [0, 0];
  for (let i = 0; i < ID_LENGTH; i++) {
    const digit = id.charCodeAt(i);
    if (isHyphenAt(i) ? digit !== HYPHEN : !isHexDigit(digit)) return undefined;
    if (i < 8) high = (high << 4) | nibble(digit);
    else if (i >= 24 && i < 32) low = (low << 4) | nibble(digit);
  }
  return [high >>> 0, low >>> 0];
};

/** The name of an append, from which its ids follow; undefined where it is recorded nowhere. `due` is told by its first revision. */
const commandKeyOf = (stream: string, { type, data }: Command): string | undefined => {
  switch (categoryOf(stream)) {
    case 'attempts':
    case 'receiptPrint':
      return undefined;
    case 'directory':
      return `${stream}-${String(data.entry)}`;
    case 'simulation':
      return `${stream}-${String(data.to)}`;
    case 'policyPack':
      return `policyPack-${type === 'ProposePack' ? 'propose' : 'approve'}-${String(data.packId)}`;
    default:
      return typeof data.key === 'string' ? data.key : '';
  }
};

/** Ids: of their form, each once in the log, each following from its command. What was named by chance alone cannot be derived by anybody. */
export class Ids {
  private readonly table: FingerprintTable;
  private readonly again: Readonly<{ place: Place; earlier: number }>[] = [];

  /** `expected`: how many ids will come. */
  constructor(
    private readonly tally: Tally,
    expected = 0,
  ) {
    this.table = new FingerprintTable(expected);
  }

  take(entry: Entry): void {
    const { id } = entry.envelope;
    const print = fingerprintOfId(id);
    if (print === undefined) {
      this.tally.find('ids', placeOf(entry), NOT_V5, { found: id });
      return;
    }
    const earlier = this.table.put(print, entry.logIndex);
    if (earlier !== undefined) this.again.push({ place: placeOf(entry), earlier });
  }

  /** The ids of a whole append, by its command. */
  derive(appended: readonly Readonly<{ entry: Entry }>[], command: Command): void {
    const first = appended[0]?.entry;
    if (!first) return;
    const key = command.type === 'SettleDue' ? dueKeyOf(first) : commandKeyOf(first.envelope.stream, command);
    let index = 0;
    for (const { entry } of appended) {
      this.tally.checked('ids');
      const name = `${key}#${index++}`;
      if (key === undefined || isIdOf(name, entry.envelope.id)) continue;
      this.tally.find('ids', placeOf(entry), NOT_DERIVED, { expected: `UUIDv5 of ${name}`, found: entry.envelope.id });
    }
  }

  /** `idAt`: the id that stands at a log index. A fingerprint that was met twice is asked about. */
  finish(idAt: (logIndex: number) => string | undefined): void {
    for (const { place, earlier } of this.again)
      if (idAt(earlier) === idAt(place.logIndex ?? -1)) this.tally.find('ids', place, TWICE, { found: `also at log index ${earlier}` });
  }
}

/** What a job names is the revision that was next when it looked: that of the append, or an earlier one. */
const dueKeyOf = ({ envelope: { stream, revision, id } }: Entry): string => {
  const account = stream.slice(stream.indexOf('-') + 1);
  for (let n = revision; n >= 0; n--) if (idOf(`due-${account}-${n}#0`) === id) return `due-${account}-${n}`;
  return `due-${account}-${revision}`;
};
