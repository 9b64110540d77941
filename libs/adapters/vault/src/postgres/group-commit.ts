import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Touched, VaultRows } from '../rows';
import { VaultError, VaultOutage } from '../vault-error';
import { LoadedRows } from './loaded-rows';
import { inTransaction } from './pool';
import { isAboutRows, OvertakenError, outageOf, wasOvertaken } from './postgres-faults';
import { loadRows, writeRows } from './row-queries';

type Act = Readonly<{
  touched: Touched;
  run: (rows: VaultRows) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}>;

const BATCH_MAX = 256;
const BATCHES_AT_ONCE = 3;
const TRIES_MAX = 40;
const PAUSE_MS_MAX = 40;

/**
 * Runs the acts that have come together in one transaction, and answers after its commit. Nothing is locked beforehand: when another engine has
 * put the same before this one's commit, the whole is run again on what stands by then, and finds it there.
 */
export class PostgresGroupCommit {
  private waiting: Act[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private isToStart = false;
  private closed = false;

  constructor(private readonly pool: Pool) {}

  /** Throws: what `run` throws; VaultOutage (then nothing of it is to be relied on). */
  commit<T>(touched: Touched, run: (rows: VaultRows) => T): Promise<T> {
    if (this.closed) return Promise.reject(new VaultOutage('closing'));
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ touched, run, resolve: resolve as (value: unknown) => void, reject });
      if (this.isToStart) return;
      this.isToStart = true;
      setImmediate(() => {
        this.isToStart = false;
        this.start();
      });
    });
  }

  /** Finishes what has been asked and takes no more. */
  async close(): Promise<void> {
    this.closed = true;
    this.start();
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private start(): void {
    while (this.waiting.length > 0 && this.underWay.size < BATCHES_AT_ONCE) {
      const batch = this.waiting.splice(0, BATCH_MAX);
      const done = this.finish(batch).finally(() => {
        this.underWay.delete(done);
        this.start();
      });
      this.underWay.add(done);
    }
  }

  private async finish(batch: readonly Act[]): Promise<void> {
    try {
      const answers = await this.untilFirst(batch);
      for (const answer of answers) answer();
    } catch (fault) {
      // What the server cannot keep is one act's fault, and the others are not to go with it.
      if (isAboutRows(fault) && batch.length > 1) for (const act of batch) await this.finish([act]);
      else for (const { reject } of batch) reject(outageOf(fault));
    }
  }

  private async untilFirst(batch: readonly Act[]): Promise<readonly (() => void)[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await inTransaction(this.pool, async (client) => {
          const rows = new LoadedRows(
            await loadRows(
              client,
              batch.map(({ touched }) => touched),
            ),
          );
          const answers = batch.map((act) => answerTo(act, rows));
          await writeRows(client, rows.written);
          return answers;
        });
      } catch (fault) {
        if (!wasOvertaken(fault) || tries === TRIES_MAX) throw fault instanceof OvertakenError ? new VaultOutage('outage') : fault;
        await pause(Math.random() * Math.min(PAUSE_MS_MAX, 2 ** tries));
      }
    }
  }
}

const answerTo = ({ run, resolve, reject }: Act, rows: LoadedRows): (() => void) => {
  try {
    const value = rows.run(run);
    return () => resolve(value);
  } catch (error) {
    const told = error instanceof VaultError ? error : outageOf(error);
    return () => reject(told);
  }
};
