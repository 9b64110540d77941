import { parseYuan } from '#libs/kernel';
import { AgreementBook } from './agreement-book';
import { Book } from './book';
import { FIELDS, type FileKind } from './format';
import { Rejects } from './rejects';
import { type Encoding, linesOf, type SourceFile, type SourceLine } from './source-files';

/** `counts`: lines as they stand in the files, rejected ones too; `amounts` likewise. Units: fen. */
export type Reading = Readonly<{ book: Book; agreements: AgreementBook; rejects: Rejects; control: ControlReport }>;
export type ControlRow = Readonly<{ item: string; stated: string; found: string; ok: boolean }>;
export type ControlReport = Readonly<{ rows: readonly ControlRow[]; ok: boolean }>;
type Found = { [K in Exclude<FileKind, 'control'>]: number } & { currentYearFen: number; priorYearFen: number };

const AMOUNT_ITEMS = { currentYear: 'currentYearFen', priorYear: 'priorYearFen' } as const;
const COUNT_ITEMS = ['persons', 'cards', 'balances', 'agreements'] as const;

type At = Readonly<{ file: number; line: number }>;
type Values = Readonly<Record<string, string>>;
const OWNED: readonly FileKind[] = ['persons', 'cards', 'balances'];

type Work = Readonly<{ files: readonly SourceFile[]; encoding: Encoding; onBytes: (bytes: number) => void }>;

/** Reads everything and judges every line by itself and against the others, in whatever order they come. Throws: Failure on a wrong header. */
export const readFiles = async ({ files, encoding, onBytes }: Work): Promise<Reading> => {
  const rejects = new Rejects(files);
  const book = new Book(rejects);
  const agreements = new AgreementBook(rejects);
  const found: Found = { persons: 0, cards: 0, balances: 0, agreements: 0, currentYearFen: 0, priorYearFen: 0 };
  const stated: { item: string; value: string; file: number; line: number }[] = [];
  const take: Readonly<Record<FileKind, (at: At, values: Values) => void>> = {
    persons: (at, values) => book.addPerson(at, values),
    cards: (at, values) => book.addCard(at, values),
    balances: (at, values) => book.addBalance(at, values),
    agreements: (at, values) => {
      if (!rejects.has(at.file, at.line)) agreements.add(at, values);
    },
    control: (at, { item = '', value = '' }) => {
      stated.push({ ...at, item, value });
    },
  };
  for (const [file, source] of files.entries()) {
    const { kind } = source;
    for await (const read of linesOf(source, encoding)) {
      const at = { file, line: read.line };
      const values = judged(kind, read, at, rejects);
      if (kind !== 'control') found[kind] += 1;
      if (kind === 'balances') count(found, read);
      if (OWNED.includes(kind) && values.personId === undefined) rejects.ownerless += 1;
      take[kind](at, values);
    }
    onBytes(source.bytes);
  }
  agreements.judgeAll();
  book.rejectWhole();
  return { book, agreements, rejects, control: controlReport(stated, found, rejects) };
};

/** What can be read of a line, each value in the engine's words; everything that is wrong is told. */
const judged = (
  kind: FileKind,
  { line, values, fault }: SourceLine,
  { file }: Readonly<{ file: number }>,
  rejects: Rejects,
): Readonly<Record<string, string>> => {
  if (fault) {
    rejects.add({ file, line }, null, fault);
    return {};
  }
  const fields = FIELDS[kind];
  const read: Record<string, string> = {};
  for (const [field, rule] of Object.entries(fields)) {
    const text = values[field] ?? '';
    if (text === '' && !rule.required) continue;
    const result =
      text === ''
        ? ({ code: 'field-missing' } as const)
        : text.includes('\uFFFD')
          ? ({ code: 'characters-broken' } as const)
          : rule.read(text);
    if ('text' in result) read[field] = result.text;
    else rejects.add({ file, line }, field, result.code);
  }
  for (const field of Object.keys(values)) {
    if (Object.hasOwn(fields, field) || field.startsWith('#')) continue;
    rejects.add({ file, line }, field.replace(/[^\w\u4e00-\u9fff-]/g, '?').slice(0, 30), 'field-unknown');
  }
  return read;
};

/** A control total is over all lines that have an amount, good or bad. */
const count = (found: Found, { values: { bucket, amount = '' } }: SourceLine): void => {
  const rule = FIELDS.balances.bucket?.read(bucket ?? '');
  if (!rule || !('text' in rule) || !/^(0|[1-9]\d{0,10})(\.\d{1,2})?$/.test(amount)) return;
  found[AMOUNT_ITEMS[rule.text as keyof typeof AMOUNT_ITEMS]] += parseYuan(amount);
};

const controlReport = (
  stated: readonly Readonly<{ item: string; value: string; file: number; line: number }>[],
  found: Found,
  rejects: Rejects,
): ControlReport => {
  const rows = stated.map(({ item, value, file, line }): ControlRow => {
    const amount = Object.hasOwn(AMOUNT_ITEMS, item) ? AMOUNT_ITEMS[item as keyof typeof AMOUNT_ITEMS] : undefined;
    const counted = COUNT_ITEMS.find((one) => one === item);
    if (amount === undefined && counted === undefined) {
      rejects.add({ file, line }, 'item', 'control-item-unknown');
      return { item, stated: value, found: '-', ok: false };
    }
    const foundFen = amount === undefined ? 0 : found[amount];
    const text =
      counted === undefined ? `${Math.floor(foundFen / 100)}.${String(foundFen % 100).padStart(2, '0')}` : String(found[counted]);
    const ok = counted === undefined ? sameYuan(value, foundFen) : value === text;
    if (!ok) rejects.add({ file, line }, item, 'control-differs');
    return { item, stated: value, found: text, ok };
  });
  return { rows, ok: rows.every(({ ok }) => ok) };
};

const sameYuan = (text: string, fen: number): boolean => {
  const [, whole = '', places = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  return whole !== '' && BigInt(whole) * 100n + BigInt(places.padEnd(2, '0')) === BigInt(fen);
};
