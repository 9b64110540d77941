import { connect, type Socket } from 'node:net';

/** One kept-open HTTP/1.1 connection that carries one request at a time, and reads of an answer no more than it must. */
export class Connection {
  private pending: Buffer | null = null;
  private isAsking = false;
  private missing = 0; // Bytes of the answer's body still to come.
  private status = 0;
  private constructor(
    readonly lane: number,
    private readonly socket: Socket,
    private readonly onAnswer: (connection: Connection, status: number) => void,
  ) {
    socket.on('data', (chunk: Buffer) => this.read(chunk));
  }

  static open(port: number, lane: number, onAnswer: (connection: Connection, status: number) => void): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.on('error', (error) => {
          throw error;
        });
        const connection = new Connection(lane, socket, onAnswer);
        socket.on('close', () => {
          if (connection.isAsking) throw new Error('a connection was closed over a request');
        });
        resolve(connection);
      });
    });
  }

  send(bytes: Buffer): void {
    this.isAsking = true;
    this.socket.write(bytes);
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    if (this.missing > 0) {
      this.missing -= chunk.length;
      if (this.missing <= 0) this.done();
      return;
    }
    if (!this.isAsking) throw new Error(`an answer that nobody asked for: ${chunk.toString('latin1', 0, 200)}`);
    const bytes = this.pending === null ? chunk : Buffer.concat([this.pending, chunk]);
    const headEnds = bytes.indexOf('\r\n\r\n');
    this.pending = headEnds < 0 ? bytes : null;
    if (headEnds < 0) return;
    const head = bytes.toString('latin1', 0, headEnds);
    this.status = Number(head.slice(9, 12));
    const at = head.search(/content-length: /i);
    if (at < 0) throw new Error(`an answer without a length: ${head}`);
    this.missing = Number.parseInt(head.slice(at + 16, at + 26), 10) - (bytes.length - headEnds - 4);
    if (this.missing <= 0) this.done();
  }

  private done(): void {
    this.isAsking = false;
    this.onAnswer(this, this.status);
  }
}
