import fc from 'fast-check';
import { aimed } from './account-aim';
import { ACCOUNTS, type Bucket, type Freeze, type Money, type OnCard, type Step, type Swipe } from './account-steps';

const only = <const T>(value: T) => fc.constant(value);
const account = fc.constantFrom(0, 0, 0, 0, 1, 1, 2);
const card = fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 3, 4, 5, 6);
const institution = fc.constantFrom(0, 0, 0, 1);
/** A number that `aimed` turns into one of the things that can be meant at that place of the history. */
const pick = fc.nat({ max: 99 });
const fen = fc.integer({ min: 0, max: 2000 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>, weight = 1) => fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight, arbitrary });
const onCard = (kind: OnCard['kind']) => fc.record({ kind: only(kind), account, card });

const swipe: fc.Arbitrary<Swipe> = fc.record({
  kind: only('swipe'),
  account,
  card: fc.oneof({ weight: 1, arbitrary: only(null) }, { weight: 2, arbitrary: card }),
  credential: fc.constantFrom('eCredential', 'identityCard'),
  institution,
  serial: pick,
  fund: fen,
  eligible: fen,
  rest: fen,
  mode: fc.constantFrom('upToBalance', 'upToBalance', 'full', 'none'),
  late: maybe(fc.record({ hours: fc.integer({ min: -1, max: 120 }), approved: fc.boolean() }), 2),
  replaces: maybe(pick),
});
const freeze: fc.Arbitrary<Freeze> = fc.record({
  kind: only('freeze'),
  account,
  scope: fc.constantFrom('person', 'cardArea', 'subAccount', 'amount', 'amount'),
  card,
  fen: fc.integer({ min: 0, max: 2000 }),
  cause: fc.constantFrom('settlementSuspension', 'judicialFreeze', 'death', 'duplicateInsurance', 'contributionArrears'),
  fromHours: maybe(fc.integer({ min: -100, max: 100 }), 2),
  untilHours: maybe(fc.integer({ min: 0, max: 200 }), 12),
});
const undo = { institution, target: pick, serial: pick, astray: fc.constantFrom(false, false, false, false, false, true) };

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 32, arbitrary: swipe },
  {
    weight: 12,
    arbitrary: fc.record({ kind: only('cancel'), ...undo, fen: maybe(fc.integer({ min: -1, max: 3000 }), 5), fund: maybe(fen, 2) }),
  },
  { weight: 15, arbitrary: fc.record({ kind: only('reverse'), ...undo }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: only('credit'),
      account,
      fen: fc.integer({ min: 0, max: 4000 }),
      bucket: fc.constantFrom<Bucket>('currentYear', 'priorYear'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: only('correct'), account, fen: fc.integer({ min: 0, max: 6000 }) }) },
  { weight: 4, arbitrary: onCard('enable') },
  { weight: 2, arbitrary: onCard('stop') },
  { weight: 2, arbitrary: onCard('cancelCard') },
  { weight: 4, arbitrary: onCard('lose') },
  { weight: 2, arbitrary: onCard('lift') },
  { weight: 2, arbitrary: onCard('seal') },
  { weight: 2, arbitrary: onCard('loseForGood') },
  { weight: 2, arbitrary: onCard('find') },
  { weight: 1, arbitrary: onCard('retain') },
  { weight: 1, arbitrary: onCard('handBack') },
  { weight: 2, arbitrary: onCard('collect') },
  { weight: 1, arbitrary: onCard('destroy') },
  { weight: 1, arbitrary: onCard('pinRight') },
  { weight: 5, arbitrary: onCard('pinWrong') },
  { weight: 2, arbitrary: onCard('unlockPin') },
  { weight: 1, arbitrary: onCard('resetPin') },
  { weight: 3, arbitrary: onCard('unseal') },
  { weight: 5, arbitrary: fc.record({ kind: only('transfer'), account, from: fc.oneof(only(null), card), to: card }) },
  { weight: 4, arbitrary: freeze },
  { weight: 3, arbitrary: fc.record({ kind: only('thaw'), account, nth: pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('suspend', 'resume', 'resume'), institution }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: only('register'),
      account,
      card: fc.constantFrom(0, 4, 5, 6),
      as: fc.constantFrom('registered', 'inUse'),
      opening: maybe(fc.record({ currentYear: fen, priorYear: fen })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: only('repeat'), nth: fc.nat({ max: 60 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: only('due'), account }) },
  { weight: 6, arbitrary: fc.record({ kind: only('wait'), hours: fc.integer({ min: 1, max: 120 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: only('wait'), hours: fc.integer({ min: 240, max: 6000 }) }) },
);

const taken = (account: number, card: number, opening: Money | null = null): Step => ({
  kind: 'register',
  account,
  card,
  as: 'inUse',
  opening,
});
const made = (account: number, card: number): Step => ({ kind: 'register', account, card, as: 'registered', opening: null });

/** Three persons as a city takes them over, in no order: old cards in use with money on them, new ones made. */
export const BEGINNING: readonly Step[] = [
  ...ACCOUNTS.map((_, nth): Step => ({ kind: 'open', account: nth })),
  taken(0, 1, { currentYear: 0, priorYear: 1500 }),
  taken(0, 0, { currentYear: 3000, priorYear: 2000 }),
  taken(0, 2),
  made(0, 3),
  made(0, 4),
  taken(1, 0, { currentYear: 1000, priorYear: 1000 }),
  made(1, 3),
  made(2, 3),
  taken(2, 2),
  { kind: 'wait', hours: 150 }, // So that a late entry may have occurred while these cards were there.
];

const paidWith = (card: number, serial: number, replaces: number | null = null): Step => ({
  ...{ kind: 'swipe', account: 0, card, credential: 'eCredential', institution: 0, serial, late: null, replaces },
  ...{ fund: 0, eligible: 500, rest: 0, mode: 'upToBalance' },
});
const undone = { institution: 0, astray: false } as const;
/** What chance alone strings together too seldom, so that money lines would go untried. */
const EPISODES: readonly (readonly Step[])[] = [
  [],
  [
    paidWith(0, 701), // What comes back to a stopped card whose money was transferred follows it.
    { kind: 'stop', account: 0, card: 0 },
    { kind: 'transfer', account: 0, from: 0, to: 1 },
    { kind: 'cancel', ...undone, target: 701, serial: 702, fen: null, fund: null },
  ],
  [
    paidWith(0, 701), // A cancellation of last year is reversed while there is money of both years.
    { kind: 'cancel', ...undone, target: 701, serial: 702, fen: 300, fund: null },
    { kind: 'wait', hours: 7500 },
    { kind: 'credit', account: 0, fen: 900, bucket: 'currentYear' },
    { kind: 'reverse', ...undone, target: 702, serial: 703 },
  ],
  [
    paidWith(0, 701), // What replaced a settlement is reversed as the first act of the next year.
    paidWith(0, 702, 701),
    { kind: 'wait', hours: 7500 },
    { kind: 'reverse', ...undone, target: 702, serial: 703 },
  ],
  [
    paidWith(0, 701), // Replaced, given its life back in part, replaced again: each replacement takes its own share with it.
    { kind: 'cancel', ...undone, target: 701, serial: 702, fen: 200, fund: null },
    paidWith(0, 703, 701),
    { kind: 'reverse', ...undone, target: 702, serial: 704 },
    paidWith(1, 705, 701),
    { kind: 'reverse', ...undone, target: 703, serial: 706 },
    { kind: 'reverse', ...undone, target: 705, serial: 707 },
  ],
  [
    paidWith(0, 701), // A fen too many, then the last one.
    { kind: 'cancel', ...undone, target: 701, serial: 702, fen: 501, fund: null },
    { kind: 'cancel', ...undone, target: 701, serial: 703, fen: 500, fund: null },
  ],
  [
    { kind: 'seal', account: 1, card: 0 }, // Money came cardless beside a sealed card: a correction reaches both.
    { kind: 'credit', account: 1, fen: 300, bucket: 'currentYear' },
    { kind: 'unseal', account: 1, card: 0 },
    { kind: 'correct', account: 1, fen: 6000 },
  ],
];

/** An episode comes first, if at all; then whatever may come. */
export const histories: fc.Arbitrary<Step[]> = fc
  .tuple(fc.constantFrom(...EPISODES), fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }))
  .map(([episode, random]) => [...BEGINNING, ...episode, ...aimed(random, BEGINNING)]);
export const cities = fc.record({
  firstSwipe: fc.boolean(),
  sealedTakesCredits: fc.boolean(),
  moves: fc.constantFrom('now', 'now', 'nextMonth'),
  parallel: fc.constantFrom('none', 'none', 'none', 'sameAccount', 'ownSubAccounts'),
  pins: fc.constantFrom('consecutive', 'perDay'),
});
