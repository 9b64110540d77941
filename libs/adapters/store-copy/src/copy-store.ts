import type { ContentStore, EventReader, EventStore } from '#libs/application';
import { compareLogs } from './compare-logs';
import { copyLog } from './copy-log';
import type { Copied, CopyReport } from './parts';

/** A store by the module that opens it: named, not imported. Adapters do not know each other; whoever copies names them. */
export type NamedStore = Readonly<{
  module: string;
  reader: string;
  store: string;
  contents: string;
  options: object;
  inFlightMax: number;
}>;
export type StoreCopyOrder = Readonly<{ from: NamedStore; to: NamedStore; report: CopyReport; signal: AbortSignal }>;
type Closable = Readonly<{ close: () => Promise<void> }>;

/**
 * Copies a log, its claims and the lines of its bills into an empty store, and holds the copy against the source. The source is only read.
 * Idempotency: a copy that was stopped is gone on with. Throws: CopyRefused, CopyStopped; when a store cannot be opened.
 */
export const copyStore = async ({ from, to, report, signal }: StoreCopyOrder): Promise<Copied> => {
  const opened: Closable[] = [];
  const open = async <T extends Closable>({ module, options }: NamedStore, opens: string, more: object = {}): Promise<T> => {
    const exported = ((await import(module)) as Record<string, unknown>)[opens];
    if (typeof exported !== 'function') throw new TypeError(`${module} exports no function ${opens}`);
    const made = await (exported as (options: object) => Promise<T>)({ ...options, ...more });
    opened.push(made);
    return made;
  };
  try {
    const source = await open<EventReader & Closable>(from, from.reader);
    const target = await open<EventStore>(to, to.store);
    const sourceContents = await open<ContentStore>(from, from.contents, { readOnly: true });
    const targetContents = await open<ContentStore>(to, to.contents);
    const last = await source.lastLogIndex();
    const parts = { source, target, sourceContents, targetContents, inFlightMax: to.inFlightMax, report, signal };
    const copiedNow = await copyLog(parts, last);
    const compared = await compareLogs(parts, last);
    return { events: last + 1, copiedNow, ...compared, sourceGrownBy: (await source.lastLogIndex()) - last };
  } finally {
    for (const part of opened.reverse()) await part.close();
  }
};
