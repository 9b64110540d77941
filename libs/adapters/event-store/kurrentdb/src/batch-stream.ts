import { randomUUID } from 'node:crypto';
import type { BatchCall, Connection } from './connection';
import { type Verdict, verdictOf, verdictOfError } from './verdict';
import { requestOf, type WireAppend } from './wire-append';

type Open = { call: BatchCall; pending: Map<string, (verdict: Verdict) => void>; heardAtMs: number };

/** Appends on the wire: many on one call, each answered by itself, in whatever order the answers come. */
export type Batches = Readonly<{
  /** One try. Never throws. Units: leftMs in milliseconds; after so long at most it is open. */
  send: (append: WireAppend, leftMs: number) => Promise<Verdict>;
  close: () => void;
}>;

const CLOSED: Verdict = { kind: 'notHandled', detail: 'closed' };

/** The table of what waits is this object's own; an answer that nobody waits for any more is let go. Units: tryMs in milliseconds. */
export const openBatches = (connection: Connection, tryMs: number): Batches => {
  let current: Promise<Open> | undefined;
  let closed = false;

  const end = (open: Open, opening: Promise<Open>, verdict: Verdict): void => {
    if (current === opening) current = undefined;
    for (const settle of open.pending.values()) settle(verdict);
    open.pending.clear();
  };

  const open = (): Promise<Open> => {
    const opening: Promise<Open> = connection.batches().then((call) => {
      const opened: Open = { call, pending: new Map(), heardAtMs: performance.now() };
      call.on('data', (answer) => {
        opened.heardAtMs = performance.now();
        const id = answer.getCorrelationId()?.getString() ?? '';
        const settle = opened.pending.get(id);
        opened.pending.delete(id);
        settle?.(verdictOf(answer));
      });
      call.on('error', (error) => end(opened, opening, verdictOfError(error)));
      call.on('end', () => end(opened, opening, { kind: 'open', detail: 'the server has ended the call' }));
      return opened;
    });
    opening.catch(() => {
      if (current === opening) current = undefined;
    });
    return opening;
  };

  /** Whether the server is slow or the connection is dead cannot be told; a call on which nothing came at all is given up. */
  const giveUp = (opened: Open, sentAtMs: number): void => {
    if (opened.heardAtMs >= sentAtMs) return;
    opened.call.cancel();
    void connection.renew().catch(() => undefined);
  };

  const onCall = (opened: Open, append: WireAppend, timeoutMs: number): Promise<Verdict> =>
    new Promise((resolve) => {
      const id = randomUUID();
      const sentAtMs = performance.now();
      const timer = setTimeout(() => {
        opened.pending.delete(id);
        resolve({ kind: 'open', detail: 'no answer in time' });
        giveUp(opened, sentAtMs);
      }, timeoutMs);
      opened.pending.set(id, (verdict) => {
        clearTimeout(timer);
        resolve(verdict);
      });
      opened.call.write(requestOf(append, id));
    });

  return {
    send: async (append, leftMs) => {
      if (closed) return CLOSED;
      current ??= open();
      try {
        return await onCall(await current, append, Math.min(tryMs, leftMs));
      } catch (thrown) {
        // Nobody to connect to; or the request could not be written down, which is a bug and shows at every try.
        return { kind: 'notHandled', detail: (thrown as Error).message };
      }
    },
    close: () => {
      closed = true;
      void current?.then(({ call }) => call.end()).catch(() => undefined);
    },
  };
};
