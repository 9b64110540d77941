import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteContentStore, openSqliteEventReader, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { dumpReadModel, openReadModels } from '#libs/adapters/read-models';
import type { EventReader, LoggedEvent } from '#libs/application';
import { parseYuan } from '#libs/kernel';
import { auditOf } from '../support/audit';
import type { Act } from './load';
import { type Door, type Fields, must, PHARMACY, type Region } from './region';

const PROJECTIONS = ['balances', 'freezes', 'cardTransfers', 'settlements', 'institutionDays', 'cards', 'vouchers'];

export const isDone = ({ answer }: Act): boolean => answer !== undefined && answer.status < 300;
/** Everything that was said of an act, but whether it was said before. */
const said = ({ replayed: _replayed, ...rest }: Fields): Fields => rest;
export const eventIdOf = ({ answer }: Act): string => {
  const { eventId, events } = (answer?.body ?? {}) as Readonly<{ eventId?: string; events?: readonly { eventId: string }[] }>;
  return eventId ?? events?.at(-1)?.eventId ?? '';
};

/** What the acts that were done make of each holder's money, added up here from their own answers. Units: fen. */
export const balancesBy = (region: Region, acts: readonly Act[]): ReadonlyMap<string, number> => {
  const balances = new Map(region.holders.map(({ accountId, openingFen }) => [accountId, openingFen]));
  for (const act of acts.filter(isDone)) {
    const before = balances.get(act.holder.accountId) ?? 0;
    balances.set(act.holder.accountId, before + movedBy(act));
  }
  return balances;
};

const movedBy = ({ kind, answer, body }: Act): number => {
  const told = answer?.body ?? {};
  if (kind === 'swipe') return 0 - parseYuan(String((told.accountPaid as Fields).total));
  if (kind === 'credit') return parseYuan(String((body as Fields).amount));
  return kind === 'registration' ? 0 : parseYuan(String(told.accountReturned));
};

const readAll = async (reader: EventReader): Promise<LoggedEvent[]> => {
  const log: LoggedEvent[] = [];
  for await (const event of reader.readLog(0)) log.push(event);
  return log;
};

/** Everything that was acknowledged is in the log, once, with its claim; nothing else is; and the log can be decided again, leg by leg. */
export const expectAllInLog = async (folder: string, acts: readonly Act[]): Promise<void> => {
  const reader = await openSqliteEventReader({ folder });
  try {
    const log = await readAll(reader);
    expect(log.map(({ logIndex }) => logIndex)).toEqual(log.map((_, i) => i));
    const timesStored = new Map<string, number>();
    for (const { id } of log) timesStored.set(id, (timesStored.get(id) ?? 0) + 1);
    const done = acts.filter(isDone);
    expect(done.filter((act) => timesStored.get(eventIdOf(act)) !== 1).map(({ name, kind, answer }) => [kind, name, answer])).toEqual([]);
    const swipes = done.filter(({ kind }) => kind === 'swipe');
    const openActs = acts.filter(({ answer }) => answer === undefined || answer.status >= 500).length;
    const settled = log.filter(({ type }) => type === 'SwipeSettled.v1').length;
    expect(settled).toBeGreaterThanOrEqual(swipes.length);
    expect(settled).toBeLessThanOrEqual(swipes.length + openActs);
    for (const act of done.filter(({ kind }) => kind !== 'credit' && kind !== 'registration')) {
      expect([act.name, await reader.findClaim(`settlement-${PHARMACY}-${act.name}`)]).toMatchObject([
        act.name,
        { eventId: eventIdOf(act) },
      ]);
    }
    expect(claimsAstray(folder)).toEqual([]);
    const report = await auditOf(log);
    expect(report.findings).toEqual([]);
    expect(report.decisionsRepeated).toBeGreaterThan(0);
  } finally {
    await reader.close();
  }
};

/** Claims that name no event. */
const claimsAstray = (folder: string): readonly unknown[] => {
  const db = new DatabaseSync(join(folder, 'events.db'), { readOnly: true });
  try {
    return db.prepare('SELECT key FROM claims LEFT JOIN events USING (log_index) WHERE events.id IS NULL').all();
  } finally {
    db.close();
  }
};

/** The same acts again: who was answered gets the same answer, who was not gets one now; and every account holds what they make of it. */
export const expectSameAgain = async (door: Door, region: Region, acts: readonly Act[], since: number): Promise<void> => {
  const repeat = async (act: Act): Promise<void> => {
    const again = await door.call('POST', act.at, { key: act.key, body: act.body, name: act.name });
    if (isDone(act)) expect([act.name, again.status, said(again.body)]).toEqual([act.name, 200, said(act.answer?.body ?? {})]);
    else if (act.answer === undefined || act.answer.status >= 500) act.answer = again;
    expect(again.status).toBeLessThan(500);
  };
  await Promise.all(acts.slice(since).map(repeat));
  const expected = balancesBy(region, acts);
  for (const { accountId } of region.holders) {
    const view = must(await door.call('GET', `/v1/accounts/${accountId}`, { key: region.agencyKey }));
    expect([accountId, parseYuan(String(view.balance))]).toEqual([accountId, expected.get(accountId)]);
  }
};

const dumpsOf = async (folder: string): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const name of PROJECTIONS) for await (const line of dumpReadModel(folder, name)) lines.push(`${name} ${line}`);
  return lines;
};

/** The engine's projections, once it is at the head of its log, say what projections built anew from that log say. */
export const expectProjectionsRight = async (folder: string, caughtUp: () => Promise<boolean>): Promise<void> => {
  while (!(await caughtUp())) await new Promise((resolve) => setTimeout(resolve, 10));
  const anew = mkdtempSync(join(tmpdir(), 'yika-anew-'));
  const reader = { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } };
  const models = await openReadModels({ folder: anew, reader, onNotice: () => undefined });
  try {
    const own = await openSqliteEventReader({ folder });
    await models.caughtUp(await own.lastLogIndex());
    await own.close();
    expect(await dumpsOf(folder)).toEqual(await dumpsOf(anew));
  } finally {
    await models.close();
    rmSync(anew, { recursive: true, force: true });
  }
};

/** Takes the folder as an engine would, without one: it opens at once, and what is in it is sound. */
export const expectOpens = async (folder: string): Promise<void> => {
  const store = await openSqliteEventStore({ folder });
  const contents = await openSqliteContentStore({ folder });
  await Promise.all([store.close(), contents.close()]);
};
