import { eventSize } from './event-size';
import { http } from './http';
import { inProcess } from './in-process';
import type { Benchmark } from './suite/benchmark';

/** In the order in which they run: those that share an engine stand together. */
export const BENCHMARKS: readonly Benchmark[] = [http, inProcess, eventSize];
