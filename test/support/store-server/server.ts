import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Append, ContentStore, EventStore, StoredEvent } from '#libs/application';
import { bytesOf, lineOf, onLines, type Question, type Reply, textOf, type WireEvent } from './messages';

/** What happens to an append on its way: nothing, or one of the ways in which a network and a server lose things. */
export type Mishap = 'none' | 'questionLost' | 'answerLost' | 'answerLate' | 'landsLate' | 'cut';
export type StoreServer = Readonly<{ port: number; close: () => Promise<void> }>;
export type ServerOptions = Readonly<{
  store: EventStore;
  contents: ContentStore;
  port?: number;
  mishap?: () => Mishap;
  /** How late what is late comes. Units: milliseconds. */
  lateMs?: number;
}>;

const wired = ({ bytes, ...event }: StoredEvent): WireEvent => ({ ...event, bytes: textOf(bytes) });

/** One store for many processes over loopback, as a database server would be; on demand it loses and delays what it is asked and answers. */
export const openStoreServer = async (options: ServerOptions): Promise<StoreServer> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    const line = new Line(socket, options);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket) && line.close());
    onLines(socket, (question) => void line.answer(question as Question));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** One client's connection. */
class Line {
  private readonly following = new Map<number, AbortController>();

  constructor(
    private readonly socket: Socket,
    private readonly options: ServerOptions,
  ) {}

  close(): void {
    for (const stop of this.following.values()) stop.abort();
  }

  async answer(question: Question): Promise<void> {
    try {
      await this.answerOrThrow(question);
    } catch (thrown) {
      await this.tell({ no: question.no, fault: String(thrown) });
    }
  }

  private async answerOrThrow(question: Question): Promise<void> {
    const { store } = this.options;
    const { no } = question;
    if (question.ask === 'append') return this.append(question);
    if (question.ask === 'follow') return this.follow(no, question.from);
    if (question.ask === 'enough') return this.following.get(question.of)?.abort();
    if (question.ask === 'forward') return this.events(no, store.readForward(question.stream, question.from));
    if (question.ask === 'backward') return this.events(no, store.readBackward(question.stream));
    if (question.ask === 'log') return this.events(no, store.readLog(question.from));
    await this.tell({ no, value: (await this.valueOf(question)) ?? null });
  }

  private async valueOf(question: Extract<Question, { ask: 'event' | 'claim' | 'last' | 'put' | 'get' }>): Promise<unknown> {
    const { store, contents } = this.options;
    if (question.ask === 'event') return store.readEvent(question.stream, question.revision).then((event) => event && wired(event));
    if (question.ask === 'claim') return store.findClaim(question.key);
    if (question.ask === 'last') return store.lastLogIndex();
    if (question.ask === 'put') return contents.put(bytesOf(question.bytes));
    return contents.get(question.hash).then((bytes) => bytes && textOf(bytes));
  }

  private async append({ no, append }: Extract<Question, { ask: 'append' }>): Promise<void> {
    const { store, mishap = () => 'none', lateMs = 0 } = this.options;
    const met = mishap();
    if (met === 'questionLost') return;
    if (met === 'landsLate') await sleep(lateMs);
    const events = append.events.map(({ bytes, ...event }) => ({ ...event, bytes: bytesOf(bytes) }));
    const result = await store.append({ ...append, events: events as unknown as Append['events'] });
    if (met === 'answerLost') return;
    if (met === 'answerLate') await sleep(lateMs);
    if (met === 'cut') this.socket.destroy();
    await this.tell({ no, value: result });
  }

  private async follow(no: number, from: number): Promise<void> {
    const stop = new AbortController();
    this.following.set(no, stop);
    try {
      await this.events(no, this.options.store.subscribe(from, stop.signal), stop.signal);
    } finally {
      this.following.delete(no);
    }
  }

  private async events(no: number, events: AsyncIterable<StoredEvent>, signal?: AbortSignal): Promise<void> {
    const stop = new AbortController();
    if (!signal) this.following.set(no, stop);
    for await (const event of events) {
      if (stop.signal.aborted || this.socket.destroyed) break;
      await this.tell({ no, event: wired(event) });
    }
    if (!signal) this.following.delete(no);
    await this.tell({ no, end: true });
  }

  /** Waits while the other side does not read. */
  private async tell(reply: Reply): Promise<void> {
    if (this.socket.destroyed || this.socket.write(lineOf(reply))) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        this.socket.off('drain', go).off('close', go);
        resolve();
      };
      this.socket.once('drain', go).once('close', go);
    });
  }
}
