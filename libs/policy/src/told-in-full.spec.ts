import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePack } from './index';

const QINGDAO = readFileSync(join(__dirname, '../packs/qingdao.yaml'), 'utf8');

type Change = readonly [find: string, put: string];
/** The pack with some places changed; fails when a place is not there. */
const changed = (...changes: Change[]): string =>
  changes.reduce((text, [find, put]) => {
    if (!text.includes(find)) throw new Error(`not in the pack: ${find}`);
    return text.replace(find, () => put);
  }, QINGDAO);
const faultsOf = (text: string) => {
  const parsed = parsePack(text, 'q.yaml');
  return parsed.kind === 'faults' ? parsed.faults : [];
};
const told = (...changes: Change[]) =>
  faultsOf(changed(...changes)).map(({ field, messageZh, messageEn }) => [field, messageZh, messageEn]);

describe('a pack file at fault: told in both languages', () => {
  it.each<[find: string, put: string, field: string, zh: string]>([
    ['[currentYear, priorYear]', '[currentYear, priorYear, currentYear]', 'drawOrder.buckets[2]', '重复：currentYear'],
    ['[currentYear, priorYear]', '[currentYear]', 'drawOrder.buckets', '须列出当年与历年两项'],
    ['  assumption: true\n  why: 公告未规定；一周内', '  # ', 'lateEntry', '须注明来源 source 或假设 assumption'],
    ['  assumption: true\n  why: 公告未规定；一周内', '  assumption: true\n  # ', 'lateEntry', '假设须说明理由 why'],
    ['  source:\n    document: qingdao2015', '  why: 原因\n  source:\n    document: qingdao2015', 'holderChecks.why', 'why 仅用于假设'],
    [
      'document: qingdao2015\n    rule: Q12',
      'document: qingdao2016\n    rule: Q12',
      'holderChecks.source.document',
      '所引文件未在 documents 列出',
    ],
    [
      '2017年旧卡停用与新社会保障卡启用公告 }',
      '公告, validFrom: 2017-02-01, validUntil: 2017-01-31 }',
      'documents.qingdao2017.validUntil',
      '止期早于起期',
    ],
    ['on: 2017-04-01', 'on: 2017-10-02', 'cardStops[1].on', '早于前一批次'],
    ['phase: inactiveOneYear', 'phase: inactiveTwoYears', 'cardStops[1].phase', '停用批次重名'],
    [
      'cardKinds: [labourSecurity, residentMedical]',
      'cardKinds: [labourSecurity, medicalInsurance]',
      'cardStops[2].cardKinds[1]',
      '卡种未列出：medicalInsurance',
    ],
    [
      'cardKinds: [labourSecurity, residentMedical]',
      'cardKinds: [labourSecurity, socialSecurity2]',
      'cardStops[2].cardKinds[1]',
      '不是旧卡，不能分批停用：socialSecurity2',
    ],
    ['inactiveYears: 1', 'inactiveYears: null', 'cardStops[2].cardKinds[0]', '前一批次已全部停用：labourSecurity'],
    [
      'cardKinds: [labourSecurity, residentMedical]',
      'cardKinds: [labourSecurity, labourSecurity]',
      'cardStops[2].cardKinds[1]',
      '重复：labourSecurity',
    ],
    ['windowMinutes: 15', 'windowMinutes: "15"', 'onlineEntry.windowMinutes', '须为数字'],
    ['windowMinutes: 15', 'windowMinutes: 1.5', 'onlineEntry.windowMinutes', '须为整数'],
    ['windowMinutes: 15', 'windowMinutes: 0', 'onlineEntry.windowMinutes', '不得少于 1'],
    ['windowMinutes: 15', 'windowMinutes: 1441', 'onlineEntry.windowMinutes', '不得大于 1440'],
    ['dayCount: 360', 'dayCount: 364', 'interest.dayCount', '须为下列之一：360, 365'],
  ])('%s → %s', (find, put, field, zh) => expect(told([find, put]).map(([at, words]) => [at, words])).toContainEqual([field, zh]));
  it('accounts on cards where no insurance has one, and cards to enable where there is no new one', () => {
    const none = told(['personalAccount: true', 'personalAccount: false']);
    expect(new Set(none.map(([, zh]) => zh))).toStrictEqual(new Set(['无险种设个人账户']));
    expect(faultsOf(QINGDAO.replaceAll('generation: new', 'generation: temporary')).map(({ messageZh }) => messageZh)).toStrictEqual([
      '没有可启用的新卡卡种',
    ]);
  });
});

describe('a pack file at fault: where', () => {
  const SOURCE =
    '    source: { document: qingdao2017, rule: Q1, says: 居民医保卡为磁条旧卡 }\n    assumption: true\n    why: 公告只写劳动保障卡有个人账户；停用居民医保卡不封存余额（Q4）\n';
  it('a row of a table by its name, a row of a list by its number', () => {
    expect(told([SOURCE, ''])).toStrictEqual([
      ['cardKinds.residentMedical', '须注明来源 source 或假设 assumption', 'names neither a source nor an assumption'],
    ]);
    const [stop = ''] = /- phase: inactiveOneYear\n(?: {4}.*\n)+/.exec(QINGDAO) ?? [];
    const bare = stop.replace(/ {4}(source|assumption|why):.*\n/g, '');
    expect(bare).not.toBe(stop);
    expect(told([stop, bare]).map(([field]) => field)).toStrictEqual(['cardStops[1]']);
  });
  it('a word twice and another fault are both told', () => {
    const both = told(['  dayCount: 360', '  dayCount: 360\n  dayCount: 365'], ['windowMinutes: 15', 'windowMinutes: 0']);
    expect(both.map(([field, zh]) => [field, zh])).toStrictEqual([
      ['onlineEntry.windowMinutes', '不得少于 1'],
      ['', '字段重复'],
    ]);
  });
  it('a section at fault is told alone: nothing is concluded from what could not be read', () => {
    expect(
      told(['  qingdao2015: { title:', '  qingdao2015: { titel:'])
        .map(([field]) => field)
        .sort(),
    ).toStrictEqual(['documents.qingdao2015.titel', 'documents.qingdao2015.title']);
    expect(told(['[bankOutlet, proxy, guardian, batch]', '[]']).map(([field]) => field)).toStrictEqual(['enablement.channels']);
    expect(told(['generation: old', 'generation: ancient']).map(([field]) => field)).toStrictEqual(['cardKinds.labourSecurity.generation']);
    expect(told(['personalAccount: true', 'personalAccount: maybe']).map(([field]) => field)).toStrictEqual([
      'insuranceTypes.employee.personalAccount',
    ]);
  });
});

describe('a pack file that only looks at fault', () => {
  it.each<[string, string, string]>([
    ['a document without an end', '启用公告 }', '启用公告, validFrom: 2017-02-01 }'],
    ['a document without a beginning', '启用公告 }', '启用公告, validUntil: 2017-02-01 }'],
    ['a document in force for a time', '启用公告 }', '启用公告, validFrom: 2017-02-01, validUntil: 2017-12-31 }'],
    ['a document of one day', '启用公告 }', '启用公告, validFrom: 2017-02-01, validUntil: 2017-02-01 }'],
    ['two phases on one day', 'on: 2017-10-01', 'on: 2017-04-01'],
  ])('%s', (_name, find, put) => expect(told([find, put])).toStrictEqual([]));
});
