import { readFileSync } from 'node:fs';
import type { EngineProcess } from './engine-process';

const TICKS_A_SECOND = 100; // Of Linux.
const LOOK_EVERY_MS = 250;

/** CPU seconds of a process and all its threads; NaN where the system does not say. */
export const cpuSecondsOf = (pid: number): number => {
  try {
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return Number.NaN;
  }
};

/** Looks at an engine's memory while something runs. Units: MB. `grewMb`: from the middle of the work to its end. */
export const memoryOf = (engine: EngineProcess) => {
  const seen: number[] = [engine.rssMb()];
  const timer = setInterval(() => seen.push(engine.rssMb()), LOOK_EVERY_MS);
  return {
    stop: (): Readonly<{ maxMb: number; grewMb: number }> => {
      clearInterval(timer);
      const half = seen.slice(Math.floor(seen.length / 2));
      return { maxMb: Math.max(...seen), grewMb: Math.max(...half) - (half[0] ?? 0) };
    },
  };
};
