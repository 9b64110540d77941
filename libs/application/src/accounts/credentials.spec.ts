import {
  codesOf,
  done,
  enableCard,
  holderWithCard,
  JINAN,
  JINAN_PHARMACY,
  openAccount,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  tracingOf,
  withRegion,
} from '../../../../test/support/engine-fixture';

let made: TestEngine;
beforeEach(async () => {
  made = await withRegion(await testEngine());
});
afterEach(() => made.close());

describe('what a credential leads to', () => {
  it('a card that was unknown a moment ago works at once after its registration was answered', async () => {
    const { accountId } = await openAccount(made);
    expect(codesOf(await made.engine.settlements.post(swipeOf(made, 'S1', 'A00000001', 1_00), till))).toEqual(['card-unknown']);
    await enableCard(made, accountId, await registerCard(made, accountId, 'A00000001'));
    expect(done(await made.engine.settlements.post(swipeOf(made, 'S1', 'A00000001', 1_00), till)).cardTail).toBe('0001');
  });

  it('an identity number leads to the account of the institution’s own pooling area, when the person has one in two', async () => {
    const { accountId, identityNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const person = { identityKind: '01', identityNumber, name: '张三丰' };
    const jinan = await openAccount(made, { poolingArea: JINAN, person });
    const credential = { kind: 'identityCard', number: identityNumber } as const;
    const balances = async (code: string) => done(await made.engine.accounts.balanceByCredential(code, credential)).accountId;
    expect(await balances(swipeOf(made, '', '', 0).institutionCode)).toBe(accountId);
    expect(await balances(JINAN_PHARMACY)).toBe(jinan.accountId);
  });

  it('an identity number of a person of another pooling area is sent through the gateway, and nothing is settled', async () => {
    const { identityNumber } = await holderWithCard(made, 'A00000001', 10_00);
    const order = { ...swipeOf(made, 'S1', '', 1_00), institutionCode: JINAN_PHARMACY };
    const credential = { kind: 'identityCard', number: identityNumber } as const;
    const answer = await made.engine.settlements.post({ ...order, credential }, tracingOf(JINAN_PHARMACY));
    expect(codesOf(answer)).toEqual(['card-of-another-pooling-area']);
  });

  it('other kinds of identity papers lead to their holder too; an unknown number leads nowhere', async () => {
    const person = { identityKind: '17', identityNumber: '810000199001011234', name: '李四' };
    const { accountId } = await openAccount(made, { person });
    const balance = (number: string) => made.engine.accounts.balanceByCredential(till.actor.organisation, { kind: 'eCredential', number });
    expect(done(await balance('810000199001011234')).accountId).toBe(accountId);
    expect(codesOf(await balance('810000199001019999'))).toEqual(['card-unknown']);
  });
});
