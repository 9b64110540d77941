/** What must be there. @throws Error when it is not: the history or its model is wrong, not the engine. */
export const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('nothing there');
  return value;
};
