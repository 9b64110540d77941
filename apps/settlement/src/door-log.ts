import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { LogLines } from './log-lines';

export const LOG = Symbol('LOG');
export type DoorLog = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;

/** JSON lines on stderr. No bodies, no query strings, no personal data: callers pass names of things and numbers. */
export const stderrLog = (level: string): DoorLog => pino({ level, base: { app: 'settlement' } }, new LogLines(2));
export const silentLog: DoorLog = pino({ level: 'silent' });

/** What the framework has to say goes the same way. */
export const nestLog = (log: DoorLog): LoggerService => ({
  log: (message: unknown, context?: unknown) => log.debug({ context }, String(message)),
  warn: (message: unknown, context?: unknown) => log.warn({ context }, String(message)),
  error: (message: unknown, context?: unknown) => log.error({ context }, String(message).split('\n', 1)[0] ?? ''),
});
