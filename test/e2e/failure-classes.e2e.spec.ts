import type { Append, AppendResult, EventStore, LoggedEvent } from '#libs/application';
import { nonEmpty } from '#libs/kernel';
import { medicalFen } from '#libs/medical-account';
import { auditOf, expectSound, logOf, reworded } from '../support/audit';
import {
  agency,
  codesOf,
  credit,
  done,
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
} from '../support/engine-fixture';

/** A store whose answers a test may falsify, as lost and late answers do: the real one is asked first, or not at all. */
const unreliable = () => {
  const script: ((append: Append, real: (append: Append) => Promise<AppendResult>) => Promise<AppendResult>)[] = [];
  const wrapStore = (store: EventStore): EventStore => ({
    ...store,
    append: (append) => (script.shift() ?? ((one, real) => real(one)))(append, (one) => store.append(one)),
  });
  return { script, wrapStore };
};
const lostAnswer = async (append: Append, real: (append: Append) => Promise<AppendResult>): Promise<AppendResult> => {
  await real(append);
  return { kind: 'unknown', cause: 'the answer was lost' };
};

let made: TestEngine;
let script: ReturnType<typeof unreliable>['script'];
beforeEach(async () => {
  const store = unreliable();
  script = store.script;
  made = await withRegion(await testEngine({ wrapStore: store.wrapStore }));
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});
const balanceOf = async (accountId: string) =>
  (await made.engine.accounts.view(accountId, null))?.balances.reduce((sum, [, fen]) => sum + fen, 0);
const cancel = (targetSerial: string, serial: string) =>
  made.engine.settlements.cancel(
    {
      institutionCode: PHARMACY,
      targetSerial,
      serial,
      reason: 'returnGoods',
      note: null,
      amountFen: null,
      fundReturnedFen: null,
      byAgency: false,
    },
    till,
  );

describe('classes of failure that other ledgers had', () => {
  it('the reply says "conflict" but the money moved: a lost answer ends as one settlement, told as such', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    script.push(lostAnswer);
    const answer = await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till);
    expect(answer).toMatchObject({ kind: 'done', replayed: false, value: { balanceAfterFen: 70_00 } });
    expect(await balanceOf(accountId)).toBe(70_00);
  });

  it('a library below the caller retries a call that is not idempotent: the same append twice is stored once', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    script.push(async (append, real) => {
      await real(append);
      return real(append);
    });
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till));
    expect(await balanceOf(accountId)).toBe(70_00);
  });

  it('same key with another body, or another party’s key, is never answered with the first result', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const order = swipeOf(made, 'S1', cardNumber, 30_00);
    done(await made.engine.settlements.post(order, till));
    const differently = [
      [{ totalFeeFen: medicalFen(31_00) }, 'settlement-exists-with-different-amount'],
      [{ accountEligibleFen: medicalFen(1_00) }, 'settlement-exists-with-different-eligible'],
      [{ fundPaidFen: medicalFen(1) }, 'settlement-exists-with-different-fund-part'],
      [{ payment: 'none' }, 'settlement-exists-with-different-payment'],
    ] as const;
    for (const [over, code] of differently) expect(codesOf(await made.engine.settlements.post({ ...order, ...over }, till))[0]).toBe(code);
    const elsewhere = { ...order, institutionCode: HOSPITAL, medicalCategory: 'outpatient' as const };
    expect(await made.engine.settlements.post(elsewhere, tracingOf(HOSPITAL))).toMatchObject({ kind: 'done', replayed: false });
  });

  it('a failed attempt poisons the key: the good attempt under the same serial is settled', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const order = { ...swipeOf(made, 'S1', cardNumber, 30_00), payment: 'full' as const };
    expect(codesOf(await made.engine.settlements.post(order, till))).toEqual(['balance-insufficient']);
    await credit(made, accountId, 50_00);
    expect(await made.engine.settlements.post(order, till)).toMatchObject({ kind: 'done', replayed: false });
  });

  it('the follow-up arrives before the first is visible: a cancellation right behind its settlement finds it', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    for (let i = 0; i < 20; i++) {
      done(await made.engine.settlements.post(swipeOf(made, `S${i}`, cardNumber, 1_00), till));
      done(await cancel(`S${i}`, `C${i}`));
    }
    expect(await balanceOf(accountId)).toBe(100_00);
  });

  it('id told to the caller ≠ id stored: the receipt’s place holds that very event', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const receipt = done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till));
    const stored = await made.store.readEvent(receipt.stream, receipt.revision);
    expect(stored?.id).toBe(receipt.eventId);
    expect(JSON.parse(Buffer.from(stored?.bytes ?? []).toString())).toMatchObject({
      id: receipt.eventId,
      data: { key: `settlement-${PHARMACY}-${receipt.serial}` },
    });
  });

  it('reversal applied twice, or undone by a repeat', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till));
    const reverse = (serial: string) =>
      made.engine.settlements.reverse({ institutionCode: PHARMACY, targetSerial: 'S1', serial, note: null, byAgency: false }, till);
    script.push(lostAnswer);
    const answers = await Promise.all([reverse('R1'), reverse('R1'), reverse('R2')]);
    expect(answers.map((answer) => (answer.kind === 'done' ? answer.replayed : codesOf(answer)[0])).sort()).toEqual(
      [false, true, 'already-undone'].sort(),
    );
    expect(await balanceOf(accountId)).toBe(100_00);
    expect(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till)).toMatchObject({
      kind: 'done',
      replayed: true,
    });
    expect(await balanceOf(accountId)).toBe(100_00);
  });

  it('the store accepts an append with a correct expected revision twice: the second is a conflict and nothing moves', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    script.push(async (append, real) => {
      const other = append.events.map((event) => {
        const id = `${event.id.slice(0, -4)}ffff`;
        return { ...event, id, bytes: Buffer.from(Buffer.from(event.bytes).toString().replace(event.id, id)) };
      });
      const first = await real(append);
      expect(await real({ ...append, events: nonEmpty(other), claims: [] })).toMatchObject({ kind: 'conflict' });
      return first;
    });
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till));
    expect(await balanceOf(accountId)).toBe(70_00);
  });

  it('a commit whose outcome stays unknown is never told as "not settled"', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const started = made.clock.nowMs;
    const late = async (append: Append, real: (append: Append) => Promise<AppendResult>): Promise<AppendResult> => {
      made.clock.nowMs += 10_000;
      return lostAnswer(append, real);
    };
    script.push(late);
    const order = swipeOf(made, 'S1', cardNumber, 30_00);
    expect(await made.engine.settlements.post(order, till)).toEqual({ kind: 'outcomeUnknown' });
    made.clock.nowMs = started;
    expect(await made.engine.settlements.post(order, till)).toMatchObject({ kind: 'done', replayed: true });
    expect(await balanceOf(accountId)).toBe(70_00);
  });

  it('the rule service fails open: without an institution, an agreement or a policy nothing is settled', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const nowhere = await made.engine.settlements.post({ ...swipeOf(made, 'S1', cardNumber, 1_00), institutionCode: 'P37020099999' }, till);
    expect(codesOf(nowhere)).toEqual(['institution-not-registered']);
    done(
      await made.engine.institutions.act(
        PHARMACY,
        'stop',
        { act: 'suspendAgreement', from: null, until: null, reason: 'inspection' },
        agency,
      ),
    );
    expect(codesOf(await made.engine.settlements.post(swipeOf(made, 'S2', cardNumber, 1_00), till))).toEqual(['agreement-suspended']);
  });

  it('one-sided entry after a time-out: a reversal by the institution makes both sides equal, whichever came first', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    script.push(lostAnswer);
    const [settled] = await Promise.all([
      made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till),
      made.engine.settlements.reverse({ institutionCode: PHARMACY, targetSerial: 'S1', serial: 'R1', note: null, byAgency: false }, till),
    ]);
    const view = await made.engine.settlements.find(PHARMACY, 'S1');
    expect(view).toMatchObject(settled.kind === 'done' ? { state: 'undone' } : { kind: 'undo' });
    expect(await balanceOf(accountId)).toBe(100_00);
  });

  it('one-sided entry: the reversal of a message that replaced another leaves that one, whether the message had come or not', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const reverse = (serial: string, targetSerial: string) =>
      made.engine.settlements.reverse({ institutionCode: PHARMACY, targetSerial, serial, note: null, byAgency: false }, till);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 50_00), till));
    done(await reverse('R0', 'LOST'));
    const replacing = { ...swipeOf(made, 'S2', cardNumber, 45_00), replacesSerial: 'S1' };
    done(await made.engine.settlements.post(replacing, till));
    expect(codesOf(await made.engine.settlements.post({ ...replacing, replacesSerial: null }, till))[0]).toMatch(
      /^settlement-exists-with-different/,
    );
    made = await made.reopen();
    done(await reverse('R2', 'S2'));
    expect(await made.engine.settlements.find(PHARMACY, 'S1')).toMatchObject({ state: 'live' });
    expect(await made.engine.settlements.find(PHARMACY, 'S2')).toMatchObject({ state: 'undone' });
    expect(await balanceOf(accountId)).toBe(50_00);
    expect(codesOf(await reverse('R3', 'S2'))).toEqual(['already-undone']);
    expect(codesOf(await reverse('R4', 'LOST'))).toEqual(['settlement-key-already-voided']);
    expect(codesOf(await reverse('S1', 'S1'))).toEqual(['serial-already-used']);
    done(await cancel('S1', 'C1'));
    expect(await balanceOf(accountId)).toBe(100_00);
  });

  it('an expected refusal surfaces as 500: bill lines or a vault that cannot be written are told as such, and nothing is settled', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const lines = [{ lineNo: 1, code: 'X', name: 'x', quantity: '1', price: '1.00', amount: '1.00', traceCodes: [] }];
    await made.contents.close();
    const answer = await made.engine.settlements.post({ ...swipeOf(made, 'S1', cardNumber, 1_00), lines }, till);
    expect(answer.kind).toBe('unavailable');
    await made.vault.close();
    const person = { identityKind: '08', identityNumber: 'E12345678', name: 'Li' };
    const opened = await made.engine.accounts.open({ reference: 'o9', poolingArea: '370200', insuranceType: 'employee', person }, agency);
    expect(opened.kind).toBe('unavailable');
    made = await made.reopen();
    expect(await balanceOf(accountId)).toBe(100_00);
  });

  it('a till is not told why money is frozen, nor where else its customer is insured', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const freeze = { scope: { kind: 'person' }, cause: 'judicialFreeze', legalDocument: 'D', from: null, until: null } as const;
    done(await made.engine.accounts.placeFreeze(accountId, { reference: 'f1', ...freeze }, agency));
    done(await made.engine.accounts.placeFreeze(accountId, { reference: 'f2', ...freeze, cause: 'settlementSuspension' }, agency));
    const answer = await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 1_00), till);
    expect(answer).toEqual({ kind: 'refused', reasons: [{ code: 'debit-frozen' }] });
  });

  it('an invoice cannot be settled twice while it stands, and can once it was wholly undone', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    const over = { invoiceNo: 'I1', visitNo: 'V1', chargeBatchNo: 'B1' };
    done(await made.engine.settlements.post({ ...swipeOf(made, 'S1', cardNumber, 10_00), ...over }, till));
    expect(await made.engine.settlements.post({ ...swipeOf(made, 'S2', cardNumber, 10_00), ...over }, till)).toMatchObject({
      reasons: [{ code: 'already-settled', serial: 'S1' }],
    });
    done(await cancel('S1', 'C1'));
    const again = await Promise.all(
      ['S3', 'S4'].map((serial) => made.engine.settlements.post({ ...swipeOf(made, serial, cardNumber, 10_00), ...over }, till)),
    );
    expect(again.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
  });

  it('a card number is registered once, whoever comes first', async () => {
    const [a, b] = [await holderWithCard(made, 'A00000001', 0), await holderWithCard(made, 'A00000002', 0)];
    const order = {
      cardNumber: 'DUP000001',
      kind: 'socialSecurity3' as const,
      state: 'registered' as const,
      lastSwipedOn: null,
      media: null,
      opening: null,
    };
    const answers = await Promise.all(
      [a, b].map(({ accountId }) => made.engine.accounts.registerCard(accountId, { ...order, reference: `dup-${accountId}` }, agency)),
    );
    expect(answers.map((answer) => codesOf(answer)[0]).sort()).toEqual(['card-number-already-registered', 'done']);
    await expect(registerCard(made, a.accountId, 'DUP000001')).rejects.toThrow('card-number-already-registered');
  });

  it('the verifier skips a part and still says "ok": a log with an event left out, changed or doubled is found out', async () => {
    const { cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
    done(await made.engine.settlements.post(swipeOf(made, 'S1', cardNumber, 30_00), till));
    const log = await logOf(made);
    const found = async (entries: readonly LoggedEvent[]) => (await auditOf(entries)).findings.map(({ check }) => check);
    const last = nonEmpty(log.toReversed())[0];
    expect(await found(log)).toEqual([]);
    expect(await found(log.toSpliced(-2, 1))).toContain('order');
    expect(await found([...log.slice(0, -1), reworded(last, /(,-?)3000\]/g, '$12000]')])).toContain('C7a');
    expect(await found([...log, { ...last, logIndex: log.length }])).toContain('claims');
  });
});
