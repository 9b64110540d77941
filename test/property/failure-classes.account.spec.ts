import fc from 'fast-check';
import { decideWithDue, type Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  balanceFen,
  carriedStateOf,
  medicalAccount as d,
  medicalFen as f,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  NOTHING_UNDONE,
  postingOf,
  settlementKey,
  settlementVoid,
} from '#libs/medical-account';
import {
  begun,
  cancel,
  credited,
  facts,
  institution,
  policy,
  recorded,
  reverse,
  STREAM,
  settled,
  swipe,
  T0,
} from '../support/account-fixture';
import { withStanding } from '../support/account-spec';
import { recordedFrom } from '../support/decider-spec';

const at = (minutes: number) => new Date(Date.parse(T0) + minutes * 60_000).toISOString();

/** One account as a process keeps it: decides, appends, folds. */
const account = (...history: readonly MedicalAccountEvent[]) => {
  const log: Recorded<MedicalAccountEvent>[] = recordedFrom(0, STREAM)(history);
  const state = () => log.reduce(d.evolve, d.initialState());
  return {
    log,
    state,
    do: (command: MedicalAccountCommand, known: AccountFacts = facts()) => {
      const record = (events: readonly MedicalAccountEvent[], offset: number) => recordedFrom(log.length + offset, STREAM)(events);
      const decision = decideWithDue(d, { command, state: state(), facts: withStanding(command, known, log), record });
      if (decision.kind === 'accepted') log.push(...record(decision.events, 0));
      return decision.kind === 'refused' ? decision.refusals.map(({ code }) => code) : decision.kind;
    },
  };
};
const place = (freezeId: string, amountFen: number, until: string | null = null): MedicalAccountCommand => ({
  type: 'PlaceFreeze',
  data: {
    key: `business-court-${freezeId}`,
    commandHash: 'h',
    freezeId,
    scope: { kind: 'amount', amountFen: f(amountFen) },
    cause: 'judicialFreeze',
    legalDocument: 'D',
    from: null,
    until,
    placedBy: 'court',
  },
});
const lift = (freezeId: string, number: string): MedicalAccountCommand => ({
  type: 'LiftFreeze',
  data: { key: `business-court-${number}`, commandHash: number, freezeId, reason: 'x', liftedBy: 'court' },
});

describe('failure classes, at the account’s rules', () => {
  it('two simultaneous resolutions of one hold', () => {
    const one = account(...begun);
    one.do(place('F1', 4000));
    expect([one.do(lift('F1', '1')), one.do(lift('F1', '2'))]).toEqual(['accepted', ['freeze-ended']]);
    expect(one.log.filter(({ type }) => type === 'FreezeLifted.v1')).toHaveLength(1);
  });

  it('a rejected or expired hold revived by an older id arriving late', () => {
    const one = account(...begun);
    one.do(place('F1', 4000, at(10)));
    const after = facts({ decidedAt: at(20) });
    expect(one.do(lift('F1', '1'), after)).toEqual(['freeze-ended']);
    expect(one.do(place('F1', 4000, at(10)), after)).toBe('replayed');
    expect(
      one.do({ ...place('F1', 4000), data: { ...place('F1', 4000).data, key: 'business-court-9' } } as MedicalAccountCommand, after),
    ).toEqual(['freeze-exists']);
    expect(one.do(swipe({ payment: 'full', accountEligibleFen: f(5000), occurredAt: at(20) }), after)).toBe('accepted');
    expect(balanceFen(one.state())).toBe(0);
  });

  it('holds left out of the available balance', () => {
    const one = account(...begun);
    one.do(place('F1', 4000));
    expect(one.do(swipe({ payment: 'full', accountEligibleFen: f(1001) }))).toEqual(['balance-insufficient']);
    one.do(swipe());
    expect(balanceFen(one.state())).toBe(4000);
    expect(one.do(swipe({ serial: 'S2', payment: 'full', accountEligibleFen: f(1) }))).toEqual(['balance-insufficient']);
  });

  it('reversal applied twice, or undone by a repeat', () => {
    const one = account(...begun, settled());
    expect([one.do(reverse()), one.do(reverse()), one.do(reverse({ serial: 'R2' })), one.do(swipe()), one.do(cancel())]).toEqual([
      'accepted',
      'replayed',
      ['already-undone'],
      'replayed',
      ['already-undone'],
    ]);
    expect(balanceFen(one.state())).toBe(5000);
    expect(one.log.filter(({ type }) => type === 'SettlementReversed.v1')).toHaveLength(1);
  });

  it('same key with another body, or another party’s key, answered 200 with the first result', () => {
    const one = account(...begun, settled());
    expect(one.do(swipe({ commandHash: 'other', totalFeeFen: f(1), accountEligibleFen: f(1) }))).toEqual([
      'settlement-exists-with-different-amount',
      'settlement-exists-with-different-eligible',
    ]);
    expect(settlementKey('H1', 'S1')).not.toBe(settlementKey('H2', 'S1'));
    const ofH2 = { institutionCode: 'H2', key: settlementKey('H2', 'S1') };
    expect(one.do(swipe(ofH2), facts({ institution: institution({ institutionCode: 'H2' }) }))).toBe('accepted');
    expect(one.do(swipe({ ...ofH2, serial: 'S9', key: settlementKey('H2', 'S9'), replacesKey: settlementKey('H1', 'S1') }))).toEqual([
      'settlement-not-found',
    ]);
  });

  it('a failed attempt poisons the key: the later good attempt is refused for ever', () => {
    const one = account(...begun);
    expect(one.do(swipe({ payment: 'full' }))).toEqual(['balance-insufficient']);
    expect(one.do(swipe({ payment: 'full' }), facts({ institution: institution({ operatorBarred: true }) }))).toContain('operator-barred');
    one.log.push(recorded(3, credited('K1', 1000, 0, at(1))));
    expect(one.do(swipe({ payment: 'full' }))).toBe('accepted');
  });

  it('late payment after expiry or void', () => {
    const order = {
      key: settlementKey('H1', 'R1'),
      commandHash: 'h',
      institutionCode: 'H1',
      serial: 'R1',
      voidedKey: settlementKey('H1', 'S1'),
      note: null,
    };
    const voided = settlementVoid.decide({ type: 'VoidSettlementKey', data: order }, settlementVoid.initialState(), facts());
    if (voided.kind !== 'accepted') throw new Error('not voided');
    const [original] = recordedFrom(0, 'settlementVoid-H1-S1')(voided.events);
    if (original === undefined) throw new Error('nothing voided');
    const one = account(...begun);
    expect(one.do(swipe(), facts({ postings: [{ original, undone: NOTHING_UNDONE }] }))).toEqual(['settlement-key-voided']);
    expect(balanceFen(one.state())).toBe(5000);
  });

  it('a window closes with work in flight; windows settle out of order', () => {
    const one = account(...begun);
    const newYear = '2027-01-01T00:00:00.000Z';
    const late = swipe({ serial: 'S2', entry: 'late', lateReason: 'network down', occurredAt: '2026-12-31T15:00:00.000Z' });
    expect(one.do(late, facts({ decidedAt: newYear }))).toBe('accepted');
    const types = one.log.slice(begun.length).map(({ type }) => type);
    expect(types).toEqual(['InterestPosted.v1', 'YearRolledOver.v1', 'SwipeSettled.v1']); // The year is closed first, whatever the message says.
    expect(one.log.at(-1)?.data).toMatchObject({ businessDate: '2027-01-01' });
  });

  it('cached balance wrong after a back-dated posting', () => {
    const one = account(...begun);
    one.do(swipe({ serial: 'S1' }), facts());
    const back = swipe({ serial: 'S2', entry: 'late', lateReason: 'network down', occurredAt: at(-60), cardId: 'K1' });
    expect(one.do(back, facts({ decidedAt: at(5) }))).toEqual(['card-unknown']); // An hour before the card was registered.
    const since = swipe({
      serial: 'S3',
      entry: 'late',
      lateReason: 'network down',
      occurredAt: at(1),
      payment: 'full',
      accountEligibleFen: f(1),
    });
    expect(one.do(since, facts({ decidedAt: at(5) }))).toEqual(['balance-insufficient']); // Money is judged as of now.
    expect(carriedStateOf(one.state())).toStrictEqual(carriedStateOf(one.log.reduce(d.evolve, d.initialState())));
  });

  it('float money in a rule or a hash', () => {
    const amounts = fc.integer({ min: 1, max: 9_999_999 });
    const rates = policy({ interest: { currentYearAnnualRate: '0.0035', priorYearAnnualRate: '0.0110', dayCount: 365 } });
    fc.assert(
      fc.property(amounts, amounts, fc.integer({ min: 1, max: 364 }), (current, prior, days) => {
        const decidedAt = '2027-06-01T00:00:00.000Z';
        const from = new Date(Date.parse('2026-12-31T16:00:00.000Z') - days * 86_400_000).toISOString();
        const history = [
          ...begun.slice(0, 2).map((event) => ({ ...event, decidedAt: '2026-01-01T00:00:00.000Z' })),
          credited('K1', current, prior, from),
        ];
        const state = recordedFrom(0, STREAM)(history as MedicalAccountEvent[]).reduce(d.evolve, d.initialState());
        const posted = d.due(state, facts({ decidedAt, policies: [rates] }));
        for (const { data } of posted)
          if ('legs' in data) for (const { amountFen } of data.legs) expect(Number.isSafeInteger(amountFen)).toBe(true);
        // Half up in whole numbers: (2 × product × rate + year) / (2 × year), rounded down. Rates in ten-thousandths.
        const halfUp = (fen: number, rate: bigint) => (2n * BigInt(fen) * BigInt(days) * rate + 3_650_000n) / 7_300_000n;
        const expected = halfUp(current, 35n) + halfUp(prior, 110n);
        const interest = posted.find(({ type }) => type === 'InterestPosted.v1') as
          | Extract<MedicalAccountEvent, { type: 'InterestPosted.v1' }>
          | undefined;
        expect(BigInt(interest?.data.items.reduce((sum, item) => sum + item.interestFen, 0) ?? 0)).toBe(expected);
      }),
      { numRuns: 300, seed: 20260305 },
    );
    expect(() => f(0.1 + 0.2)).toThrow('not a whole number of fen');
  });

  it('one-sided entry between hospital and payer after a time-out: a reversal of either outcome leaves both sides even', () => {
    const one = account(...begun, settled());
    one.do(cancel({ amountFen: f(2000) }));
    one.do(reverse({ targetKey: settlementKey('H1', 'C1') }));
    one.do(reverse({ serial: 'R2' }));
    const legs = one.log.flatMap(({ data }) => ('legs' in data ? data.legs : []));
    const payableFen = legs.reduce((sum, { account: name, amountFen }) => (name === 'payable:H1' ? sum + amountFen : sum), 0);
    expect([payableFen, balanceFen(one.state())]).toEqual([0, 5000]);
    expect(postingOf(one.log, settlementKey('H1', 'S1'))?.undone).toMatchObject({ amountFen: 6000, accountFen: 5000, cashRefundFen: 1000 });
  });
});
