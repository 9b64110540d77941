import { plainBill } from './bills';
import type { Story } from './step';
import { pharmaciesOf, withMuchMoney } from './stories-of-cards';
import type { Holder, SwipeHandle, Teller } from './teller';

type Told = (holder: Holder) => Story;

/** A purchase that the account paid in full: what comes back is account money to the last fen. */
const purchaseOf = (holder: Holder, teller: Teller, totalFen: number): SwipeHandle =>
  teller.swipe({ at: holder.random.pick(pharmaciesOf(holder)), bill: plainBill('pharmacyPurchase', totalFen) });

const paid = (totalFen: number) => ({ amountFen: totalFen, accountFen: totalFen });

const cancelledInFull: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const settled = purchaseOf(holder, teller, 8_800);
  const { step } = teller.cancel(settled, null, paid(8_800));
  teller.repeatStep(step);
  teller.cancel(settled, null, 'already-undone');
  teller.again(settled); // The answer of its time, whatever has been undone since.
  return teller.told('cancelledInFull');
};
const cancelledInParts: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const settled = purchaseOf(holder, teller, 10_000);
  teller.cancel(settled, 3_000, paid(3_000));
  teller.cancel(settled, 2_500, paid(2_500));
  teller.cancel(settled, 4_501, 'amount-beyond-what-is-left');
  teller.cancel(settled, null, paid(4_500));
  return teller.told('cancelledInParts');
};
/** The pooled fund paid a part of the bill: it gets back what was its own, and no more. */
const fundPartReturned: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const hospitals = holder.world.sound(holder.poolingArea).filter(({ kind }) => kind === 'hospital');
  const bill = { ...plainBill('outpatient', 10_000), fundFen: 6_000, eligibleFen: 4_000 };
  const settled = teller.swipe({ at: holder.random.pick(hospitals), bill });
  teller.cancel(settled, 7_000, 'fund-beyond-what-is-left', 6_001);
  teller.cancel(settled, 7_000, 'own-part-beyond-what-is-left', 2_000);
  teller.cancel(settled, 3_000, { amountFen: 3_000, accountFen: 1_000 }, 2_000);
  teller.cancel(settled, null, { amountFen: 7_000, accountFen: 3_000 });
  return teller.told('fundPartReturned');
};
const cancelledUnknown: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const settled = purchaseOf(holder, teller, 2_000);
  teller.cancel({ ...settled, serial: `S${holder.number}-never` }, null, 'settlement-not-found');
  return teller.told('cancelledUnknown');
};
const reversed: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const settled = purchaseOf(holder, teller, 6_600);
  const { step } = teller.reverse(settled, 'settlementReversed', paid(6_600));
  teller.repeatStep(step);
  teller.swipe();
  return teller.told('reversed');
};
/** The cancellation's answer got lost: it is reversed, and the settlement stands as if it had never been cancelled. */
const cancellationReversed: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const settled = purchaseOf(holder, teller, 7_000);
  const { serial } = teller.cancel(settled, null, paid(7_000));
  teller.reverse({ ...settled, serial }, 'cancellationReversed', { amountFen: 7_000, accountFen: -7_000 });
  teller.cancel(settled, null, paid(7_000));
  return teller.told('cancellationReversed');
};
/** Wrong price: cancelled and settled again in one act. */
const replaced: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const settled = purchaseOf(holder, teller, 5_000);
  teller.comesBack(settled.accountPaidFen);
  teller.swipe({ at: settled.at, bill: plainBill('pharmacyPurchase', 4_000), more: { replaces: settled.serial } });
  teller.cancel(settled, null, 'already-undone');
  return teller.told('replaced');
};
const repeated: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const first = teller.swipe();
  teller.again(first);
  teller.again(teller.swipe());
  teller.again(first);
  return teller.told('repeated');
};

export const UNDOING_STORIES: Readonly<Record<string, Told>> = {
  cancelledInFull,
  cancelledInParts,
  fundPartReturned,
  cancelledUnknown,
  reversed,
  cancellationReversed,
  replaced,
  repeated,
};
