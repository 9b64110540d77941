import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, STATE_COUNCIL_2026 } from '#libs/kernel';
import { accountPolicyOf, type Pack, parsePack } from './index';

const yaml = readFileSync(join(__dirname, '../packs/qingdao.yaml'), 'utf8');
const NAMES = 'workingDays:\n  calendar: stateCouncil@2026\n';
const packOf = (text: string) => {
  const parsed = parsePack(text, 'x.yaml');
  if (parsed.kind === 'faults') throw new Error(JSON.stringify(parsed.faults));
  return parsed;
};
const faultsOf = (text: string) => {
  const parsed = parsePack(text, 'x.yaml');
  return parsed.kind === 'faults' ? parsed.faults.map(({ field, messageEn }) => [field, messageEn]) : [];
};
const own2026 = '{ year: 2026, source: 市府通知, off: [[2026-01-01, 2026-01-03]], working: [] }';

describe('the calendar of a pack', () => {
  it('a named calendar never changes: packs that name it are decided by it for ever', () => {
    const hash = createHash('sha256').update(canonicalJson(STATE_COUNCIL_2026)).digest('hex');
    expect(hash).toBe('acf08c478217672548951ef2d2d5da9841414c02b1b133c737eb3027837af0e4');
  });
  it('is part of the pack that is proposed, year by year, and of its hash', () => {
    const { pack, hash } = packOf(yaml);
    expect(pack.workingDays?.years).toEqual(STATE_COUNCIL_2026);
    const other = packOf(yaml.replace(NAMES, `${NAMES}  years: [${own2026}]\n`));
    expect(other.hash).not.toBe(hash);
    expect(accountPolicyOf(other.pack, other.hash).holidays).toHaveLength(STATE_COUNCIL_2026.length);
    expect(accountPolicyOf(other.pack, other.hash).holidays.at(-1)).toMatchObject({ year: 2026, source: '市府通知' });
  });
  it('a pack read again from what was proposed is the same pack', () => {
    const { pack, hash } = packOf(yaml);
    expect(packOf(JSON.stringify(pack)).hash).toBe(hash);
  });
  it('a pack of before counts by what was known in 2026', () => {
    const { workingDays: _none, ...before } = packOf(yaml).pack;
    expect(accountPolicyOf(before as Pack, 'h').holidays).toEqual(STATE_COUNCIL_2026);
  });
  it('a name that there is not, or no calendar at all, is told', () => {
    expect(faultsOf(yaml.replace('stateCouncil@2026', 'stateCouncil@1999'))).toEqual([
      ['workingDays.calendar', 'no such calendar; there are: stateCouncil@2026'],
    ]);
    expect(faultsOf(yaml.replace('  calendar: stateCouncil@2026\n', ''))).toEqual([['workingDays', 'names a calendar, or tells years']]);
    const [head = ''] = yaml.split('\nworkingDays:');
    const need = 'a term in working days needs a calendar: `workingDays`';
    expect(faultsOf(head)).toEqual([
      ['cardService.firstIssue.unit', need],
      ['cardService.replacement.unit', need],
      ['cardService.exchange.unit', need],
    ]);
    const loss = head.replace('temporaryLoss:\n  days: 7', 'temporaryLoss:\n  days: 7\n  unit: workingDays');
    expect(faultsOf(loss).map(([field]) => field)).toContain('temporaryLoss.unit');
  });
});
