import { connect, type Socket } from 'node:net';
import type { Append, AppendResult, Claim, ContentStore, EventStore, LoggedEvent } from '#libs/application';
import { Unavailable } from '#libs/application';
import { type Ask, bytesOf, lineOf, onLines, type Reply, textOf, type WireEvent } from './messages';

export type ClientOptions = Readonly<{ port: number; callDeadlineMs?: number }>;
export type StoreClient = Readonly<{ store: EventStore; contents: ContentStore }>;

const CALL_DEADLINE_MS = 5_000;
const CONNECT_AGAIN_MS = 50;

const loggedOf = ({ bytes, ...event }: WireEvent): LoggedEvent => ({ ...event, bytes: bytesOf(bytes) }) as LoggedEvent;

/** The ports of the event store and of what stands beside it, over a store server that other processes use as well. */
export const openStoreClient = ({ port, callDeadlineMs = CALL_DEADLINE_MS }: ClientOptions): StoreClient => {
  const wire = new Wire(port, callDeadlineMs);
  return { store: storeOver(wire), contents: contentsOver(wire) };
};

const storeOver = (wire: Wire): EventStore => {
  let closing = false;
  const running = new Set<Promise<unknown>>();
  const appended = async ({ events, ...rest }: Append): Promise<AppendResult> => {
    const wired = events.map(({ bytes, ...event }) => ({ ...event, bytes: textOf(bytes) }));
    try {
      return (await wire.ask({ ask: 'append', append: { ...rest, events: wired } })) as AppendResult;
    } catch (thrown) {
      if (thrown instanceof Faulted) throw thrown;
      if (thrown instanceof NotSent) return { kind: 'unavailable', cause: 'outage' };
      return { kind: 'unknown', cause: String(thrown) };
    }
  };
  return {
    isShared: true,
    append: async (append) => {
      if (closing) return { kind: 'unavailable', cause: 'closing' };
      const result = appended(append);
      running.add(result);
      return result.finally(() => running.delete(result));
    },
    readForward: (stream, from = 0) => wire.many({ ask: 'forward', stream, from }),
    readBackward: (stream) => wire.many({ ask: 'backward', stream }),
    readLog: (from) => wire.many({ ask: 'log', from }),
    subscribe: (from, signal) => wire.many({ ask: 'follow', from }, signal),
    readEvent: async (stream, revision) => {
      const event = (await wire.ask({ ask: 'event', stream, revision })) as WireEvent | null;
      return event ? loggedOf(event) : undefined;
    },
    findClaim: async (key) => ((await wire.ask({ ask: 'claim', key })) as Claim | null) ?? undefined,
    lastLogIndex: async () => (await wire.ask({ ask: 'last' })) as number,
    close: async () => {
      closing = true;
      await Promise.allSettled(running);
      wire.close();
    },
  };
};

const contentsOver = (wire: Wire): ContentStore => {
  let closed = false;
  return {
    put: async (bytes) => {
      if (closed) throw new Unavailable('closing', 'content not stored');
      const stored = wire.ask({ ask: 'put', bytes: textOf(bytes) });
      return (await stored.catch(() => {
        throw new Unavailable('outage', 'content not stored');
      })) as string;
    },
    get: async (hash) => {
      const text = (await wire.ask({ ask: 'get', hash })) as string | null;
      return text === null ? undefined : bytesOf(text);
    },
    close: async () => {
      closed = true;
    },
  };
};

class NotSent extends Unavailable {}
/** The server threw: the same again would do no better. */
class Faulted extends Error {}
type Waiting = Readonly<{ take: (reply: Reply) => void; fail: (why: Error) => void }>;

/** The events that answer one question, as they come. */
class Inbox implements Waiting {
  private readonly arrived: Reply[] = [];
  private broken: Error | undefined;
  private closed = false;
  private wake: () => void = () => undefined;

  take = (reply: Reply): void => {
    this.arrived.push(reply);
    this.wake();
  };

  fail = (why: Error): void => {
    this.broken = why;
    this.wake();
  };

  close = (): void => {
    this.closed = true;
    this.wake();
  };

  /** Undefined: there are no more. */
  async next(): Promise<WireEvent | undefined> {
    while (!this.closed) {
      const reply = this.arrived.shift();
      if (reply && 'fault' in reply) throw new Faulted(reply.fault);
      if (reply) return 'event' in reply ? reply.event : undefined;
      if (this.broken) throw this.broken;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return undefined;
  }
}

/** One connection, made again when it breaks; what was asked over the broken one fails. */
class Wire {
  private socket: Socket | undefined;
  private connecting: Promise<Socket> | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextNo = 0;

  constructor(
    private readonly port: number,
    private readonly deadlineMs: number,
  ) {}

  async ask(question: Ask): Promise<unknown> {
    const socket = await this.connected();
    const no = this.nextNo++;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => end(() => reject(new Unavailable('outage', 'no answer in time'))), this.deadlineMs);
      const end = (tell: () => void) => {
        clearTimeout(late);
        this.waiting.delete(no);
        tell();
      };
      this.waiting.set(no, {
        take: (reply) =>
          end(() => ('value' in reply ? resolve(reply.value) : reject(new Faulted('fault' in reply ? reply.fault : 'no value')))),
        fail: (why) => end(() => reject(why)),
      });
      socket.write(lineOf({ ...question, no }));
    });
  }

  async *many(question: Ask, signal?: AbortSignal): AsyncGenerator<LoggedEvent> {
    if (signal?.aborted) return;
    const socket = await this.connected();
    const no = this.nextNo++;
    const inbox = new Inbox();
    this.waiting.set(no, inbox);
    signal?.addEventListener('abort', inbox.close);
    try {
      socket.write(lineOf({ ...question, no }));
      for (let event = await inbox.next(); event; event = await inbox.next()) yield loggedOf(event);
    } finally {
      signal?.removeEventListener('abort', inbox.close);
      this.waiting.delete(no);
      if (!socket.destroyed) socket.write(lineOf({ no: this.nextNo++, ask: 'enough', of: no }));
    }
  }

  close(): void {
    this.socket?.destroy();
  }

  /** Throws: NotSent when there is no server. */
  private async connected(): Promise<Socket> {
    if (this.socket && !this.socket.destroyed) return this.socket;
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async connect(): Promise<Socket> {
    const untilMs = performance.now() + this.deadlineMs;
    for (;;) {
      const socket = connect(this.port, '127.0.0.1').setNoDelay(true);
      const opened = await new Promise<boolean>((resolve) =>
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
      );
      if (opened) return this.use(socket);
      socket.destroy();
      if (performance.now() > untilMs) throw new NotSent('outage', 'no store server');
      await new Promise((resolve) => setTimeout(resolve, CONNECT_AGAIN_MS));
    }
  }

  private use(socket: Socket): Socket {
    this.socket = socket;
    onLines(socket, (message) => {
      const reply = message as Reply;
      this.waiting.get(reply.no)?.take(reply);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const { fail } of [...this.waiting.values()]) fail(new Unavailable('outage', 'the connection broke'));
    });
    return socket;
  }
}
