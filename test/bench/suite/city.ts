import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Append } from '#libs/application';
import { holderTemplate, recorder } from './holder-template';
import { inParallel, openEngine, openProjections } from './parts';
import { setUpRegion, type Till } from './region';
import type { Workshop } from './workshop';

/** Accounts, each with three events of its making (opened, card registered, money) and so many swipes. */
export type CityShape = Readonly<{ accounts: number; swipesEach: number }>;
/** A data folder with a designated region and holders whose cards are `cardNumberOf(0 … accounts-1)`. */
export type City = Readonly<{ folder: string; accounts: number; events: number; tills: readonly Till[] }>;

const AT_ONCE = 512;
const TELL_EVERY = 50_000;

const build = async (folder: string, { accounts, swipesEach }: CityShape, say: (text: string) => void): Promise<City> => {
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

/** What a stored city looks like: another form of events, ids or tables gives another name, and the city is built anew. */
const formOf = async (workshop: Workshop): Promise<string> =>
  workshop.once('city-form', async () => {
    const folder = workshop.folder('form');
    const watched = recorder();
    const open = await openEngine(folder, { wrap: watched.wrap });
    const [till] = await setUpRegion(open.engine);
    if (till) await holderTemplate(open, watched, till, 1);
    await open.close();
    const texts = watched.appends.flatMap(({ events }) => events.map(({ bytes }) => Buffer.from(bytes).toString()));
    // Words, members and their order; not the values that chance or the clock gives.
    const words = texts.map((text) => text.replace(/"[^"]*[0-9][^"]*"(?!:)|\d+/g, '#')).join('\n');
    const month = new Date().toISOString().slice(0, 7);
    return createHash('sha256').update(words).update(month).digest('hex').slice(0, 12);
  });

/** The city as it was built, to be read or, where that does no harm, written on. */
export const standingCity = async (workshop: Workshop, shape: CityShape): Promise<City> => {
  const place = path.join(workshop.cities, `${shape.accounts}x${shape.swipesEach}-${await formOf(workshop)}`);
  const about = path.join(place, 'city.json');
  if (!existsSync(about)) {
    workshop.say(`building a city of ${shape.accounts} accounts with ${shape.swipesEach} swipes each`);
    const building = `${place}.${process.pid}.building`;
    rmSync(building, { recursive: true, force: true });
    mkdirSync(building, { recursive: true });
    const city = await build(building, shape, workshop.say).catch((error: unknown) => {
      rmSync(building, { recursive: true, force: true });
      throw error;
    });
    writeFileSync(path.join(building, 'city.json'), JSON.stringify({ ...city, folder: place }), { mode: 0o600 });
    renameSync(building, place);
  }
  return JSON.parse(readFileSync(about, 'utf8')) as City;
};

/** A copy to work on. */
export const ownCity = async (workshop: Workshop, shape: CityShape, name: string): Promise<City> => {
  const standing = await standingCity(workshop, shape);
  const folder = workshop.folder(name);
  cpSync(standing.folder, folder, { recursive: true });
  return { ...standing, folder };
};
