import type { Imports } from '../engine';
import { logTotals } from './log-totals';
import { type TakeOverParts, takeOvers } from './take-overs';

/** The way in for what a legacy system leaves behind. */
export const importsOf = (parts: TakeOverParts): Imports => ({ ...takeOvers(parts), totals: logTotals(parts.reader) });
