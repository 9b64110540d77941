import type { Fields } from './region';
import type { Trace } from './trace';

/** An answer of success as it left the engine, and where in the trace. */
export type Acknowledged = Readonly<{ name: string; issued: number; body: Fields }>;

/** Every success that the trace shows leaving over a connection, by the name that its caller gave it. */
export const acknowledgedIn = ({ said }: Trace): readonly Acknowledged[] =>
  said.flatMap(({ issued, text }) =>
    text
      .split(/(?=HTTP\/1\.1 )/)
      .filter((answer) => /^HTTP\/1\.1 20[01] /.test(answer))
      .flatMap((answer) => {
        const name = /\r\nx-correlation-id: ([^\r]+)/i.exec(answer)?.[1];
        const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
        return name === undefined || !body.startsWith('{') ? [] : [{ name, issued, body: JSON.parse(body) as Fields }];
      }),
  );

const FRAME_HEADER_BYTES = 24;

/**
 * Why an answer may not be told yet, undefined when it may: the frames that hold `words` are followed by the frame that commits them, that by
 * a sync of the same file, and that by the answer. Source: SQLite, "Database File Format", 4.1.
 */
export const unsyncedBefore = (trace: Trace, walName: string, words: string, answeredAt: number): string | undefined => {
  const nodes = new Set([...trace.names].filter(([, name]) => name.endsWith(walName)).map(([node]) => node));
  const sought = Buffer.from(words);
  const writes = trace.changes.filter((change) => change.what === 'write' && nodes.has(change.node));
  const first = writes.findIndex((change) => change.what === 'write' && change.bytes.includes(sought));
  if (first === -1) return 'no frame holds it';
  const header = writes.findIndex(
    (change, i) =>
      i >= first - 1 &&
      change.what === 'write' &&
      change.bytes.length === FRAME_HEADER_BYTES &&
      change.at > 0 &&
      change.bytes.readUInt32BE(4) > 0,
  );
  const committed = writes[header + 1];
  if (header === -1 || !committed) return 'no frame commits it';
  const synced = trace.syncs.find(({ node, issued }) => node === committed.node && issued > committed.returned);
  if (!synced) return 'no sync follows its frames';
  return synced.returned < answeredAt ? undefined : 'it was answered before the sync was over';
};
