import { runBatch } from './batch';
import { runClosed } from './closed';
import { gauge } from './gauge';
import { runOpen } from './open';
import type { LoadPlan } from './plan';

/** Entry of the load process: a plan comes in, a result goes out. */
const run = async (plan: LoadPlan): Promise<void> => {
  const measured = gauge();
  const { pace } = plan;
  if (pace.kind === 'closed') await runClosed(plan, measured);
  if (pace.kind === 'open') await runOpen({ ...plan, pace }, measured);
  if (pace.kind === 'batch') await runBatch(plan, measured);
  process.send?.(measured.result(), () => process.exit(0));
};

process.once('message', (plan) => void run(plan as LoadPlan));
process.once('disconnect', () => process.exit(1)); // Nobody waits any more.
