import { openKurrentDbEventReader } from '#libs/adapters/event-store/kurrentdb';
import { openSqliteEventReader } from '#libs/adapters/event-store/sqlite';
import type { EventReader } from '#libs/application';

export type OpenReader = EventReader & Readonly<{ close: () => Promise<void> }>;

/** Opens the log for reading, wherever it stands. Throws: when it cannot be opened. */
export const openLog = (store: string): Promise<OpenReader> =>
  store.startsWith('esdb') ? openKurrentDbEventReader({ url: store }) : openSqliteEventReader({ folder: store });
