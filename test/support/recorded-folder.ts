import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { openReadModels } from '#libs/adapters/read-models';
import { eventId } from '#libs/application';
import { canonicalJson, identityNumberFor, isInstant } from '#libs/kernel';
import { medicalFen } from '#libs/medical-account';
import {
  agency,
  credit,
  done,
  enableCard,
  HOSPITAL,
  holderWithCard,
  PHARMACY,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  tracingOf,
  withRegion,
} from './engine-fixture';

const fen = medicalFen;

/** A data folder in which something of everything was recorded by the engine itself, with its read models. */
export const recordedFolder = async (): Promise<string> => {
  const made = await withRegion(await testEngine({ at: '2025-11-03T02:00:00.000Z' }));
  const { engine, clock, folder } = made;
  const { accountId, cardNumber } = await holderWithCard(made, 'A10000001', 500_00);
  const bill = [{ code: 'X1', name: '药', quantity: '1', amountFen: fen(30_00) }] as never;
  const post = async (serial: string, over: object = {}, totalFen = 30_00) =>
    done(await engine.settlements.post({ ...swipeOf(made, serial, cardNumber, totalFen), ...over }, till));
  await post('S1', { lines: bill, visitNo: 'V1', chargeBatchNo: '1', invoiceNo: 'I1' });
  await post('S2');
  const undo = { institutionCode: PHARMACY, note: null, byAgency: false };
  const cancellation = { ...undo, reason: 'returnGoods', fundReturnedFen: null } as const;
  done(await engine.settlements.cancel({ ...cancellation, targetSerial: 'S1', serial: 'C1', amountFen: null }, till));
  await post('S3', { visitNo: 'V1', chargeBatchNo: '1', invoiceNo: 'I1' });
  done(await engine.settlements.cancel({ ...cancellation, targetSerial: 'S2', serial: 'C2', amountFen: fen(10_00) }, till));
  done(await engine.settlements.reverse({ ...undo, targetSerial: 'C2', serial: 'R1' }, till));
  done(await engine.settlements.reverse({ ...undo, targetSerial: 'NEVER', serial: 'R2' }, till));
  await engine.settlements.countPrint(PHARMACY, 'S3', till);
  await engine.settlements.post(swipeOf(made, 'S9', 'UNKNOWN00', 10_00), till); // Refused: kept as an attempt.
  done(await engine.keys.create({ organisation: PHARMACY, rights: ['institution'], institutionCodes: [PHARMACY], note: '' }, agency));
  const freeze = {
    scope: { kind: 'amount', amountFen: fen(1_00) },
    cause: 'judicialFreeze',
    legalDocument: 'D1',
    from: null,
    until: null,
  } as const;
  done(await engine.accounts.placeFreeze(accountId, { ...freeze, reference: 'F1' }, agency));
  const act = (n: number, order: Parameters<typeof engine.institutions.act>[2]) =>
    engine.institutions.act(HOSPITAL, `I${n}`, order, agency);
  clock.nowMs = Date.parse('2026-02-02T02:00:00.000Z');
  await credit(made, accountId, 5_00); // A new year: interest and rollover stand before it.
  await post('S4', { replacesSerial: 'S2' }, 20_00);
  clock.nowMs += 60_000;
  done(await act(1, { act: 'suspendAgreement', from: null, until: null, reason: 'x' }));
  clock.nowMs += 60_000;
  const old = await holderWithCard(made, 'A10000002', 70_00);
  done(await engine.settlements.post(swipeOf(made, 'T1', old.cardNumber, 7_00), till));
  const successor = await registerCard(made, old.accountId, 'A10000003');
  await enableCard(made, old.accountId, successor);
  const legacy = {
    kind: 'socialSecurity2',
    media: null,
    lastSwipedOn: '2026-01-11',
    currentYearFen: fen(30_00),
    priorYearFen: fen(0),
  } as const;
  const person = { identityKind: '01', identityNumber: identityNumberFor('370200', '1980-05-06', '777'), name: '古力娜' };
  const cards = (['inUse', 'stopped'] as const).map((state, n) => ({ ...legacy, state, cardNumber: `L1000000${n}` }));
  const taken = {
    sourceId: '1',
    poolingArea: '370200',
    insuranceType: 'employee',
    person,
    cards,
    currentYearFen: fen(0),
    priorYearFen: fen(0),
  } as const;
  done(await engine.imports.takeOver('legacy', taken, agency));
  const sealed = await holderWithCard(made, 'A10000005', 60_00);
  done(await engine.settlements.post(swipeOf(made, 'W1', sealed.cardNumber, 6_00), till));
  done(await engine.accounts.actOnCard(sealed.accountId, sealed.cardId, { reference: 'seal', act: 'seal', reason: 'x' }, agency));
  await mergedAndParted(made);
  const last = await holderWithCard(made, 'A10000004', 40_00);
  done(await engine.settlements.post(swipeOf(made, 'U1', last.cardNumber, 4_00), till));
  done(await engine.accounts.actOnCard(last.accountId, last.cardId, { reference: 'stop', act: 'stop', reason: 'x' }, agency));
  await made.engine.drain();
  const models = await openReadModels({
    folder,
    reader: { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } },
  });
  await models.caughtUp(await made.store.lastLogIndex());
  await models.close();
  const kept = mkdtempSync(path.join(tmpdir(), 'yika-recorded-'));
  await made.store.close();
  await made.contents.close();
  await made.vault.close();
  cpSync(folder, kept, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  return kept;
};

/** Two accounts become one, part, and become one again; a year ends on them. */
const mergedAndParted = async (made: TestEngine): Promise<void> => {
  const { engine, clock } = made;
  const desks = [tracingOf('agency', 'op-anna'), tracingOf('agency', 'op-bert')] as const;
  const [kept, gone] = [await holderWithCard(made, 'A10000008', 50_00), await holderWithCard(made, 'A10000009', 80_00)];
  const grounds = (reference: string) => ({ reference, reason: 'one person', document: 'D' });
  const approve = async (caseId: string) =>
    done(await engine.persons.approve(kept.accountId, caseId, { reference: `approve-${caseId}` }, desks[1]));
  const merge = async (reference: string): Promise<string> => {
    const order = { ...grounds(reference), absorbedAccountId: gone.accountId };
    const { caseId } = done(await engine.persons.proposeMerge(kept.accountId, order, desks[0]));
    await approve(caseId);
    return caseId;
  };
  done(await engine.settlements.post(swipeOf(made, 'P1', gone.cardNumber, 30_00), till));
  const mergeId = await merge('M1');
  done(await engine.settlements.post(swipeOf(made, 'P2', gone.cardNumber, 5_00), till));
  const undo = { institutionCode: PHARMACY, note: null, byAgency: false };
  done(await engine.settlements.reverse({ ...undo, targetSerial: 'P1', serial: 'P3' }, till));
  const { caseId } = done(await engine.persons.proposeUndo(kept.accountId, mergeId, grounds('U1'), desks[0]));
  await approve(caseId);
  done(await engine.settlements.reverse({ ...undo, targetSerial: 'P2', serial: 'P4' }, till)); // The card has gone back: so does its money.
  await merge('M2');
  clock.nowMs = Date.parse('2027-01-05T02:00:00.000Z');
  await credit(made, gone.accountId, 1_00, 'after-merge');
};

type Stored = Record<string, unknown> & {
  id: string;
  stream: string;
  revision: number;
  type: string;
  decidedAt: string;
  data: Record<string, unknown>;
  meta: Record<string, unknown>;
};
type Row = Readonly<{ logIndex: number; event: Stored; bytes: Buffer }>;

/** Somebody with a pen in the files: rows changed with a fitting crc, or without. */
export class Pen {
  readonly events: DatabaseSync;

  constructor(readonly folder: string) {
    this.events = new DatabaseSync(path.join(folder, 'events.db'));
  }

  at(type: string, nth = 0, where: (event: Stored) => boolean = () => true): Row {
    const rows = this.events.prepare('SELECT log_index, bytes FROM events WHERE type = ? ORDER BY log_index').all(type);
    const found = (rows as unknown as { log_index: number; bytes: Uint8Array }[])
      .map(({ log_index: logIndex, bytes }) => ({
        logIndex,
        bytes: Buffer.from(bytes),
        event: JSON.parse(Buffer.from(bytes).toString()) as Stored,
      }))
      .filter(({ event }) => where(event))[nth];
    if (!found) throw new Error(`no ${type}`);
    return found;
  }

  /** @throws Error when nothing changed. */
  change({ logIndex, event }: Row, change: (event: Stored) => void): void {
    const copy = structuredClone(event);
    change(copy);
    this.write(logIndex, Buffer.from(canonicalJson(copy)));
    this.events
      .prepare('UPDATE events SET id = ?, stream = ?, revision = ?, type = ? WHERE log_index = ?')
      .run(copy.id, copy.stream, copy.revision, copy.type, logIndex);
  }

  write(logIndex: number, bytes: Buffer, crc = crc32(bytes)): void {
    const before = this.events.prepare('SELECT bytes, crc FROM events WHERE log_index = ?').get(logIndex) as {
      bytes: Uint8Array;
      crc: number;
    };
    if (Buffer.from(before.bytes).equals(bytes) && before.crc === crc) throw new Error('nothing was changed');
    this.events.prepare('UPDATE events SET bytes = ?, crc = ? WHERE log_index = ?').run(bytes, crc, logIndex);
  }

  /** A settlement as somebody would forge it who knows the form: another serial, right ids, claims, and its place at the end of its stream. */
  forge({ event }: Row, serial: string, over: (event: Stored) => void = () => undefined): void {
    const last = this.events
      .prepare('SELECT max(revision) AS r, (SELECT max(log_index) FROM events) AS n FROM events WHERE stream = ?')
      .get(event.stream) as { r: number; n: number };
    const copy = structuredClone(event);
    const newest = this.events.prepare('SELECT bytes FROM events WHERE stream = ? AND revision = ?').get(event.stream, last.r);
    copy.decidedAt = (JSON.parse(Buffer.from((newest as { bytes: Uint8Array }).bytes).toString()) as Stored).decidedAt;
    copy.revision = last.r + 1;
    over(copy);
    const key = `settlement-${String(copy.data.institutionCode)}-${serial}`;
    copy.data.key = key;
    copy.id = eventId(key, 0);
    if (!isInstant(copy.decidedAt)) throw new Error('no instant');
    const bytes = Buffer.from(canonicalJson(copy));
    this.events
      .prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(last.n + 1, copy.stream, copy.revision, copy.id, copy.type, crc32(bytes), bytes);
    this.claim(key, String(copy.data.commandHash), last.n + 1);
  }

  claim(key: string, hash: string, logIndex: number): void {
    this.events.prepare('INSERT INTO claims VALUES (?, ?, ?)').run(key, hash, logIndex);
  }

  /** In another file of the folder. */
  in(file: string, sql: string): void {
    const db = new DatabaseSync(path.join(this.folder, file));
    const changed = db.prepare(sql).run().changes;
    db.close();
    if (changed === 0) throw new Error('nothing was changed');
  }

  run(sql: string, ...values: (string | number)[]): void {
    if (this.events.prepare(sql).run(...values).changes === 0) throw new Error('nothing was changed');
  }

  close(): void {
    this.events.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.events.close();
  }
}
