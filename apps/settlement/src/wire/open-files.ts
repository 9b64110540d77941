import { readFileSync } from 'node:fs';

const KEPT_FOR_OTHERS = 256; // Stores, threads, the admin socket, logs.
const FEWEST = 16;

/** How many connections the system leaves room for; null where it does not say. Node has raised the soft limit to the hard one by itself. */
const roomForConnections = (): number | null => {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return found ? Math.max(FEWEST, Number(found[1]) - KEPT_FOR_OTHERS) : null;
  } catch {
    return null;
  }
};

/** As many connections as were asked for, or as many as there are files for: the log must never be the one that finds none. */
export const connectionsWithin = (asked: number, room = roomForConnections()): number => (room === null ? asked : Math.min(asked, room));
