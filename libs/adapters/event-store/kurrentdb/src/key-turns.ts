/**
 * Work that wants a key waits once for the work of this process that has it; work on other keys does not. Most often the key is then taken for
 * good, and all who waited find that out side by side. Each takes its place for all of its keys at once, so that no two wait for each other.
 */
export const keyTurns = () => {
  const busy = new Map<string, Promise<unknown>>();
  return async <T>(keys: readonly string[], work: () => Promise<T>): Promise<T> => {
    const before = keys.map((key) => busy.get(key)).filter((one) => one !== undefined);
    if (keys.length === 0 || before.length > 0) return Promise.all(before).then(work);
    const turn = work();
    const done = turn.catch(() => undefined);
    for (const key of keys) busy.set(key, done);
    try {
      return await turn;
    } finally {
      for (const key of keys) if (busy.get(key) === done) busy.delete(key);
    }
  };
};
