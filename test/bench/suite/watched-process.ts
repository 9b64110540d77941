import { readdirSync, readFileSync } from 'node:fs';
import type { EngineProcess } from './engine-process';

const TICKS_A_SECOND = 100; // Of Linux.
const LOOK_EVERY_MS = 250;

const secondsIn = (stat: string): number => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
};

/** CPU seconds of a process and all its threads; NaN where the system does not say. */
export const cpuSecondsOf = (pid: number): number => {
  try {
    return secondsIn(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return Number.NaN;
  }
};

/** CPU seconds by thread, the main one first, then workers in the order of their making, then all others together: of V8 and libuv. */
export type ThreadSeconds = readonly number[];
const threadSecondsOf = (pid: number): ThreadSeconds => {
  const [workers, others]: [number[], number[]] = [[], []];
  let main = 0;
  for (const id of readdirSync(`/proc/${String(pid)}/task`).sort((a, b) => Number(a) - Number(b))) {
    const stat = readFileSync(`/proc/${String(pid)}/task/${id}/stat`, 'utf8');
    if (Number(id) === pid) main = secondsIn(stat);
    else (stat.includes('(WorkerThread)') ? workers : others).push(secondsIn(stat));
  }
  return [main, ...workers, others.reduce((sum, one) => sum + one, 0)];
};

/** Microseconds of CPU that each item cost the threads of a process since `watchThreads`, as text: "main 80 · workers 30 0 0 40 · V8 12". */
export const watchThreads = (pid: number): ((items: number) => string) => {
  const read = () => {
    try {
      return threadSecondsOf(pid);
    } catch {
      return [];
    }
  };
  const before = read();
  return (items) => {
    const [main = 0, ...rest] = read().map((seconds, n) => Math.round(((seconds - (before[n] ?? 0)) / items) * 1e6));
    return `main ${main} · workers ${rest.slice(0, -1).join(' ')} · V8 ${rest.at(-1) ?? 0}`;
  };
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
