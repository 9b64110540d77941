import type { Decider, Decision, Instant, Recorded } from '#libs/kernel';
import type { AccessKeyCommand, AccessKeyCreated, AccessKeyEvent, AccessKeyFacts, CreateKey, RevokeKey, Right } from './events';
import { type AccessKeyRefusal, refuse } from './refusals';

export type AccessKeyState = Readonly<{
  created: (Omit<AccessKeyCreated['data'], 'key' | 'commandHash'> & Readonly<{ at: Instant }>) | null;
  revokedAt: Instant | null;
  answers: readonly Recorded<AccessKeyEvent>[]; // Two at most: made and revoked.
}>;
type Outcome = Decision<AccessKeyEvent, AccessKeyRefusal>;

/** They do nothing but on their own applications; without a code of their own they have none. */
const ONLY_THEIR_OWN = ['employer', 'school', 'committee'] as const satisfies readonly Right[];
const SHA256_HEX = /^[0-9a-f]{64}$/;

const initialState = (): AccessKeyState => ({ created: null, revokedAt: null, answers: [] });

/** @throws Error when the stream is impossible (revoked before it was made, made twice): damage, not a refusal. */
const evolve = (state: AccessKeyState, event: Recorded<AccessKeyEvent>): AccessKeyState => {
  const answers = [...state.answers, event];
  if (event.type === 'AccessKeyRevoked.v1') {
    if (state.created === null || state.revokedAt !== null) throw new Error('an access key revoked that was not in force');
    return { ...state, revokedAt: event.decidedAt, answers };
  }
  if (state.created !== null) throw new Error('an access key made twice');
  const { key: _key, commandHash: _hash, ...created } = event.data;
  return { ...state, created: { ...created, at: event.decidedAt }, answers };
};

/** A key that could do nothing, or whose codes mean nothing, is not made. */
const againstScope = (data: CreateKey['data']): readonly AccessKeyRefusal[] => {
  const refusals: AccessKeyRefusal[] = [];
  const isInstitution = data.rights.includes('institution');
  if (data.rights.length === 0) refusals.push({ code: 'access-key-without-rights' });
  if (isInstitution && data.institutionCodes.length === 0) refusals.push({ code: 'access-key-without-institutions' });
  if (!isInstitution && data.institutionCodes.length > 0) refusals.push({ code: 'access-key-institutions-without-right' });
  const ownOnly = ONLY_THEIR_OWN.filter((right) => data.rights.includes(right));
  if (ownOnly.length > 0 && !data.outletCodes?.length) refusals.push({ code: 'access-key-without-outlets', rights: ownOnly });
  if (data.bankCode !== undefined && !data.rights.includes('bankOutlet')) refusals.push({ code: 'access-key-bank-without-right' });
  return refusals;
};

/** @throws Error when the secret's hash is none: then the secret itself might be about to enter the log. */
const createKey = ({ data }: CreateKey, { created }: AccessKeyState, { decidedAt }: AccessKeyFacts): Outcome => {
  if (!SHA256_HEX.test(data.secretHash)) throw new Error('a key is made from the SHA-256 of its secret');
  if (created !== null) return refuse([{ code: 'access-key-already-created', keyId: created.keyId, createdAt: created.at }]);
  const refusals = againstScope(data);
  return refusals.length > 0 ? refuse(refusals) : { kind: 'accepted', events: [{ type: 'AccessKeyCreated.v1', decidedAt, data }] };
};

const revokeKey = ({ data }: RevokeKey, { created, revokedAt }: AccessKeyState, { decidedAt }: AccessKeyFacts): Outcome => {
  if (created === null) return refuse([{ code: 'access-key-not-found' }]);
  if (revokedAt !== null) return refuse([{ code: 'access-key-already-revoked', revokedAt }]);
  const { key, commandHash, reason } = data;
  return {
    kind: 'accepted',
    events: [{ type: 'AccessKeyRevoked.v1', decidedAt, data: { key, commandHash, keyId: created.keyId, reason } }],
  };
};

/** Idempotency: by key, before any other check. */
const decide = (command: AccessKeyCommand, state: AccessKeyState, facts: AccessKeyFacts): Outcome => {
  const earlier = state.answers.find(({ data }) => data.key === command.data.key);
  if (earlier?.data.commandHash === command.data.commandHash) return { kind: 'replayed', original: earlier };
  if (earlier !== undefined) return refuse([{ code: 'access-key-used-with-other-content', firstAt: earlier.decidedAt }]);
  return command.type === 'CreateKey' ? createKey(command, state, facts) : revokeKey(command, state, facts);
};

/** A key is made once and revoked at most once; nothing else ever happens to it. */
export const accessKey: Decider<AccessKeyCommand, AccessKeyEvent, AccessKeyState, AccessKeyRefusal, AccessKeyFacts> = {
  decide,
  due: () => [],
  evolve,
  initialState,
  isClosing: () => false,
};
