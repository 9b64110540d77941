import { cpSync } from 'node:fs';
import type { TakeOverOrder } from '#libs/application';
import { medicalFen } from '#libs/medical-account';
import { type City, standingCity } from './city';
import { recorder } from './holder-template';
import { cardNumberOf, identityNumberOf } from './orders';
import { inParallel, type OpenEngine, openEngine, openProjections } from './parts';
import { agency, done, POOLING_AREA, setUpRegion, tracingOf } from './region';
import { formNameOf, ownCopy, standing } from './standing';
import type { Workshop } from './workshop';

/** Holders that come from a legacy system, numbered from here on, beside those of the city itself. */
const FIRST_LEGACY = 5_000_000;
const SOURCE = 'bench';
const AT_ONCE = 1_000; // Many to a commit, in log and vault.
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

/** `holders`: those of the city itself, who swipe. `withNewCard`: each legacy holder has a new card, too, that waits to be enabled. */
export type LegacyShape = Readonly<{ holders: number; accounts: number; withNewCard: boolean }>;
/** A city into which accounts with old cards were taken over. `cards`: of those accounts. */
export type LegacyCity = City & Readonly<{ cards: number; centreKey: string }>;

/** The number of the n-th legacy holder's new card. */
export const newCardOf = (n: number): string => cardNumberOf(FIRST_LEGACY + n * 2 + 1);

type Taking = Readonly<{ accounts: number; withNewCard: boolean; say: (text: string) => void }>;

/** As `yika import` does: judged first, then written in the order in which every index grows at its end. Returns how many cards there are. */
const takeOver = async ({ engine }: OpenEngine, { accounts, withNewCard, say }: Taking): Promise<number> => {
  const places = new Float64Array(accounts);
  let cards = 0;
  await inParallel(accounts, AT_ONCE, async (n) => {
    const one = order(n, withNewCard);
    places[n] = Number.parseInt(done(await engine.imports.plan(SOURCE, one, agency)).place, 16);
    cards += one.cards.length;
  });
  const inOrder = Uint32Array.from({ length: accounts }, (_, n) => n).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  await inParallel(accounts, AT_ONCE, async (n) => {
    done(await engine.imports.takeOver(SOURCE, order(inOrder[n] ?? 0, withNewCard), agency));
    if ((n + 1) % TELL_EVERY === 0) say(`${n + 1} of ${accounts} accounts taken over`);
  });
  return cards;
};

const build = async (city: City, shape: LegacyShape, say: (text: string) => void): Promise<LegacyCity> => {
  const { folder } = city;
  const open = await openEngine(folder);
  const projections = await openProjections(folder);
  try {
    const cards = await takeOver(open, { ...shape, say });
    const centre = { organisation: 'bench-centre', rights: ['centre'] as const, institutionCodes: [], note: 'bench' };
    const { key } = done(await open.engine.keys.create(centre, tracingOf('operator', 'operator-a')));
    const last = await open.store.lastLogIndex();
    await projections.caughtUp(last);
    return { ...city, events: last + 1, cards, centreKey: key };
  } finally {
    await projections.close();
    await open.close();
  }
};

/** What is stored of a holder who is taken over. */
const formOf = (workshop: Workshop): Promise<string> =>
  workshop.once('legacy-form', async () => {
    const watched = recorder();
    const open = await openEngine(workshop.folder('form'), { wrap: watched.wrap });
    await setUpRegion(open.engine);
    for (const withNewCard of [false, true])
      done(await open.engine.imports.takeOver(SOURCE, { ...order(withNewCard ? 1 : 2, withNewCard) }, agency));
    await open.close();
    return formNameOf(watched.appends);
  });

/** A copy, to work on, of a city with so many accounts that have old cards; it is built once. */
export const ownLegacyCity = async (workshop: Workshop, shape: LegacyShape, name: string): Promise<LegacyCity> => {
  const { holders, accounts, withNewCard } = shape;
  const own = await standingCity(workshop, { accounts: holders, swipesEach: 0 });
  const called = `${holders}x0+${accounts}${withNewCard ? 'new' : 'old'}`;
  const built = await standing(workshop, { name: called, form: await formOf(workshop) }, (folder) => {
    workshop.say(`building a city of ${accounts} accounts with old cards`);
    cpSync(own.folder, folder, { recursive: true });
    return build({ ...own, folder }, shape, workshop.say);
  });
  return ownCopy(workshop, built, name);
};
