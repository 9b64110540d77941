import type { Pool } from 'pg';
import type { AccessEntry, Touched, VaultKeeper, VaultRows } from '../rows';
import { VaultOutage } from '../vault-error';
import type { Erasures } from './erasures';
import { PostgresGroupCommit } from './group-commit';
import { outageOf } from './postgres-faults';
import { TailRows } from './tail-rows';

const ACCESS_LOG = 'SELECT seq, at, principal, purpose, subject, act FROM vault_access_log WHERE seq >= $1 ORDER BY seq LIMIT $2';

/** The rows of a vault in PostgreSQL, for several engines. */
export class PostgresKeeper implements VaultKeeper {
  private readonly work: PostgresGroupCommit;
  private readonly tails: TailRows;
  private ended: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly erasures: Erasures,
  ) {
    this.work = new PostgresGroupCommit(pool);
    this.tails = new TailRows(pool);
  }

  commit<T>(touched: Touched, act: (rows: VaultRows) => T): Promise<T> {
    return this.work.commit(touched, act);
  }

  tailRow(cardId: string): ReturnType<VaultKeeper['tailRow']> {
    return this.ended ? Promise.reject(new VaultOutage('closing')) : this.tails.of(cardId);
  }

  /** Nothing: the old row goes with the server's next vacuum. */
  afterErasure(): void {}

  async accessLog(from: number, limit: number): ReturnType<VaultKeeper['accessLog']> {
    try {
      return (await this.pool.query<AccessEntry & { seq: number }>(ACCESS_LOG, [from, limit])).rows;
    } catch (fault) {
      throw outageOf(fault);
    }
  }

  close(): Promise<void> {
    this.ended ??= this.end();
    return this.ended;
  }

  private async end(): Promise<void> {
    this.erasures.stop();
    await this.work.close();
    await this.pool.end();
  }
}
