import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { Append } from '#libs/application';
import { eventId } from '#libs/application';
import { bareLoop } from './bare-loop';
import { rounded } from './benchmark';
import type { Workshop } from './workshop';

/** By what two machines are compared before their figures are. */
export type Machine = Readonly<Record<string, string | number>>;

const MEASURE_MS = 300;
const EVENT_BYTES = 900;
const APPENDS = 20_000;

const perSecond = (work: () => void): number => {
  let done = 0;
  const from = performance.now();
  for (let at = from; at - from < MEASURE_MS; at = performance.now()) for (let i = 0; i < 500; i++, done++) work();
  return done / ((performance.now() - from) / 1_000);
};

const appendOf = (n: number): Append => {
  const stream = `medicalAccount-${String(n % 5_000).padStart(32, '0')}`;
  const id = eventId(`yardstick-${n}`, 0);
  const event = { id, type: 'Yardstick', stream, revision: Math.floor(n / 5_000), bytes: Buffer.alloc(EVENT_BYTES, 'x') };
  const claims = [{ key: `settlement-H37020200001-${n}`, commandHash: '0'.repeat(64), eventIndex: 0 }];
  return { stream, expected: 'no-stream', events: [event], claims, lane: 'interactive' };
};

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: path.join(__dirname, '../../../..'),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim();
  } catch {
    return 'unknown';
  }
};

/** Measured in every run, beside the figures. */
export const machine = (workshop: Workshop): Machine => {
  const members = Array.from({ length: 20 }, (_, i) => [`member${i}`, i % 2 ? i * 1_000 : 'a text of some length'] as const);
  const json = JSON.stringify({ ...Object.fromEntries(members), filler: 'x'.repeat(400) });
  const bytes = Buffer.from(json);
  const parse = () => {
    JSON.parse(bytes.toString('utf8'));
    createHash('sha256').update(bytes).digest();
  };
  perSecond(parse);
  return {
    commit: commit(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    'memory GB': rounded(totalmem() / 1e9),
    node: process.version,
    [`JSON.parse and SHA-256 of ${bytes.length} bytes, a second`]: rounded(perSecond(parse)),
    [`SQLite, 256 appends of ${EVENT_BYTES} bytes a commit, a second`]: rounded(
      bareLoop(
        workshop.folder('yardstick'),
        Array.from({ length: APPENDS }, (_, n) => appendOf(n)),
        256,
      ),
    ),
  };
};
