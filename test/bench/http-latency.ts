import { type Benchmark, figure, rounded } from './suite/benchmark';
import { cityEngine, httpRate } from './suite/http-rate';
import { underLoad } from './suite/load';

const SHARE = 0.7;

/** What a till waits when the engine is busy but not full: requests come by themselves, and one that finds all connections taken waits too. */
export const httpLatency: Benchmark = {
  name: 'http-latency',
  what: 'p99 at 70 % of the HTTP rate, open loop: from when a request was due to its answer',
  run: async (workshop) => {
    const { quick } = workshop;
    const { perSecond } = await httpRate(workshop);
    const { engine, plan } = await cityEngine(workshop);
    const pace = { kind: 'open', perSecond: SHARE * perSecond } as const;
    const { latencyMs, cpuShare, ...load } = await underLoad(workshop, plan({ warmUpSeconds: 1, seconds: quick ? 4 : 30, pace }), 201);
    const lagSeconds = await engine.lagSeconds();
    return {
      figures: [
        figure('http p99 at 70 %, open loop', latencyMs.p99, 'ms', { atMost: 25 }),
        figure('http-latency projection lag at the end', lagSeconds, 's', { atMost: 2 }),
      ],
      beside: {
        'asked a second': rounded(pace.perSecond),
        'answered a second': rounded(load.perSecond),
        'p50 ms': rounded(latencyMs.p50),
        'p90 ms': rounded(latencyMs.p90),
        'p99.9 ms': rounded(latencyMs.p999),
        'longest ms': rounded(latencyMs.max),
        'load process, share of a core': rounded(cpuShare),
      },
    };
  },
};
