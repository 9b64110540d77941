import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Tracing } from '#libs/application';
import { tracingOfLine } from '../auth/caller';
import { type DoorLog, LOG } from '../door-log';
import { type FormClass, readForm } from '../form/read-form';
import { NotOurJson, parseStrictJson } from '../form/strict-json';
import { doorProblem, formProblem, Problem } from '../problem/problem';
import type { Caller, Reply, Request } from '../request';
import { inOrder } from './in-order';
import { type Line, linesOf } from './lines';
import { Streams } from './streams';

export type LinesAsked = Readonly<{ body: unknown; caller: Caller; request: Request; reply: Reply }>;
/** `route`: for the log, when something of ours fails. `decide` throws a Problem for a line that is not done. */
export type LineWork<F> = Readonly<{
  route: string;
  form: FormClass<F>;
  lineBytesMax: number;
  atOnceMax: number;
  decide: (form: F, tracing: Tracing) => Promise<Readonly<{ replayed: boolean; result: object }>>;
}>;

/** Orders as newline-delimited JSON: one a line in, one result a line out, in their order; the client reads while it writes. */
@Injectable()
export class LineByLine {
  constructor(
    @Inject(Streams) private readonly streams: Streams,
    @Inject(LOG) private readonly log: DoorLog,
  ) {}

  /** Throws: Problem 400, 415, 429, before anything is sent; what is wrong with a line is that line's result. */
  answer<F extends object>({ body, caller, request, reply }: LinesAsked, work: LineWork<F>): void {
    if (!isByteStream(body)) throw doorProblem(body === undefined || body === null ? 'body-missing' : 'content-type-unsupported');
    const asked = { ...caller, inForce: oncePerTurn(caller.inForce) };
    const results = inOrder(linesOf(body, work.lineBytesMax), work.atOnceMax, (line) => this.result(line, asked, work));
    this.streams.send(request, reply, () => asText(results));
  }

  /** Never throws. */
  private async result<F extends object>(line: Line, caller: Caller, { route, form, decide }: LineWork<F>): Promise<object> {
    try {
      await caller.turn();
      if (!(await caller.inForce())) throw doorProblem('key-invalid');
      if (line.tooLong) throw doorProblem('line-too-long');
      const read = readForm(form, parseStrictJson(line.bytes));
      if (!read.ok) throw formProblem(read.faults);
      const { replayed, result } = await decide(read.form, tracingOfLine(caller, line.lineNo));
      return { line: line.lineNo, status: replayed ? 200 : 201, result: { ...result, replayed } };
    } catch (thrown) {
      const { body } = this.problemOf(thrown, route);
      return { line: line.lineNo, status: body.status, problem: body };
    }
  }

  private problemOf(thrown: unknown, route: string): Problem {
    if (thrown instanceof Problem) return thrown;
    if (thrown instanceof NotOurJson) return doorProblem(thrown.code);
    this.log.error({ route, fault: thrown instanceof Error ? thrown.name : typeof thrown }, 'internal fault');
    return doorProblem('internal-fault');
  }
}

/** The same answer for all lines that are begun in one turn of the event loop; a key that is revoked is found out in the next. */
const oncePerTurn = (ask: () => Promise<boolean>): (() => Promise<boolean>) => {
  let answer: Promise<boolean> | undefined;
  return () => {
    if (answer === undefined) {
      answer = ask();
      setImmediate(() => {
        answer = undefined;
      });
    }
    return answer;
  };
};

async function* asText(results: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const ready of results) yield ready.map((result) => `${JSON.stringify(result)}\n`).join('');
}

const isByteStream = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'pipe' in body;
