import type { IncomingMessage } from 'node:http';
import { doorProblem, type Problem } from '../problem/problem';
import type { Exchanges } from './exchanges';
import type { HeldBytes } from './held-bytes';

const SMALL_BYTES = 8 * 1024; // A swipe: not worth counting.

/** `held`: what the sender may have begun at once, all his requests together. */
export type BodyBounds = Readonly<{ bytesMax: number; held: HeldBytes; sender: string }>;
type Taken = (fault: Error | null, bytes?: Buffer) => void;

/**
 * Gathers a body of at most so many bytes, and no longer than the door waits; `taken` hears once, of the bytes or of the fault. Nothing is
 * kept of a body that turns out too large.
 */
export const readBody = (request: IncomingMessage, { bytesMax, held, sender }: BodyBounds, exchanges: Exchanges, taken: Taken): void => {
  const parts: Buffer[] = [];
  let length = 0;
  let counted = 0;
  let heard = false;
  const end = (fault: Problem | null) => {
    if (heard) return;
    heard = true;
    request.off('data', onData);
    if (counted > 0) held.giveBack(sender, counted);
    if (fault) taken(fault);
    else taken(null, Buffer.concat(parts, length)); // A copy: what the socket reads into is used again.
  };
  const giveUp = (problem: Problem) => {
    parts.length = 0;
    end(problem);
  };
  const tooLarge = () => giveUp(doorProblem('body-too-large', { bytesMax }));
  const count = (bytes: number): boolean => {
    if (!held.take(sender, bytes)) return false;
    counted += bytes;
    return true;
  };
  const onData = (part: Buffer) => {
    length += part.length;
    if (length > bytesMax) tooLarge();
    else if (length > SMALL_BYTES && !count(length - counted)) giveUp(doorProblem('bodies-too-many'));
    else parts.push(part);
  };
  if (Number(request.headers['content-length']) > bytesMax) {
    tooLarge();
    return;
  }
  exchanges.onFault(request, end);
  request.on('data', onData);
  request.once('end', () => end(null));
  request.once('close', () => heard || end(doorProblem('request-cut-short'))); // A problem is made only when there is one.
};
