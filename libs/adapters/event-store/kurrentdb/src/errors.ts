import { Unavailable } from '#libs/application';

const RECIPES = 'docs/how-to/run-on-kurrentdb.md';

/** What is stored is not what was written: never answered around, never skipped. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
  readonly code = 'log-damaged';
}

export const damaged = (zh: string, en: string): DamagedLogError =>
  new DamagedLogError(
    `KurrentDB 中的日志已损坏：${zh}。处理办法见 ${RECIPES}。The log in KurrentDB is damaged: ${en}. What to do: ${RECIPES}.`,
  );

export type StartUpCode =
  | 'kurrentdb-url'
  | 'kurrentdb-unreachable'
  | 'kurrentdb-certificate'
  | 'kurrentdb-credentials'
  | 'kurrentdb-rights'
  | 'kurrentdb-too-old'
  | 'kurrentdb-read-only'
  | 'kurrentdb-not-ready'
  | 'kurrentdb-no-log'
  | 'kurrentdb-layout';

/** Why the log cannot be opened, for the operator who starts the engine; says nothing of the credentials. */
export class KurrentDbStartUpError extends Error {
  override readonly name = 'KurrentDbStartUpError';

  constructor(
    readonly code: StartUpCode,
    zh: string,
    en: string,
  ) {
    super(`${zh}（见 ${RECIPES}）。${en} (see ${RECIPES}).`);
  }
}

/** A read that could not be made; nothing is known of what it would have shown. */
export const readOutage = (detail: string): Unavailable => new Unavailable('outage', `KurrentDB cannot be read: ${detail}`);
