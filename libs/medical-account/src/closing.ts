import type { CarriedState, MedicalFen, SubAccount } from './events';
import { NO_SUCCESSION } from './persons/records';
import { successionOrNull } from './persons/succession';
import type { AccountState, Product } from './state';

const sorted = <V>(map: ReadonlyMap<string, V>): (readonly [string, V])[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

/** Nearly no account has any: then nothing is written. */
const sortedUnlessNone = <K extends string, V>(map: ReadonlyMap<K, V>): readonly (readonly [K, V])[] | null =>
  map.size === 0 ? null : (sorted(map) as unknown as readonly (readonly [K, V])[]);

/** The whole decision state in a fixed order, so that a closing can be held against the fold of the full history byte by byte. */
export const carriedStateOf = (state: AccountState): CarriedState => {
  if (state.holder === null) throw new Error('no account was opened: there is nothing to carry');
  const earns = ([account, { fenDays }]: readonly [string, Product]) => fenDays !== 0 || state.balances.get(account as SubAccount);
  return {
    ...state.holder,
    balances: sorted(state.balances).filter(([, amountFen]) => amountFen !== 0) as [SubAccount, MedicalFen][],
    receivableFen: state.receivableFen,
    products: sorted(state.products).filter(earns) as [SubAccount, Product][],
    cards: sorted(state.cards),
    freezes: sorted(state.freezes),
    succession: successionOrNull(state.succession),
    rolledOverThrough: state.rolledOverThrough,
    relationTransfers: sortedUnlessNone(state.relationTransfers),
    inTransit: sortedUnlessNone(state.inTransit),
  };
};

/** Takes over what a closing carries, in place: where loading begins. */
export const adopt = (state: AccountState, carried: CarriedState): void => {
  const { balances, receivableFen, products, cards, freezes, rolledOverThrough, relationTransfers, inTransit, succession, ...holder } =
    carried;
  state.holder = holder;
  state.receivableFen = receivableFen;
  state.rolledOverThrough = rolledOverThrough;
  state.succession = succession ?? NO_SUCCESSION;
  for (const [account, amountFen] of balances) state.balances.set(account, amountFen);
  for (const [account, product] of products) state.products.set(account, { ...product });
  for (const [cardId, card] of cards) state.cards.set(cardId, card);
  for (const [freezeId, freeze] of freezes) state.freezes.set(freezeId, freeze);
  for (const [transferId, record] of relationTransfers ?? []) state.relationTransfers.set(transferId, record);
  for (const [account, amountFen] of inTransit ?? []) state.inTransit.set(account, amountFen);
};

const sortInPlace = <V>(map: Map<string, V>): void => {
  const entries = sorted(map);
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
};

/**
 * Brings what a rule walks through into the order in which a closing carries it, in place: whoever folds the whole history and whoever
 * loads from the closing decide the same events in the same order.
 */
export const arrangeAsCarried = ({ cards, freezes, relationTransfers }: AccountState): void => {
  sortInPlace(cards);
  sortInPlace(freezes);
  sortInPlace(relationTransfers);
};
