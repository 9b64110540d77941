import { write, writeSync } from 'node:fs';

const WAITING_BYTES_MAX = 1024 * 1024;
const AGAIN_MS = 20;

/**
 * Writes log lines without ever waiting for them: one that cannot be written, on a full disk or to a reader that is gone, is dropped and
 * counted. The engine goes on, and says how many were lost with the next line that gets through.
 */
export class LogLines {
  private waiting = '';
  private underWay = false;
  private lost = 0;

  constructor(private readonly fd: number) {
    process.once('exit', () => this.last());
  }

  write(line: string): void {
    if (this.waiting.length + line.length > WAITING_BYTES_MAX) this.lost += 1;
    else this.waiting += line;
    if (this.underWay) return;
    this.underWay = true;
    setImmediate(() => this.next()); // Many lines in one write; and what an abrupt end has just said is still here for `last`.
  }

  private next(): void {
    if (this.waiting === '') {
      this.underWay = false;
      return;
    }
    const notice = this.lost > 0 ? `${JSON.stringify({ level: 40, time: Date.now(), lost: this.lost, msg: 'log lines were lost' })}\n` : '';
    const bytes = Buffer.from(notice + this.waiting);
    const lines = this.waiting.split('\n').length - 1;
    this.waiting = '';
    this.send(bytes, { lines, before: this.lost });
  }

  private send(bytes: Buffer, told: Readonly<{ lines: number; before: number }>): void {
    write(this.fd, bytes, (fault, written) => {
      if (fault?.code === 'EAGAIN') {
        setTimeout(() => this.send(bytes, told), AGAIN_MS).unref();
        return;
      }
      if (!fault && written < bytes.length) {
        this.send(bytes.subarray(written), told);
        return;
      }
      this.lost = fault ? this.lost + told.lines : this.lost - told.before;
      this.next();
    });
  }

  /** What an orderly end still has to say. */
  private last(): void {
    try {
      if (this.waiting !== '') writeSync(this.fd, this.waiting);
    } catch {
      // Nobody is left to be told.
    }
  }
}
