import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountPolicyOf, type PackFault, packJsonSchema, parsePack } from './index';

const textOf = (city: string) => readFileSync(join(__dirname, `../packs/${city}.yaml`), 'utf8');
const QINGDAO = textOf('qingdao');

/** The pack with one place changed; fails when the place is not there. */
const changed = (find: string, put: string, text = QINGDAO): string => {
  if (!text.includes(find)) throw new Error(`not in the pack: ${find}`);
  return text.replace(find, () => put);
};
const faultsOf = (text: string): readonly PackFault[] => {
  const parsed = parsePack(text, 'q.yaml');
  return parsed.kind === 'faults' ? parsed.faults : [];
};
const lineWith = (text: string, words: string): number => text.slice(0, text.indexOf(words)).split('\n').length;
const told = (text: string) => faultsOf(text).map(({ field, messageEn }) => `${field}: ${messageEn}`);
const policyOf = (city: string) => {
  const parsed = parsePack(textOf(city), city);
  if (parsed.kind === 'faults') throw new Error(JSON.stringify(parsed.faults));
  return accountPolicyOf(parsed.pack, parsed.hash);
};

describe('a pack file', () => {
  it('of Qingdao says what the city published', () => {
    const policy = policyOf('qingdao');
    expect(policy).toMatchObject({ packId: 'qingdao@1', poolingArea: '370200', effectiveFrom: '2014-12-31T16:00:00.000Z' });
    expect(policy.enablement.channels).toStrictEqual(['bankOutlet', 'proxy', 'guardian', 'batch']);
    expect(policy.cardStops).toStrictEqual([
      { phase: 'inactiveTwoYears', at: '2017-03-31T16:00:00.000Z', cardKinds: ['labourSecurity'], inactiveYears: 2 },
      { phase: 'inactiveOneYear', at: '2017-09-30T16:00:00.000Z', cardKinds: ['labourSecurity'], inactiveYears: 1 },
      { phase: 'allOldCards', at: '2017-12-30T16:00:00.000Z', cardKinds: ['labourSecurity', 'residentMedical'], inactiveYears: null },
    ]);
    expect(policy.cardKinds.residentMedical).toStrictEqual({
      generation: 'old',
      media: ['stripe'],
      carriesPersonalAccount: false,
      validYears: null,
    });
    expect(policy.cardKinds.medicalInsurance).toBeUndefined();
    expect(policy.holderChecks).toStrictEqual({ equipped: ['identityVerified', 'signature'], otherwise: ['password', 'passwordNotUsed'] });
    expect(policy.insuranceTypes).toStrictEqual({ employee: { personalAccount: true }, resident: { personalAccount: false } });
  });
  it('of Jinan says what the city published', () => {
    const policy = policyOf('jinan');
    expect(policy).toMatchObject({ packId: 'jinan@1', poolingArea: '370100', temporaryLossDays: 7, cardStops: [] });
    expect(policy.enablement.channels).toStrictEqual(['bankOutlet', 'firstSwipe']);
    expect(policy.cardKinds.medicalInsurance).toStrictEqual({
      generation: 'old',
      media: ['stripe'],
      carriesPersonalAccount: true,
      validYears: null,
    });
    expect(policy.cardKinds.labourSecurity).toBeUndefined();
  });
  it.each(['qingdao', 'jinan'])('of %s: what blocks what, what is paid where, at which rate', (city) => {
    const { freezeCauses, medicalCategories, drawOrder, rollover, interest } = policyOf(city);
    const blocks = Object.entries(freezeCauses).map(([cause, { blocksDebit, blocksCredit, blocksPayOut }]) => [
      cause,
      [blocksDebit, blocksCredit, blocksPayOut].map(Number).join(''),
    ]);
    expect(Object.fromEntries(blocks)).toStrictEqual({
      settlementSuspension: '100',
      precautionarySuspension: '100',
      judicialFreeze: '101',
      death: '110',
      duplicateInsurance: '010',
      contributionArrears: '000',
    });
    expect(medicalCategories.pharmacyPurchase).toStrictEqual({ service: 'pharmacy', institutionKinds: ['pharmacy'], accountMayPay: true });
    expect(medicalCategories.physicalExamination.accountMayPay).toBe(false);
    expect([drawOrder, rollover]).toStrictEqual([['currentYear', 'priorYear'], { month: 1, day: 1 }]);
    expect(interest).toStrictEqual({ currentYearAnnualRate: '0.0005', priorYearAnnualRate: '0.0065', dayCount: 360 });
  });
  it('keeps its hash when only layout and comments change, and loses it with a single word', () => {
    const hashOf = (text: string) => {
      const parsed = parsePack(text, 'q.yaml');
      return parsed.kind === 'pack' ? parsed.hash : 'faults';
    };
    const moved = `${changed('packId: qingdao@1\n', '', QINGDAO)}\n# a remark\npackId: "qingdao@1"\n`;
    expect(hashOf(QINGDAO)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(moved)).toBe(hashOf(QINGDAO));
    expect(hashOf(changed('windowMinutes: 15', 'windowMinutes: 16'))).not.toBe(hashOf(QINGDAO));
  });
  it('has a JSON schema that names every section', () => {
    const { properties, additionalProperties } = packJsonSchema() as { properties: object; additionalProperties: boolean };
    expect(additionalProperties).toBe(false);
    expect(Object.keys(properties)).toContain('holderChecks');
  });
});

describe('a pack file at fault: form', () => {
  it.each<[string, string, string, string]>([
    ['an unknown field at the top', 'format: 1', 'format: 1\nnote: x', 'note: unknown field: note'],
    ['an unknown field inside', 'windowMinutes: 15', 'windowMinutes: 15\n  hours: 1', 'onlineEntry.hours: unknown field: hours'],
    ['an unknown cause', '  death:', '  deaths:', 'freezeCauses.deaths: unknown field: deaths'],
    ['a missing field', '  dayCount: 360\n', '', 'interest.dayCount: is missing'],
    ['a missing section', 'cardStops:', 'cardStop:', 'cardStops: is missing'],
    ['a number as text', 'windowMinutes: 15', 'windowMinutes: "15"', 'onlineEntry.windowMinutes: must be of type number'],
    ['a broken number', 'windowMinutes: 15', 'windowMinutes: 1.5', 'onlineEntry.windowMinutes: must be of type int'],
    ['too small a number', 'windowMinutes: 15', 'windowMinutes: 0', 'onlineEntry.windowMinutes: must not be below 1'],
    ['too large a number', 'windowMinutes: 15', 'windowMinutes: 1441', 'onlineEntry.windowMinutes: must not be above 1440'],
    [
      'a word for yes',
      'accountMayPay: false',
      'accountMayPay: no',
      'medicalCategories.physicalExamination.accountMayPay: must be of type boolean',
    ],
    [
      'an unknown word',
      '[bankOutlet, proxy, guardian, batch]',
      '[bankOutlet, post]',
      'enablement.channels[1]: must be one of: bankOutlet, hotline, centre, proxy, guardian, batch, firstSwipe',
    ],
    ['an empty list', '[bankOutlet, proxy, guardian, batch]', '[]', 'enablement.channels: must not be below 1'],
    ['a day count of its own', 'dayCount: 360', 'dayCount: 364', 'interest.dayCount: must be one of: 360, 365'],
    ['a rate without quotes', '"0.0065"', '0.0065', 'interest.priorYearAnnualRate: a rate is decimal text in quotes, such as "0.0035"'],
    ['a rate in percent', '"0.0065"', '"0.65%"', 'interest.priorYearAnnualRate: a rate is decimal text below 1, such as "0.0035"'],
    ['an area without quotes', '"370200"', '370200', 'poolingArea: a division code stands in quotes, such as "370200"'],
    ['an area too short', '"370200"', '"3702"', 'poolingArea: six digits of GB/T 2260'],
    ['a day that does not exist', 'on: 2017-04-01', 'on: 2017-04-31', 'cardStops[0].on: must be a date that exists, YYYY-MM-DD'],
    ['an id without a version', 'qingdao@1', 'qingdao', 'packId: city@version, such as qingdao@1'],
    ['a rule number of no city', 'rule: Q12', 'rule: twelve', 'holderChecks.source.rule: a rule number such as Q2'],
    ['a form of a newer engine', 'format: 1', 'format: 2', 'format: must be one of: 1'],
  ])('%s', (_name, find, put, fault) => expect(told(changed(find, put))).toContain(fault));

  it('a file that is no pack at all is missing everything', () => {
    expect(told('')).toStrictEqual([': must be of type object']);
    expect(told('{}')).toContain('packId: is missing');
  });
  it('a file that is no YAML is told by its line', () => {
    const text = changed('  dayCount: 360', '  dayCount: [360');
    expect(faultsOf(text)[0]).toMatchObject({ file: 'q.yaml', field: '', messageZh: 'YAML 格式错误' });
    expect(faultsOf(text)[0]?.line).toBeGreaterThan(lineWith(text, 'dayCount') - 1);
  });
  it('a field given twice', () => {
    const text = changed('  dayCount: 360', '  dayCount: 360\n  dayCount: 365');
    expect(faultsOf(text)).toStrictEqual([
      { file: 'q.yaml', line: lineWith(text, 'dayCount: 365'), field: '', messageZh: '字段重复', messageEn: 'Map keys must be unique' },
    ]);
  });
});

describe('the faults of a pack file', () => {
  it('name file, line and field in both languages, all at once and in the order of the file', () => {
    let text = changed('windowMinutes: 15', 'windowMinuts: 15');
    text = changed('on: 2017-10-01', 'on: 2017-03-01', text);
    text = changed('"0.0005"', '0.0005', text);
    text = changed('month: 1\n  day: 1', 'month: 2\n  day: 30', text);
    const at = (words: string) => lineWith(text, words);
    expect(faultsOf(text)).toStrictEqual([
      { file: 'q.yaml', line: at('onlineEntry:'), field: 'onlineEntry.windowMinutes', messageZh: '缺少必填字段', messageEn: 'is missing' },
      {
        file: 'q.yaml',
        line: at('windowMinuts'),
        field: 'onlineEntry.windowMinuts',
        messageZh: '未知字段：windowMinuts',
        messageEn: 'unknown field: windowMinuts',
      },
      {
        file: 'q.yaml',
        line: at('on: 2017-03-01'),
        field: 'cardStops[1].on',
        messageZh: '早于前一批次',
        messageEn: 'earlier than the phase above it',
      },
      { file: 'q.yaml', line: at('day: 30'), field: 'rollover.day', messageZh: '不是每年都有的日期', messageEn: 'not a day of every year' },
      {
        file: 'q.yaml',
        line: at('0.0005'),
        field: 'interest.currentYearAnnualRate',
        messageZh: '利率须为加引号的小数文本，如 "0.0035"',
        messageEn: 'a rate is decimal text in quotes, such as "0.0035"',
      },
    ]);
  });
  it('point at an item of a list, and through an alias', () => {
    const item = changed('channels: [bankOutlet, proxy, guardian, batch]', 'channels:\n    - bankOutlet\n    - post');
    expect(faultsOf(item)[0]?.line).toBe(lineWith(item, '- post'));
    const alias = changed('onlineEntry:', 'onlineEntry: &entry').replace(/lateEntry:\n(?: {2}.*\n)+/, () => 'lateEntry: *entry\n');
    expect(faultsOf(alias).map(({ line, field }) => [line, field])).toStrictEqual([
      [lineWith(alias, 'windowMinutes'), 'lateEntry.windowMinutes'],
      [lineWith(alias, 'lateEntry'), 'lateEntry.days'],
    ]);
  });
});
