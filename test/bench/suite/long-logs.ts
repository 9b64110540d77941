import type { CityShape } from './city';

/** Accounts with some years of swipes: for what reads the log. */
export const longLogs = (quick: boolean): CityShape => (quick ? { accounts: 300, swipesEach: 60 } : { accounts: 4_000, swipesEach: 60 });
