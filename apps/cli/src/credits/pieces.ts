import { type Credit, recordsOf } from './credit-file';

/** The credits of a file in pieces of so many, those that `wanted` passes over left out. The file was examined before. */
export async function* piecesOf(file: string, size: number, wanted: (line: number) => boolean): AsyncGenerator<readonly Credit[]> {
  let piece: Credit[] = [];
  for await (const record of recordsOf(file)) {
    if (record.kind !== 'credit' || !wanted(record.credit.line)) continue;
    piece.push(record.credit);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

/**
 * Works on some pieces at a time and hands the results on in order. After `signal` no new piece is begun; what is under way is finished and
 * told. Throws: what the work throws, after everything before it was told.
 */
export async function* workedOn<P, R>(
  pieces: AsyncIterable<P>,
  atOnce: number,
  { work, signal }: Readonly<{ work: (piece: P) => Promise<R>; signal: AbortSignal }>,
): AsyncGenerator<Readonly<{ piece: P; result: R }>> {
  const underWay: Promise<Readonly<{ piece: P; result: R }>>[] = [];
  const begin = (piece: P) => {
    const begun = work(piece).then((result) => ({ piece, result }));
    begun.catch(() => undefined); // Told when its turn comes.
    underWay.push(begun);
  };
  for await (const piece of pieces) {
    if (signal.aborted) break;
    begin(piece);
    const first = underWay.length >= atOnce ? underWay.shift() : undefined;
    if (first) yield await first;
  }
  for (const rest of underWay) yield await rest;
}
