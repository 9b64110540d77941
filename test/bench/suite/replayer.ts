import { setImmediate as nextTurn } from 'node:timers/promises';
import { replayRate } from './replaying';

/** Entry of a process that replays a log again and again until it is told to stop; it tells of every pass. */
const run = async (folder: string): Promise<void> => {
  for (;;) {
    process.send?.({ perSecond: replayRate(folder) });
    await nextTurn(); // The message leaves here.
  }
};

process.once('message', (folder) => void run(folder as string));
process.once('disconnect', () => process.exit(0));
