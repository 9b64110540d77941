import type { Recorded, RefusalRow } from '#libs/kernel';
import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import {
  ACCESS_REFUSALS,
  ACTS,
  type AccessKeyEvent,
  type Act,
  accessKey,
  accessKeyStream,
  type CreateKey,
  decodeAccessKeyEvent,
  mayAct,
  type RevokeKey,
  RIGHTS,
  type Right,
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
  /** The table once more, by right: whoever changes it changes it in two places, knowingly. */
  const ALLOWED: Record<Right, readonly Act[]> = {
    institution: [
      'postSettlement',
      'quoteSettlement',
      'readSettlement',
      'printReceipt',
      'cancelOwn',
      'reverseOwn',
      'reportOwnPinVerdict',
      'readBalanceByCredential',
      'readOwnDay',
      'readInstitution',
    ],
    agency: [
      'approveLateEntry',
      'readSettlement',
      'printReceipt',
      'cancelAfterDeclaration',
      'reverseAfterDeclaration',
      'openAccount',
      'credit',
      'correct',
      'registerCard',
      'reportLoss',
      'liftLoss',
      'reportFormalLoss',
      'liftFormalLoss',
      'retainCard',
      'returnCard',
      'collectCard',
      'destroyCard',
      'reportPinVerdict',
      'unlockPin',
      'transferOnApplication',
      'stopCard',
      'cancelCard',
      'seal',
      'unseal',
      'transfer',
      'freeze',
      'liftFreeze',
      'settleDue',
      'applyForCard',
      'handleApplication',
      'readApplication',
      'issuePapers',
      'readPapers',
      'readAccount',
      'readPerson',
      'readProjections',
      'manageInstitution',
      'readInstitution',
      'readPacks',
    ],
    auditor: [
      'readSettlement',
      'printReceipt',
      'readApplication',
      'readPapers',
      'readAccount',
      'readProjections',
      'readLog',
      'readInstitution',
      'readPacks',
    ],
    bankOutlet: [
      'registerCard',
      'enableCard:bankOutlet',
      'enableCard:guardian',
      'reportLoss',
      'liftLoss',
      'reportFormalLoss',
      'liftFormalLoss',
      'retainCard',
      'returnCard',
      'collectCard',
      'destroyCard',
      'reportFinancialArea',
      'reportPinVerdict',
      'unlockPin',
      'transferOnApplication',
      'applyForCard',
      'handleApplication',
      'readApplication',
      'issuePapers',
      'readPapers',
    ],
    centre: [
      'registerCard',
      'enableCard:centre',
      'enableCard:proxy',
      'enableCard:guardian',
      'enableCard:batch',
      'reportLoss',
      'liftLoss',
      'reportFormalLoss',
      'liftFormalLoss',
      'collectCard',
      'reportPinVerdict',
      'unlockPin',
      'transferOnApplication',
      'applyForCard',
      'handleApplication',
      'readApplication',
      'issuePapers',
      'readPapers',
    ],
    hotline: ['enableCard:hotline', 'reportLoss', 'readApplication'],
    operator: ['settleDue', 'proposePack', 'approvePack', 'readPacks', 'manageKeys'],
  };
  it.each(RIGHTS)('%s: these acts and no others', (right) => {
    const holder = { rights: [right], institutionCodes: right === 'institution' ? ['P1'] : [] };
    expect(ACTS.filter((act) => mayAct(holder, act, 'P1'))).toStrictEqual(ALLOWED[right]);
  });
  it('an institution reaches its own codes only, and must name one', () => {
    const chain = { rights: ['institution'], institutionCodes: ['P1', 'P2'] } as const;
    expect(mayAct(chain, 'postSettlement', 'P2')).toBe(true);
    expect(mayAct(chain, 'postSettlement', 'P3')).toBe(false);
    expect(mayAct(chain, 'readSettlement', 'P3')).toBe(false);
    expect(mayAct(chain, 'postSettlement')).toBe(false);
  });
  it('an auditor reads but never writes', () => {
    const auditor = { rights: ['auditor'], institutionCodes: [] } as const;
    expect(ACTS.filter((act) => mayAct(auditor, act)).filter((act) => !/^(read|print)/.test(act))).toStrictEqual([]);
  });
  it('a key without rights may do nothing', () => {
    expect(ACTS.filter((act) => mayAct({ rights: [], institutionCodes: ['P1'] }, act, 'P1'))).toStrictEqual([]);
  });
});
