import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { doorProblem, type Problem } from '../problem/problem';
import { endAndLinger } from './linger';

/** A request under way. `fail` is there while its body is being read: it ends the reading with an answer. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly beganMs: number;
  readonly fails: ((problem: Problem) => void)[];
  fault: Problem | null;
  streamed: boolean;
  answered: boolean;
  progress: string;
  progressMs: number;
};
type Times = Readonly<{ bodySeconds: number; stallSeconds: number }>;

const SWEEP_MS = 1_000;
const PIPELINED_MAX = 32;

/**
 * Knows every request that is under way, and ends those whose client keeps us waiting: a body that does not arrive gets 408, a batch that
 * falls silent and an answer that nobody reads are cut. Idle connections are none of its business, so ten thousand of them cost it nothing.
 */
export class Exchanges {
  private readonly underWay = new Map<IncomingMessage, Exchange>();
  private readonly pendingOn = new WeakMap<Socket, number>();
  private readonly sweeping: NodeJS.Timeout;

  constructor(
    private readonly times: Times,
    private readonly nowMs: () => number,
    private readonly onCut: (cause: 'slowBody' | 'stalled') => void,
  ) {
    this.sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  /** Sees every request of this server from its first moment, also those that no route and no hook ever meets. */
  watch(server: Server): void {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => this.began(request, response));
  }

  began(request: IncomingMessage, response: ServerResponse): void {
    const beganMs = this.nowMs();
    const exchange: Exchange = {
      request,
      response,
      beganMs,
      fails: [],
      fault: null,
      streamed: false,
      answered: false,
      progress: '',
      progressMs: beganMs,
    };
    this.underWay.set(request, exchange);
    this.pendingOn.set(request.socket, (this.pendingOn.get(request.socket) ?? 0) + 1);
    response.once('close', () => this.answered(exchange));
  }

  /** A body that is still on its way stays under watch: who was answered with 401 may not go on sending for ever. */
  private answered(exchange: Exchange): void {
    exchange.answered = true;
    const { socket } = exchange.request;
    this.pendingOn.set(socket, (this.pendingOn.get(socket) ?? 1) - 1);
    if (isOver(exchange.request)) this.underWay.delete(exchange.request);
  }

  /** Whether a connection has sent more requests than it may without waiting for answers: each of them takes memory until it is read. */
  isCrowded(request: IncomingMessage): boolean {
    return (this.pendingOn.get(request.socket) ?? 0) > PIPELINED_MAX;
  }

  /** The body is a stream of any length: it may take its time as a whole, but not fall silent. */
  streams(request: IncomingMessage): void {
    const exchange = this.underWay.get(request);
    if (exchange) exchange.streamed = true;
  }

  /** Has `fail` called when the body of this request cannot be had in time or in form. */
  onFault(request: IncomingMessage, fail: (problem: Problem) => void): void {
    const exchange = this.underWay.get(request);
    if (exchange?.fault) fail(exchange.fault);
    else exchange?.fails.push(fail);
  }

  on(socket: Socket): readonly Exchange[] {
    return [...this.underWay.values()].filter(({ request }) => request.socket === socket);
  }

  size(): number {
    return this.underWay.size;
  }

  close(): void {
    clearInterval(this.sweeping);
  }

  private sweep(): void {
    const now = this.nowMs();
    for (const exchange of this.underWay.values()) this.look(exchange, now);
  }

  private look(exchange: Exchange, now: number): void {
    const { request, answered } = exchange;
    if (request.socket.destroyed || (answered && isOver(request))) {
      this.underWay.delete(request);
    } else if (!request.complete && !exchange.streamed && now - exchange.beganMs > this.times.bodySeconds * 1_000) {
      this.underWay.delete(request);
      this.onCut('slowBody');
      endBody(exchange, doorProblem('body-too-slow'));
    } else if (this.isStalled(exchange, now)) {
      this.underWay.delete(request);
      this.onCut('stalled');
      request.socket.destroy();
    }
  }

  /** Whether nothing has moved for too long while it was the client's turn: to send more of a stream, or to take what we have sent. */
  private isStalled(exchange: Exchange, now: number): boolean {
    const { request, response, streamed } = exchange;
    const { socket } = request;
    const progress = `${socket.bytesRead} ${socket.writableLength} ${response.writableLength}`;
    const waitsForClient = socket.writableLength > 0 || (streamed && !request.complete && request.readableLength === 0);
    if (progress !== exchange.progress || !waitsForClient) {
      exchange.progress = progress;
      exchange.progressMs = now;
    }
    return now - exchange.progressMs > this.times.stallSeconds * 1_000;
  }
}

/** Nothing more of it is to come. */
const isOver = ({ complete, destroyed }: IncomingMessage): boolean => complete || destroyed;

/**
 * Ends what waits for the rest of a body. Whoever reads it answers with the fault, and so does who comes to read it later; an answer that
 * was given without it goes out; one that has begun is cut, for half of it must not look like a whole one.
 */
export const endBody = (exchange: Exchange, problem: Problem): void => {
  const { request, response, fails, answered } = exchange;
  exchange.fault = problem;
  if (answered) endAndLinger(request.socket);
  else if (response.headersSent) request.socket.destroy();
  else if (fails[0]) fails[0](problem);
  else response.shouldKeepAlive = false;
};
