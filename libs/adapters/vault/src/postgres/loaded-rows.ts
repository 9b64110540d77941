import type { AccessEntry, CardRow, ChangeRow, KeyRow, VaultRows, VersionRow } from '../rows';

type Of<Id extends string, Row> = Row & Readonly<Record<Id, string>>;
/** What acts have put, in the order in which they did. */
export type Written = Readonly<{
  keys: Of<'personId', Readonly<{ wrapped: Uint8Array }>>[];
  erased: string[];
  versions: Of<'personId', VersionRow>[];
  cards: Of<'cardId', CardRow>[];
  changes: Of<'changeId', ChangeRow>[];
  applied: Readonly<{ changeId: string; version: number }>[];
  access: AccessEntry[];
}>;
/** Everything that there is under the ids that acts touch; what is not in here is not there. */
export type Loaded = Readonly<{
  keys: ReadonlyMap<string, KeyRow>;
  versions: ReadonlyMap<string, readonly VersionRow[]>;
  cards: ReadonlyMap<string, CardRow>;
  changes: ReadonlyMap<string, ChangeRow>;
}>;

/** Rows that have been loaded from a server, with what the acts put on top of them; written there when all acts have run. */
export class LoadedRows implements VaultRows {
  readonly written: Written = { keys: [], erased: [], versions: [], cards: [], changes: [], applied: [], access: [] };
  private readonly keys: Map<string, KeyRow>;
  private readonly versionsOf: Map<string, readonly VersionRow[]>;
  private readonly cards: Map<string, CardRow>;
  private readonly changes: Map<string, ChangeRow>;
  private toUndo: (() => void)[] = [];

  constructor(loaded: Loaded) {
    this.keys = new Map(loaded.keys);
    this.versionsOf = new Map(loaded.versions);
    this.cards = new Map(loaded.cards);
    this.changes = new Map(loaded.changes);
  }

  /** Runs one act; one that throws leaves nothing behind, and takes nobody with it. */
  run<T>(act: (rows: VaultRows) => T): T {
    this.toUndo = [];
    try {
      return act(this);
    } catch (error) {
      for (const undo of this.toUndo.reverse()) undo();
      throw error;
    }
  }

  key(personId: string): KeyRow | undefined {
    return this.keys.get(personId);
  }

  insertKey(personId: string, wrapped: Uint8Array): void {
    this.set(this.keys, personId, { wrapped });
    this.note(this.written.keys, { personId, wrapped });
  }

  eraseKey(personId: string): void {
    this.set(this.keys, personId, { wrapped: null });
    this.note(this.written.erased, personId);
  }

  versions(personId: string): readonly VersionRow[] {
    return this.versionsOf.get(personId) ?? [];
  }

  insertVersion(personId: string, row: VersionRow): void {
    this.set(this.versionsOf, personId, [...this.versions(personId), row]);
    this.note(this.written.versions, { personId, ...row });
  }

  card(cardId: string): CardRow | undefined {
    return this.cards.get(cardId);
  }

  insertCard(cardId: string, row: CardRow): void {
    this.set(this.cards, cardId, row);
    this.note(this.written.cards, { cardId, ...row });
  }

  change(changeId: string): ChangeRow | undefined {
    return this.changes.get(changeId);
  }

  insertChange(changeId: string, row: ChangeRow): void {
    this.set(this.changes, changeId, row);
    this.note(this.written.changes, { changeId, ...row });
  }

  applied(changeId: string, version: number): void {
    const change = this.changes.get(changeId);
    if (change !== undefined) this.set(this.changes, changeId, { ...change, version });
    this.note(this.written.applied, { changeId, version });
  }

  insertAccess(entry: AccessEntry): void {
    this.note(this.written.access, entry);
  }

  private set<Row>(rows: Map<string, Row>, id: string, row: Row): void {
    const before = rows.get(id);
    rows.set(id, row);
    this.toUndo.push(() => {
      if (before === undefined) rows.delete(id);
      else rows.set(id, before);
    });
  }

  private note<Entry>(entries: Entry[], entry: Entry): void {
    entries.push(entry);
    this.toUndo.push(() => entries.pop());
  }
}
