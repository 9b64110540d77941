import type { InstitutionPlan } from './institutions';
import { QINGDAO } from './institutions';
import type { SamplePlan } from './plan';
import type { Story } from './step';
import { cardNumberOf } from './teller';

/** A holder with money enough, and a pharmacy with nothing wrong. */
const castOf = ({ stories, institutions }: SamplePlan): Readonly<{ story: Story; pharmacy: InstitutionPlan }> => {
  const story = stories.find(({ kind }) => kind === 'cancelledUnknown');
  const pharmacy = institutions.find(
    ({ kind, poolingArea, agreement }) => kind === 'pharmacy' && poolingArea === QINGDAO && agreement === 'inForce',
  );
  if (story === undefined || pharmacy === undefined) throw new Error('the sample has nobody for the example');
  return { story, pharmacy };
};

/** One command for a shell that settles a swipe, today and on any later day, however often it is given. */
export const curlFor = (origin: string, plan: SamplePlan, keys: Readonly<Record<string, string>>): string => {
  const { story, pharmacy } = castOf(plan);
  const body = {
    institutionCode: pharmacy.code,
    serial: '{serial}',
    occurredAt: '{now}',
    credential: { kind: 'socialSecurityCard', number: cardNumberOf(story, 'new') },
    insuranceType: 'employee',
    medicalCategory: 'pharmacyPurchase',
    totalFee: '1.20',
    fundPaid: '0',
    accountEligible: '1.20',
    holderCheck: { method: 'password' },
    operatorCode: `${pharmacy.code}-OP1`,
    terminalCode: `${pharmacy.code}-T1`,
  };
  const text = JSON.stringify(body)
    .replace('{serial}', () => `CURL-'"$(date +%s)-$$"'`)
    .replace('{now}', () => `'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'`);
  return [
    `curl -sS ${origin}/v1/settlements \\`,
    `  -H 'authorization: Bearer ${keys[pharmacy.keyName] ?? ''}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${text}'`,
  ].join('\n');
};
