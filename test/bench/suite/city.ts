import type { Append } from '#libs/application';
import { holderTemplate, recorder } from './holder-template';
import { nth } from './nth';
import { cardNumberOf, runPrefix, serialOf, swipeOrder } from './orders';
import { inParallel, type OpenEngine, openEngine, openProjections } from './parts';
import { done, setUpRegion, type Till, tracingOf } from './region';
import { formNameOf, ownCopy, standing } from './standing';
import type { Workshop } from './workshop';

/** Accounts, each with three events of its making (opened, card registered, money) and so many swipes; the first may be given many more. */
export type CityShape = Readonly<{ accounts: number; swipesEach: number; eventsOfFirst?: number }>;
/** A data folder with a designated region and holders whose cards are `cardNumberOf(0 … accounts-1)`. */
export type City = Readonly<{ folder: string; accounts: number; events: number; tills: readonly Till[] }>;

const AT_ONCE = 2_000; // Many to a commit, in log and vault.
const TELL_EVERY = 50_000;

const build = async (
  folder: string,
  { accounts, swipesEach, eventsOfFirst = 0 }: CityShape,
  say: (text: string) => void,
): Promise<City> => {
  const watched = recorder();
  const open = await openEngine(folder, { wrap: watched.wrap });
  try {
    const tills = await setUpRegion(open.engine);
    const [till] = tills;
    if (!till) throw new Error('no till');
    const { make } = await holderTemplate(open, watched, till, swipesEach);
    const store = async (append: Append) => {
      const { kind } = await open.store.append(append);
      if (kind !== 'appended') throw new Error(`the store answered ${kind}`);
    };
    await inParallel(accounts - 1, AT_ONCE, async (n) => {
      for (const append of await make(n + 1)) await store(append);
      if ((n + 1) % TELL_EVERY === 0) say(`${n + 1} of ${accounts} accounts`);
    });
    await swipeOn(open, tills, eventsOfFirst);
    const last = await open.store.lastLogIndex();
    const projections = await openProjections(folder);
    if (accounts > TELL_EVERY) say('projections');
    await projections.caughtUp(last);
    await projections.close();
    return { folder, accounts, events: last + 1, tills };
  } finally {
    await open.close();
  }
};

/** Swipes of the first holder, one after the other as an account takes them, until its stream has so many events. */
const swipeOn = async ({ engine }: OpenEngine, tills: readonly Till[], events: number): Promise<void> => {
  const prefix = runPrefix();
  for (let n = 0, revision = 0; revision < events - 1; n++) {
    const till = nth(tills, n);
    const order = swipeOrder(till, serialOf(prefix, 0, n), cardNumberOf(0), 100 + (n % 900));
    revision = done(await engine.settlements.post(order, tracingOf(till.institutionCode))).revision;
  }
};

/** What a stored city looks like: another form of events, ids or tables gives another name, and the city is built anew. */
const formOf = async (workshop: Workshop): Promise<string> =>
  workshop.once('city-form', async () => {
    const folder = workshop.folder('form');
    const watched = recorder();
    const open = await openEngine(folder, { wrap: watched.wrap });
    const [till] = await setUpRegion(open.engine);
    if (till) await holderTemplate(open, watched, till, 1);
    await open.close();
    return formNameOf(watched.appends);
  });

const nameOf = ({ accounts, swipesEach, eventsOfFirst }: CityShape): string =>
  [accounts, swipesEach, ...(eventsOfFirst === undefined ? [] : [eventsOfFirst])].join('x');

/** The city as it was built, to be read or, where that does no harm, written on. */
export const standingCity = async (workshop: Workshop, shape: CityShape): Promise<City> =>
  standing(workshop, { name: nameOf(shape), form: await formOf(workshop) }, (folder) => {
    workshop.say(`building a city of ${shape.accounts} accounts with ${shape.swipesEach} swipes each`);
    return build(folder, shape, workshop.say);
  });

/** A copy to work on. */
export const ownCity = async (workshop: Workshop, shape: CityShape, name: string): Promise<City> =>
  ownCopy(workshop, await standingCity(workshop, shape), name);
