import { batch } from './batch';
import { eventSize } from './event-size';
import { http } from './http';
import { httpLatency } from './http-latency';
import { inProcess } from './in-process';
import { peer } from './peer';
import type { Benchmark } from './suite/benchmark';

/** In the order in which they run: those that share an engine stand together. */
export const BENCHMARKS: readonly Benchmark[] = [http, httpLatency, batch, peer, inProcess, eventSize];
