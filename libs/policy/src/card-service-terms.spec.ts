import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_COUNCIL_2026 } from '#libs/kernel';
import { cardServiceTermsAt, parsePack, policyPack, proposalOf } from './index';

const yamlOf = (city: string) => readFileSync(join(__dirname, '../packs', `${city}.yaml`), 'utf8');
const packOf = (yaml: string) => {
  const parsed = parsePack(yaml, 'x.yaml');
  if (parsed.kind === 'faults') throw new Error(JSON.stringify(parsed.faults));
  return parsed;
};
const PLACE = { id: 'e', stream: 'policyPack-x' };
const published = (...yamls: string[]) => {
  let state = policyPack.initialState();
  for (const [i, yaml] of yamls.entries()) {
    const { pack, hash } = packOf(yaml);
    const proposal = proposalOf(pack, hash, 'ann').data;
    const { document: _document, ...data } = proposal;
    const at = '2014-01-01T00:00:00.000Z';
    const events = [
      { type: 'PackProposed.v1', decidedAt: at, data: proposal },
      { type: 'PackPublished.v1', decidedAt: at, data: { ...data, approvedBy: 'ben' } },
    ] as const;
    for (const [n, event] of events.entries()) state = policyPack.evolve(state, { ...event, ...PLACE, revision: 2 * i + n });
  }
  return state;
};
const NOW = '2026-03-10T04:00:00.000Z';

describe('card service: what a pack promises', () => {
  it('Qingdao: 30 working days, 60 days where approved, 7 working days again', () => {
    expect(cardServiceTermsAt(published(yamlOf('qingdao')), NOW)).toStrictEqual({
      packId: 'qingdao@1',
      firstIssue: { days: 30, unit: 'workingDays' },
      approved: { days: 60, unit: 'calendarDays' },
      replacement: { days: 7, unit: 'workingDays' },
      exchange: { days: 7, unit: 'workingDays' },
      enquiryTelephone: '12333',
      complaintTelephone: '12345',
      employerHandOutDays: null,
      withoutPhotoBelowAge: 16,
      calendar: STATE_COUNCIL_2026,
    });
  });
  it('Jinan: employers hand out within 10 days; no longer term', () => {
    expect(cardServiceTermsAt(published(yamlOf('jinan')), NOW)).toMatchObject({ approved: null, employerHandOutDays: 10 });
  });
  it('the pack in force at the instant counts; none before the first', () => {
    const later = yamlOf('qingdao')
      .replace('packId: qingdao@1', 'packId: qingdao@2')
      .replace('effectiveFrom: 2015-01-01', 'effectiveFrom: 2026-03-10');
    const state = published(yamlOf('qingdao'), later);
    expect(cardServiceTermsAt(state, '2026-03-09T15:59:59.999Z')?.packId).toBe('qingdao@1');
    expect(cardServiceTermsAt(state, '2026-03-09T16:00:00.000Z')?.packId).toBe('qingdao@2');
    expect(cardServiceTermsAt(state, '2014-06-01T00:00:00.000Z')).toBeNull();
  });
  it('a city may promise nothing, and may add a year of holidays', () => {
    const [before = ''] = yamlOf('qingdao').split('\ncardService:');
    expect(cardServiceTermsAt(published(before), NOW)).toBeNull();
    const year = 'years: [{ year: 2027, source: 国办通知, off: [[2027-01-01, 2027-01-03]], working: [2027-01-09] }]';
    const added = yamlOf('qingdao').replace('\n  calendar: stateCouncil@2026', `\n  calendar: stateCouncil@2026\n  ${year}`);
    expect(cardServiceTermsAt(published(added), NOW)?.calendar).toStrictEqual([
      ...STATE_COUNCIL_2026,
      { year: 2027, source: '国办通知', off: [['2027-01-01', '2027-01-03']], working: ['2027-01-09'] },
    ]);
  });
});
