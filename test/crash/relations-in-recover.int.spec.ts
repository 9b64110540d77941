import { type OpenReadModels, openReadModels } from '#libs/adapters/read-models';
import { creditWaitingTransfers, type EventStore } from '#libs/application';
import { identityNumberFor } from '#libs/kernel';
import { medicalFen } from '#libs/medical-account';
import { agency, done, openAccount, QINGDAO, type TestEngine, testEngine, withRegion } from '../support/engine-fixture';

/** What befalls the store whenever an event of this type is to be written. */
type Fate = Readonly<{ type: string; how: 'notWritten' | 'writtenAndNotTold' }> | null;
const fated = (store: EventStore, fate: { now: Fate }): EventStore =>
  new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'append') return value.bind(target) as unknown;
      return async (...asked: Parameters<EventStore['append']>) => {
        const { now } = fate;
        if (now === null || !asked[0].events.some(({ bytes }) => Buffer.from(bytes).includes(`"${now.type}"`)))
          return store.append(...asked);
        if (now.how === 'writtenAndNotTold') await store.append(...asked);
        throw new Error('the power went');
      };
    },
  });

const NAME = { poolingArea: QINGDAO, fromPoolingArea: '320100', transferNo: 'NJ-1' };
const HOWS = ['notWritten', 'writtenAndNotTold'] as const;

describe('a stop on the way from a match to the money on the account', () => {
  const fate = { now: null as Fate };
  let made: TestEngine;
  let models: OpenReadModels;

  const open = async () => {
    const { folder } = made;
    const options = { folder };
    models = await openReadModels({
      folder,
      reader: { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options },
    });
  };
  const startAgain = async () => {
    await models.close();
    fate.now = null;
    made = await made.reopen();
    await open();
  };
  const goesBy = async () => {
    await models.caughtUp(await made.store.lastLogIndex());
    return creditWaitingTransfers({ engine: made.engine, readModels: models });
  };
  const file = (identityNumber: string) =>
    made.engine.relationTransfers.registerFile(
      {
        ...{ ...NAME, reference: 'F1', person: { identityKind: '01', identityNumber } },
        ...{ currentYearFen: medicalFen(1_000), priorYearFen: medicalFen(2_000) },
      },
      agency,
    );
  const money = () =>
    made.engine.relationTransfers.registerMoney(
      { ...NAME, reference: 'M1', batchReference: 'IN-1', amountFen: medicalFen(3_000), receivedOn: '2026-03-01' },
      agency,
    );
  /** What has become of it: on the account once, and written down on the transfer. */
  const expectCreditedOnce = async (transferInId: string, accountId: string) => {
    expect(await made.engine.relationTransfers.incoming(transferInId)).toMatchObject({ stage: 'credited', accountId });
    const types: string[] = [];
    for await (const { bytes } of made.store.readForward(`medicalAccount-${accountId}`, 0))
      types.push((JSON.parse(Buffer.from(bytes).toString()) as { type: string }).type);
    expect(types.filter((type) => type === 'RelationTakenIn.v1')).toHaveLength(1);
    const balances = (await made.engine.accounts.view(accountId, null))?.balances ?? [];
    expect(balances.reduce((sum, [, fen]) => sum + fen, 0)).toBe(3_000);
  };

  beforeEach(async () => {
    fate.now = null;
    made = await withRegion(await testEngine({ wrapStore: (store) => fated(store, fate) }));
    await open();
  });
  afterEach(async () => {
    fate.now = null;
    await models.close();
    await made.close();
  });

  const STEPS = ['RelationCreditOrdered.v1', 'RelationTakenIn.v1', 'RelationCredited.v1'];
  it.each(STEPS.flatMap((type) => HOWS.map((how) => ({ type, how }))))(
    '$type $how: credited once, without being asked for',
    async (befell) => {
      const { accountId, identityNumber } = await openAccount(made);
      const { transferInId } = done(await file(identityNumber));
      fate.now = befell;
      await expect(money()).rejects.toThrow('the power went');
      await startAgain();
      const wasDone = befell.type === 'RelationCredited.v1' && befell.how === 'writtenAndNotTold';
      expect(await goesBy()).toBe(wasDone ? 0 : 1);
      expect(await goesBy()).toBe(0);
      done(await money());
      await expectCreditedOnce(transferInId, accountId);
    },
  );

  it.each(HOWS)('the account refuses after the order, and that is %s: it waits, and is credited once the freeze has ended', async (how) => {
    const { accountId, identityNumber } = await openAccount(made);
    const { transferInId } = done(await file(identityNumber));
    fate.now = { type: 'RelationTakenIn.v1', how: 'notWritten' };
    await expect(money()).rejects.toThrow('the power went');
    await startAgain();
    const order = { reference: 'Z1', scope: { kind: 'person' }, cause: 'death', legalDocument: 'D', from: null, until: null } as const;
    const { id } = done(await made.engine.accounts.placeFreeze(accountId, order, agency));
    fate.now = { type: 'RelationCreditHeld.v1', how };
    await expect(goesBy()).rejects.toThrow('the power went');
    await startAgain();
    expect(await goesBy()).toBe(0);
    expect(await made.engine.relationTransfers.incoming(transferInId)).toMatchObject({ stage: 'matched', waitsFor: ['credit-frozen'] });
    done(await made.engine.accounts.liftFreeze(accountId, id ?? '', { reference: 'Z2', reason: '更正' }, agency));
    expect(await goesBy()).toBe(1);
    expect(await goesBy()).toBe(0);
    await expectCreditedOnce(transferInId, accountId);
  });

  it.each(['seen by this engine', 'from before a restart'])(
    'what waits for a person (%s) is credited when the account is there',
    async (known) => {
      const person = { identityKind: '01', identityNumber: identityNumberFor(QINGDAO, '1980-01-01', '901'), name: '李四' };
      const { transferInId } = done(await file(person.identityNumber));
      expect(done(await money())).toMatchObject({ stage: 'matched', waitsFor: ['account'] });
      if (known !== 'seen by this engine') await startAgain();
      const order = { reference: 'open-later', poolingArea: QINGDAO, insuranceType: 'employee', person } as const;
      const { accountId } = done(await made.engine.accounts.open(order, agency));
      if (known === 'seen by this engine') await expectCreditedOnce(transferInId, accountId);
      expect(await goesBy()).toBe(known === 'seen by this engine' ? 0 : 1);
      done(await made.engine.accounts.open(order, agency));
      expect(await goesBy()).toBe(0);
      await expectCreditedOnce(transferInId, accountId);
    },
  );

  it('what comes while the own money is on its way out is credited with the confirmation, and the relation is here again', async () => {
    const { accountId, identityNumber } = await openAccount(made);
    const { relationTransfers } = made.engine;
    const asked = { reference: 'O1', toPoolingArea: '320100', holderStatus: 'active' } as const;
    const out = done(await relationTransfers.request(accountId, asked, agency)).id ?? '';
    done(await relationTransfers.act(accountId, out, { reference: 'O2', act: 'remit', batchReference: 'B1' }, agency));
    const { transferInId } = done(await file(identityNumber));
    expect(done(await money())).toMatchObject({ stage: 'matched', waitsFor: ['relation-transfer-under-way'] });
    const confirmation = { reference: 'O3', act: 'confirm', amountFen: medicalFen(0), confirmation: 'C1' } as const;
    done(await relationTransfers.act(accountId, out, confirmation, agency));
    await expectCreditedOnce(transferInId, accountId);
    expect((await relationTransfers.ofAccount(accountId))?.[0]?.resumedAt).not.toBeNull();
  });
});
