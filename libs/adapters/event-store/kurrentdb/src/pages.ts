import type { Connection } from './connection';
import { readOutage } from './errors';
import { pauseAfter } from './steady-append';
import { type GrpcError, isNotLeader } from './verdict';
import { type Raw, readPage, type StreamPage } from './wire-read';

const TRY_MS = 2_000;
/** Asking again does not help: rights, form, a deleted stream, a server that does not know the call. */
const FINAL = new Set([3, 7, 9, 12, 16]);

export const isFinal = (error: GrpcError): boolean => FINAL.has(error.code ?? -1) && !isNotLeader(error);
export const wordOf = (error: GrpcError): string => error.details || error.message;

/** Tries again while the leader changes or a node is away. Units: milliseconds. Throws: Unavailable when the time is up. */
export const steadily = async <T>(deadlineMs: number, read: (tryMs: number) => Promise<T>): Promise<T> => {
  const untilMs = performance.now() + deadlineMs;
  for (let tries = 1; ; tries++) {
    try {
      return await read(Math.min(TRY_MS, Math.max(1, untilMs - performance.now())));
    } catch (thrown) {
      if (!(thrown instanceof Error) || thrown.name === 'DamagedLogError') throw thrown;
      if (isFinal(thrown) || performance.now() >= untilMs) throw readOutage(wordOf(thrown));
      await pauseAfter(tries);
    }
  }
};

/** One page of a stream. Throws: Unavailable when it cannot be read in time. */
export const pageSteadily = (connection: Connection, page: StreamPage, deadlineMs: number): Promise<readonly Raw[]> =>
  steadily(deadlineMs, (tryMs) => readPage(connection, page, tryMs));
