import type { Page, PageRequest } from '#libs/application';
import { cursorOf, type Place } from './cursor';

const LIMIT_MAX = 10_000;

/** How many rows to read: one more than asked for tells whether there is a next page. */
export const rowsToRead = ({ limit }: PageRequest): number => Math.min(Math.max(Math.trunc(limit), 1), LIMIT_MAX) + 1;

export const pageOf = <Row, Out>(
  rows: readonly Row[],
  request: PageRequest,
  { asOfLogIndex, place, out }: { asOfLogIndex: number; place: (row: Row) => Place; out: (row: Row) => Out },
): Page<Out> => {
  const asked = rowsToRead(request) - 1;
  const shown = rows.slice(0, asked);
  const last = shown.at(-1);
  const next = rows.length > asked && last !== undefined ? cursorOf(place(last)) : null;
  return { rows: shown.map(out), next, asOfLogIndex };
};
