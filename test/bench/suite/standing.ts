import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openSqliteEventReader } from '#libs/adapters/event-store/sqlite';
import type { Append } from '#libs/application';
import { openProjections } from './parts';
import type { Workshop } from './workshop';

const STALE_MS = 3_600_000;
const ABOUT = 'city.json';

/** Members and kinds of values; not the values, nor ids that members are named by. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([name, member]) => [/\d/.test(name) ? '#' : name, shapeOf(member)]);
};

/**
 * What is stored of accounts by such appends: another form of their events gives another name, and what was built with the old one is built
 * anew. Not of registers: a field more in a pack is no reason to build a million accounts again.
 */
export const formNameOf = (appends: readonly Append[]): string => {
  const ofAccounts = appends.filter(({ stream }) => stream.startsWith('medicalAccount-'));
  const stored = ofAccounts.flatMap(({ events }) =>
    events.map(({ type, bytes }) => [type, shapeOf(JSON.parse(Buffer.from(bytes).toString()))]),
  );
  const words = JSON.stringify(stored);
  const month = new Date().toISOString().slice(0, 7);
  return createHash('sha256').update(words).update(month).digest('hex').slice(0, 12);
};

/** Drops what was built of a form that is no longer written, but nothing that somebody may be working on. */
const dropStale = (cities: string, name: string): void => {
  for (const found of readdirSync(cities).filter((one) => one.startsWith(`${name}-`))) {
    const place = path.join(cities, found);
    if (Date.now() - statSync(place).mtimeMs > STALE_MS) rmSync(place, { recursive: true, force: true });
  }
};

/** Projections of another version are built anew when they are opened: that is not to happen while something is measured. */
const bringUp = async ({ say }: Workshop, folder: string): Promise<void> => {
  const reader = await openSqliteEventReader({ folder });
  const last = await reader.lastLogIndex();
  await reader.close();
  const projections = await openProjections(folder);
  try {
    const behind = (await projections.status()).filter(({ logIndex }) => logIndex < last).map(({ name }) => name);
    if (behind.length > 0) say(`building ${behind.join(', ')} of ${path.basename(folder)}`);
    await projections.caughtUp(last);
  } finally {
    await projections.close();
  }
};

/** A data folder that stays between runs, its projections at the head of its log, and what its builder knew of it. */
export const standing = async <T extends Readonly<{ folder: string }>>(
  workshop: Workshop,
  { name, form }: Readonly<{ name: string; form: string }>,
  build: (folder: string) => Promise<T>,
): Promise<T> => {
  const place = path.join(workshop.cities, `${name}-${form}`);
  if (!existsSync(path.join(place, ABOUT))) {
    dropStale(workshop.cities, name);
    const building = `${place}.${process.pid}.building`;
    rmSync(building, { recursive: true, force: true });
    mkdirSync(building, { recursive: true });
    const built = await build(building).catch((error: unknown) => {
      rmSync(building, { recursive: true, force: true });
      throw error;
    });
    writeFileSync(path.join(building, ABOUT), JSON.stringify({ ...built, folder: place }), { mode: 0o600 });
    if (existsSync(place))
      rmSync(building, { recursive: true, force: true }); // Another bench was first.
    else renameSync(building, place);
  }
  await workshop.once(`projections of ${place}`, () => bringUp(workshop, place));
  utimesSync(place, new Date(), new Date()); // In use.
  return JSON.parse(readFileSync(path.join(place, ABOUT), 'utf8')) as T;
};

/** A copy to work on. */
export const ownCopy = <T extends Readonly<{ folder: string }>>(workshop: Workshop, built: T, name: string): T => {
  const folder = workshop.folder(name);
  cpSync(built.folder, folder, { recursive: true });
  return { ...built, folder };
};
