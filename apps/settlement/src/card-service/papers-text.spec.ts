import { CATALOGUE, type NoticeView, type VoucherView } from '#libs/application';
import { NOTICE_GUIDE, OBSTACLES } from '#libs/card-service';
import { noticePage, noticeText } from './notice-text';
import { voucherPage } from './voucher-text';

const HAN = /\p{Script=Han}/u;
const NOTICE: NoticeView = {
  noticeId: 'n1',
  business: 'cardApplication',
  outletCode: 'B0101',
  accountId: null,
  applicationId: null,
  givenAt: '2026-03-10T04:00:00.000Z',
  reasons: [],
  term: { days: 30, unit: 'workingDays' },
  enquiryTelephone: '12333',
  complaintTelephone: null,
  prints: 0,
};
const noticeOf = (over: Partial<NoticeView>) => noticeText(CATALOGUE, { ...NOTICE, ...over });

describe('one-time notice: in words', () => {
  it.each(Object.keys(CATALOGUE))('%s: why, and how to go about it, in both languages', (code) => {
    const [told] = noticeOf({ reasons: [{ code, detail: null }] }).reasons;
    const { messageZh = '', messageEn = '', procedureZh = '', procedureEn = '' } = told ?? {};
    expect([HAN.test(messageZh), HAN.test(procedureZh)]).toStrictEqual([true, true]);
    expect([messageEn, procedureEn].filter((text) => text === '' || HAN.test(text))).toStrictEqual([]);
  });
  it.each(OBSTACLES)('%s: says what to bring', (code) => {
    for (const [zh, en] of NOTICE_GUIDE[code].materials) expect([HAN.test(zh), en === '' || HAN.test(en)]).toStrictEqual([true, false]);
    expect(noticeOf({ reasons: [{ code, detail: null }] }).reasons[0]?.materials.length).toBeGreaterThan(0);
  });
  it('the first three of the hall are put right there, the fourth by sending a photo', () => {
    const hall = ['identity-document-wrong-or-missing', 'identity-number-used-twice', 'data-differ-from-insurance-system'] as const;
    for (const code of hall) expect(NOTICE_GUIDE[code].procedure[0]).toContain('办事大厅');
    expect(NOTICE_GUIDE['photo-missing'].procedure[0]).toContain('报送');
  });
  it('a reason without words cannot be told: that is a bug', () => {
    expect(() => noticeOf({ reasons: [{ code: 'made-up', detail: null }] })).toThrow('without words');
  });
  it.each([
    [{ days: 60, unit: 'calendarDays' }, '材料齐备并受理之日起60日内'],
    [{ days: 0, unit: 'workingDays' }, '材料齐备后当场办结'],
    [null, '以受理时告知的时限为准'],
  ] as const)('a term of %j is told as %s', (term, told) => expect(noticeOf({ term }).timeLimitZh).toBe(told));
  it('what somebody wrote is text on the page and nothing else', () => {
    const page = noticePage(noticeOf({ reasons: [{ code: 'photo-missing', detail: '<script>x</script>' }], business: '<b>' }), 'zh', 2);
    expect(page).not.toMatch(/<script|<b>/);
    for (const word of ['重打第1次', '&#60;script', '12333']) expect(page).toContain(word);
    expect(page).not.toContain('投诉电话');
  });
});

describe('voucher: as a page', () => {
  const voucher: VoucherView = {
    outletCode: 'B0101',
    year: 2026,
    number: 1,
    voucherNo: 'B0101-2026-000001',
    doneAt: '2026-03-10T03:30:00.000Z',
    issuedAt: '2026-03-10T04:00:00.000Z',
    accountId: 'a1',
    about: { stream: 'medicalAccount-a1', revision: 7, type: 'CardEnabled.v1' },
    signer: 'proxy',
    relation: 'child',
    proxyCheck: 'CHECK-8',
    holderCheck: 'CHECK-7',
    signedCopy: null,
    prints: 0,
    eventId: 'e1',
  };
  const pageOf = (lang: 'zh' | 'en', print: number | null) => voucherPage({ voucher, application: undefined }, lang, print);
  it('says what was done, who signs as what, and where it is recorded', () => {
    const page = pageOf('zh', 1);
    for (const word of [
      '社会保障卡启用',
      '代办人 (子女)',
      'CHECK-8',
      'CHECK-7',
      '2026-03-10 11:30:00',
      '2026-03-10 12:00:00',
      '正本',
      'medicalAccount-a1 #7',
    ])
      expect(page).toContain(word);
    expect(page).not.toContain('领卡凭证');
    for (const word of ['Card enabled', 'a proxy (child)', 'Reprint no. 2']) expect(pageOf('en', 3)).toContain(word);
  });
  it('no label is left untranslated', () => expect(pageOf('en', null).replace(/<style>.*<\/style>/s, '')).not.toMatch(HAN));
});
