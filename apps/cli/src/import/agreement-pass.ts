import { createHash } from 'node:crypto';
import type { EngineClient, Reply } from '../engine/client';
import { Failure } from '../startup/checks';
import type { Agreement } from './agreement-book';
import type { Rejects } from './rejects';

type Known = Readonly<{
  kind: string;
  poolingArea: string;
  agreements: readonly Readonly<{ agreementNo: string; from: string; until: string; services: readonly string[] }>[];
  terminations: readonly unknown[];
}>;
export type AgreementPass = Readonly<{ admin: EngineClient; source: string; operator: string; correlationId: string; rejects: Rejects }>;

const pathOf = (code: string): string => `/v1/institutions/${encodeURIComponent(code)}`;

/** Areas with a published pack. Throws: on outage. */
export const governedAreas = async (admin: EngineClient): Promise<ReadonlySet<string>> => {
  const { body } = await admin.call({ method: 'GET', path: '/admin/v1/packs' });
  const { packs } = body as Readonly<{ packs: readonly Readonly<{ poolingArea: string; state: string }>[] }>;
  return new Set(packs.filter(({ state }) => state === 'published').map(({ poolingArea }) => poolingArea));
};

/** Holds each agreement against what is on record. Nothing is written. Throws: on outage. */
export const planAgreements = async ({ admin, rejects }: AgreementPass, agreements: readonly Agreement[]): Promise<void> => {
  const areas = await governedAreas(admin);
  const known = new Map<string, Known | null>();
  for (const one of agreements) {
    const { file, line, institutionCode } = one;
    if (!areas.has(one.poolingArea)) rejects.add({ file, line }, 'poolingArea', 'pooling-area-without-policy');
    if (!known.has(institutionCode)) known.set(institutionCode, await viewOf(admin, institutionCode));
    const record = known.get(institutionCode);
    if (record) judge(one, record, rejects);
  }
};

const viewOf = async (admin: EngineClient, code: string): Promise<Known | null> => {
  const { status, body } = await admin.call({ method: 'GET', path: pathOf(code) });
  return status === 200 ? (body as Known) : null;
};

const isSame = (one: Agreement, other: Known['agreements'][number]): boolean =>
  one.from === other.from && one.until === other.until && [...one.services].sort().join() === [...other.services].sort().join();

const judge = (one: Agreement, { kind, poolingArea, agreements, terminations }: Known, rejects: Rejects): void => {
  const { file, line } = one;
  if (kind !== one.kind || poolingArea !== one.poolingArea) rejects.add({ file, line }, 'institutionCode', 'institution-differs');
  const same = agreements.find(({ agreementNo }) => agreementNo === one.agreementNo);
  if (same) {
    if (!isSame(one, same)) rejects.add({ file, line }, 'agreementNo', 'agreement-differs');
  } else if (terminations.length === 0 && agreements.some(({ from, until }) => one.from <= until && from <= one.until)) {
    rejects.add({ file, line }, 'from', 'agreement-overlaps', '(已登记 on record)');
  }
};

/** Registers what is not registered, signs what is not signed; `byHand`: what was there before, by other means. Throws: Failure; on outage. */
export const signAgreements = async (
  pass: AgreementPass,
  agreements: readonly Agreement[],
): Promise<Readonly<{ signed: number; replayed: number; byHand: number }>> => {
  const counts = { signed: 0, replayed: 0, byHand: 0 };
  for (const { institutionCode: code, name, kind, poolingArea, identityCheckEquipped, agreementNo, from, until, services } of agreements) {
    const registering = { reference: referenceOf(pass.source, code), name, kind, poolingArea, identityCheckEquipped };
    demand(await post(pass, pathOf(code), registering), ['institution-already-registered', 'key-used-with-different-content']);
    const signing = { reference: referenceOf(pass.source, code, agreementNo), act: 'signAgreement', agreementNo, from, until, services };
    const reply = await post(pass, `${pathOf(code)}/acts`, signing);
    const done = demand(reply, ['agreement-number-used']);
    if (!done) counts.byHand += 1;
    else if ((reply.body as { replayed?: boolean }).replayed) counts.replayed += 1;
    else counts.signed += 1;
  }
  return counts;
};

/** How many of them are on record now, as the register tells it. Throws: on outage. */
export const agreementsOnRecord = async (admin: EngineClient, agreements: readonly Agreement[]): Promise<number> => {
  let found = 0;
  const known = new Map<string, Known | null>();
  for (const one of agreements) {
    if (!known.has(one.institutionCode)) known.set(one.institutionCode, await viewOf(admin, one.institutionCode));
    const record = known.get(one.institutionCode);
    if (record?.agreements.some((other) => other.agreementNo === one.agreementNo && isSame(one, other))) found += 1;
  }
  return found;
};

/** An agreement's number may be any text of the trade; a reference is short. */
const referenceOf = (source: string, ...parts: readonly string[]): string =>
  `import-${source}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)}`;

const post = ({ admin, operator, correlationId }: AgreementPass, path: string, body: object): Promise<Reply> =>
  admin.call({ method: 'POST', path, operator, correlationId, body });

/** True when it was done; false for a refusal that is expected. Throws: Failure for any other. */
const demand = ({ status, body }: Reply, expected: readonly string[]): boolean => {
  if (status < 300) return true;
  const { code, title } = body as { code?: string; title?: string };
  if (expected.includes(code ?? '')) return false;
  throw new Failure({
    zh: `协议未能登记：${code ?? status} ${title ?? ''}`,
    en: `An agreement could not be recorded: ${code ?? status} ${title ?? ''}`,
  });
};
