/** One line of a stream, without its end; `tooLong` lines are passed over, not kept. */
export type Line = Readonly<{ lineNo: number; bytes: Buffer; tooLong: boolean }>;

const NEWLINE = 0x0a;

/**
 * Cuts a byte stream into lines, handed on as they come in one chunk, and keeps no more of it than that and one line: a stream of any size
 * needs the memory of its longest allowed line.
 * Blank lines count but are not handed on. Units: bytes.
 */
export async function* linesOf(source: AsyncIterable<Buffer>, lineBytesMax: number): AsyncGenerator<readonly Line[]> {
  let parts: Buffer[] = [];
  let length = 0;
  let lineNo = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length <= lineBytesMax) parts.push(part);
    else parts = [];
  };
  const finish = (): Line => {
    const line = {
      lineNo: ++lineNo,
      bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts),
      tooLong: length > lineBytesMax,
    };
    parts = [];
    length = 0;
    return line;
  };
  const isBlank = ({ bytes, tooLong }: Line) => !tooLong && bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
  for await (const chunk of source) {
    const whole: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (!isBlank(line)) whole.push(line);
    }
    add(chunk.subarray(start));
    if (whole.length > 0) yield whole;
  }
  const last = finish();
  if (!isBlank(last)) yield [last];
}
