import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Benchmark, figure, rounded } from './suite/benchmark';
import { ownCity } from './suite/city';
import { longLogs } from './suite/long-logs';
import { openProjections } from './suite/parts';

/** All projections from nothing, as after their file was lost. */
export const projections: Benchmark = {
  name: 'projections',
  what: 'all projections rebuilt from the log',
  run: async (workshop) => {
    const { folder, accounts, events } = await ownCity(workshop, longLogs(workshop.quick), 'projections');
    for (const file of readdirSync(folder)) if (file.startsWith('views.db')) rmSync(path.join(folder, file));
    const from = performance.now();
    const readModels = await openProjections(folder);
    await readModels.caughtUp(events - 1);
    const seconds = (performance.now() - from) / 1_000;
    const { length } = await readModels.status();
    await readModels.close();
    return {
      figures: [figure('all projections rebuilt', events / seconds, 'events/s', { atLeast: 20_000 })],
      beside: { projections: length, accounts, events, seconds: rounded(seconds) },
    };
  },
};
