import { crc32 } from 'node:zlib';
import { canonicalJson } from '#libs/kernel';
import { canonicalVerdict } from './canonical-bytes';
import { type Place, type Tally, words } from './checks';
import { type Entry, entryIn, type LogRow } from './entry';

const CRC = words('字节与校验码不符', 'the crc does not fit the bytes');
const COLUMN = words('列与字节不符', 'a column says other than the bytes');
const NOT_JSON = words('字节不是 UTF-8 的 JSON', 'the bytes are no JSON in UTF-8');
const NOT_CANONICAL = words('字节不是规范形式', 'the bytes are not canonical');
const ENVELOPE = words('信封形式不对', 'the envelope has another form');

/** What a row says, after its bytes have been looked at: crc, canonical form, envelope, columns. Undefined: nothing that can be read. */
export const readRow = (row: LogRow, tally: Tally): Entry | undefined => {
  const { logIndex, stored } = row;
  tally.checked('bytes');
  tally.checked('canonical');
  if (!tally.muted) {
    const crc = crc32(stored);
    if (crc !== row.crc) tally.find('bytes', placeOf(row), CRC, { expected: `${crc}`, found: `${row.crc}` });
  }
  const value = parsed(stored);
  if (value === undefined) {
    tally.find('canonical', placeOf(row), NOT_JSON);
    return undefined;
  }
  if (!tally.muted && !isCanonical(stored as string, value)) tally.find('canonical', placeOf(row), NOT_CANONICAL);
  const entry = entryIn(value, logIndex);
  if (!entry) {
    tally.checked('form');
    tally.find('form', placeOf(row), ENVELOPE);
    return undefined;
  }
  const { id, stream, revision, type } = entry.envelope;
  if (id !== row.id || stream !== row.stream || revision !== row.revision || type !== row.type) tellColumns(row, entry, tally);
  return entry;
};

/** Without judging it: for what is asked about again. */
export const entryOf = ({ stored, logIndex }: LogRow): Entry | undefined => entryIn(parsed(stored), logIndex);

const placeOf = ({ logIndex, stream, revision }: LogRow): Place => ({ logIndex, stream, revision });

const tellColumns = (row: LogRow, { envelope }: Entry, tally: Tally): void => {
  for (const column of ['id', 'stream', 'revision', 'type'] as const)
    if (envelope[column] !== row[column])
      tally.find('bytes', placeOf(row), COLUMN, { expected: `${column} ${envelope[column]}`, found: `${row[column]}` });
};

/** Undefined: no JSON, or not even text. */
const parsed = (stored: LogRow['stored']): unknown => {
  if (typeof stored !== 'string') return undefined;
  try {
    return JSON.parse(stored) as unknown;
  } catch {
    return undefined;
  }
};

/** Written again only where one look at the bytes cannot tell. */
const isCanonical = (text: string, value: unknown): boolean => {
  const verdict = canonicalVerdict(text);
  if (verdict !== 'unsure') return verdict === 'canonical';
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
};
