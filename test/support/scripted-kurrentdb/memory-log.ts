/** An event as a client proposes it; `place`: its revision in its stream. */
export type Event = Readonly<{ id: string; type: string; json: boolean; data: Uint8Array; metadata: Uint8Array }>;
export type Kept = Event & Readonly<{ name: string; place: number; commit: number; prepare: number }>;
export type Appended = Readonly<{ kind: 'done'; last: Kept } | { kind: 'wrong'; current: number }>;

const RECORD_BYTES = 100;

/**
 * Streams and their order as the server keeps them, in memory. An append at an exact place is a repeat when these very ids stand there; ids are
 * all that it compares. Source: EventStore.Core, IndexWriter.CheckCommit.
 */
export class MemoryLog {
  private kept: Kept[] = [];
  private readonly deleted = new Set<string>();
  private readonly streams = new Map<string, Kept[]>();
  private readonly listeners = new Set<(event: Kept) => void>();
  private end = 0;

  /** Everything that is kept, in order. */
  get all(): Kept[] {
    if (this.deleted.size > 0) this.kept = this.kept.filter(({ name }) => !this.deleted.has(name));
    this.deleted.clear();
    return this.kept;
  }

  stream(name: string): readonly Kept[] {
    return this.streams.get(name) ?? [];
  }

  append(name: string, after: number, events: readonly Event[]): Appended {
    const stands = this.stream(name);
    const current = stands.length - 1;
    if (after > current) return { kind: 'wrong', current };
    if (after < current) {
      const isRepeat = events.every(({ id }, i) => stands[after + 1 + i]?.id === id);
      const last = stands[after + events.length];
      return isRepeat && last ? { kind: 'done', last } : { kind: 'wrong', current };
    }
    const kept = events.map((event, i) => this.keep(name, after + 1 + i, event));
    for (const event of kept) for (const hear of [...this.listeners]) hear(event);
    return { kind: 'done', last: kept.at(-1) as Kept };
  }

  delete(name: string): void {
    this.streams.delete(name);
    this.deleted.add(name);
  }

  /** Changes what is kept behind the back of whoever wrote it. */
  falsify(name: string, place: number, change: (event: Kept) => Kept): void {
    const stream = this.streams.get(name);
    const kept = stream?.[place];
    if (!stream || !kept) throw new Error('nothing there');
    const changed = change(kept);
    stream[place] = changed;
    this.all[this.all.indexOf(kept)] = changed;
  }

  hear(listener: (event: Kept) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The events of one append share a commit position. */
  private keep(name: string, place: number, event: Event): Kept {
    const stream = this.streams.get(name) ?? [];
    const prepare = this.end;
    const commit =
      place > 0 && stream.at(-1)?.place === place - 1 && this.all.at(-1)?.name === name ? (this.all.at(-1)?.commit ?? prepare) : prepare;
    const kept = { ...event, name, place, commit, prepare };
    this.end += RECORD_BYTES + event.data.byteLength;
    stream.push(kept);
    this.streams.set(name, stream);
    this.all.push(kept);
    return kept;
  }
}

/** The order of the log: by commit, then by prepare position. */
export const isAfter = (event: Kept, at: Readonly<{ commit: number; prepare: number }>): boolean =>
  event.commit > at.commit || (event.commit === at.commit && event.prepare > at.prepare);
