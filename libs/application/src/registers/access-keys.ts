import { hash, timingSafeEqual } from 'node:crypto';
import {
  type AccessKeyCommand,
  type AccessKeyEvent,
  type AccessKeyRefusal,
  type AccessKeyState,
  accessKey,
  accessKeyStream,
  decodeAccessKeyEvent,
} from '#libs/access';
import { refused } from '../answers';
import type { AccessKeys, KeyScope, Principal } from '../engine';
import type { StreamParts } from '../streams/command-runner';
import type { Directory } from './directory';
import { type KeyedStreams, keyedStreams } from './keyed-streams';

export type AccessKeyStreams = KeyedStreams<AccessKeyCommand, AccessKeyEvent, AccessKeyState, AccessKeyRefusal>;
export const accessKeyStreams = (parts: StreamParts): AccessKeyStreams => keyedStreams(parts, accessKey, decodeAccessKeyEvent);

/** What is not told is left out, here and in the log. */
const scopeOf = ({ institutionCodes, outletCodes = [], bankCode }: KeyScope): KeyScope => ({
  institutionCodes,
  ...(outletCodes.length === 0 ? {} : { outletCodes }),
  ...(bankCode === undefined ? {} : { bankCode }),
});

const FORM = /^yk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/; // The secret: 256 random bits, base64url.
const sha256 = (text: string) => hash('sha256', text, 'buffer');

/** Access keys as `yk_<id>_<secret>`; only the secret's SHA-256 is kept, in the log. */
export const accessKeysOf = (
  { act, runner }: AccessKeyStreams,
  directory: Directory,
  randomBytes: (size: number) => Uint8Array,
): AccessKeys => ({
  create: async ({ organisation, rights, note, ...scope }, tracing) => {
    const keyId = Buffer.from(randomBytes(8)).toString('hex');
    const secret = Buffer.from(randomBytes(32)).toString('base64url');
    const secretHash = sha256(secret).toString('hex');
    const unlisted = await directory.add(keyId, tracing);
    if (unlisted) return unlisted;
    const data = {
      key: `accessKey-create-${keyId}`,
      commandHash: secretHash,
      keyId,
      secretHash,
      organisation,
      rights,
      ...scopeOf(scope),
      note,
    };
    const answer = await act({ stream: accessKeyStream(keyId), key: data.key, command: { type: 'CreateKey', data }, claims: [], tracing });
    return answer.kind === 'done' ? { ...answer, value: { keyId, key: `yk_${keyId}_${secret}` } } : answer;
  },
  revoke: async (keyId, reason, tracing) => {
    const { head } = await runner.load(accessKeyStream(keyId));
    if (head < 0) return refused([{ code: 'access-key-not-found', keyId }]);
    const key = `accessKey-revoke-${keyId}`;
    const answer = await act({
      stream: accessKeyStream(keyId),
      key,
      command: { type: 'RevokeKey', data: { key, commandHash: key, reason } },
      claims: [],
      tracing,
    });
    return answer.kind === 'done' ? { ...answer, value: { keyId } } : answer;
  },
  list: async () => {
    const states = await Promise.all((await directory.list()).map(async (keyId) => (await runner.load(accessKeyStream(keyId))).state));
    return states.flatMap(({ created, revokedAt }) => {
      if (!created) return [];
      const { keyId, organisation, rights, note, at } = created;
      return [{ keyId, organisation, rights, ...scopeOf(created), note, createdAt: at, revokedAt }];
    });
  },
  authenticate: async (text): Promise<Principal | undefined> => {
    const [, keyId, secret] = FORM.exec(text) ?? [];
    if (keyId === undefined || secret === undefined) return undefined;
    const { created, revokedAt } = (await runner.glance(accessKeyStream(keyId))).state;
    const presented = sha256(secret);
    const kept = created ? Buffer.from(created.secretHash, 'hex') : presented; // An unknown key takes as long as a wrong one.
    const isRight = timingSafeEqual(presented, kept) && created !== null;
    if (!isRight || revokedAt !== null) return undefined;
    const { organisation, rights } = created;
    return { keyId, organisation, rights, ...scopeOf(created) };
  },
});
