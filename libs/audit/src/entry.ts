import { entryIn } from './verify/entry';

/** One entry of the log as it is read from a store or an export. */
export type LogEntry = Readonly<{ logIndex: number; bytes: Uint8Array }>;

type Claim = Readonly<{ key: string; commandHash: string }>;
/** An event with all that its short form leaves unsaid. Source: docs/reference/log-format.md, 8. */
export type Entry = Readonly<{
  id: string;
  stream: string;
  revision: number;
  type: string;
  decidedAt: string;
  data: unknown;
  meta: Readonly<{ append: Readonly<{ index: number; count: number }>; command?: unknown; facts: Readonly<Record<string, unknown>> }>;
  claims: readonly Claim[];
  logIndex: number;
}>;

/** @throws Error when the text is no JSON or no envelope. */
export const entryOf = (text: string, logIndex: number): Entry => {
  const entry = entryIn(JSON.parse(text), logIndex);
  if (!entry) throw new Error(`log index ${logIndex}: the envelope has another form`);
  const { envelope, append, command, facts, claims } = entry;
  return { ...envelope, meta: { append, command, facts }, claims, logIndex };
};
