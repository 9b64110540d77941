/** A cursor that this room has not made: the door answers 400. */
export class CursorError extends Error {
  readonly code = 'cursor-form';

  constructor() {
    super('游标无效 / not a cursor of this list');
    this.name = 'CursorError';
  }
}

export type Place = readonly (string | number)[];

/** Where a page ended: the order's values of its last row. Stays good over restarts and rebuilds. */
export const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws CursorError when the text is no cursor, or one of a list in another order. */
export const placeOf = (cursor: string, example: Place): Place => {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new CursorError();
  }
  const fits = Array.isArray(place) && place.length === example.length && place.every((value, i) => typeof value === typeof example[i]);
  if (!fits) throw new CursorError();
  return place as Place;
};
