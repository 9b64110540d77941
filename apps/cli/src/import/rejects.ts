import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { FAULTS, type FaultCode } from './format';
import { type Encoding, linesOf, type SourceFile } from './source-files';

/** One thing that is wrong with one line. `words`: where they are not the catalogue's own. */
export type Reject = Readonly<{ file: number; line: number; field: string | null; code: string; zh: string; en: string }>;

const OWNER_ONLY = 0o600;

/** All that is wrong, in the order in which it was found, and each line that is not imported once. */
export class Rejects {
  readonly list: Reject[] = [];
  /** Lines of which nobody can tell whose account they belong to: with them, no account is known to be whole. */
  ownerless = 0;
  private readonly lines = new Map<number, Map<number, Reject[]>>();

  constructor(readonly files: readonly SourceFile[]) {}

  add({ file, line }: Pick<Reject, 'file' | 'line'>, field: string | null, code: FaultCode, where = ''): void {
    const [zh, en] = FAULTS[code];
    this.tell({ file, line, field, code, zh: where === '' ? zh : `${zh} ${where}`, en: where === '' ? en : `${en} ${where}` });
  }

  /** In the engine's own words. */
  tell(reject: Reject): void {
    this.list.push(reject);
    const lines = this.lines.get(reject.file) ?? new Map<number, Reject[]>();
    this.lines.set(reject.file, lines);
    const known = lines.get(reject.line);
    if (known) known.push(reject);
    else lines.set(reject.line, [reject]);
  }

  has(file: number, line: number): boolean {
    return this.lines.get(file)?.has(line) === true;
  }

  get lineCount(): number {
    return [...this.lines.values()].reduce((sum, lines) => sum + lines.size, 0);
  }

  place({ file, line }: Pick<Reject, 'file' | 'line'>): string {
    return `${this.files[file]?.name ?? '?'}:${line}`;
  }

  /**
   * Writes the rejected lines again, each with its reasons in columns that an import passes over: corrected, the folder is imported as it is.
   * They hold what the files hold, so they are the owner's alone. `rejects.csv` has the reasons without any of it.
   */
  async write(folder: string, encoding: Encoding): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const list = csvInto(path.join(folder, 'rejects.csv'));
    list.row(['file', 'line', 'field', 'code', 'zh', 'en']);
    for (const { file, line, field, code, zh, en } of this.list)
      list.row([this.files[file]?.name ?? '', String(line), field ?? '', code, zh, en]);
    await list.end();
    for (const [file, lines] of this.lines) {
      const source = this.files[file];
      if (source && source.kind !== 'control') await copied(source, lines, path.join(folder, source.name), encoding);
    }
  }
}

const copied = async (source: SourceFile, lines: ReadonlyMap<number, readonly Reject[]>, to: string, encoding: Encoding): Promise<void> => {
  const isCsv = source.name.endsWith('.csv');
  const out = csvInto(to);
  let columns: string[] | undefined;
  for await (const { line, values } of linesOf(source, encoding)) {
    const reasons = lines.get(line);
    if (!reasons) continue;
    const remarks = {
      '#line': String(line),
      '#reasons': reasons.map(({ field, code, zh, en }) => `${field ?? ''} ${code}: ${zh} · ${en}`.trim()).join('; '),
    };
    const own = Object.fromEntries(Object.entries(values).filter(([column]) => !column.startsWith('#')));
    if (!isCsv) out.text(JSON.stringify({ ...own, ...remarks }));
    else {
      // A line that could not be read has no values: its place and reasons remain, to be found in the source.
      if (columns === undefined && Object.keys(own).length > 0) {
        columns = Object.keys(own);
        out.row([...columns, ...Object.keys(remarks)]);
      }
      if (columns !== undefined) out.row([...columns.map((column) => own[column] ?? ''), ...Object.values(remarks)]);
    }
  }
  await out.end();
};

const csvInto = (file: string) => {
  const stream = createWriteStream(file, { mode: OWNER_ONLY });
  const text = (line: string): void => void stream.write(`${line}\r\n`);
  return {
    text,
    row: (values: readonly string[]) =>
      text(values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')),
    end: () => new Promise<void>((resolve, reject) => stream.once('error', reject).end(resolve)),
  };
};
