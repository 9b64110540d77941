import { statSync } from 'node:fs';
import path from 'node:path';
import { type Benchmark, figure, rounded } from './suite/benchmark';
import { ownCity } from './suite/city';
import { duringSeconds, openSettling } from './suite/settling';
import { ended } from './suite/workshop';

const IN_FLIGHT = 64;
const LOOK_EVERY_MS = 200;
const FILES = ['events.db-wal', 'views.db-wal'] as const;

/** The largest that each file ever was. Looks at sizes only: opening a database that SQLite has open would take its locks away. */
const watch = (folder: string) => {
  const largest = new Map<string, number>();
  const look = () => {
    for (const file of FILES) {
      const { size } = statSync(path.join(folder, file), { throwIfNoEntry: false }) ?? { size: 0 };
      largest.set(file, Math.max(size, largest.get(file) ?? 0));
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
    return (file: (typeof FILES)[number]) => (largest.get(file) ?? 0) / 1e6;
  };
};

/** A log that is replayed without a pause while it is written to: no reader may keep the WAL from being taken over into the file. */
export const wal: Benchmark = {
  name: 'wal',
  what: 'largest WAL within 10 minutes (quick: 6 seconds) of replay beside writes',
  run: async (workshop) => {
    const city = await ownCity(workshop, { accounts: 3_000, swipesEach: 0 }, 'wal');
    const { settle, lagSeconds, close } = await openSettling(city);
    const replayer = workshop.fork('replayer.js');
    let passes = 0;
    replayer.on('message', () => {
      passes += 1;
    });
    replayer.send(city.folder);
    const largest = watch(city.folder);
    const seconds = workshop.quick ? 6 : 600;
    const perSecond = await duringSeconds(seconds, IN_FLIGHT, (n) => settle(n % city.accounts));
    const megabytes = largest();
    await ended(replayer);
    const lag = await lagSeconds();
    await close();
    return {
      figures: [
        figure('WAL of the log, at its largest', megabytes('events.db-wal'), 'MB', { atMost: 256 }),
        figure('WAL of the projections, at its largest', megabytes('views.db-wal'), 'MB', { atMost: 256 }),
        figure('wal projection lag at the end', lag, 's', { atMost: 2 }),
      ],
      beside: { seconds, 'settled a second': rounded(perSecond), 'whole replays': passes },
    };
  },
};
