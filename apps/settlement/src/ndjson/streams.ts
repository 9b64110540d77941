import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Reply, Request } from '../request';

export const NDJSON = 'application/x-ndjson; charset=utf-8';

const KEY_ASKED_EVERY_MS = 1_000;

/** Answers that are sent piece by piece. Each ends with its client or its key, and all end when the door closes, whatever they still follow. */
@Injectable()
export class Streams {
  private readonly open = new Set<AbortController>();

  /**
   * Sends what `produce` yields, no faster than the client reads it. `signal` aborts when the client has gone, its key is revoked, or the
   * door closes.
   */
  send(request: Request, reply: Reply, produce: (signal: AbortSignal) => AsyncIterable<string | Buffer>): void {
    const controller = new AbortController();
    this.open.add(controller);
    const asking = setInterval(() => void this.endIfRevoked(request, controller), KEY_ASKED_EVERY_MS);
    const end = () => {
      clearInterval(asking);
      this.open.delete(controller);
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

  private async endIfRevoked({ caller }: Request, controller: AbortController): Promise<void> {
    const isInForce = await (caller?.inForce() ?? Promise.resolve(false)).catch(() => true); // An outage revokes nobody.
    if (!isInForce) controller.abort();
  }

  closeAll(): void {
    for (const controller of this.open) controller.abort();
  }
}
