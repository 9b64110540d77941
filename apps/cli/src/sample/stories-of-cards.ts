import { plainBill } from './bills';
import { QINGDAO } from './institutions';
import type { Story } from './step';
import { type Holder, Teller } from './teller';
import type { FreezeCause } from './words';

type Told = (holder: Holder) => Story;

export const PERIOD = '2025-12'; // The month that the sample's credits name.
const NEW_CARDS = ['socialSecurity3', 'socialSecurity3', 'socialSecurity2'] as const;

const oldKindOf = ({ poolingArea }: Holder) => (poolingArea === QINGDAO ? 'labourSecurity' : 'medicalInsurance');
const openingOf = ({ random }: Holder) => ({ currentYear: random.between(2_000, 90_000), priorYear: random.between(0, 400_000) });

/** A holder whose new card is in use and holds money. */
export const withNewCard = (holder: Holder): Teller => {
  const { random } = holder;
  const teller = new Teller(holder).open().card('new', { kind: random.pick(NEW_CARDS), state: 'inUse', openingFen: openingOf(holder) });
  return teller.credit('contribution', random.between(8_000, 60_000), PERIOD);
};
/** Enough on the card that no amount of the story runs short. */
export const withMuchMoney = (holder: Holder): Teller =>
  new Teller(holder)
    .open()
    .card('new', { kind: 'socialSecurity3', state: 'inUse', openingFen: { currentYear: 300_000, priorYear: 500_000 } })
    .credit('contribution', 40_000, PERIOD);

const swipes = (teller: Teller, least: number, most: number): Teller => {
  for (let left = teller.random.between(least, most); left > 0; left--) teller.swipe();
  return teller;
};

const worker: Told = (holder) => swipes(withNewCard(holder), 2, 6).told('worker');

const retiree: Told = (holder) => {
  const { random } = holder;
  const teller = new Teller(holder).open().card('new', { kind: random.pick(NEW_CARDS), state: 'inUse', openingFen: openingOf(holder) });
  teller.credit('retiree', random.between(9_000, 24_000), PERIOD);
  const first = teller.swipe({ credential: { kind: 'eCredential', number: holder.person.identityNumber } });
  if (random.chance(0.1)) teller.again(first);
  return swipes(teller, 2, 5).told('retiree');
};

/** Little money, large bills: the account pays what it has, the holder the rest. */
const shortOfMoney: Told = (holder) => {
  const { random } = holder;
  const opening = { currentYear: random.between(100, 3_000), priorYear: 0 };
  const teller = new Teller(holder).open().card('new', { kind: random.pick(NEW_CARDS), state: 'inUse', openingFen: opening });
  teller.swipe({
    bill: plainBill('pharmacyPurchase', opening.currentYear + random.between(100, 9_000)),
    at: random.pick(pharmaciesOf(holder)),
  });
  return swipes(teller, 1, 3).told('shortOfMoney');
};

export const pharmaciesOf = ({ world, poolingArea }: Holder) => world.sound(poolingArea).filter(({ kind }) => kind === 'pharmacy');

/** Residents' insurance has no personal account: the fund's part is settled, the rest is the holder's. */
const resident: Told = (holder) => {
  const teller = new Teller(holder).open().card('new', { kind: 'socialSecurity3', state: 'inUse' });
  for (let left = teller.random.between(1, 3); left > 0; left--) teller.swipe({ payment: 'none' });
  return teller.told('resident');
};
const residentWhoMustPay: Told = (holder) => {
  const teller = new Teller(holder).open().card('new', { kind: 'socialSecurity3', state: 'inUse' });
  teller.refused('no-personal-account', { payment: 'full' });
  return teller.told('residentWhoMustPay');
};
/** Its old card was stopped with all the others; it never carried an account, so nothing is sealed. */
const residentOldCard: Told = (holder) => {
  const teller = new Teller(holder).open().card('old', { kind: 'residentMedical', state: 'inUse', lastSwipedOn: '2017-11-02' });
  teller.refused('card-stopped', { card: 'old', payment: 'none' });
  return teller.told('residentOldCard');
};

/** The old card was stopped years ago and its money sealed; the bank activates the new card, and the money is there. */
const sealedMoves: Told = (holder) => {
  const { random } = holder;
  const lastSwipedOn = random.pick(['2014-06-30', '2015-11-18', '2016-08-01', '2017-12-30']);
  const openingFen = { currentYear: random.between(1_000, 60_000), priorYear: random.between(1_000, 300_000) };
  const teller = new Teller(holder).open().card('old', { kind: 'labourSecurity', state: 'inUse', lastSwipedOn, openingFen });
  teller.sealed('old').card('new', { kind: random.pick(NEW_CARDS), state: 'registered' });
  if (random.chance(0.5)) teller.credit('contribution', random.between(5_000, 40_000), PERIOD);
  if (random.chance(0.3)) teller.refused('card-stopped', { card: 'old' });
  if (random.chance(0.3)) teller.refused('card-not-enabled', { card: 'new' });
  teller.activate('new', 'old');
  return swipes(teller, 1, 4).told('sealedMoves');
};
/** Nobody fetched the new card yet: the money stays sealed, and the old card pays nothing. */
const sealedStays: Told = (holder) => {
  const { random } = holder;
  const openingFen = { currentYear: random.between(0, 30_000), priorYear: random.between(1_000, 200_000) };
  const teller = new Teller(holder).open();
  teller.card('old', {
    kind: 'labourSecurity',
    state: 'inUse',
    lastSwipedOn: random.pick(['2013-03-12', '2016-05-20', '2017-10-09']),
    openingFen,
  });
  teller.sealed('old').credit('contribution', random.between(3_000, 30_000), PERIOD);
  teller.refused('card-stopped', { card: 'old' });
  // Without a card in use the identity card draws on the cardless sub-account, never on the sealed one.
  if (random.chance(0.5)) teller.swipe({ credential: { kind: 'identityCard', number: holder.person.identityNumber } });
  return teller.told('sealedStays');
};
const notEnabled: Told = (holder) => {
  const teller = new Teller(holder)
    .open()
    .card('new', { kind: 'socialSecurity3', state: 'registered' })
    .credit('contribution', 20_000, PERIOD);
  teller.refused('card-not-enabled', { card: 'new' });
  teller.swipe({ credential: { kind: 'eCredential', number: holder.person.identityNumber } });
  return teller.told('notEnabled');
};
const temporaryCard: Told = (holder) => {
  const teller = new Teller(holder).open().card('temporary', { kind: 'temporary', state: 'inUse' });
  return swipes(teller.credit('contribution', teller.random.between(5_000, 30_000), PERIOD), 1, 4).told('temporaryCard');
};

/** The first swipe with the new card enables it, cancels the old one, moves its money and settles: one act. */
const firstSwipeMoves: Told = (holder) => {
  const { random } = holder;
  const openingFen = { currentYear: random.between(2_000, 80_000), priorYear: random.between(0, 300_000) };
  const teller = new Teller(holder)
    .open()
    .card('old', { kind: 'medicalInsurance', state: 'inUse', lastSwipedOn: '2025-09-14', openingFen });
  teller.card('new', { kind: random.pick(NEW_CARDS), state: 'registered' });
  if (random.chance(0.4)) teller.swipe({ card: 'old' }); // Until then the old one works as usual.
  teller.moves('old', 'new').swipe();
  if (random.chance(0.3)) teller.refused('card-cancelled', { card: 'old' });
  return swipes(teller, 1, 3).told('firstSwipeMoves');
};
const oldCardOnly: Told = (holder) => {
  const teller = new Teller(holder).open();
  teller.card('old', { kind: oldKindOf(holder), state: 'inUse', lastSwipedOn: '2025-10-02', openingFen: openingOf(holder) });
  return swipes(teller, 1, 4).told('oldCardOnly');
};

// ── Lost, cancelled, frozen ────────────────────────────────────────────────────────────────────────────────────────────────────
const lost: Told = (holder) => {
  const teller = withNewCard(holder).cardAct('new', 'loss', 'hotline');
  teller.refused('card-temporarily-lost', { card: 'new' });
  return teller.told('lost');
};
const found: Told = (holder) => {
  const teller = withNewCard(holder).cardAct('new', 'loss', 'hotline').cardAct('new', 'loss-lifting', 'bankOutlet');
  return swipes(teller, 1, 2).told('found');
};
const cancelledCard: Told = (holder) => {
  const teller = withNewCard(holder).cardAct('new', 'cancellation');
  teller.refused('card-cancelled', { card: 'new' });
  return teller.told('cancelledCard');
};
/** What each cause blocks is a table of the pack; these two block no payment. */
const frozen =
  (cause: FreezeCause): Told =>
  (holder) => {
    const teller = withNewCard(holder).freeze(cause);
    teller.refused('debit-frozen');
    return teller.told(`frozen:${cause}`);
  };
const inArrears: Told = (holder) => swipes(withNewCard(holder).freeze('contributionArrears'), 1, 3).told('inArrears');
const insuredTwice: Told = (holder) => swipes(withNewCard(holder).freeze('duplicateInsurance'), 1, 3).told('insuredTwice');
const cardAreaFrozen: Told = (holder) => {
  const teller = withNewCard(holder).freeze('judicialFreeze', { kind: 'cardArea', cardId: '{card:new}' });
  teller.refused('debit-frozen');
  return teller.told('cardAreaFrozen');
};
const subAccountFrozen: Told = (holder) => {
  const teller = withNewCard(holder).freeze('judicialFreeze', { kind: 'subAccount', cardId: '{card:new}' });
  teller.refused('debit-frozen');
  return teller.told('subAccountFrozen');
};

export const CARD_STORIES: Readonly<Record<string, Told>> = {
  worker,
  retiree,
  shortOfMoney,
  resident,
  residentWhoMustPay,
  residentOldCard,
  sealedMoves,
  sealedStays,
  notEnabled,
  temporaryCard,
  firstSwipeMoves,
  oldCardOnly,
  lost,
  found,
  cancelledCard,
  settlementSuspension: frozen('settlementSuspension'),
  precautionarySuspension: frozen('precautionarySuspension'),
  judicialFreeze: frozen('judicialFreeze'),
  death: frozen('death'),
  insuredTwice,
  inArrears,
  cardAreaFrozen,
  subAccountFrozen,
};
