import type { Kysely, RawBuilder, Transaction, TransactionBuilder } from 'kysely';
import { Unavailable } from '#libs/application';
import { type LogIndexWaits, NotYetProjected } from './log-index-waits';
import { PROJECTIONS } from './projections';
import type { Views } from './views';

export type Name = Exclude<keyof Views, 'projections'>;
/** Where queries are asked, and what the databases say in their own words. */
export type ViewsSource = Readonly<{
  db: Kysely<Views>;
  /** A transaction that sees one snapshot from its first query on. */
  transaction: () => TransactionBuilder<Views>;
  /** Comes before the first query. */
  begin?: (at: Transaction<Views>) => Promise<unknown>;
  /** The texts of a group in one, with a blank between them. */
  joined: (text: RawBuilder<unknown>) => RawBuilder<string | null>;
  waits: LogIndexWaits;
}>;

const VERSIONS = new Map(PROJECTIONS.map(({ name, version }) => [name, version]));

/**
 * Rows and the place in the log that they stand for come from one snapshot, not before `minLogIndex` is in it.
 * Throws: NotYetProjected when that takes too long; Unavailable when a projection is not there in this program's version.
 */
export const snapshot = async <T>(
  { views, minLogIndex = -1 }: Readonly<{ views: ViewsSource; minLogIndex?: number | undefined }>,
  names: readonly Name[],
  read: (at: Transaction<Views>, asOfLogIndex: number) => Promise<T>,
): Promise<T> => {
  if (minLogIndex >= 0) await views.waits.reached(names, minLogIndex);
  return views.transaction().execute(async (at) => {
    await views.begin?.(at);
    const found = await at
      .selectFrom('projections')
      .select(['name', 'version', 'logIndex'])
      .where('role', '=', 'live')
      .where('name', 'in', names)
      .execute();
    const strange = names.find((name) => found.find((one) => one.name === name)?.version !== VERSIONS.get(name));
    if (strange !== undefined) throw new Unavailable('outage', `${strange} is not there in the version of this program`);
    const asOfLogIndex = Math.min(...found.map(({ logIndex }) => logIndex));
    if (asOfLogIndex < minLogIndex) throw new NotYetProjected(minLogIndex, asOfLogIndex); // Built anew since.
    return read(at, asOfLogIndex);
  });
};
