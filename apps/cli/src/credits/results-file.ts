import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '../startup/checks';
import { fileLines } from './file-lines';

/** The first line of a results file: what was begun, and what all holders had together before. */
export type RunBegun = Readonly<{
  kind: 'begun';
  file: string;
  sha256: string;
  period: string;
  source: string;
  poolingArea: string;
  count: number;
  sum: string;
  dataFolder: string;
  operator: string;
  at: string;
  before: Readonly<{ balance: string; logIndex: number }>;
}>;
export type Outcome = 'credited' | 'replayed' | 'refused';
/** What is known of each line by now; 0 says nothing is. */
export const CODE_OF = { credited: 1, replayed: 2, refused: 3 } as const satisfies Record<Outcome, number>;
export type Outcomes = Readonly<{ of: (line: number) => number; set: (line: number, code: number) => void }>;
export type ResultsFile = Readonly<{
  path: string;
  begun: RunBegun | null;
  outcomes: Outcomes;
  append: (records: readonly object[]) => void;
  /** Brings everything to the disk. */
  sync: () => void;
  close: () => void;
}>;

export const resultsFileOf = (file: string): string => `${file}.results.ndjson`;

const growing = (): Outcomes => {
  let codes = new Uint8Array(1 << 16);
  return {
    of: (line) => codes[line] ?? 0,
    set: (line, code) => {
      if (line >= codes.length) {
        const larger = new Uint8Array(Math.max(line + 1, codes.length * 2));
        larger.set(codes);
        codes = larger;
      }
      codes[line] = code;
    },
  };
};

/**
 * Opens the results beside a file of credits, for this process alone, and reads what is in them. A last line that a killed run left half
 * written is cut away: its credit is asked for again, and answers as replayed.
 * Throws: Failure when another run has them, or they are of something else.
 */
export const openResults = async (file: string): Promise<ResultsFile> => {
  const path = resultsFileOf(file);
  const lock = lockOf(path);
  try {
    const fd = openSync(path, 'a+', 0o600);
    cutHalfLine(fd);
    const outcomes = growing();
    const begun = await readInto(path, outcomes);
    return {
      path,
      begun,
      outcomes,
      append: (records) => void writeSync(fd, records.map((record) => `${JSON.stringify(record)}\n`).join('')),
      sync: () => fdatasyncSync(fd),
      close: () => {
        closeSync(fd);
        lock.release();
      },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
};

/** What stands in the results of a file, without opening them for a run; null when there are none. */
export const readResults = async (file: string): Promise<Readonly<{ begun: RunBegun | null; outcomes: Outcomes }>> => {
  const outcomes = growing();
  return { begun: await readInto(resultsFileOf(file), outcomes), outcomes };
};

/** The lock is the operating system's, so that a killed run leaves none behind. */
const lockOf = (path: string): Readonly<{ release: () => void }> => {
  const file = `${path}.lock`;
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch {
    db.close();
    throw new Failure({
      zh: `另有一个进程正在办理此文件（${path}）。请等它办完；中断后再给一次命令即续。`,
      en: `Another run is at work on this file (${path}). Wait until it has ended; a command given again goes on.`,
    });
  }
  return {
    release: () => {
      rmSync(file, { force: true });
      db.close();
    },
  };
};

const cutHalfLine = (fd: number): void => {
  const { size } = fstatSync(fd);
  const tail = Buffer.alloc(Math.min(size, 1024 * 1024));
  readSync(fd, tail, 0, tail.length, size - tail.length);
  ftruncateSync(fd, size - tail.length + tail.lastIndexOf(0x0a) + 1);
};

const readInto = async (path: string, outcomes: Outcomes): Promise<RunBegun | null> => {
  let begun: RunBegun | null = null;
  try {
    for await (const { text } of fileLines(path)) {
      if (text === null || !text.endsWith('}')) continue;
      const record = JSON.parse(text) as Readonly<{ kind?: string; line?: number; outcome?: Outcome }>;
      if (record.kind === 'begun') begun ??= record as RunBegun;
      if (record.line !== undefined && record.outcome !== undefined) outcomes.set(record.line, CODE_OF[record.outcome]);
    }
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== 'ENOENT') throw thrown;
  }
  return begun;
};
