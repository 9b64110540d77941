import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '#libs/application';
import { projectionNamed } from '../projections';
import { type Queries, queriesOver } from '../queries';
import type { OpenReadModels } from '../read-models';
import { askRebuild, standingOf } from './asked-rebuilds';
import { demandKnownSchema, NewerSchemaError } from './migrations';
import { openPool } from './pool';
import { postgresSource } from './source';
import { toldStates } from './states';

export type PostgresReadModelsOptions = Readonly<{
  /** Where the database is: postgres://…; its password is never told. */
  url: string;
  lastLogIndex: () => Promise<number>;
  connectionsMax?: number;
}>;

const CONNECTIONS_MAX = 8;
const STATEMENT_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;

/**
 * Queries over the read models that a projector keeps in PostgreSQL. A database that is away takes nothing but these queries away: they
 * throw Unavailable. Throws: NewerSchemaError when a newer program made them.
 */
export const openPostgresReadModels = async (options: PostgresReadModelsOptions): Promise<OpenReadModels> => {
  const { url, lastLogIndex, connectionsMax = CONNECTIONS_MAX } = options;
  const pool = openPool(url, { connectionsMax, applicationName: 'yika-engine', statementWithinMs: STATEMENT_WITHIN_MS });
  const source = postgresSource(pool);
  const stop = new AbortController();
  const closing = (): boolean => stop.signal.aborted;
  try {
    await demandKnownSchema(pool);
  } catch (error) {
    if (error instanceof NewerSchemaError) {
      await pool.end();
      throw error;
    }
  }
  const status = async () => (await orUnavailable(async () => toldStates(pool, await lastLogIndex()))).statuses;
  return {
    ...guarded(queriesOver(source)),
    status,
    async rebuild(name, onProgress) {
      projectionNamed(name);
      const id = await orUnavailable(() => askRebuild(pool, name));
      for (;;) {
        const total = (await lastLogIndex()) + 1;
        const { state, detail, doneEvents } = await orUnavailable(() => standingOf(pool, id));
        if (state === 'done') {
          onProgress(total, total);
          return;
        }
        if (state === 'failed') throw new Error(detail ?? state);
        if (doneEvents !== null) onProgress(doneEvents, Math.max(total, doneEvents));
        if (closing()) throw new Unavailable('closing', 'the rebuild goes on without this process');
        await pause(LOOK_EVERY_MS);
      }
    },
    async caughtUp(logIndex) {
      for (;;) {
        const all = await status();
        const failed = all.find(({ state }) => state === 'failed');
        if (failed !== undefined) throw new Error(`${failed.name} has failed: ${failed.detail ?? ''}`);
        if (all.every((one) => one.logIndex >= logIndex && one.state === 'live')) return;
        await pause(LOOK_EVERY_MS);
      }
    },
    async close() {
      stop.abort();
      await source.db.destroy();
      if (!pool.ended) await pool.end(); // Who was never asked a query has not taken it along.
    },
  };
};

/** Errors that mean something to who asks, and no outage. */
const MEANT = new Set(['cursor-form', 'not-yet-projected']);

const orUnavailable = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (error instanceof Unavailable || error instanceof RangeError || MEANT.has(code)) throw error;
    throw new Unavailable('outage', `the read models in PostgreSQL (${code || (error as Error).name})`);
  }
};

const guarded = (queries: Queries): Queries =>
  Object.fromEntries(
    Object.entries(queries).map(([name, query]) => [
      name,
      (...words: never[]) => orUnavailable(() => (query as (...words: never[]) => Promise<unknown>)(...words)),
    ]),
  ) as Queries;
