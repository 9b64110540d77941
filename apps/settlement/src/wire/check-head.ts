import type { IncomingMessage } from 'node:http';
import { doorProblem, type Problem } from '../problem/problem';
import { isLocal } from '../request';

const ONCE_ONLY = new Set(['host', 'authorization', 'content-type', 'content-encoding', 'content-length', 'transfer-encoding']);
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)"?/i;
const CLOSE = { connection: 'close' };

/**
 * What is wrong with the head of a request as a whole, before anybody reads a part of it. A header that counts and stands twice is refused:
 * a proxy may have gone by the other one.
 */
export const faultOfHead = (raw: IncomingMessage): Problem | undefined => {
  const { headers, rawHeaders } = raw;
  const twice = standsTwice(rawHeaders);
  if (twice !== undefined) return doorProblem('header-twice', { field: twice }, CLOSE);
  if (!headers.host && raw.httpVersion !== '1.0' && !isLocal(raw)) return doorProblem('host-missing', {}, CLOSE);
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return doorProblem('request-malformed', {}, CLOSE);
  return faultOfCoding(headers);
};

const faultOfCoding = (headers: IncomingMessage['headers']): Problem | undefined => {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return doorProblem('content-encoding-unsupported', {}, { 'accept-encoding': 'identity', ...CLOSE });
  }
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset) ? undefined : doorProblem('charset-unsupported', {}, CLOSE);
};

const standsTwice = (rawHeaders: readonly string[]): string | undefined => {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    if (ONCE_ONLY.has(name) && seen.size === seen.add(name).size) return name;
  }
  return undefined;
};
