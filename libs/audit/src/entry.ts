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

type Stored = Omit<Entry, 'claims' | 'logIndex' | 'meta'> & {
  meta: Partial<Entry['meta']> & { claims?: readonly string[] };
};

const ALONE = { index: 0, count: 1 };
const CLAIMS_ITS_KEY = /^(?:medicalAccount|settlementVoid|institution)-/;

/** @throws Error when the text is no JSON. */
export const entryOf = (text: string, logIndex: number): Entry => {
  const stored = JSON.parse(text) as Stored;
  const { append = ALONE, command, facts = {}, claims: further = [] } = stored.meta;
  const { key, commandHash } = stored.data as { key?: unknown; commandHash?: string };
  const keys = typeof key === 'string' && CLAIMS_ITS_KEY.test(stored.stream) ? [key, ...further] : further;
  return {
    ...stored,
    meta: { append, command, facts },
    claims: keys.map((claimed) => ({ key: claimed, commandHash: commandHash ?? '' })),
    logIndex,
  };
};
