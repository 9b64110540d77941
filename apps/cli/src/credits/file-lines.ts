import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export type TextLine = Readonly<{ lineNo: number; text: string | null }>; // null: not UTF-8, or longer than any line may be.

const LINE_BYTES_MAX = 64 * 1024;
const NEWLINE = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const textOf = (bytes: Buffer): string | null => {
  if (bytes.length > LINE_BYTES_MAX) return null;
  try {
    return utf8.decode(bytes).replace(/\r$/, '');
  } catch {
    return null;
  }
};

/**
 * The lines of a text file with their numbers, from 1, blank ones left out; `hash` takes in every byte that is read.
 * Throws: when it cannot be read.
 */
export async function* fileLines(file: string, hash: Hash = createHash('sha256')): AsyncGenerator<TextLine> {
  let rest: Buffer = Buffer.alloc(0);
  let lineNo = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const text = textOf(bytes.subarray(start, end));
      lineNo += 1;
      start = end + 1;
      if (text === null || text.trim() !== '') yield { lineNo, text };
    }
    rest = bytes.subarray(start);
  }
  const text = textOf(rest);
  if (text === null || text.trim() !== '') yield { lineNo: lineNo + 1, text };
}
