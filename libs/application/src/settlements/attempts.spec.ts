import { attemptsStream } from '#libs/medical-account';
import { expectSound, logOf } from '../../../../test/support/audit';
import {
  codesOf,
  credit,
  done,
  holderWithCard,
  PHARMACY,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../../../../test/support/engine-fixture';
import { envelopeOf } from '../streams/stored-form';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine({ repeatedAttemptsMax: 2 }));
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});

/** What the log says of refused attempts: the reasons, or how often it came by now. */
const kept = async () =>
  (await logOf(made))
    .filter(({ stream }) => stream.startsWith('attempts-'))
    .map((stored) => {
      const { type, data } = envelopeOf(stored) as unknown as {
        type: string;
        data: { reasons?: readonly { code: string }[]; count?: number };
      };
      return type === 'AttemptRefused.v1' ? data.reasons?.map(({ code }) => code).join() : data.count;
    });
const full = (serial: string, cardNumber: string, fen: number) => ({ ...swipeOf(made, serial, cardNumber, fen), payment: 'full' as const });

describe('refused attempts', () => {
  it('an attempt is recorded with its command, facts, reasons and the revision of the account it was refused on', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const head = (await made.engine.accounts.view(accountId, null))?.revision;
    await made.engine.settlements.post(full('S1', cardNumber, 30_00), till);
    const stored = (await logOf(made)).at(-1);
    if (!stored) throw new Error('no log');
    expect(stored.stream.replace(/\d$/, '')).toBe(attemptsStream(PHARMACY, '2026-03-02', 0).replace(/\d$/, ''));
    expect(envelopeOf(stored)).toMatchObject({
      type: 'AttemptRefused.v1',
      data: {
        command: { type: 'PostSwipe', data: { serial: 'S1', payment: 'full' } },
        facts: { institution: 2, packs: 1 },
        reasons: [{ code: 'balance-insufficient' }],
        account: { stream: `medicalAccount-${accountId}`, revision: head },
      },
    });
  });

  it('an unknown card has no account to name', async () => {
    await holderWithCard(made, 'A00000001', 10_00);
    await made.engine.settlements.post(full('S1', 'NOBODY001', 30_00), till);
    expect(await kept()).toEqual(['card-unknown']);
    const stored = (await logOf(made)).at(-1);
    expect(stored && envelopeOf(stored).data).not.toHaveProperty('account');
  });

  it('the same attempt again is counted, another serial is an attempt of its own, and other reasons are recorded anew', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const order = full('S1', cardNumber, 30_00);
    for (const one of [order, { ...order, operatorCode: 'O2' }]) await made.engine.settlements.post(one, till);
    expect(await kept()).toEqual(['balance-insufficient', 2]);
    await made.engine.settlements.post(full('S2', cardNumber, 30_00), till);
    expect((await kept()).filter((word) => word === 'balance-insufficient').length).toBe(2);
    const freeze = { cause: 'settlementSuspension', legalDocument: 'D', from: null, until: null } as const;
    done(await made.engine.accounts.placeFreeze(accountId, { reference: 'f', scope: { kind: 'person' }, ...freeze }, till));
    const frozen = await made.engine.settlements.post(order, till);
    expect(codesOf(frozen)[0]).not.toBe('balance-insufficient');
    expect(await kept()).toContain(codesOf(frozen).join());
  });

  it('beyond the rate the till is told when to come again, and the next that is written counts those told to wait', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const order = full('S1', cardNumber, 30_00);
    const answers: unknown[] = [];
    for (let i = 0; i < 5; i++) answers.push((await made.engine.settlements.post(order, till)).kind);
    expect(answers).toEqual(['refused', 'refused', 'throttled', 'throttled', 'throttled']);
    made.clock.nowMs += 20_000;
    expect(await made.engine.settlements.post(order, till)).toEqual({ kind: 'throttled', retryAfterSeconds: 40 });
    expect(await kept()).toEqual(['balance-insufficient', 2]);
    made.clock.nowMs += 40_000;
    expect((await made.engine.settlements.post(order, till)).kind).toBe('refused');
    expect(await kept()).toEqual(['balance-insufficient', 2, 7]);
  });

  it('an engine on its way out writes what is still to be counted', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 10_00);
    for (let i = 0; i < 5; i++) await made.engine.settlements.post(full('S1', cardNumber, 30_00), till);
    await made.engine.drain();
    expect(await kept()).toEqual(['balance-insufficient', 2, 5]);
  });

  it('other reasons meanwhile: those told to wait are written before them', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const order = full('S1', cardNumber, 30_00);
    for (let i = 0; i < 4; i++) await made.engine.settlements.post(order, till);
    const freeze = { cause: 'settlementSuspension', legalDocument: 'D', from: null, until: null } as const;
    done(await made.engine.accounts.placeFreeze(accountId, { reference: 'f', scope: { kind: 'person' }, ...freeze }, till));
    const frozen = codesOf(await made.engine.settlements.post(order, till)).join();
    expect(await kept()).toEqual(['balance-insufficient', 2, 4, frozen]);
  });

  it('a settled swipe is never slowed down, and an attempt leaves no claim: its serial settles once the money is there', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const order = full('S1', cardNumber, 30_00);
    for (let i = 0; i < 4; i++) await made.engine.settlements.post(order, till);
    expect(await made.engine.settlements.find(PHARMACY, 'S1')).toEqual({ kind: 'absent' });
    await credit(made, accountId, 20_00);
    const replayed: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      const answer = await made.engine.settlements.post(order, till);
      replayed.push(answer.kind === 'done' && answer.replayed);
    }
    expect(replayed).toEqual([false, true, true, true, true]);
  });

  it('where the attempt cannot be kept, the till hears that and not the refusal', async () => {
    const script: string[] = [];
    await made.close();
    made = await withRegion(
      await testEngine({
        repeatedAttemptsMax: 2,
        wrapStore: (store) => ({
          ...store,
          readForward: (stream, from) => store.readForward(stream, from),
          readBackward: (stream) => store.readBackward(stream),
          append: async (append) =>
            append.stream.startsWith('attempts-') && script.shift() === 'full'
              ? { kind: 'unavailable', cause: 'full' }
              : store.append(append),
        }),
      }),
    );
    const { cardNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const order = full('S1', cardNumber, 30_00);
    script.push('full');
    expect(await made.engine.settlements.post(order, till)).toEqual({ kind: 'unavailable', cause: 'full' });
    for (let i = 0; i < 3; i++) await made.engine.settlements.post(order, till);
    made.clock.nowMs += 60_000;
    script.push('full');
    await made.engine.settlements.post(order, till);
    await made.engine.drain();
    expect(await kept()).toEqual(['balance-insufficient', 3]); // The two told to wait; neither of those that heard "full".
  });
});
