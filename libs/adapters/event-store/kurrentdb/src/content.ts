import { type ContentStore, Unavailable } from '#libs/application';
import type { Batches } from './batch-stream';
import type { Connection } from './connection';
import { damaged } from './errors';
import type { Names } from './names';
import { pageSteadily } from './pages';
import { sha256 } from './record';
import { appendSteadily } from './steady-append';
import { type Proposed, wireId } from './wire-append';

export type ContentParts = Readonly<{ connection: Connection; batches: Batches; names: Names; callDeadlineMs: number }>;

const PART_BYTES = 640 * 1024;
const PARTS_OF_A_PAGE = 4;
const TYPE = 'YikaContent.v1';
const NOTHING = new Uint8Array(0);

const partsOf = (bytes: Uint8Array): Proposed[] => {
  const count = Math.max(1, Math.ceil(bytes.byteLength / PART_BYTES));
  return Array.from({ length: count }, (_, part) => {
    const data = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
    const metadata = Buffer.from(JSON.stringify({ part, of: count }), 'utf8');
    return { id: wireId(TYPE, data, metadata), type: TYPE, json: false, data, metadata };
  });
};

/** Stores content under its hash, a part after the other; the last part makes it whole. Throws: Unavailable when it is not stored. */
export const putContent = async ({ batches, names }: ContentParts, bytes: Uint8Array, untilMs: number): Promise<string> => {
  const hash = sha256(bytes);
  for (const [part, proposed] of partsOf(bytes).entries()) {
    const verdict = await appendSteadily(batches, { name: names.content(hash), after: part - 1, events: [proposed] }, untilMs);
    if (verdict.kind === 'done') continue;
    const rights = verdict.kind === 'refused' && verdict.why === 'rights';
    throw new Unavailable(rights ? 'readOnly' : 'outage', `content not stored (${'detail' in verdict ? verdict.detail : verdict.kind})`);
  }
  return hash;
};

/** Undefined when there is none, or not all of it. Throws: on outage or damage. */
export const getContent = async ({ connection, names, callDeadlineMs }: ContentParts, hash: string): Promise<Uint8Array | undefined> => {
  const parts: Uint8Array[] = [];
  for (;;) {
    const page = await pageSteadily(connection, { name: names.content(hash), from: parts.length, count: PARTS_OF_A_PAGE }, callDeadlineMs);
    for (const { data } of page) parts.push(data);
    const last = page.at(-1);
    if (!last) return undefined;
    const { of } = JSON.parse(Buffer.from(last.metadata).toString('utf8')) as { of: number };
    if (parts.length === of) break;
  }
  const bytes = Buffer.concat(parts.length > 0 ? parts : [NOTHING]);
  if (sha256(bytes) !== hash) throw damaged(`内容 ${hash} 与写入时不符`, `content ${hash} is not what was written`);
  return bytes;
};

/** What stands beside the log, in streams of its own. */
export const contentStoreOf = (parts: ContentParts, closing: () => Promise<void>): ContentStore => {
  let closed: Promise<void> | undefined;
  return {
    put: async (bytes) => {
      if (closed) throw new Unavailable('closing', 'content not stored');
      return putContent(parts, Buffer.from(bytes), performance.now() + parts.callDeadlineMs);
    },
    get: async (hash) => {
      if (closed) throw new Unavailable('closing', 'content not read');
      return getContent(parts, hash);
    },
    close: () => {
      closed ??= closing();
      return closed;
    },
  };
};
