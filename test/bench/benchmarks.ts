import { batch } from './batch';
import { big } from './big';
import { campaign } from './campaign';
import { credits } from './credits';
import { enablement } from './enablement';
import { eventSize } from './event-size';
import { fold } from './fold';
import { http } from './http';
import { httpLatency } from './http-latency';
import { importing } from './import';
import { inProcess } from './in-process';
import { kurrentdb } from './kurrentdb';
import { longStream } from './long-stream';
import { peer } from './peer';
import { projections } from './projections';
import { replay } from './replay';
import type { Benchmark } from './suite/benchmark';
import { verify } from './verify';
import { wal } from './wal';

/** In the order in which they run: those that share an engine stand together, and let go of it before the others. */
export const BENCHMARKS: readonly Benchmark[] = [
  http,
  httpLatency,
  peer,
  batch,
  inProcess,
  fold,
  replay,
  verify,
  projections,
  longStream,
  campaign,
  enablement,
  importing,
  credits,
  big,
  wal,
  eventSize,
  kurrentdb,
];
/** These use the one engine over one city. */
export const SHARING: ReadonlySet<Benchmark> = new Set([http, httpLatency, peer, batch]);
