const HAND_OVER = /^inTransit:.*:(?:currentYear|priorYear|owed)$/;

/** Between two accounts; other money in transit is of one. Source: log-format.md, 6. */
export const isHandOver = (account: string): boolean => HAND_OVER.test(account);
