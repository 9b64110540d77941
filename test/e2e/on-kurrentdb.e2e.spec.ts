import { openKurrentDbEventStore } from '#libs/adapters/event-store/kurrentdb';
import type { EventStore } from '#libs/application';
import { expectSound } from '../support/audit';
import {
  codesOf,
  credit,
  done,
  engineBeside,
  holderWithCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../support/engine-fixture';
import { ScriptedKurrentDb } from '../support/scripted-kurrentdb';
import { HASTY } from '../support/scripted-kurrentdb/on-kurrentdb';

let server: ScriptedKurrentDb;
let made: TestEngine;
let east: Awaited<ReturnType<typeof engineBeside>>;
let beside: EventStore;

beforeAll(async () => {
  server = await ScriptedKurrentDb.start();
  const [own, other] = await Promise.all([1, 2].map(() => openKurrentDbEventStore({ ...HASTY, url: server.url, marksEvery: 50 })));
  if (!own || !other) throw new Error('not opened');
  beside = other;
  made = await withRegion(
    await testEngine({
      wrapStore: (sqlite) => ({ ...own, close: () => Promise.all([sqlite.close(), own.close()]).then(() => undefined) }),
    }),
  );
  east = await engineBeside(made, { wrapStore: () => other });
});
afterAll(async () => {
  await east.engine.drain();
  await expectSound(made);
  await beside.close();
  await made.close();
  server.kill();
});

const swipe = (engine: TestEngine['engine'], serial: string, cardNumber: string, fen: number) =>
  engine.settlements.post({ ...swipeOf(made, serial, cardNumber, fen), payment: 'full' }, till);
const balance = async (accountId: string) =>
  (await east.engine.accounts.view(accountId, null))?.balances.reduce((sum, [, fen]) => sum + fen, 0);

describe('two engines on KurrentDB', () => {
  it('one settles what the other answers again; another card under the same serial is told apart', async () => {
    const one = await holderWithCard(made, 'K00000001', 100_00);
    const other = await holderWithCard(made, 'K00000002', 100_00);
    const first = done(await swipe(made.engine, 'serial-1', one.cardNumber, 12_50));
    expect(await swipe(east.engine, 'serial-1', one.cardNumber, 12_50)).toEqual({ kind: 'done', replayed: true, value: first });
    expect(codesOf(await swipe(east.engine, 'serial-1', other.cardNumber, 12_50))).toEqual(['settlement-exists-with-different-card']);
    expect([await balance(one.accountId), await balance(other.accountId)]).toEqual([87_50, 100_00]);
  });

  it('while answers are lost, late and twice and calls end, every serial that two engines are sent is settled once', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'K00000003', 1_000_00);
    const faults = ['loseAnswer', 'twice', 'droppedAfter', 'timeoutStored', 'late'] as const;
    let n = 0;
    const disturbing = setInterval(() => {
      if (server.toCome === 0) server.next(faults[n++ % faults.length] ?? 'late', n % 3 === 0 ? 'spec.claim:' : 'spec:medicalAccount');
      if (n % 4 === 0) server.letGo();
    }, 25);
    const serials = Array.from({ length: 20 }, (_, i) => `busy-${i}`);
    const answers = await Promise.all(
      serials.flatMap((serial) =>
        [made.engine, east.engine].map(async (engine) => {
          for (;;) {
            const answer = await swipe(engine, serial, cardNumber, 1_00);
            if (answer.kind === 'done') return serial;
            if (answer.kind === 'refused') throw new Error(JSON.stringify(answer));
          }
        }),
      ),
    );
    clearInterval(disturbing);
    server.letGo();
    expect(answers).toHaveLength(40);
    expect(await balance(accountId)).toBe(980_00);
    await credit(made, accountId, 20_00, 'after');
    expect(await balance(accountId)).toBe(1_000_00);
  });
});
