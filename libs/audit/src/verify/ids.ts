import { hash } from 'node:crypto';
import { type Place, type Tally, words } from './checks';
import { type Command, categoryOf, type Entry, placeOf } from './entry';
import { FingerprintTable } from './fingerprints';

const NAMESPACE = Buffer.from('5b0e4d7c9f3a4c1e8d2b6a7f10c4e933', 'hex');
const NAME_BYTES_MAX = 2_048;
const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOT_V5 = words('事件号不是 UUIDv5', 'the id is no UUIDv5');
const NOT_DERIVED = words('事件号不是由命令推得', 'the id does not follow from the command');
const TWICE = words('事件号出现两次', 'an id stands twice');

const name = Buffer.alloc(NAMESPACE.length + NAME_BYTES_MAX);
NAMESPACE.copy(name);

/** Source: RFC 9562, 5.5; log-format.md, 3. */
export const idOf = (text: string): string => {
  const size = NAMESPACE.length + name.write(text, NAMESPACE.length, 'utf8');
  const hex = hash('sha1', name.subarray(0, size), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const fingerprintOfId = (id: string): readonly [number, number] => [
  Number.parseInt(id.slice(0, 8), 16),
  Number.parseInt(id.slice(24, 32), 16),
];

/** The name of an append, from which its ids follow; undefined where it is recorded nowhere. `due` is told by its first revision. */
const commandKeyOf = (stream: string, { type, data }: Command): string | undefined => {
  switch (categoryOf(stream)) {
    case 'attempts':
    case 'receiptPrint':
      return undefined;
    case 'directory':
      return `${stream}-${String(data.entry)}`;
    case 'policyPack':
      return `policyPack-${type === 'ProposePack' ? 'propose' : 'approve'}-${String(data.packId)}`;
    default:
      return typeof data.key === 'string' ? data.key : '';
  }
};

/** Ids: of their form, each once in the log, each following from its command. What was named by chance alone cannot be derived by anybody. */
export class Ids {
  private readonly table = new FingerprintTable();
  private readonly again: Readonly<{ place: Place; earlier: number }>[] = [];

  constructor(private readonly tally: Tally) {}

  take(entry: Entry): void {
    const { id } = entry.envelope;
    const place = placeOf(entry);
    if (!FORM.test(id)) {
      this.tally.find('ids', place, NOT_V5, { found: id });
      return;
    }
    const earlier = this.table.put(fingerprintOfId(id), entry.logIndex);
    if (earlier !== undefined) this.again.push({ place, earlier });
  }

  /** The ids of a whole append, by its command. */
  derive(entries: readonly Entry[], command: Command): void {
    const [first] = entries;
    if (!first) return;
    const { stream } = first.envelope;
    const key = command.type === 'SettleDue' ? dueKeyOf(first) : commandKeyOf(stream, command);
    for (const [index, entry] of entries.entries()) {
      this.tally.checked('ids');
      if (key === undefined || idOf(`${key}#${index}`) === entry.envelope.id) continue;
      this.tally.find('ids', placeOf(entry), NOT_DERIVED, { expected: `UUIDv5 of ${key}#${index}`, found: entry.envelope.id });
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
