import { type OpenReadModels, openReadModels } from '#libs/adapters/read-models';
import { type EventStore, issueOwedVouchers, type Signing } from '#libs/application';
import { done, holderWithCard, type TestEngine, testEngine, tracingOf, withRegion } from '../support/engine-fixture';

const SIGNED: Signing = { signer: 'holder', relation: null, proxyCheck: null, holderCheck: 'CHECK-1' };
const bank = tracingOf('bank');
const REGISTER = 'vouchers-B0101-2026';

/** What befalls the store whenever a voucher is to be written. */
type Fate = 'none' | 'notWritten' | 'writtenAndNotTold';
const fated = (store: EventStore, fate: { now: Fate }): EventStore =>
  new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'append') return value.bind(target) as unknown;
      return async (...asked: Parameters<EventStore['append']>) => {
        const isVoucher = asked[0].stream.startsWith('vouchers-');
        if (!isVoucher || fate.now === 'none') return store.append(...asked);
        if (fate.now === 'writtenAndNotTold') await store.append(...asked);
        throw new Error('the power went');
      };
    },
  });

describe('a stop between an act at a counter and its voucher', () => {
  const fate = { now: 'none' as Fate };
  let made: TestEngine;
  let models: OpenReadModels;
  let card: Awaited<ReturnType<typeof holderWithCard>>;

  const lost = (reference: string, act: 'reportLoss' | 'liftLoss' = 'reportLoss') => {
    const { accountId, cardId } = card;
    const order = { accountId, reference, business: 'lossReport', outletCode: 'B0101', leavesVoucher: true, isFinancial: false };
    const run = () =>
      made.engine.cardService.atCounter(
        { ...order, judgesItself: false, signedBy: SIGNED },
        (tracing) => made.engine.accounts.actOnCard(accountId, cardId, { reference, act, reason: 'lost' }, tracing),
        bank,
      );
    return run();
  };
  const owed = async () => {
    await models.caughtUp(await made.store.lastLogIndex());
    return (await models.owedVouchers({ limit: 100 })).rows;
  };
  const numbers = async () => {
    const found: number[] = [];
    for await (const { bytes } of made.store.readForward(REGISTER, 0))
      found.push((JSON.parse(Buffer.from(bytes).toString()) as { data: { number: number } }).data.number);
    return found;
  };
  const open = async () => {
    const { folder } = made;
    models = await openReadModels({
      folder,
      reader: { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } },
    });
  };

  beforeEach(async () => {
    fate.now = 'none';
    made = await withRegion(await testEngine({ wrapStore: (store) => fated(store, fate) }));
    card = await holderWithCard(made, 'C10000001', 10_000);
    await open();
  });
  afterEach(async () => {
    await models.close();
    await made.close();
  });

  it.each<Fate>(['notWritten', 'writtenAndNotTold'])('voucher %s: none lost, none twice, no number missing', async (befell) => {
    const first = done((await lost('L1')).answer);
    fate.now = befell;
    await expect(lost('L2', 'liftLoss')).rejects.toThrow('the power went');
    await models.close();
    fate.now = 'none';
    made = await made.reopen();
    await open();

    expect((await owed()).map(({ about }) => about.type)).toEqual(befell === 'notWritten' ? ['TemporaryLossLifted.v1'] : []);
    expect(await models.owedVoucherCount()).toBe(befell === 'notWritten' ? 1 : 0);
    const issued = await issueOwedVouchers({ engine: made.engine, readModels: models });
    expect(issued).toBe(befell === 'notWritten' ? 1 : 0);
    expect([await owed(), await models.owedVoucherCount()]).toEqual([[], 0]);
    expect(await issueOwedVouchers({ engine: made.engine, readModels: models })).toBe(0);
    expect(await numbers()).toEqual([1, 2]);

    const again = (await lost('L2', 'liftLoss')).answer;
    expect(again).toMatchObject({ kind: 'done', replayed: true, value: { voucherNo: 'B0101-2026-000002' } });
    expect(first.voucherNo).toBe('B0101-2026-000001');
    done((await lost('L3')).answer);
    expect(await numbers()).toEqual([1, 2, 3]);
    const voucher = await made.engine.cardService.voucher({ outletCode: 'B0101', year: 2026, number: 2 });
    expect(voucher).toMatchObject({ ...SIGNED, accountId: card.accountId, about: { type: 'TemporaryLossLifted.v1' } });
  });

  it('asked again by the counter before anybody else has seen to it, it is issued then, and only then', async () => {
    fate.now = 'notWritten';
    await expect(lost('L1')).rejects.toThrow('the power went');
    fate.now = 'none';
    expect((await lost('L1')).answer).toMatchObject({ kind: 'done', replayed: true, value: { voucherNo: 'B0101-2026-000001' } });
    expect(await owed()).toEqual([]);
    expect(await numbers()).toEqual([1]);
  });
});
