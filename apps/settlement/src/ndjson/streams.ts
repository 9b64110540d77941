import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { doorProblem } from '../problem/problem';
import type { Reply, Request } from '../request';
import { LIMITS, type Limits } from '../wire/limits';

export const NDJSON = 'application/x-ndjson; charset=utf-8';

const KEY_ASKED_EVERY_MS = 1_000;

/** Answers that are sent piece by piece. Each ends with its client or its key, and all end when the door closes, whatever they still follow. */
@Injectable()
export class Streams {
  private readonly open = new Set<AbortController>();
  private readonly openByKey = new Map<string, number>();

  constructor(@Inject(LIMITS) private readonly limits: Limits) {}

  /**
   * Sends what `produce` yields, no faster than the client reads it. `signal` aborts when the client has gone, its key is revoked, or the
   * door closes. Throws: Problem 429 `streams-too-many`.
   */
  send(request: Request, reply: Reply, produce: (signal: AbortSignal) => AsyncIterable<string | Buffer>): void {
    const leave = this.enter(request);
    const controller = new AbortController();
    this.open.add(controller);
    const asking = setInterval(() => void this.endIfRevoked(request, controller), KEY_ASKED_EVERY_MS);
    const end = () => {
      clearInterval(asking);
      if (this.open.delete(controller)) leave();
      controller.abort();
    };
    reply.raw.once('close', end);
    const body = Readable.from(produce(controller.signal), { objectMode: false, highWaterMark: 64 * 1024 });
    body.once('error', () => {
      end();
      request.raw.destroy(); // Half an answer must not look like a whole one.
    });
    void reply.status(200).type(NDJSON).header('cache-control', 'no-store').header('x-accel-buffering', 'no').send(body);
  }

  /** Counts a stream of this key; what it returns counts it out again. */
  private enter({ caller }: Request): () => void {
    const keyId = caller?.principal.keyId ?? '';
    const before = this.openByKey.get(keyId) ?? 0;
    if (before >= this.limits.streamsPerKey && caller?.local !== true) throw doorProblem('streams-too-many');
    this.openByKey.set(keyId, before + 1);
    return () => {
      const left = (this.openByKey.get(keyId) ?? 1) - 1;
      if (left > 0) this.openByKey.set(keyId, left);
      else this.openByKey.delete(keyId);
    };
  }

  private async endIfRevoked({ caller }: Request, controller: AbortController): Promise<void> {
    const isInForce = await (caller?.inForce() ?? Promise.resolve(false)).catch(() => true); // An outage revokes nobody.
    if (!isInForce) controller.abort();
  }

  closeAll(): void {
    for (const controller of this.open) controller.abort();
  }
}
