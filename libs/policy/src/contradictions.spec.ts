import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePack } from './index';

const QINGDAO = readFileSync(join(__dirname, '../packs/qingdao.yaml'), 'utf8');
const HOLDER_CHECK_SOURCE = QINGDAO.match(/ {2}source:\n {4}document: qingdao2015\n(?: {4}.*\n)+/)?.[0] ?? 'none';

/** The pack with one place changed; fails when the place is not there. */
const changed = (find: string, put: string): string => {
  if (!QINGDAO.includes(find)) throw new Error(`not in the pack: ${find}`);
  return QINGDAO.replace(find, () => put);
};
const told = (text: string) => {
  const parsed = parsePack(text, 'q.yaml');
  return parsed.kind === 'faults' ? parsed.faults.map(({ field, messageEn }) => `${field}: ${messageEn}`) : [];
};

describe('a pack file at fault: contradictions', () => {
  it.each<[string, string, string, string]>([
    [
      'a bucket drawn twice',
      '[currentYear, priorYear]',
      '[currentYear, priorYear, currentYear]',
      'drawOrder.buckets[2]: listed twice: currentYear',
    ],
    [
      'a bucket never drawn',
      '[currentYear, priorYear]',
      '[currentYear]',
      'drawOrder.buckets: money in a bucket that is not listed could never be spent',
    ],
    [
      'a medium listed twice',
      '[contactChip, contactless]',
      '[contactChip, contactChip]',
      'cardKinds.socialSecurity3.media[1]: listed twice: contactChip',
    ],
    [
      'a stop of a kind not listed',
      'cardKinds: [labourSecurity, residentMedical]',
      'cardKinds: [labourSecurity, medicalInsurance]',
      'cardStops[2].cardKinds[1]: card kind is not listed: medicalInsurance',
    ],
    [
      'a phased stop of new cards',
      'cardKinds: [labourSecurity, residentMedical]',
      'cardKinds: [labourSecurity, socialSecurity2]',
      'cardStops[2].cardKinds[1]: only old cards stop by phase: socialSecurity2',
    ],
    [
      'a phase after all were stopped',
      'inactiveYears: 1',
      'inactiveYears: null',
      'cardStops[2].cardKinds[0]: an earlier phase has stopped them all: labourSecurity',
    ],
    ['phases out of order', 'on: 2017-04-01', 'on: 2017-10-02', 'cardStops[1].on: earlier than the phase above it'],
    ['two phases of one name', 'phase: inactiveOneYear', 'phase: inactiveTwoYears', 'cardStops[1].phase: two phases of the same name'],
    ['a rollover on 30 February', 'month: 1\n  day: 1', 'month: 2\n  day: 30', 'rollover.day: not a day of every year'],
    ['a rollover on 29 February', 'month: 1\n  day: 1', 'month: 2\n  day: 29', 'rollover.day: not a day of every year'],
    [
      'a document that ends before it begins',
      '2017年旧卡停用与新社会保障卡启用公告 }',
      '公告, validFrom: 2017-02-01, validUntil: 2017-01-31 }',
      'documents.qingdao2017.validUntil: ends before it begins',
    ],
    [
      'a document that is not listed',
      'document: qingdao2015\n    rule: Q12',
      'document: qingdao2016\n    rule: Q12',
      'holderChecks.source.document: cites a document that is not listed',
    ],
    [
      'an assumption without a reason',
      '  assumption: true\n  why: 公告未规定；一周内',
      '  assumption: true\n  # why: ',
      'lateEntry: an assumption says why',
    ],
    [
      'a reason without an assumption',
      '  source:\n    document: qingdao2015',
      '  why: 原因\n  source:\n    document: qingdao2015',
      'holderChecks.why: `why` belongs to an assumption',
    ],
    ['a rule out of nowhere', HOLDER_CHECK_SOURCE, '', 'holderChecks: names neither a source nor an assumption'],
  ])('%s', (_name, find, put, fault) => expect(told(changed(find, put))).toStrictEqual([fault]));

  it('an account on cards where no insurance has one', () => {
    const kinds = ['labourSecurity', 'socialSecurity2', 'socialSecurity3', 'temporary'];
    expect(told(changed('personalAccount: true', 'personalAccount: false'))).toStrictEqual(
      kinds.map((kind) => `cardKinds.${kind}.carriesPersonalAccount: no insurance type has a personal account`),
    );
  });
  it('cards to enable where there is no new card', () => {
    const text = QINGDAO.replaceAll('generation: new', 'generation: temporary');
    expect(told(text)).toStrictEqual(['enablement.channels: there is no new card kind to enable']);
  });
});
