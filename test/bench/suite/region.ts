import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer, Engine, InstitutionOrder, Tracing } from '#libs/application';

/** A pharmacy or hospital with the access key under which it posts. */
export type Till = Readonly<{ institutionCode: string; kind: 'pharmacy' | 'hospital'; key: string }>;

export const POOLING_AREA = '370200';
export const OPERATOR_CODE = 'O1';
export const TERMINAL_CODE = 'T1';
const TILLS = 4; // Of each kind.
const PACK = path.join(__dirname, '../../../libs/policy/packs/qingdao.yaml');

export const tracingOf = (organisation: string, principal = organisation): Tracing => ({
  actor: { principal, organisation, door: 'http' },
  correlationId: 'a5c3a6be-5f0e-4a52-9d0e-1f1f35b7a5b0',
  causationId: 'bench-set-up',
});
export const agency = tracingOf('agency');

/** @throws Error with the reasons when it was not done: the bench has set up something wrong. */
export const done = <T>(answer: Answer<T>): T => {
  if (answer.kind !== 'done') throw new Error(`not done: ${JSON.stringify(answer)}`);
  return answer.value;
};

/** Publishes the pack of Qingdao and designates four pharmacies and four hospitals, each with a key of its own. */
export const setUpRegion = async ({ packs, institutions, keys }: Engine): Promise<readonly Till[]> => {
  const yaml = readFileSync(PACK, 'utf8');
  const { packId, hash } = done(await packs.propose(yaml, 'qingdao.yaml', tracingOf('operator', 'operator-a')));
  done(await packs.approve(packId, hash, tracingOf('operator', 'operator-b')));
  const tills: Till[] = [];
  for (const kind of ['pharmacy', 'hospital'] as const) {
    for (let n = 1; n <= TILLS; n++) {
      const code = `${kind === 'pharmacy' ? 'P' : 'H'}3702000${String(n).padStart(4, '0')}`;
      const services = kind === 'pharmacy' ? ['pharmacy'] : ['outpatient', 'inpatient'];
      const act = async (step: string, order: InstitutionOrder) => done(await institutions.act(code, `${code}-${step}`, order, agency));
      await act('register', { act: 'register', name: code, kind, poolingArea: POOLING_AREA, identityCheckEquipped: false });
      await act('agreement', { act: 'signAgreement', agreementNo: `A-${code}`, from: '2015-01-01', until: '2039-12-31', services });
      const media = ['stripe', 'contactChip', 'contactless', 'qr'] as const;
      await act('terminal', { act: 'registerTerminal', terminalCode: TERMINAL_CODE, media });
      const order = { organisation: code, rights: ['institution'] as const, institutionCodes: [code], note: 'bench' };
      tills.push({ institutionCode: code, kind, key: done(await keys.create(order, tracingOf('operator', 'operator-a'))).key });
    }
  }
  return tills;
};
