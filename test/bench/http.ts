import { type Benchmark, figure, rounded } from './suite/benchmark';
import { cityEngine, httpRate } from './suite/http-rate';

/** Durable settlements over HTTP beside what a bare Fastify does with the same bodies. */
export const http: Benchmark = {
  name: 'http',
  what: 'durable settlements over HTTP, 64 connections, projections on ÷ bare Fastify echo of the same body',
  run: async (workshop) => {
    const { settled, perSecond, echoPerSecond, ratio, lagSeconds, rssMb } = await httpRate(workshop);
    const { city } = await cityEngine(workshop);
    return {
      figures: [
        figure('http ÷ echo', ratio, 'ratio', { atLeast: 0.2 }),
        figure('http projection lag at the end', lagSeconds, 's', { atMost: 2 }),
      ],
      beside: {
        accounts: city.accounts,
        'settled a second': rounded(perSecond),
        'echo a second': rounded(echoPerSecond),
        'p50 ms': rounded(settled.latencyMs.p50),
        'p99 ms': rounded(settled.latencyMs.p99),
        'load process, share of a core': rounded(settled.cpuShare),
        'engine RSS MB': rounded(rssMb),
      },
    };
  },
};
