import type { EngineClient } from '../engine/client';
import type { Ended, Line } from './answers';

export type Asked = Readonly<{ method: 'GET' | 'POST'; path: string; operator: string }>;

/**
 * Reads an answer to its last line; undefined when Ctrl-C came first. Throws: Refused; an Error when the answer was cut: half a plan is none.
 */
export const readLines = async (
  admin: EngineClient,
  asked: Asked,
  { signal, onLine }: Readonly<{ signal: AbortSignal; onLine: (line: Exclude<Line, Ended>) => void | Promise<void> }>,
): Promise<Ended | undefined> => {
  try {
    for await (const text of admin.lines(asked, signal)) {
      const line = JSON.parse(text) as Line;
      if (line.state === 'done' || line.state === 'stopped') return line;
      await onLine(line as Exclude<Line, Ended>);
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
  if (signal.aborted) return undefined;
  throw new Error('the engine ended its answer before it was whole');
};
