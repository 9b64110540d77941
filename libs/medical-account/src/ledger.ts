import { type BusinessDate, balanced, daysBetween } from '#libs/kernel';
import { type InTransit, type LedgerAccount, type MedicalFen, type MedicalLeg, medicalFen, type SubAccount } from './events';
import { isHandOver } from './persons/hand-over';
import { type AccountState, bucketFen } from './state';

const isSubAccount = (account: LedgerAccount): account is SubAccount => account.startsWith('subAccount:');
const isInTransit = (account: LedgerAccount): account is InTransit => account.startsWith('inTransit:');
export const isSubAccountLeg = (leg: MedicalLeg): leg is MedicalLeg & { account: SubAccount } => isSubAccount(leg.account);

/** Legs without those that move nothing. */
export const legsOf = (...legs: readonly (readonly [account: LedgerAccount, amountFen: number])[]): MedicalLeg[] => {
  const moving: MedicalLeg[] = [];
  for (const [account, amountFen] of legs) if (amountFen !== 0) moving.push({ account, amountFen: medicalFen(amountFen) });
  return moving;
};

/** What legs move to accounts whose name begins so. Units: fen. */
export const sumOf = (legs: readonly MedicalLeg[], beginning: string): MedicalFen =>
  medicalFen(legs.reduce((sum, { account, amountFen }) => (account.startsWith(beginning) ? sum + amountFen : sum), 0));

/** fen × days from the day up to which they are counted; a balance earns from the day it came to the day it goes. */
export const productThrough = (state: AccountState, account: SubAccount, day: BusinessDate): number => {
  const product = state.products.get(account);
  if (product === undefined) return 0;
  const days = product.through === day ? 0 : daysBetween(product.through, day);
  if (days < 0) throw new Error('interest days run backwards');
  return product.fenDays + bucketFen(state, account) * days;
};

/**
 * Moves money in place, and counts fen × days up to the day before it moves.
 * @throws Error when legs are unbalanced, a sub-account would be negative or the holder would be owed: damage, not a refusal.
 */
export const post = (state: AccountState, legs: readonly MedicalLeg[], day: BusinessDate): void => {
  for (const { account, amountFen } of balanced(legs)) {
    if (account === 'receivable') {
      state.receivableFen = medicalFen(state.receivableFen + amountFen);
      if (state.receivableFen > 0) throw new Error('more was offset than the holder owed');
    } else if (isSubAccount(account)) {
      const afterFen = medicalFen(bucketFen(state, account) + amountFen);
      if (afterFen < 0) throw new Error(`${account} would be negative`);
      state.products.set(account, { fenDays: productThrough(state, account, day), through: day });
      state.balances.set(account, afterFen);
    } else if (isHandOver(account)) {
      // Between two accounts: neither has it; the verifier adds them up.
    } else if (isInTransit(account)) {
      keepInTransit(state, account, amountFen);
    } else if (account.startsWith('hold:')) {
      throw new Error(`no rule of this account moves money to ${account}`);
    } // Funds and payables span accounts: projections and the verifier add them up.
  }
};

/** @throws Error when it is of no transfer of this account, or more would arrive or come back than left. */
const keepInTransit = (state: AccountState, account: InTransit, amountFen: MedicalFen): void => {
  if (!state.relationTransfers.has(account.slice('inTransit:'.length)))
    throw new Error(`no rule of this account moves money to ${account}`);
  const afterFen = medicalFen((state.inTransit.get(account) ?? 0) + amountFen);
  if (afterFen < 0) throw new Error(`${account} would be negative`);
  if (afterFen === 0) state.inTransit.delete(account);
  else state.inTransit.set(account, afterFen);
};

/** Starts the interest of a new year: everything up to the day has been counted and posted. */
export const restartProducts = (state: AccountState, day: BusinessDate): void => {
  for (const account of state.products.keys()) state.products.set(account, { fenDays: 0, through: day });
};
