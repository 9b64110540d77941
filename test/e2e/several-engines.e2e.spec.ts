import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '#libs/application';
import { expectSound } from '../support/audit';
import {
  agency,
  codesOf,
  credit,
  done,
  engineBeside,
  holderWithCard,
  PHARMACY,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../support/engine-fixture';

type Beside = Awaited<ReturnType<typeof engineBeside>>;
const HEARD_WITHIN_MS = 2_000;

let made: TestEngine;
let east: Beside;
let west: Beside;
/** What the western engine has asked the store for. */
const asked: string[] = [];
/** While true the western engine hears nothing of what others write. */
let deaf = false;

const told = <Answer>(what: string, answer: Answer): Answer => {
  asked.push(what);
  return answer;
};
const hearing = (store: EventStore): EventStore => ({
  ...store,
  readBackward: (stream) => told(`backward ${stream}`, store.readBackward(stream)),
  readForward: (stream, from) => told(`forward ${stream}`, store.readForward(stream, from)),
  readEvent: (stream, revision) => told(`event ${stream}`, store.readEvent(stream, revision)),
  findClaim: (key) => told(`claim ${key}`, store.findClaim(key)),
  lastLogIndex: () => (deaf ? Promise.reject(new Error('not reached')) : store.lastLogIndex()),
  subscribe: async function* (from, signal) {
    for await (const event of store.subscribe(from, signal)) {
      while (deaf && !signal.aborted) await sleep(5);
      yield event;
    }
  },
});

beforeAll(async () => {
  made = await withRegion(await testEngine());
  east = await engineBeside(made);
  west = await engineBeside(made, { aheadMs: 30_000, wrapStore: hearing });
});
afterAll(async () => {
  await Promise.all([east, west].map(({ engine }) => engine.drain()));
  await expectSound(made);
  await made.close();
});
afterEach(() => {
  deaf = false;
});

const balanceAt = async ({ engine }: Beside, accountId: string) =>
  (await engine.accounts.view(accountId, null))?.balances.reduce((sum, [, fen]) => sum + fen, 0);
const swipe = (at: Beside, serial: string, cardNumber: string, fen: number) =>
  at.engine.settlements.post({ ...swipeOf(made, serial, cardNumber, fen), payment: 'full' }, till);

/** Asks until the answer is the wanted one; the last answer otherwise. */
const before = async <T>(deadlineMs: number, ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> => {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || performance.now() > endMs) return answer;
    await sleep(20);
  }
};

describe('several engines on one store', () => {
  it('what one has written, the other tells at once: a balance is never the one of a moment ago', async () => {
    const { accountId, cardNumber } = await holderWithCard({ ...made, ...east }, 'E00000001', 100_00);
    deaf = true; // For so short a time that it decides all the same.
    for (let n = 1; n <= 10; n++) {
      const [writer, reader] = n % 2 === 0 ? [east, west] : [west, east];
      done(await swipe(writer, `turn-${n}`, cardNumber, 1_00));
      expect(await balanceAt(reader, accountId)).toBe(100_00 - n * 1_00);
    }
  });

  it('a swipe of an account that is known here is settled without a read; a refusal is proven by one', async () => {
    const { cardNumber, accountId } = await holderWithCard({ ...made, ...east }, 'E00000009', 5_00);
    done(await swipe(west, 'first', cardNumber, 1_00));
    asked.length = 0;
    done(await swipe(west, 'second', cardNumber, 1_00));
    expect(asked).toEqual([]);
    expect(codesOf(await swipe(west, 'third', cardNumber, 50_00))).toEqual(['balance-insufficient']);
    expect(asked.filter((name) => name.startsWith('backward medicalAccount-'))).toEqual([`backward medicalAccount-${accountId}`]);
  });

  it('money that came in at the other engine pays here: nobody is refused by what was so before', async () => {
    const { accountId, cardNumber } = await holderWithCard({ ...made, ...east }, 'E00000002', 1_00);
    expect(codesOf(await swipe(west, 'poor', cardNumber, 50_00))).toEqual(['balance-insufficient']);
    deaf = true;
    await credit({ ...made, ...east }, accountId, 80_00, 'arrives-east');
    done(await swipe(west, 'rich', cardNumber, 50_00));
    expect(await balanceAt(east, accountId)).toBe(31_00);
  });

  it('a hundred swipes of one account at both engines at once: each is answered, nothing is overdrawn, no serial is settled twice', async () => {
    const { accountId, cardNumber } = await holderWithCard({ ...made, ...east }, 'E00000003', 40_00);
    const order = (n: number) => swipeOf(made, `race-${n >> 1}`, cardNumber, 1_00);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => (n % 2 ? east : west).engine.settlements.post(order(n), till)));
    const receipts = answers.map(done);
    expect(new Set(receipts.map(({ eventId }) => eventId)).size).toBe(50);
    expect(answers.filter((answer) => answer.kind === 'done' && answer.replayed).length).toBe(50);
    expect([await balanceAt(east, accountId), await balanceAt(west, accountId)]).toEqual([0, 0]);
  });

  it('a card that is stopped, a key that is revoked and an agreement that is suspended at one engine hold at the other', async () => {
    const { accountId, cardNumber, cardId } = await holderWithCard({ ...made, ...east }, 'E00000004', 90_00);
    done(await swipe(west, 'works', cardNumber, 1_00));
    deaf = true;
    done(await east.engine.accounts.actOnCard(accountId, cardId, { reference: 'cancel-east', act: 'cancel', reason: 'holder' }, agency));
    expect(codesOf(await swipe(west, 'cancelled', cardNumber, 1_00))).toEqual(['card-cancelled']);

    deaf = false;

    const order = { organisation: PHARMACY, rights: ['institution'] as const, institutionCodes: [PHARMACY], note: '' };
    const { keyId, key } = done(await east.engine.keys.create(order, agency));
    expect(await west.engine.keys.authenticate(key)).toMatchObject({ keyId });
    done(await east.engine.keys.revoke(keyId, 'lost', agency));
    expect(
      await before(
        HEARD_WITHIN_MS,
        () => west.engine.keys.authenticate(key),
        (answer) => answer === undefined,
      ),
    ).toBeUndefined();

    const other = await holderWithCard({ ...made, ...east }, 'E00000005', 90_00);
    const suspend = { act: 'suspendAgreement', from: null, until: null, reason: 'audit' } as const;
    done(await east.engine.institutions.act(PHARMACY, 'suspend-east', suspend, agency));
    let n = 0;
    const codes = await before(
      HEARD_WITHIN_MS,
      async () => codesOf(await swipe(west, `suspended-${++n}`, other.cardNumber, 1)),
      ([code]) => code !== 'done',
    );
    expect(codes).toEqual(['agreement-suspended']);
    done(await east.engine.institutions.act(PHARMACY, 'resume-east', { act: 'resumeAgreement', reason: 'done' }, agency));
  });

  it('an engine that hears nothing for two seconds decides nothing and says so; it goes on by itself when it hears again', async () => {
    const { cardNumber } = await holderWithCard({ ...made, ...east }, 'E00000006', 90_00);
    deaf = true;
    const ask = async () => (await west.engine.readiness()).reasons.map(({ code }) => code);
    expect(await before(6_000, ask, (codes) => codes.includes('facts-stale'))).toContain('facts-stale');
    expect(await swipe(west, 'deaf', cardNumber, 1_00)).toEqual({ kind: 'unavailable', cause: 'stale' });
    await expect(west.engine.keys.authenticate('yk_0123456789abcdef_'.padEnd(63, 'A'))).rejects.toThrow('stale');
    done(await swipe(east, 'deaf', cardNumber, 1_00));
    deaf = false;
    const again = await before(
      6_000,
      () => swipe(west, 'deaf', cardNumber, 1_00),
      ({ kind }) => kind === 'done',
    );
    expect(again).toMatchObject({ kind: 'done', replayed: true });
  });

  it('a card that was registered a moment ago at one engine is known to the other', async () => {
    const { accountId } = await holderWithCard({ ...made, ...east }, 'E00000007', 10_00);
    await registerCard({ ...made, ...east }, accountId, 'E00000008');
    expect(codesOf(await swipe(west, 'not-enabled', 'E00000008', 1_00))).not.toContain('card-not-recognised');
  });
});
