import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityNumberFor } from '#libs/kernel';
import { expectSound } from '../support/audit';
import {
  agency,
  codesOf,
  done,
  holderWithCard,
  PHARMACY,
  registerCard,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  withRegion,
} from '../support/engine-fixture';

const NAME = '欧阳明月';
const TELEPHONE = '13900001234';
const CARD = 'QD1234567';
const IDENTITY = identityNumberFor('370202', '1981-02-03', '217');

/** Every file under a folder, as bytes. */
const bytesUnder = (folder: string): { file: string; bytes: Buffer }[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ file: entry.name, bytes: readFileSync(join(entry.parentPath, entry.name)) }));

describe('C8: no personal data outside the vault, and none readable inside it', () => {
  let made: TestEngine;
  beforeEach(async () => {
    made = await withRegion(await testEngine());
  });
  afterEach(async () => {
    await expectSound(made);
    await made.close();
  });

  it('neither log, nor attempts, nor contents, nor the vault file hold a name, an identity number, a card number or a telephone', async () => {
    const { engine } = made;
    const person = { identityKind: '01', identityNumber: IDENTITY, name: NAME, telephone: TELEPHONE };
    const { accountId } = done(
      await engine.accounts.open({ reference: 'o1', poolingArea: '370200', insuranceType: 'employee', person }, agency),
    );
    const cardId = await registerCard(made, accountId, CARD);
    done(
      await engine.accounts.enableCard(accountId, cardId, { reference: 'e1', channel: 'bankOutlet', financialAreaActivated: true }, agency),
    );
    const lines = [{ lineNo: 1, code: 'X1', name: '阿莫西林', quantity: '1', price: '5.00', amount: '5.00', traceCodes: [] }];
    done(await engine.settlements.post({ ...swipeOf(made, 'S1', CARD, 5_00), lines }, till));
    await engine.settlements.post({ ...swipeOf(made, 'S2', CARD, 5_00), payment: 'full' }, till);
    await engine.settlements.post({ ...swipeOf(made, 'S3', CARD, 5_00), credential: { kind: 'identityCard', number: IDENTITY } }, till);
    await engine.settlements.cancel(
      {
        institutionCode: PHARMACY,
        targetSerial: 'S1',
        serial: 'C1',
        reason: 'returnGoods',
        note: null,
        amountFen: null,
        fundReturnedFen: null,
        byAgency: false,
      },
      till,
    );
    expect(await engine.accounts.person(accountId, { principal: 'clerk', purpose: 'test' })).toMatchObject({
      name: NAME,
      identityNumber: IDENTITY,
    });

    const files = bytesUnder(made.folder);
    expect(files.map(({ file }) => file)).toEqual(expect.arrayContaining(['events.db', 'vault.db']));
    for (const secret of [NAME, TELEPHONE, CARD, IDENTITY, IDENTITY.slice(6, 14)]) {
      const found = files.filter(({ bytes }) => bytes.includes(secret)).map(({ file }) => file);
      expect([secret, found]).toEqual([secret, []]);
    }
    // The search itself works: what may be there is found.
    expect(files.some(({ bytes }) => bytes.includes(PHARMACY))).toBe(true);
  });

  it('an unknown or lost card reveals nothing about a person', async () => {
    const { accountId, cardId, cardNumber } = await holderWithCard(made, 'QD7654321', 100_00);
    done(
      await made.engine.accounts.placeFreeze(
        accountId,
        { reference: 'f1', scope: { kind: 'person' }, cause: 'settlementSuspension', legalDocument: 'D', from: null, until: null },
        agency,
      ),
    );
    done(await made.engine.accounts.actOnCard(accountId, cardId, { reference: 'l1', act: 'reportLoss', reason: 'telephone' }, agency));
    const lost = await made.engine.settlements.post(
      { ...swipeOf(made, 'S1', cardNumber, 500_00), payment: 'full', insuranceType: 'resident' },
      till,
    );
    expect(lost).toMatchObject({ kind: 'refused', reasons: [{ code: 'card-temporarily-lost' }] });
    const unknown = await made.engine.settlements.post({ ...swipeOf(made, 'S2', 'QD0000000', 500_00), payment: 'full' }, till);
    expect(unknown).toMatchObject({ kind: 'refused', reasons: [{ code: 'card-unknown' }] });
    for (const answer of [lost, unknown]) expect(codesOf(answer).length).toBe(1);
  });
});
