import { settlementKey } from '#libs/medical-account';
import { findPosting } from '../accounts/postings';
import type { Settlements } from '../engine';
import { orUnavailable } from '../unavailable';
import type { PrintCounter } from './receipt-prints';
import { viewOf } from './settlement-view';
import { type SwipeParts, Swipes } from './swipes';
import { Undoing, type UndoingParts } from './undoing';

export type SettlementParts = SwipeParts & Omit<UndoingParts, 'secret'> & Readonly<{ prints: PrintCounter }>;

/** Everything an institution may do about a settlement. */
export const settlementsOf = (parts: SettlementParts): Settlements => {
  const swipes = new Swipes(parts);
  const undoing = new Undoing({ ...parts, secret: parts.vault.commandHashSecret() });
  return {
    post: (order, tracing) => orUnavailable(swipes.post(order, tracing)),
    quote: (order, tracing) => orUnavailable(swipes.quote(order, tracing)),
    cancel: (order, tracing) => undoing.cancel(order, tracing),
    reverse: (order, tracing) => undoing.reverse(order, tracing),
    find: async (institutionCode, serial) =>
      viewOf(await findPosting(parts.reader, settlementKey(institutionCode, serial)), serial, (event) => swipes.receipt(event)),
    lines: (hash) => swipes.lines(hash),
    countPrint: (institutionCode, serial, tracing) => parts.prints.count(institutionCode, serial, tracing),
  };
};
