import { quantile } from '../benchmark';
import type { LoadResult } from './plan';

export type Gauge = Readonly<{
  /** Begins to count; what was answered before was warming up. */
  begin: () => void;
  end: () => void;
  answered: (status: number, tookMs: number) => void;
  result: () => LoadResult;
}>;

const LATENCIES_MAX = 20_000_000;

export const gauge = (): Gauge => {
  let latencies = new Float64Array(1 << 16);
  let answers = 0;
  let running = false;
  let beganAt = 0;
  let endedAt = 0;
  let cpu = process.cpuUsage();
  const byStatus: Record<string, number> = {};
  return {
    begin: () => {
      running = true;
      beganAt = performance.now();
      cpu = process.cpuUsage();
    },
    end: () => {
      running = false;
      endedAt = performance.now();
      cpu = process.cpuUsage(cpu);
    },
    answered: (status, tookMs) => {
      if (!running) return;
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (answers === latencies.length && answers < LATENCIES_MAX) {
        const larger = new Float64Array(latencies.length * 2);
        larger.set(latencies);
        latencies = larger;
      }
      latencies[answers++] = tookMs;
    },
    result: () => {
      const wallMs = endedAt - beganAt;
      const took = latencies.subarray(0, answers);
      const at = (share: number) => quantile(took, share);
      return {
        answers,
        perSecond: answers / (wallMs / 1_000),
        byStatus,
        latencyMs: { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) },
        cpuShare: (cpu.user + cpu.system) / 1_000 / wallMs,
      };
    },
  };
};
