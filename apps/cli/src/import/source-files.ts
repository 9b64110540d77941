import { createReadStream, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Info, parse } from 'csv-parse';
import { Failure } from '../startup/checks';
import { type FaultCode, FIELDS, FILE_KINDS, type FileKind } from './format';

export type Encoding = 'utf-8' | 'gb18030';
export type SourceFile = Readonly<{ kind: FileKind; name: string; path: string; bytes: number }>;
/** A line as it stands, by column; `raw` again for who copies it. A line that cannot be read has a fault instead of values. */
export type SourceLine = Readonly<{ line: number; values: Readonly<Record<string, string>>; fault: FaultCode | null }>;

const NAME = /^(persons|cards|balances|agreements|control)(?:[-_.][\w.-]*)?\.(csv|ndjson)$/;
const RECORD_BYTES_MAX = 64 * 1024;

/** The files of a folder by what they hold, whatever their order. Throws: Failure when there is none. */
export const sourceFiles = (folder: string): readonly SourceFile[] => {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    throw new Failure({ zh: `读不到目录：${folder}`, en: `Cannot read the folder ${folder}` });
  }
  const files = names.sort().flatMap((name): SourceFile[] => {
    const kind = NAME.exec(name)?.[1] as FileKind | undefined;
    return kind === undefined ? [] : [{ kind, name, path: path.join(folder, name), bytes: statSync(path.join(folder, name)).size }];
  });
  if (files.length === 0)
    throw new Failure({
      zh: `${folder} 中没有 persons、cards、balances 或 agreements 的 .csv 或 .ndjson 文件。`,
      en: `There is no .csv or .ndjson file of persons, cards, balances or agreements in ${folder}.`,
    });
  return [...files].sort((a, b) => FILE_KINDS.indexOf(a.kind) - FILE_KINDS.indexOf(b.kind));
};

/**
 * Reads a file line by line, keeping one. Throws: Failure when its header says that it is another kind of file, or when it is in UTF-8 and
 * said not to be: Chinese names would be read as other Chinese names, and nothing could tell.
 */
export async function* linesOf(file: SourceFile, encoding: Encoding): AsyncGenerator<SourceLine> {
  if (encoding !== 'utf-8' && (await looksLikeUtf8(file))) throw new Failure(inUtf8(file));
  yield* file.name.endsWith('.csv') ? csvLines(file, encoding) : jsonLines(file, encoding);
}

const inUtf8 = ({ name }: SourceFile) => ({
  zh: `${name} 是 UTF-8 编码，与 --encoding 不符：姓名会读成别的字。请去掉 --encoding，或改正文件。`,
  en: `${name} is in UTF-8, not what --encoding says: names would be read as other names. Leave --encoding out, or mend the file.`,
});

const LOOKED_AT_BYTES = 4 * 1024 * 1024;
const NOT_ASCII_MIN = 6;

/** Text in GB18030 is hardly ever valid UTF-8 as well once it has a few Han characters. */
const looksLikeUtf8 = async ({ path: file }: SourceFile): Promise<boolean> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let notAscii = 0;
  try {
    for await (const chunk of createReadStream(file, { end: LOOKED_AT_BYTES - 1 })) {
      const text = decoder.decode(chunk as Buffer, { stream: true });
      notAscii += (chunk as Buffer).length - text.length; // A Han character is three bytes and one of the text.
    }
  } catch {
    return false;
  }
  return notAscii >= NOT_ASCII_MIN;
};

/** What cannot be decoded becomes U+FFFD and is found in the line where it stands. */
async function* decoded(file: SourceFile, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(file.path, { highWaterMark: 256 * 1024 }))
    yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

type Skipped = Readonly<{ lines?: number }>;

async function* csvLines(file: SourceFile, encoding: Encoding): AsyncGenerator<SourceLine> {
  const broken: SourceLine[] = [];
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: RECORD_BYTES_MAX,
    on_skip: (error) => void broken.push({ line: (error as Skipped | undefined)?.lines ?? 0, values: {}, fault: 'line-malformed' }),
  });
  const feeding = feed(parser, file, encoding);
  let columns: readonly string[] | undefined;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    yield* broken.splice(0);
    if (columns === undefined) columns = columnsOf(file, record);
    else yield lineOf(columns, record, info.lines);
  }
  await feeding;
  yield* broken.splice(0);
}

const feed = async (parser: ReturnType<typeof parse>, file: SourceFile, encoding: Encoding): Promise<void> => {
  const chunks: AsyncIterable<string | Buffer> =
    encoding === 'utf-8' ? (createReadStream(file.path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) : decoded(file, encoding);
  for await (const chunk of chunks) if (!parser.write(chunk)) await new Promise((resolve) => parser.once('drain', resolve));
  parser.end();
};

const lineOf = (columns: readonly string[], record: readonly string[], line: number): SourceLine => {
  if (record.length !== columns.length) return { line, values: {}, fault: 'columns-differ' };
  const values: Record<string, string> = {};
  for (let i = 0; i < columns.length; i++) values[columns[i] ?? ''] = (record[i] ?? '').trim();
  return { line, values, fault: null };
};

/** Columns that begin with # are remarks, as our own files of rejects have them. Throws: Failure. */
const columnsOf = ({ kind, name }: SourceFile, header: readonly string[]): readonly string[] => {
  const columns = header.map((column) => column.trim());
  const known = FIELDS[kind];
  const unknown = columns.filter((column) => !Object.hasOwn(known, column) && !column.startsWith('#'));
  const missing = Object.keys(known).filter((column) => known[column]?.required && !columns.includes(column));
  const twice = columns.filter((column, i) => columns.indexOf(column) !== i);
  if (unknown.length + missing.length + twice.length === 0) return columns;
  const other = FILE_KINDS.find(
    (one) => one !== kind && Object.entries(FIELDS[one]).every(([column, { required }]) => !required || columns.includes(column)),
  );
  const like = other ? `. It looks like a file of ${other}` : '';
  const kept = (list: readonly string[]) =>
    list.map((column) => column.replace(/[^\w#\u4e00-\u9fff-]/g, '?').slice(0, 30)).join(', ') || '-';
  throw new Failure({
    zh: `${name} 的表头不对。缺列：${kept(missing)}；多列：${kept(unknown)}；重复：${kept(twice)}${other ? `。这像是 ${other} 文件` : ''}。`,
    en: `The header of ${name} is wrong. Missing: ${kept(missing)}; unknown: ${kept(unknown)}; twice: ${kept(twice)}${like}.`,
  });
};

async function* jsonLines(file: SourceFile, encoding: Encoding): AsyncGenerator<SourceLine> {
  let rest = '';
  let line = 0;
  for await (const text of decoded(file, encoding)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) {
      line += 1;
      if (one.trim() !== '') yield jsonLine(one, line);
    }
  }
  if (rest.trim() !== '') yield jsonLine(rest, line + 1);
}

const jsonLine = (text: string, line: number): SourceLine => {
  const values: Record<string, string> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return { line, values, fault: 'line-malformed' };
    for (const [name, value] of Object.entries(parsed) as [string, unknown][]) {
      if (typeof value !== 'string' && value !== null) return { line, values: {}, fault: 'line-malformed' }; // A number may have lost its last fen.
      values[name] = value?.trim() ?? '';
    }
  } catch {
    return { line, values, fault: 'line-malformed' };
  }
  return { line, values, fault: null };
};
