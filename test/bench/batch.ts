import { type Benchmark, figure, rounded } from './suite/benchmark';
import { cityEngine, httpRate } from './suite/http-rate';
import { underLoad } from './suite/load';

const STREAMS = 4;

/** Many swipes in one request, a line each, beside one request a swipe. */
export const batch: Benchmark = {
  name: 'batch',
  what: `settlements through the batch endpoint, ${STREAMS} streams ÷ through single requests, 64 connections`,
  run: async (workshop) => {
    const { quick } = workshop;
    const { perSecond: single } = await httpRate(workshop);
    const { engine, plan } = await cityEngine(workshop);
    const pace = { kind: 'batch' } as const;
    const load = plan({ connections: STREAMS, warmUpSeconds: quick ? 1 : 3, seconds: quick ? 3 : 15, pace });
    const { perSecond, cpuShare } = await underLoad(workshop, load, 201);
    const lagSeconds = await engine.lagSeconds();
    return {
      figures: [
        figure('batch ÷ single', perSecond / single, 'ratio', { atLeast: 2 }),
        figure('batch projection lag at the end', lagSeconds, 's', { atMost: 2 }),
      ],
      beside: {
        'batch lines a second': rounded(perSecond),
        'single a second': rounded(single),
        'load process, share of a core': rounded(cpuShare),
      },
    };
  },
};
