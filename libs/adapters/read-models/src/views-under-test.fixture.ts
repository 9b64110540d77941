import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventStore } from '#libs/application';
import { nonEmpty } from '#libs/kernel';
import { dumpReadModel, type Notice, type OpenReadModels, openReadModels, type ReadModelsOptions } from './index';
import {
  cancelled,
  credited,
  opened,
  registered,
  sealed,
  settled,
  storedEvents,
  type Told,
  transferred,
  unsealed,
} from './projection.fixture';

export const NAMES = [
  'balances',
  'freezes',
  'cardTransfers',
  'settlements',
  'institutionDays',
  'cards',
  'vouchers',
  'applications',
  'owedVouchers',
  'personCases',
  'reissues',
  'relationTransfers',
];
export const PAGE = { limit: 100 };

export const holder = (accountId: string, amountFen = 10_000): Told[] => [
  opened(accountId),
  registered(accountId, `${accountId}-OLD`),
  credited(accountId, `${accountId}-OLD`, amountFen),
  settled(accountId, { serial: `${accountId}-S1`, cardId: `${accountId}-OLD`, accountFen: 4000, cashFen: 500 }),
  cancelled(accountId, { serial: `${accountId}-S2`, target: `${accountId}-S1`, cardId: `${accountId}-OLD`, accountFen: 1000 }),
];
export const moves = (accountId: string): Told[] => [
  sealed(accountId, `${accountId}-OLD`),
  unsealed(accountId, `${accountId}-OLD`),
  transferred(accountId, { from: `${accountId}-OLD`, to: `${accountId}-NEW`, currentFen: 7000, priorFen: 0 }),
];

/** How read models are kept in one database or another, in the folder of a spec or beside it. */
export type ViewsKind = Readonly<{
  open: (options: ReadModelsOptions) => Promise<OpenReadModels>;
  dump: (folder: string, name: string) => AsyncIterable<string>;
  /** Takes away all that is kept. */
  forget: (folder: string) => Promise<void>;
}>;
const inSqlite: ViewsKind = {
  open: openReadModels,
  dump: dumpReadModel,
  forget: async (folder) => rmSync(join(folder, 'views.db')),
};

/** For specs: a log, read models over it, and a folder of their own for each test. */
export class ViewsUnderTest {
  folder = '';
  store: EventStore;
  private models: OpenReadModels | undefined;
  private revisions = new Map<string, number>();
  private notices: Notice[] = [];

  constructor(
    private readonly openStore: (folder: string) => Promise<EventStore>,
    private readonly kind: ViewsKind = inSqlite,
  ) {
    beforeEach(async () => {
      this.folder = mkdtempSync(join(tmpdir(), 'views-'));
      this.notices = [];
      await this.openLog();
    });
    afterEach(async () => {
      await this.close();
      await this.store.close();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  readonly append = async (...events: readonly Told[]): Promise<void> => {
    for (const event of storedEvents(events, this.revisions)) {
      const expected = event.revision === 0 ? 'no-stream' : event.revision - 1;
      const result = await this.store.append({
        stream: event.stream,
        expected,
        events: nonEmpty([event]),
        claims: [],
        lane: 'interactive',
      });
      if (result.kind !== 'appended') throw new Error(result.kind);
    }
  };

  readonly open = async (batchEventsMax = 1_000): Promise<OpenReadModels> => {
    const { folder } = this;
    const reader = { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } };
    this.models = await this.kind.open({ folder, reader, onNotice: (told) => this.notices.push(told), batchEventsMax });
    return this.models;
  };

  readonly close = async (): Promise<void> => {
    await this.models?.close();
    this.models = undefined;
  };

  /** The views stay, under a log that begins anew. */
  readonly beginAnotherLog = async (): Promise<void> => {
    await this.store.close();
    for (const name of readdirSync(this.folder)) if (!name.startsWith('views.db')) rmSync(join(this.folder, name), { recursive: true });
    await this.openLog();
  };

  readonly caughtUp = async (models: OpenReadModels): Promise<void> => models.caughtUp(await this.store.lastLogIndex());

  readonly dumps = async (): Promise<Readonly<Record<string, readonly string[]>>> => {
    const all: Record<string, string[]> = {};
    for (const name of NAMES) {
      const lines: string[] = [];
      for await (const line of this.kind.dump(this.folder, name)) lines.push(line);
      all[name] = lines;
    }
    return all;
  };

  readonly forget = (): Promise<void> => this.kind.forget(this.folder);

  readonly inFile = <T>(use: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(join(this.folder, 'views.db'));
    try {
      return use(db);
    } finally {
      db.close();
    }
  };

  readonly said = (code: string): readonly (string | null)[] =>
    this.notices.filter((told) => told.code === code).map(({ projection }) => projection);

  private async openLog(): Promise<void> {
    this.store = await this.openStore(this.folder);
    this.revisions = new Map();
  }
}
