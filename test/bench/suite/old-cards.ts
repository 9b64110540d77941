import type { TakeOverOrder } from '#libs/application';
import { medicalFen } from '#libs/medical-account';
import { cardNumberOf, identityNumberOf } from './orders';
import { inParallel, openEngine, openProjections } from './parts';
import { agency, done, POOLING_AREA, tracingOf } from './region';

/** Holders that come from a legacy system, numbered from here on, beside those of the city itself. */
export const FIRST_LEGACY = 5_000_000;
const AT_ONCE = 256;
const TELL_EVERY = 50_000;
const OLD_FEN = 123_45;
/** Last swipes over all three phases of 2017, and one in twenty that nobody knows. */
const LAST_SWIPES = Array.from({ length: 20 }, (_, n) => (n === 0 ? null : `20${14 + (n % 4)}-0${1 + (n % 9)}-1${n % 9}`));

const order = (n: number, withNewCard: boolean): TakeOverOrder => {
  const number = (nth: number) => cardNumberOf(FIRST_LEGACY + n * 2 + nth);
  const money = { currentYearFen: medicalFen(OLD_FEN), priorYearFen: medicalFen(OLD_FEN) };
  const nothing = { currentYearFen: medicalFen(0), priorYearFen: medicalFen(0) };
  const old = { kind: 'labourSecurity', state: 'inUse', lastSwipedOn: LAST_SWIPES[n % LAST_SWIPES.length] ?? null, media: null } as const;
  const second = withNewCard
    ? { kind: 'socialSecurity2', state: 'registered', lastSwipedOn: null, media: null, ...nothing, cardNumber: number(1) }
    : { ...old, kind: 'residentMedical', ...nothing, cardNumber: number(1) };
  // Six in ten have two old cards: 1.6 a holder.
  const cards = [
    { ...old, ...money, cardNumber: number(0) },
    ...(withNewCard || n % 10 < 6 ? [second as TakeOverOrder['cards'][number]] : []),
  ];
  const person = { identityKind: '01', identityNumber: identityNumberOf(FIRST_LEGACY + n), name: '张三丰' };
  return { sourceId: `B${n}`, poolingArea: POOLING_AREA, insuranceType: 'employee', person, ...nothing, cards };
};

export type OldCards = Readonly<{ cards: number; centreKey: string; newCard: (n: number) => string }>;

/** Takes so many accounts with old cards over into the data folder of a city, and waits for the projections. */
export const takeOldCards = async (
  folder: string,
  { accounts, withNewCard, say }: Readonly<{ accounts: number; withNewCard: boolean; say: (text: string) => void }>,
): Promise<OldCards> => {
  const open = await openEngine(folder);
  let cards = 0;
  try {
    await inParallel(accounts, AT_ONCE, async (n) => {
      const one = order(n, withNewCard);
      done(await open.engine.imports.takeOver('bench', one, agency));
      cards += one.cards.length;
      if ((n + 1) % TELL_EVERY === 0) say(`${n + 1} of ${accounts} accounts taken over`);
    });
    const centre = { organisation: 'bench-centre', rights: ['centre'] as const, institutionCodes: [], note: 'bench' };
    const { key } = done(await open.engine.keys.create(centre, tracingOf('operator', 'operator-a')));
    const projections = await openProjections(folder);
    await projections.caughtUp(await open.store.lastLogIndex());
    await projections.close();
    return { cards, centreKey: key, newCard: (n) => cardNumberOf(FIRST_LEGACY + n * 2 + 1) };
  } finally {
    await open.close();
  }
};
