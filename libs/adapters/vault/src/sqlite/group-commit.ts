import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { VaultError, VaultOutage } from '../vault-error';
import { outageOf } from './sqlite-faults';

type Waiting = Readonly<{ run: () => unknown; resolve: (value: unknown) => void; reject: (error: Error) => void }>;

/**
 * Runs the work of one turn of the event loop in one transaction and answers after its commit: one fsync for all that came in together.
 * Work that throws is undone alone and takes nobody with it.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private closed = false;
  private readonly begin: StatementSync;
  private readonly savepoint: StatementSync;
  private readonly release: StatementSync;
  private readonly commitAll: StatementSync;

  constructor(private readonly db: DatabaseSync) {
    // Prepared: to parse them for every person of an import costs as much as his row.
    this.begin = db.prepare('BEGIN IMMEDIATE');
    this.savepoint = db.prepare('SAVEPOINT work');
    this.release = db.prepare('RELEASE work');
    this.commitAll = db.prepare('COMMIT');
  }

  /** Throws: what `run` throws; VaultOutage (then nothing of it is to be relied on). */
  commit<T>(run: () => T): Promise<T> {
    if (this.closed) return Promise.reject(new VaultOutage('closing'));
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ run, resolve: resolve as (value: unknown) => void, reject });
      if (this.waiting.length === 1) setImmediate(() => this.flush());
    });
  }

  /** Finishes what has been asked and takes no more. */
  close(): void {
    this.closed = true;
    this.flush();
  }

  private flush(): void {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length === 0) return;
    const answers: (() => void)[] = [];
    try {
      this.begin.run();
      for (const work of batch) answers.push(this.answerTo(work));
      this.commitAll.run();
    } catch (fault) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      for (const { reject } of batch) reject(outageOf(fault));
      return;
    }
    for (const answer of answers) answer();
  }

  private answerTo({ run, resolve, reject }: Waiting): () => void {
    this.savepoint.run();
    try {
      const value = run();
      this.release.run();
      return () => resolve(value);
    } catch (error) {
      this.db.exec('ROLLBACK TO work; RELEASE work');
      const told = error instanceof VaultError ? error : outageOf(error);
      return () => reject(told);
    }
  }
}
