import type { Append, CreditLine, EventStore } from '#libs/application';
import { medicalFen } from '#libs/medical-account';
import { expectSound } from '../support/audit';
import {
  agency,
  codesOf,
  done,
  holderWithCard,
  JINAN,
  openAccount,
  QINGDAO,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  tracingOf,
  withRegion,
} from '../support/engine-fixture';

let made: TestEngine;
const appends: Append[] = [];
const watched = (store: EventStore): EventStore => ({
  ...store,
  append: (append) => {
    appends.push(append);
    return store.append(append);
  },
});
beforeEach(async () => {
  made = await withRegion(await testEngine({ at: '2025-11-03T02:00:00.000Z', wrapStore: watched }));
  appends.length = 0;
});
afterEach(async () => {
  await expectSound(made);
  await made.close();
});

const lineFor = (accountId: string, over: Partial<CreditLine> = {}): CreditLine => ({
  reference: '2025-11-0001',
  source: 'contribution',
  period: '2025-11',
  poolingArea: QINGDAO,
  account: { accountId },
  amountFen: medicalFen(120_00),
  ...over,
});
const post = (line: CreditLine, by = agency) => made.engine.credits.post(line, by);
const quote = (line: CreditLine) => made.engine.credits.quote(line, agency);
const balanceOf = async (accountId: string) =>
  (await made.engine.accounts.view(accountId, null))?.balances.reduce((sum, [, amountFen]) => sum + amountFen, 0);
const freeze = async (accountId: string, cause: 'death' | 'judicialFreeze') =>
  done(
    await made.engine.accounts.placeFreeze(
      accountId,
      { reference: `freeze-${accountId}`, scope: { kind: 'person' }, cause, legalDocument: '公函1号', from: null, until: null },
      agency,
    ),
  );

describe('a line of a month’s credits', () => {
  it('is credited once, whoever sends it again and whatever happened since', async () => {
    const { accountId } = await openAccount(made);
    const first = done(await post(lineFor(accountId)));
    await freeze(accountId, 'death');
    expect(await post(lineFor(accountId), tracingOf('other agency'))).toEqual({ kind: 'done', replayed: true, value: first });
    expect(await balanceOf(accountId)).toBe(120_00);
  });

  it('is the same credit through the door for single ones', async () => {
    const { accountId } = await openAccount(made);
    const { eventId } = done(await post(lineFor(accountId)));
    const { reference, source, period, amountFen } = lineFor(accountId);
    const single = { reference, source, period, amountFen, bucket: 'currentYear', legalBasis: null } as const;
    const answer = await made.engine.accounts.credit(accountId, single, agency);
    expect(answer).toMatchObject({ kind: 'done', replayed: true, value: { events: [{ eventId }] } });
  });

  it('waits behind swipes: it goes in the lane of the jobs', async () => {
    const { accountId } = await openAccount(made);
    appends.length = 0;
    done(await post(lineFor(accountId)));
    expect(appends.map(({ lane }) => lane)).toEqual(['job']);
  });

  it('keeps period, source and reference in its event', async () => {
    const { accountId } = await openAccount(made);
    const { value } = (await post(lineFor(accountId, { source: 'retiree' }))) as { value: { revision: number } };
    const statement = await made.engine.accounts.statement(accountId, value.revision, 1);
    expect(statement?.rows).toMatchObject([{ type: 'AccountCredited.v1', legs: [{ account: 'fund:retiree', amountFen: -120_00 }, {}] }]);
    const moved = made.engine.credits.moved({ from: -1, until: 1e9, source: 'retiree', period: '2025-11' }, new AbortController().signal);
    expect((await moved.next()).value).toMatchObject({ reference: '2025-11-0001', amountFen: 120_00 });
  });

  it('says what differs when its reference stands for something else, and credits nothing', async () => {
    const { accountId } = await openAccount(made);
    const other = await openAccount(made);
    const { decidedAt: firstAt } = done(await post(lineFor(accountId)));
    made.clock.nowMs += 60_000;
    const answer = await post(lineFor(other.accountId, { amountFen: medicalFen(121_00), period: '2025-12' }));
    expect(answer).toEqual({
      kind: 'refused',
      reasons: [
        { code: 'credit-exists-with-different-account', firstAt },
        { code: 'credit-exists-with-different-amount', firstAt, recordedFen: 120_00 },
        { code: 'credit-exists-with-different-period', firstAt, recorded: '2025-11' },
      ],
    });
    expect(codesOf(await post(lineFor(accountId, { amountFen: medicalFen(119_99) })))).toEqual(['credit-exists-with-different-amount']);
    expect([await balanceOf(accountId), await balanceOf(other.accountId)]).toEqual([120_00, 0]);
  });

  it('finds a person in its own pooling area, and a card wherever it leads', async () => {
    const { accountId, identityNumber, cardNumber } = await holderWithCard(made, 'C10000001', 0);
    const person = { credential: { kind: 'identityCard', number: identityNumber } } as const;
    const card = { credential: { kind: 'socialSecurityCard', number: cardNumber } } as const;
    expect(done(await post(lineFor('', { account: person }))).accountId).toBe(accountId);
    expect(done(await post(lineFor('', { account: card, reference: 'R2' }))).accountId).toBe(accountId);
    expect(codesOf(await post(lineFor('', { account: person, poolingArea: JINAN, reference: 'R3' })))).toEqual(['holder-not-found']);
    expect(codesOf(await post(lineFor('', { account: card, poolingArea: JINAN, reference: 'R3' })))).toEqual([
      'account-of-another-pooling-area',
    ]);
    expect(await balanceOf(accountId)).toBe(240_00);
  });

  it('is refused with every reason, and leaves no trace: under the same reference it is done once the cause is gone', async () => {
    const { accountId } = await openAccount(made);
    const resident = await openAccount(made, { insuranceType: 'resident' });
    const { id: freezeId } = await freeze(accountId, 'death');
    await freeze(resident.accountId, 'death');
    const before = await made.engine.log.last();
    expect(codesOf(await post(lineFor('nobody')))).toEqual(['account-not-found']);
    expect(codesOf(await post(lineFor('', { account: { credential: { kind: 'identityCard', number: '370202190001011234' } } })))).toEqual([
      'holder-not-found',
    ]);
    expect(codesOf(await post(lineFor(accountId)))).toEqual(['credit-frozen']);
    expect(codesOf(await post(lineFor(resident.accountId)))).toEqual(['no-personal-account', 'credit-frozen']);
    expect(await made.engine.log.last()).toBe(before);
    done(await made.engine.accounts.liftFreeze(accountId, freezeId ?? '', { reference: 'lift', reason: '误报' }, agency));
    expect(await post(lineFor(accountId))).toMatchObject({ kind: 'done', replayed: false });
  });

  it('is not kept out by a freeze of spending alone', async () => {
    const { accountId } = await openAccount(made);
    await freeze(accountId, 'judicialFreeze');
    expect(await post(lineFor(accountId))).toMatchObject({ kind: 'done' });
  });

  it('quoted, is decided as it would be and recorded nowhere', async () => {
    const { accountId } = await openAccount(made);
    const before = await made.engine.log.last();
    expect(await quote(lineFor(accountId))).toMatchObject({ kind: 'done', replayed: false });
    expect([await made.engine.log.last(), await balanceOf(accountId)]).toEqual([before, 0]);
    done(await post(lineFor(accountId)));
    expect(await quote(lineFor(accountId))).toMatchObject({ kind: 'done', replayed: true });
    expect(codesOf(await quote(lineFor(accountId, { period: '2025-12' })))).toEqual(['credit-exists-with-different-period']);
  });

  it('comes late a second time, after two new years and a restart, and is known again', async () => {
    const { accountId } = await openAccount(made);
    const first = done(await post(lineFor(accountId)));
    for (const at of ['2026-02-02T02:00:00.000Z', '2027-02-02T02:00:00.000Z']) {
      made.clock.nowMs = Date.parse(at);
      done(await post(lineFor(accountId, { reference: at.slice(0, 7), period: at.slice(0, 7) })));
      made = await made.reopen();
      expect(await post(lineFor(accountId))).toEqual({ kind: 'done', replayed: true, value: first });
      expect(codesOf(await post(lineFor(accountId, { amountFen: medicalFen(1_00) })))).toEqual(['credit-exists-with-different-amount']);
    }
    const view = await made.engine.accounts.view(accountId, { revision: first.revision });
    expect(view?.balances.reduce((sum, [, amountFen]) => sum + amountFen, 0)).toBe(120_00);
  });

  it('sent by two at once over many accounts and beside swipes, is credited once each', async () => {
    const holders = await Promise.all(Array.from({ length: 20 }, (_, i) => holderWithCard(made, `C2000000${i + 10}`, 50_00)));
    const lines = Array.from({ length: 200 }, (_, i) => lineFor(holders[i % 20]?.accountId ?? '', { reference: `R${i}` }));
    const [answers, again] = await Promise.all([
      Promise.all(lines.map((line) => post(line))),
      Promise.all(lines.toReversed().map((line) => post(line, tracingOf('second operator')))),
      Promise.all(holders.map(({ cardNumber }, i) => made.engine.settlements.post(swipeOf(made, `S${i}`, cardNumber, 10_00), till))),
    ]);
    const replayed = [...answers, ...again].map((answer) => answer.kind === 'done' && answer.replayed);
    expect([replayed.filter((one) => one).length, replayed.filter((one) => !one).length]).toEqual([200, 200]);
    for (const [i, answer] of answers.entries()) expect(done(answer).eventId).toBe(done(again[199 - i] ?? answer).eventId);
    for (const { accountId } of holders) expect(await balanceOf(accountId)).toBe(50_00 - 10_00 + 10 * 120_00);
  });

  it('under one reference for two accounts at the same moment, is credited to one of them', async () => {
    const [a, b] = [await openAccount(made), await openAccount(made)];
    const answers = await Promise.all([post(lineFor(a.accountId)), post(lineFor(b.accountId))]);
    expect(answers.map((answer) => codesOf(answer)[0]).toSorted()).toEqual(['credit-exists-with-different-account', 'done']);
    expect(((await balanceOf(a.accountId)) ?? 0) + ((await balanceOf(b.accountId)) ?? 0)).toBe(120_00);
  });

  it('goes first to what the holder owes; the log’s movements say so', async () => {
    const { accountId } = await openAccount(made);
    done(await post(lineFor(accountId)));
    const correction = { reference: 'K1', amountFen: medicalFen(150_00), legalBasis: '核查', reason: '多计' };
    done(await made.engine.accounts.correct(accountId, correction, agency));
    const from = await made.engine.log.last();
    done(await post(lineFor(accountId, { reference: 'R2', amountFen: medicalFen(40_00) })));
    const moved = made.engine.credits.moved(
      { from, until: await made.engine.log.last(), source: 'contribution', period: '2025-11' },
      new AbortController().signal,
    );
    expect((await moved.next()).value).toMatchObject({ reference: 'R2', amountFen: 40_00 });
    expect((await moved.next()).value).toMatchObject({
      movements: [{ type: 'AccountCredited.v1', events: 1, subAccountsFen: 10_00, receivableFen: 30_00 }],
    });
  });
});
