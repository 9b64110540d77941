const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** What is in views.db is not what was written there; damage of the log has a name of its own. A fault from a thread may have kept its words only. */
export const isDamage = (error: unknown): boolean => {
  const { name, errcode = 0, message = '' } = error as { name?: string; errcode?: number; message?: string };
  if (name === 'DamagedLogError' || message.includes('events.db')) return false;
  return [CORRUPT, NOT_A_DATABASE].includes(errcode & 0xff) || /malformed|not a database/.test(message);
};

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
