import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Call, EngineClient } from '../engine/client';
import type { InstitutionPlan } from './institutions';
import { bodyOf, codeOf } from './judge';
import type { KeyPlan } from './plan';
import { type Stage, send } from './player';

const PACKS_FOLDER = path.resolve(__dirname, '../../../../libs/policy/packs');
const AUTHOR = 'sample-author';
const REVIEWER = 'sample-reviewer';

type Fields = Readonly<Record<string, unknown>>;

const demand = async (client: EngineClient, call: Call): Promise<Fields> => {
  const reply = await client.call(call);
  if (reply.status < 300) return bodyOf(reply);
  throw new Error(`${call.path}: ${codeOf(reply)} ${JSON.stringify(bodyOf(reply).reasons ?? '')}`);
};

/** One operator proposes, another approves. Idempotency: a published pack stays as it is. */
export const publishPacks = async (admin: EngineClient, names: readonly string[]): Promise<void> => {
  const { packs } = (await demand(admin, { method: 'GET', path: '/admin/v1/packs' })) as { packs: { packId: string; state: string }[] };
  for (const name of names) {
    if (packs.some(({ packId, state }) => packId.startsWith(`${name}@`) && state === 'published')) continue;
    const file = `${name}.yaml`;
    const yaml = readFileSync(path.join(PACKS_FOLDER, file), 'utf8');
    const proposed = await demand(admin, { method: 'POST', path: '/admin/v1/packs', operator: AUTHOR, body: { file, yaml } });
    const { packId, hash } = proposed;
    await demand(admin, { method: 'POST', path: '/admin/v1/packs/approvals', operator: REVIEWER, body: { packId, hash } });
  }
};

/** Makes the keys of the plan; those that are there already stay. The one named `revoked` is revoked at once. */
export const makeKeys = async (
  admin: EngineClient,
  plans: readonly KeyPlan[],
  made: Readonly<Record<string, string>>,
): Promise<Record<string, string>> => {
  const keys: Record<string, string> = { ...made };
  for (const { name, organisation, rights, institutionCodes } of plans) {
    if (keys[name] !== undefined) continue;
    const body = { organisation, rights, institutionCodes, note: 'sample region' };
    const { key, keyId } = await demand(admin, { method: 'POST', path: '/admin/v1/keys', body });
    keys[name] = String(key);
    if (name === 'revoked')
      await demand(admin, { method: 'POST', path: `/admin/v1/keys/${String(keyId)}/revocation`, body: { reason: 'sample' } });
  }
  return keys;
};

const actsOn = ({ code, agreement, services, terminals, retiredTerminal, barredOperator, succeededBy }: InstitutionPlan): Fields[] => {
  const sign = {
    act: 'signAgreement',
    agreementNo: `XY-${code}`,
    from: '2020-01-01',
    until: agreement === 'expired' ? '2024-12-31' : '2039-12-31',
    services,
  };
  return [
    ...(agreement === 'none' ? [] : [sign]),
    ...terminals.map((terminal) => ({ act: 'registerTerminal', terminalCode: terminal.code, media: terminal.media })),
    ...(retiredTerminal === null
      ? []
      : [
          { act: 'registerTerminal', terminalCode: retiredTerminal, media: ['contactChip'] },
          { act: 'retireTerminal', terminalCode: retiredTerminal },
        ]),
    ...(barredOperator === null ? [] : [{ act: 'barOperator', operatorCode: barredOperator, reason: '支付资格暂停' }]),
    ...(agreement === 'suspended' ? [{ act: 'suspendAgreement', reason: '违规使用医保基金，中止协议' }] : []),
    ...(agreement === 'terminated' ? [{ act: 'terminateAgreement', reason: '解除协议' }] : []),
    ...(succeededBy === null ? [] : [{ act: 'succeed', byInstitutionCode: succeededBy }]),
    ...(agreement === 'closed' ? [{ act: 'close', reason: '机构注销' }] : []),
  ];
};

/** Throws: Error when the engine refuses: then the sample cannot go on. Idempotency: by the references. */
export const setUpInstitution = async (plan: InstitutionPlan, stage: Pick<Stage, 'client' | 'signal' | 'keys'>): Promise<void> => {
  const { code, name, kind, poolingArea, identityCheckEquipped } = plan;
  const key = stage.keys.agency ?? '';
  const post = async (where: string, body: Fields): Promise<void> => {
    const reply = await send(stage, { method: 'POST', path: `/v1/institutions/${code}${where}`, key, body });
    if (reply.status >= 300)
      throw new Error(
        `${typeof body.act === 'string' ? body.act : 'register'} ${code}: ${codeOf(reply)} ${JSON.stringify(bodyOf(reply).reasons ?? '')}`,
      );
  };
  await post('', { reference: `sample-${code}-0`, name, kind, poolingArea, identityCheckEquipped });
  for (const [i, act] of actsOn(plan).entries()) await post('/acts', { reference: `sample-${code}-${i + 1}`, ...act });
};
