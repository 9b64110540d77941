import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteContentStore, openSqliteEventReader } from '#libs/adapters/event-store/sqlite';
import { loadMasterKey, openVault } from '#libs/adapters/vault';
import type { LoggedEvent } from '#libs/application';
import { auditOf } from '../support/audit';
import { type Acknowledged, acknowledgedIn, unsyncedBefore } from './acknowledgements';
import { eventIdOf, expectOpens } from './books';
import { runEngine } from './engine-process';
import { type Act, startLoad } from './load';
import { keepsOnlySynced, keepsSome, rebuildFolder, survivors } from './power-cut';
import { doorOf, PHARMACY, setUpRegion } from './region';
import { below, type Random, seeded, seedOfRun } from './seeded';
import { type Change, hasStrace, readTrace, type Trace, tracing } from './trace';

const CUTS = Number(process.env.YIKA_CUTS ?? 8);
const ACTS = Number(process.env.YIKA_ACTS ?? 300);
const UNSAFE_ACTS = 100;
const HOLDERS = 8;
const CALLERS = 12;
const CHECKPOINT_PAGES = '60';
const PRELOAD = join(__dirname, '../../dist/test/crash/pragmas-preload.js');

jest.setTimeout(240_000);

type Traced = Readonly<{ trace: Trace; acts: readonly Act[]; acknowledged: readonly Acknowledged[] }>;

/** Every system call of an engine that is set up, works, and is killed; `synchronous`: what the databases' durability is turned into. */
const tracedEngine = async (random: Random, actsMax: number, synchronous?: 'OFF' | 'NORMAL'): Promise<Traced> => {
  const above = mkdtempSync(join(tmpdir(), 'yika-cut-'));
  const folder = join(above, 'data');
  const file = join(above, 'trace');
  const env = { YIKA_TEST_CHECKPOINT_PAGES: CHECKPOINT_PAGES, ...(synchronous && { YIKA_TEST_SYNCHRONOUS: synchronous }) };
  try {
    const engine = await runEngine({ folder, within: tracing(file), preload: [PRELOAD], env });
    const region = await setUpRegion(engine, HOLDERS);
    const door = doorOf(engine);
    const load = startLoad(door, region, { random, label: 'p', callers: CALLERS, actsMax });
    await load.answered(actsMax - CALLERS);
    await engine.kill('SIGKILL');
    await load.stop();
    await door.close();
    const trace = await readTrace(file, folder);
    return { trace, acts: load.acts, acknowledged: acknowledgedIn(trace) };
  } finally {
    rmSync(above, { recursive: true, force: true });
  }
};

const isOf = (trace: Trace, name: string, { what, node }: Change) => what === 'write' && trace.names.get(node)?.endsWith(name);

/** Instants at which the power goes: as an answer leaves, in the midst of a checkpoint of each database, and anywhere at all. */
const cutsOf = ({ trace, acknowledged }: Traced, random: Random, many: number): readonly number[] => {
  const checkpoints = ['/events.db', '/content.db', '/vault.db'].map((name) => trace.changes.filter((change) => isOf(trace, name, change)));
  const first = acknowledged[0]?.issued ?? 0;
  const cuts = Array.from({ length: many }, (_, i) => {
    if (i % 3 === 0) return (acknowledged[below(random, acknowledged.length)]?.issued ?? 0) + 1;
    if (i % 3 === 1) {
      const writes = checkpoints[((i - 1) / 3) % 3] ?? [];
      return (writes[below(random, writes.length)]?.issued ?? 0) + below(random, 3);
    }
    return first + below(random, trace.end - first);
  });
  return [...cuts, trace.end + 1];
};

/** What was acknowledged and is not in the folder as the disk has it. */
const lostIn = async (folder: string, { acts }: Traced, acknowledged: readonly Acknowledged[]): Promise<string[]> => {
  const lost: string[] = [];
  const named = new Map(acts.map((act) => [act.name, act]));
  const log: LoggedEvent[] = [];
  const reader = await openSqliteEventReader({ folder });
  try {
    for await (const event of reader.readLog(0)) log.push(event);
    const times = new Map<string, number>();
    for (const { id } of log) times.set(id, (times.get(id) ?? 0) + 1);
    for (const { name, body } of acknowledged) {
      const act = named.get(name);
      if (act === undefined) continue;
      const eventId = eventIdOf({ ...act, answer: { status: 201, body } });
      if (times.get(eventId) !== 1) lost.push(`${act.kind} ${name}: its event stands ${times.get(eventId) ?? 0} times`);
      if (act.kind === 'credit' || act.kind === 'registration') continue;
      if ((await reader.findClaim(`settlement-${PHARMACY}-${name}`))?.eventId !== eventId) lost.push(`${act.kind} ${name}: no claim`);
    }
  } finally {
    await reader.close();
  }
  lost.push(...(await auditOf(log)).findings.map((finding) => JSON.stringify(finding)));
  return [...lost, ...(await contentsLost(folder, named, acknowledged)), ...(await cardsLost(folder, named, acknowledged))];
};

type Named = ReadonlyMap<string, Act>;

const contentsLost = async (folder: string, named: Named, acknowledged: readonly Acknowledged[]): Promise<string[]> => {
  const db = new DatabaseSync(join(folder, 'content.db'), { readOnly: true });
  const rows = db.prepare('SELECT hash, bytes FROM content').all() as { hash: string; bytes: Uint8Array }[];
  db.close();
  const contents = await openSqliteContentStore({ folder, readOnly: true });
  for (const { hash } of rows) await contents.get(hash); // Throws when it is not what its hash says.
  await contents.close();
  const text = rows.map(({ bytes }) => Buffer.from(bytes).toString()).join('\n');
  const billed = acknowledged.filter(({ name }) => 'lines' in (named.get(name)?.body ?? {}));
  return billed.filter(({ name }) => !text.includes(`药品 ${name}"`)).map(({ name }) => `swipe ${name}: the lines of its bill`);
};

const cardsLost = async (folder: string, named: Named, acknowledged: readonly Acknowledged[]): Promise<string[]> => {
  const { key } = loadMasterKey({ file: join(folder, 'master.key'), env: {} });
  const vault = await openVault({ folder, masterKey: key });
  const lost: string[] = [];
  for (const { name, body } of acknowledged) {
    const act = named.get(name);
    if (act?.kind !== 'registration') continue;
    const number = await vault.readCardNumber(String(body.id), { principal: 'spec', purpose: 'spec' });
    if (number !== (act.body as { cardNumber: string }).cardNumber) lost.push(`registration ${name}: the number of its card`);
  }
  await vault.close();
  return lost;
};

type Cut = Readonly<{ cut: number; fateOf: (change: Change) => 'lost' | 'kept' | 'torn'; random: Random }>;

/** The folder as a disk has it after the cut, opened by the store, and what is missing of what was acknowledged by then. */
const lostAfterCut = async (traced: Traced, { cut, fateOf, random }: Cut): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-after-'));
  const acknowledged = traced.acknowledged.filter(({ issued }) => issued < cut);
  try {
    if (!rebuildFolder(survivors(traced.trace, cut, fateOf), folder, random)) return acknowledged.length > 0 ? ['the data folder'] : [];
    await expectOpens(folder);
    return await lostIn(folder, traced, acknowledged);
  } catch (thrown) {
    return [`it does not open: ${String(thrown)}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Answers that the trace shows leaving before what they say was synced. */
const toldTooEarly = ({ trace, acts, acknowledged }: Traced): readonly string[] => {
  const named = new Map(acts.map((act) => [act.name, act]));
  return acknowledged.flatMap(({ name, issued, body }) => {
    const act = named.get(name);
    if (act === undefined) return [];
    const eventId = eventIdOf({ ...act, answer: { status: 201, body } });
    const faults = [unsyncedBefore(trace, '/events.db-wal', eventId, issued)];
    if ('lines' in act.body) faults.push(unsyncedBefore(trace, '/content.db-wal', `药品 ${name}"`, issued));
    return faults.filter((fault) => fault !== undefined).map((fault) => `${act.kind} ${name}: ${fault}`);
  });
};

const traces = hasStrace() ? describe : describe.skip;

traces('a power cut (needs strace; not run where there is none)', () => {
  const seed = seedOfRun('power cut');
  const random = seeded(seed);
  let traced: Traced;
  beforeAll(async () => {
    traced = await tracedEngine(random, ACTS);
  });

  it('the trace shows the work: answers of every kind, checkpoints of every database, nothing left out', () => {
    const { trace, acts, acknowledged } = traced;
    const names = new Set(acknowledged.map(({ name }) => name));
    const seen = acts.filter(({ name, answer }) => answer !== undefined && answer.status < 300 && names.has(name));
    expect(seen.length).toBe(acts.filter(({ answer }) => answer !== undefined && answer.status < 300).length);
    expect([...new Set(seen.map(({ kind }) => kind))].sort()).toEqual(['cancellation', 'credit', 'registration', 'reversal', 'swipe']);
    for (const name of ['/events.db', '/content.db', '/vault.db'])
      expect([name, trace.changes.some((change) => isOf(trace, name, change))]).toEqual([name, true]);
  });

  it('each answer leaves after a sync that follows the frames of its event, and of the lines of its bill', () => {
    expect(traced.acknowledged.length).toBeGreaterThan(ACTS / 2);
    expect(toldTooEarly(traced)).toEqual([]);
  });

  it(`a disk that kept only what was synced has all that was acknowledged, at ${CUTS} instants`, async () => {
    for (const cut of cutsOf(traced, random, CUTS)) {
      expect([cut, await lostAfterCut(traced, { cut, fateOf: keepsOnlySynced, random })]).toEqual([cut, []]);
    }
  });

  it(`so has one that has also got to some of what was not synced, in any order, and to parts of writes, at ${CUTS} instants`, async () => {
    for (const cut of cutsOf(traced, random, CUTS)) {
      const fateOf = keepsSome(random, 0.2 + 0.7 * random());
      expect([cut, await lostAfterCut(traced, { cut, fateOf, random })]).toEqual([cut, []]);
    }
  });

  it.each(['OFF', 'NORMAL'] as const)('both checks catch an engine that runs with synchronous = %s', async (synchronous) => {
    const unsafe = await tracedEngine(random, UNSAFE_ACTS, synchronous);
    expect(unsafe.acknowledged.length).toBeGreaterThan(UNSAFE_ACTS / 2);
    expect(toldTooEarly(unsafe).length).toBeGreaterThan(UNSAFE_ACTS / 4);
    const lost = await Promise.all(cutsOf(unsafe, random, 3).map((cut) => lostAfterCut(unsafe, { cut, fateOf: keepsOnlySynced, random })));
    expect(lost.flat().length).toBeGreaterThan(0);
  });
});
