import type { Hash } from 'node:crypto';
import { isYuanText, parseYuan } from '#libs/kernel';
import { fileLines } from './file-lines';

/** What a whole file is about. */
export type Heading = Readonly<{ period: string; source: string; poolingArea: string }>;
/** What stands in a file beside its lines; as written, not yet judged. `count` and `sum` are the control totals. */
export const FILE_FACTS = ['period', 'source', 'poolingArea', 'count', 'sum'] as const;
export type FileFact = (typeof FILE_FACTS)[number];

/** Why a line, or the file, is not as it must be. `line` 0: the file as a whole. */
export type Fault = Readonly<{ line: number; field: string; zh: string; en: string }>;
export type Account = Readonly<{ accountId: string }> | Readonly<{ credential: Readonly<{ kind: string; number: string }> }>;
/** One credit of the file, form checked. Units: fen. */
export type Credit = Readonly<{ line: number; reference: string; amountFen: number; amount: string; account: Account }>;
export type FileRecord =
  | Readonly<{ kind: 'fact'; line: number; name: string; value: string }>
  | Readonly<{ kind: 'credit'; credit: Credit }>
  | Readonly<{ kind: 'faulty'; line: number; faults: readonly Fault[] }>;

const COLUMNS = ['reference', 'amount', 'accountId', 'credentialKind', 'credentialNumber'];
const CREDENTIAL_KINDS = ['identityCard', 'socialSecurityCard', 'eCredential'];
type Fields = Readonly<Record<string, unknown>>;

const fault = (line: number, field: string, zh: string, en: string): Fault => ({ line, field, zh, en });
const isFact = (name: string): name is FileFact => (FILE_FACTS as readonly string[]).includes(name);

/**
 * Reads a file of credits, CSV or NDJSON, record by record; nothing of it is kept. What begins with `{` is NDJSON.
 * Throws: when the file cannot be read.
 */
export async function* recordsOf(file: string, hash?: Hash): AsyncGenerator<FileRecord> {
  let read: ((line: number, text: string) => readonly FileRecord[]) | undefined;
  for await (const { lineNo, text } of fileLines(file, hash)) {
    if (text === null) {
      yield {
        kind: 'faulty',
        line: lineNo,
        faults: [
          fault(
            lineNo,
            '',
            '不是 UTF-8 文本（请另存为 UTF-8），或行过长',
            'is not UTF-8 text (save the file as UTF-8), or too long for a line',
          ),
        ],
      };
      continue;
    }
    read ??= text.trimStart().startsWith('{') ? ndjsonRecords : csvRecords();
    yield* read(lineNo, text);
  }
}

// ── NDJSON ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────
const ndjsonRecords = (line: number, text: string): readonly FileRecord[] => {
  const fields = objectIn(text);
  if (!fields) return [{ kind: 'faulty', line, faults: [fault(line, '', '不是 JSON 对象', 'is not a JSON object')] }];
  if (Object.keys(fields).some((name) => COLUMNS.includes(name) || name === 'credential')) return [creditOf(line, fields)];
  return Object.entries(fields).map(([name, value]) => factOf(line, name, typeof value === 'number' ? String(value) : value));
};

const objectIn = (text: string): Fields | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
};

const factOf = (line: number, name: string, value: unknown): FileRecord => {
  if (isFact(name) && typeof value === 'string') return { kind: 'fact', line, name, value: value.trim() };
  const zh = isFact(name) ? '应为文本' : `没有此项；可写 ${FILE_FACTS.join('、')}`;
  const en = isFact(name) ? 'must be text' : `is nothing that a file says; there are ${FILE_FACTS.join(', ')}`;
  return { kind: 'faulty', line, faults: [fault(line, name, zh, en)] };
};

// ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Lines of `#name=value,name=value` say what the file is about; the first other line names the columns. */
const csvRecords = (): ((line: number, text: string) => readonly FileRecord[]) => {
  let columns: readonly string[] | undefined;
  return (line, text) => {
    if (text.trimStart().startsWith('#')) return factsIn(line, text);
    const cells = cellsOf(text);
    if (!cells) return [{ kind: 'faulty', line, faults: [fault(line, '', '引号不成对', 'has a quote without its pair')] }];
    if (columns === undefined) {
      columns = cells.map((name) => name.trim());
      const unknown = columns.filter((name, i) => !COLUMNS.includes(name) || columns?.indexOf(name) !== i);
      if (unknown.length === 0) return [];
      const list = COLUMNS.join(', ');
      const faults = unknown.map((name) =>
        fault(line, name, `列名不对或重复；可用 ${list}`, `is no column, or one named twice; there are ${list}`),
      );
      return [{ kind: 'faulty', line, faults }];
    }
    if (cells.length !== columns.length) {
      const [zh, en] = [`应有 ${columns.length} 列，实有 ${cells.length} 列`, `has ${cells.length} columns, not ${columns.length}`];
      return [{ kind: 'faulty', line, faults: [fault(line, '', zh, en)] }];
    }
    const given = columns.map((name, i) => [name, cells[i]?.trim() ?? ''] as const).filter(([, value]) => value !== '');
    const { credentialKind, credentialNumber, ...fields } = Object.fromEntries(given) as Readonly<Record<string, string>>;
    const credential =
      credentialKind === undefined && credentialNumber === undefined ? {} : { kind: credentialKind, number: credentialNumber };
    return [creditOf(line, Object.keys(credential).length === 0 ? fields : { ...fields, credential })];
  };
};

const factsIn = (line: number, text: string): readonly FileRecord[] =>
  text
    .trim()
    .slice(1)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? factOf(line, part, undefined) : factOf(line, part.slice(0, at).trim(), part.slice(at + 1));
    });

/** Source: RFC 4180, without line breaks in a cell. */
const cellsOf = (text: string): string[] | undefined => {
  if (!text.includes('"')) return text.split(',');
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const found = cell.exec(text);
    if (!found) return undefined;
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '') return cells;
  }
};

// ── One credit ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Only what can be seen on the line itself; the engine judges the rest. Values of credentials are never repeated. */
const creditOf = (line: number, { reference, amount, accountId, credential, ...others }: Fields): FileRecord => {
  const faults = Object.keys(others).map((name) => fault(line, name.slice(0, 40), '没有此字段', 'is no field of a credit'));
  if (typeof reference !== 'string' || !/^[A-Za-z0-9_.:/-]{1,60}$/.test(reference))
    faults.push(fault(line, 'reference', '业务流水号：1 至 60 位字母、数字或 _.:/-', 'must be 1 to 60 letters, digits or _.:/-'));
  if (!isYuanText(amount) || !/[1-9]/.test(amount))
    faults.push(
      fault(line, 'amount', '大于零的金额，元，最多两位小数，写作文本', 'must be yuan above zero, as text with at most two places'),
    );
  faults.push(...accountFaults(line, accountId, credential));
  if (faults.length > 0) return { kind: 'faulty', line, faults };
  const account: Account = typeof accountId === 'string' ? { accountId } : { credential: credential as { kind: string; number: string } };
  const yuan = String(amount);
  return { kind: 'credit', credit: { line, reference: String(reference), amount: yuan, amountFen: parseYuan<'medical'>(yuan), account } };
};

const accountFaults = (line: number, accountId: unknown, credential: unknown): Fault[] => {
  if ((accountId === undefined) === (credential === undefined))
    return [
      fault(line, 'accountId', '账户编号与证件（或卡）号，须填且只填一种', 'an account id or a credential must stand here, one of the two'),
    ];
  if (credential === undefined)
    return typeof accountId === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(accountId)
      ? []
      : [fault(line, 'accountId', '账户编号', 'must be the id of an account')];
  const { kind, number, ...others } = (typeof credential === 'object' && credential !== null ? credential : {}) as Fields;
  const faults = Object.keys(others).map((name) =>
    fault(line, `credential.${name.slice(0, 40)}`, '没有此字段', 'is no field of a credential'),
  );
  if (typeof kind !== 'string' || !CREDENTIAL_KINDS.includes(kind))
    faults.push(fault(line, 'credentialKind', CREDENTIAL_KINDS.join('、'), `must be one of ${CREDENTIAL_KINDS.join(', ')}`));
  if (typeof number !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(number) || /^\d[.,]?\d*E\+\d+$/i.test(number))
    faults.push(
      fault(
        line,
        'credentialNumber',
        '卡证号码，无空格，非科学计数',
        'must be a number as printed, no blanks, not a spreadsheet’s 1.2E+17',
      ),
    );
  return faults;
};
