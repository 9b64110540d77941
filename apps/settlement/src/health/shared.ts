/** Asks once, however many ask at the same time: who comes while the answer is on its way gets the same one. */
export const sharedWhileUnderWay = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
};
