import type { IncomingMessage } from 'node:http';
import { doorProblem, type Problem } from '../problem/problem';
import type { Exchanges } from './exchanges';

type Taken = (fault: Error | null, bytes?: Buffer) => void;

/**
 * Gathers a body of at most so many bytes, and no longer than the door waits; `taken` hears once, of the bytes or of the fault. Nothing is
 * kept of a body that turns out too large.
 */
export const readBody = (request: IncomingMessage, bytesMax: number, exchanges: Exchanges, taken: Taken): void => {
  const parts: Buffer[] = [];
  let length = 0;
  let heard = false;
  const end = (fault: Problem | null) => {
    if (heard) return;
    heard = true;
    request.off('data', onData);
    if (fault) taken(fault);
    else taken(null, Buffer.concat(parts, length)); // A copy: what the socket reads into is used again.
  };
  const tooLarge = () => {
    parts.length = 0;
    end(doorProblem('body-too-large', { bytesMax }));
  };
  const onData = (part: Buffer) => {
    length += part.length;
    if (length > bytesMax) tooLarge();
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
