import type { LoadPlan, LoadResult } from './load/plan';
import { message, type Workshop } from './workshop';

/** Runs a load in a process of its own. Throws: when any answer was not the wanted one: then nothing was measured. */
export const underLoad = async (workshop: Workshop, plan: LoadPlan, wanted: number): Promise<LoadResult> => {
  const child = workshop.fork('load/main.js');
  child.send(plan);
  const result = await message<LoadResult>(child);
  const others = Object.entries(result.byStatus).filter(([status]) => Number(status) !== wanted);
  const wrong = others.reduce((sum, [, count]) => sum + count, 0);
  const tolerated = plan.pace.kind === 'batch' ? result.answers / 100 : 0;
  if (result.answers === 0 || wrong > tolerated) throw new Error(`answers other than ${wanted}: ${JSON.stringify(result.byStatus)}`);
  return result;
};
