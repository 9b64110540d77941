/** The n-th of a list, begun again at its end. @throws RangeError on an empty list. */
export const nth = <T>(list: ArrayLike<T>, n: number): T => {
  const one = list[n % list.length];
  if (one === undefined) throw new RangeError('an empty list');
  return one;
};
