import type { Progress } from '../screen/progress';
import type { Examined } from './examine';
import { type LineExchange, sendUntilAnswered } from './line-exchange';
import { piecesOf, workedOn } from './pieces';
import { PIECE_LINES } from './run';
import { count, emptyTally, keepRefusal, type Tally } from './tally';

const PIECES_AT_ONCE = 2;
export type Asking = Readonly<{ examined: Examined; exchange: LineExchange; signal: AbortSignal; progress: Progress }>;

/**
 * Asks the engine how it would decide each line at this moment; nothing is recorded. `replayed`: it stands already; `open`: it would be
 * credited. Throws: when the engine stays out of reach.
 */
export const standingOf = async ({ examined, exchange, signal, progress }: Asking): Promise<Tally> => {
  const tally = emptyTally();
  const pieces = piecesOf(examined.file, PIECE_LINES, () => true);
  const work = (piece: Parameters<typeof sendUntilAnswered>[1]) => sendUntilAnswered(exchange, piece, { signal });
  for await (const { piece, result } of workedOn(pieces, PIECES_AT_ONCE, { work, signal })) {
    for (const [i, credit] of piece.entries()) {
      const answer = result[i];
      if (answer?.kind === 'refused') keepRefusal(tally, credit, answer.reasons);
      count(tally, answer?.kind === 'refused' || answer?.kind === 'replayed' ? answer.kind : 'open', credit);
    }
    progress.advance(piece.length);
  }
  return tally;
};
