import type { Till } from '../region';

/** What the load process is to send. Each connection speaks for one till. */
export type LoadPlan = Readonly<{
  port: number;
  tills: readonly Till[];
  /** Cards are drawn evenly from this many. */
  accounts: number;
  /** Distinguishes the serials of this load from all others. */
  prefix: string;
  connections: number;
  /** Every second connection sends a correlation id of its own. */
  correlated?: boolean;
  warmUpSeconds: number;
  seconds: number;
  /**
   * closed: each connection sends when it has its answer. open: at this rate whatever the answers do; what finds no free connection waits,
   * and the wait counts. batch: each connection streams lines to the batch endpoint. Units: a second.
   */
  pace: Readonly<{ kind: 'closed' }> | Readonly<{ kind: 'open'; perSecond: number }> | Readonly<{ kind: 'batch' }>;
}>;

/** Latencies of an open load count from the moment at which the request was due. `cpuShare`: of one core, by the load process itself. */
export type LoadResult = Readonly<{
  answers: number;
  perSecond: number;
  byStatus: Readonly<Record<string, number>>;
  latencyMs: Readonly<{ p50: number; p90: number; p99: number; p999: number; max: number }>;
  cpuShare: number;
}>;
