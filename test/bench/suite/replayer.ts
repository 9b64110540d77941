import { replayRate } from './replaying';

/** Entry of a process that replays a log again and again until it is told to stop; it tells of every pass. */
const run = async (folder: string): Promise<void> => {
  for (;;) process.send?.({ perSecond: await replayRate(folder) });
};

process.once('message', (folder) => void run(folder as string));
process.once('disconnect', () => process.exit(0));
