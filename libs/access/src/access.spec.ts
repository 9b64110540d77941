import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorded, RefusalRow } from '#libs/kernel';
import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import {
  ACCESS_REFUSALS,
  ACTS,
  type AccessKeyEvent,
  accessKey,
  accessKeyStream,
  type CreateKey,
  decodeAccessKeyEvent,
  mayAct,
  type RevokeKey,
  RIGHTS,
  type Right,
  reachOf,
} from './index';

const { given } = deciderSpec(accessKey);
const T0 = '2026-03-01T01:00:00.000Z';
const NOW = '2026-03-10T01:00:00.000Z';
const facts = { decidedAt: NOW };
const DATA = {
  key: 'create-1',
  commandHash: 'h1',
  keyId: '1',
  secretHash: 'a'.repeat(64),
  organisation: 'chain',
  rights: ['institution'],
  institutionCodes: ['P1', 'P2'],
  note: 'two shops',
} as const satisfies CreateKey['data'];
const create = (data: Partial<CreateKey['data']> = {}): CreateKey => ({ type: 'CreateKey', data: { ...DATA, ...data } });
const revoke = (data: Partial<RevokeKey['data']> = {}): RevokeKey => ({
  type: 'RevokeKey',
  data: { key: 'revoke-1', commandHash: 'h2', reason: 'lost', ...data },
});
const created: AccessKeyEvent = { type: 'AccessKeyCreated.v1', decidedAt: T0, data: DATA };
const revoked: AccessKeyEvent = {
  type: 'AccessKeyRevoked.v1',
  decidedAt: T0,
  data: { key: 'revoke-1', commandHash: 'h2', keyId: '1', reason: 'lost' },
};
const originalOf = (index: number, ...history: AccessKeyEvent[]) => recordedFrom(0)(history)[index] as Recorded<AccessKeyEvent>;

describe('access key: create', () => {
  it('makes a key for its rights and institutions', () => {
    given().when(create(), facts).thenRecords({ type: 'AccessKeyCreated.v1', decidedAt: NOW, data: DATA });
    const agency = { rights: ['agency', 'auditor'] as const, institutionCodes: [] };
    given()
      .when(create(agency), facts)
      .thenRecords({ type: 'AccessKeyCreated.v1', decidedAt: NOW, data: { ...DATA, ...agency } });
  });
  it('makes no key that could do nothing, nor one whose institutions mean nothing', () => {
    given()
      .when(create({ institutionCodes: [] }), facts)
      .thenRefuses({ code: 'access-key-without-institutions' });
    given()
      .when(create({ rights: ['agency'] }), facts)
      .thenRefuses({ code: 'access-key-institutions-without-right' });
    given()
      .when(create({ rights: [] }), facts)
      .thenRefuses({ code: 'access-key-without-rights' }, { code: 'access-key-institutions-without-right' });
  });
  it('answers a repeat with the first, and gives one id one key only', () => {
    given(created).when(create(), facts).thenReplays(originalOf(0, created));
    given(created, revoked).when(create(), facts).thenReplays(originalOf(0, created));
    given(created)
      .when(create({ commandHash: 'x' }), facts)
      .thenRefuses({ code: 'access-key-used-with-other-content', firstAt: T0 });
    given(created)
      .when(create({ key: 'create-2' }), facts)
      .thenRefuses({ code: 'access-key-already-created', keyId: '1', createdAt: T0 });
  });
  it('never takes a secret for its hash', () => {
    expect(() => given().when(create({ secretHash: 'my secret' }), facts)).toThrow('a key is made from the SHA-256 of its secret');
  });
});

describe('access key: how far it goes', () => {
  it('an employer, a school and a committee name their own code, a bank its right', () => {
    for (const right of ['employer', 'school', 'committee'] as const) {
      const own = { rights: [right], institutionCodes: [] };
      given()
        .when(create(own), facts)
        .thenRefuses({ code: 'access-key-without-outlets', rights: [right] });
      const data = { ...DATA, ...own, outletCodes: ['E1'] };
      given()
        .when(create({ ...own, outletCodes: ['E1'] }), facts)
        .thenRecords({ type: 'AccessKeyCreated.v1', decidedAt: NOW, data });
      expect(decodeAccessKeyEvent('AccessKeyCreated.v1', data)).toStrictEqual({ type: 'AccessKeyCreated.v1', data });
    }
    given()
      .when(create({ bankCode: '102' }), facts)
      .thenRefuses({ code: 'access-key-bank-without-right' });
    const outlet = { rights: ['bankOutlet'] as const, institutionCodes: [], outletCodes: ['B1'], bankCode: '102' };
    given()
      .when(create(outlet), facts)
      .thenRecords({ type: 'AccessKeyCreated.v1', decidedAt: NOW, data: { ...DATA, ...outlet } });
  });
});

describe('access key: revoke', () => {
  it('revokes a key that is in force, once', () => {
    given(created)
      .when(revoke(), facts)
      .thenRecords({ ...revoked, decidedAt: NOW });
    given(created, revoked)
      .when(revoke(), facts)
      .thenReplays(originalOf(1, created, revoked));
    given(created, revoked)
      .when(revoke({ key: 'again' }), facts)
      .thenRefuses({ code: 'access-key-already-revoked', revokedAt: T0 });
    given().when(revoke(), facts).thenRefuses({ code: 'access-key-not-found' });
  });
  it('is known by its state: who holds it, since when, and whether it is revoked', () => {
    const state = recordedFrom(0)([created, revoked]).reduce(accessKey.evolve, accessKey.initialState());
    const { key: _key, commandHash: _hash, ...held } = DATA;
    expect(state.created).toStrictEqual({ ...held, at: T0 });
    expect(state.revokedAt).toBe(T0);
  });
});

describe('access key: what is kept', () => {
  it('reads back what it wrote, and nothing else', () => {
    for (const { type, data } of [created, revoked])
      expect(decodeAccessKeyEvent(type, JSON.parse(JSON.stringify(data)))).toStrictEqual({ type, data });
    expect(() => decodeAccessKeyEvent('AccessKeyMade.v1', {})).toThrow('unknown access key event: AccessKeyMade.v1');
    expect(() => decodeAccessKeyEvent(created.type, { ...DATA, rights: ['root'] })).toThrow('AccessKeyCreated.v1.rights[0] is not one of');
    expect(accessKeyStream('1')).toBe('accessKey-1');
  });
  it('stops at a stream that cannot be', () => {
    const fold = (...history: AccessKeyEvent[]) => recordedFrom(0)(history).reduce(accessKey.evolve, accessKey.initialState());
    expect(() => fold(revoked)).toThrow('revoked that was not in force');
    expect(() => fold(created, revoked, revoked)).toThrow('revoked that was not in force');
    expect(() => fold(created, created)).toThrow('made twice');
  });
  it('no event closes the books: the stream is read from its first', () => {
    expect([created, revoked].map(accessKey.isClosing)).toStrictEqual([false, false]);
  });
  it('tells every refusal in words that fit the till', () => {
    for (const [code, { messageZh, messageEn, remedyZh, remedyEn }] of Object.entries<RefusalRow>(ACCESS_REFUSALS))
      expect([code, messageZh.length <= 60, [messageZh, messageEn, remedyZh, remedyEn].every((text) => text.length > 0)]).toStrictEqual([
        code,
        true,
        true,
      ]);
  });
});

describe('what a right allows', () => {
  const codes = { institutionCodes: ['P1'], outletCodes: ['B1'], bankCode: '102' };
  const cellsOf = (right: Right) => ACTS.flatMap((act) => (reachOf(right, act) === null ? [] : [`${act} ${String(reachOf(right, act))}`]));

  /** The table once more, by right: whoever changes it changes it in two places, knowingly. */
  const ALLOWED: Record<Right, string> = {
    institution: `postSettlement own, quoteSettlement own, readSettlement own, printReceipt own, cancelOwn own, reverseOwn own,
      reportOwnPinVerdict own, readBalanceByCredential own, readOwnDay own, readInstitution own`,
    agency: `approveLateEntry all, readSettlement all, printReceipt all, cancelAfterDeclaration all, reverseAfterDeclaration all,
      openAccount all, credit all, correct all, registerCard all, takeOverCard all, reportLoss all, liftLoss all, reportFormalLoss all,
      liftFormalLoss all, retainCard all, returnCard all, collectCard all, destroyCard all, reportPinVerdict all, unlockPin all,
      transferOnApplication all,
      stopCard all, cancelCard all, seal all, unseal all, transfer all, freeze all, liftFreeze all, settleDue all,
      requestRelationTransfer all, handleRelationTransfer all, registerRelationIn all, readRelationTransfers all, applyForCard all,
      handleApplication all, handOutCard all, readApplication all, listApplications all, inquireCards all, issuePapers all, readPapers all,
      proposePersonCase all, approvePersonCase all, readPersonCases all, readAccount all, readPerson all, readProjections all,
      manageInstitution all, readInstitution all, readPacks all`,
    auditor: `readSettlement all, printReceipt all, readRelationTransfers all, readApplication all, listApplications all, readPapers all,
      readPersonCases all, readAccount all, readProjections all, readLog all, readInstitution all, readPacks all`,
    bankOutlet: `registerCard all, enableCard:bankOutlet all, enableCard:proxy all, enableCard:guardian all, reportLoss all, liftLoss all,
      reportFormalLoss all, liftFormalLoss all, retainCard all, returnCard all, collectCard all, destroyCard all, reportFinancialArea all,
      reportPinVerdict all, unlockPin all, transferOnApplication all, applyForCard own, handleApplication own, readApplication own,
      listApplications own, checkAtHome all, inquireCards all, issuePapers own, readPapers own`,
    centre: `registerCard all, enableCard:centre all, enableCard:proxy all, enableCard:guardian all, enableCard:batch all, reportLoss all,
      liftLoss all, reportFormalLoss all, liftFormalLoss all, collectCard all, reportPinVerdict all, unlockPin all,
      transferOnApplication all, requestRelationTransfer all, applyForCard own, handleApplication own, readApplication own,
      listApplications own, inquireCards all, issuePapers own, readPapers own`,
    hotline: 'enableCard:hotline all, reportLoss all, readApplication all, inquireCards all, readPapers own',
    employer: 'applyForCard own, handOutCard own, readApplication own, listApplications own, readPapers own',
    school: 'enableCard:batch all, applyForCard own, handOutCard own, readApplication own, listApplications own, readPapers own',
    committee: 'applyForCard own, handOutCard own, readApplication own, listApplications own, readPapers own',
    online: 'reportLoss all, applyForCard own, readApplication all, inquireCards all, readPapers own',
    selfService: 'reportLoss all, applyForCard own, readApplication all, inquireCards all, readPapers own',
    operator: 'settleDue all, proposePack all, approvePack all, readPacks all, manageKeys all',
  };
  it.each(RIGHTS)('%s: these acts and no others, as far as said', (right) => {
    expect(cellsOf(right)).toStrictEqual(ALLOWED[right].split(',').map((cell) => cell.trim()));
    const holder = { rights: [right], ...codes };
    for (const act of ACTS) {
      const reach = reachOf(right, act);
      const own = right === 'institution' ? { institutionCode: 'P1' } : { outletCodes: ['B9', 'B1'] };
      const others = { institutionCode: 'P9', outletCodes: ['B9'], bankCode: '999' };
      const may = [mayAct(holder, act, own), mayAct(holder, act, others), mayAct(holder, act)];
      expect([act, ...may]).toStrictEqual([act, reach !== null, reach === 'all', reach === 'all']);
    }
  });
  it('a bank reaches all applications for its own cards, wherever they were accepted, and papers of its outlets only', () => {
    const bank = { rights: ['bankOutlet'], institutionCodes: [], bankCode: '102' } as const;
    expect(mayAct(bank, 'handleApplication', { outletCodes: ['C7'], bankCode: '102' })).toBe(true);
    expect(mayAct(bank, 'handleApplication', { outletCodes: ['C7'], bankCode: '103' })).toBe(false);
    expect(mayAct(bank, 'handleApplication', { outletCodes: ['C7'], bankCode: null })).toBe(false);
    expect(mayAct(bank, 'issuePapers', { outletCodes: ['C7'] })).toBe(false);
    expect(mayAct({ ...bank, rights: ['centre'] }, 'handleApplication', { outletCodes: ['C7'], bankCode: '102' })).toBe(false);
  });
  it('an institution reaches its own codes only, and must name one', () => {
    const chain = { rights: ['institution'], institutionCodes: ['P1', 'P2'] } as const;
    expect(mayAct(chain, 'postSettlement', { institutionCode: 'P2' })).toBe(true);
    expect(mayAct(chain, 'postSettlement', { institutionCode: 'P3' })).toBe(false);
    expect(mayAct(chain, 'postSettlement')).toBe(false);
  });
  it('the wider of two rights counts', () => {
    const both = { rights: ['employer', 'agency'], institutionCodes: [], outletCodes: ['E1'] } as const;
    expect(mayAct(both, 'handOutCard', { outletCodes: ['E9'] })).toBe(true);
  });
  it('an auditor reads but never writes', () => {
    const written = ACTS.filter((act) => reachOf('auditor', act) !== null).filter((act) => !/^(read|print|list)/.test(act));
    expect(written).toStrictEqual([]);
  });
  it('who only asks or reports by telephone, online or at a machine never lifts a loss, and never learns more than the masked words', () => {
    for (const right of ['hotline', 'online', 'selfService'] as const)
      for (const act of ['liftLoss', 'readAccount', 'readPerson', 'handleApplication', 'issuePapers'] as const)
        expect([right, act, reachOf(right, act)]).toStrictEqual([right, act, null]);
  });
  it('a key without rights may do nothing', () => {
    expect(ACTS.filter((act) => mayAct({ rights: [], ...codes }, act, { institutionCode: 'P1', outletCodes: ['B1'] }))).toStrictEqual([]);
  });
  it('the page for those who make keys says the same, cell by cell', () => {
    const page = readFileSync(join(__dirname, '../../../docs/how-to/access-keys.md'), 'utf8');
    const table = page.split('\n').filter((line) => line.startsWith('| `'));
    const told = new Map(
      table.map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', ''))).map(([, act = '', ...cells]) => [act, cells]),
    );
    for (const act of ACTS) {
      const row = RIGHTS.map((right) => ({ own: 'own', all: 'all', none: '' })[reachOf(right, act) ?? 'none']);
      expect([act, told.get(act)?.slice(0, RIGHTS.length)]).toStrictEqual([act, row]);
    }
  });
});
