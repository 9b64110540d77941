import { checkCardNumber, checkName, IDENTITY_KINDS, isBusinessDate, isYuanText } from '#libs/kernel';

/** What a file holds; told by its name: `persons.csv`, `cards-2.ndjson`, `control.csv`. */
export type FileKind = 'persons' | 'cards' | 'balances' | 'agreements' | 'control';
export const FILE_KINDS: readonly FileKind[] = ['persons', 'cards', 'balances', 'agreements', 'control'];

/** Text of one field, ready to use; or what is wrong with it. */
export type Read = Readonly<{ text: string } | { code: FaultCode }>;
export type FieldRule = Readonly<{ required: boolean; read: (text: string) => Read }>;
export type Fields = Readonly<Record<string, FieldRule>>;

/** Each fault of a line in words for whoever corrects the file. No word repeats what stood there: it may be personal. */
export const FAULTS = {
  'line-malformed': ['这一行不是合格的 CSV 或 JSON', 'the line is no well-formed CSV or JSON'],
  'columns-differ': ['列数与表头不同', 'not as many columns as the header'],
  'characters-broken': [
    '有无法识别的字符：文件编码与 --encoding 不符',
    'characters that cannot be read: the file is in another encoding than --encoding says',
  ],
  'field-missing': ['必填', 'must be filled in'],
  'field-unknown': ['没有此字段', 'there is no such field'],
  'id-form': ['编号：1 至 64 个字，不含控制字符', 'an id: 1 to 64 characters without control characters'],
  'word-unknown': ['不在词表之内', 'not one of the words that there are'],
  'date-form': ['日期：如 2026-03-01 或 20260301', 'a day: 2026-03-01 or 20260301'],
  'amount-form': ['金额：元，最多两位小数，如 58.60', 'an amount in yuan with at most two places: 58.60'],
  'amount-negative': ['金额为负；欠款不作余额导入', 'the amount is negative; a debt is not taken over as a balance'],
  'telephone-form': ['电话号码：5 至 20 位', 'a telephone number: 5 to 20 digits'],
  'code-form': ['编码：1 至 40 位字母、数字、. - 或 _', 'a code: 1 to 40 letters, digits, ".", "-" or "_"'],
  'institution-code-form': ['机构编码：大写字母加数字', 'an institution code: a capital letter and up to 14 digits'],
  'text-form': ['1 至 200 个字，一行', '1 to 200 characters on one line'],
  'services-form': ['服务项目：以 | 分隔的编码', 'services: codes with | between them'],
  'identity-kind-unknown': ['未知的证件类型', 'unknown kind of identity document'],
  'identity-wrong': ['证件号码与证件类型不符', 'the number does not fit the kind of document'],
  'name-form': ['姓名只能包含文字、间隔点和空格，最长 200 字', 'a name is letters, dots and spaces, at most 200 characters'],
  'card-number-form': ['卡号应为 8 至 20 位字母或数字', 'a card number is 8 to 20 letters or digits'],
  'id-twice': ['同一编号重复，另见', 'the same id stands twice, see'],
  'identity-twice': ['同一证件在同一统筹地区重复，另见', 'the same document stands twice in a pooling area, see'],
  'card-number-twice': ['同一卡号重复，另见', 'the same card number stands twice, see'],
  'balance-twice': ['同一分户和年度的余额重复，另见', 'the balance of a sub-account and bucket stands twice, see'],
  'person-not-here': ['没有这个人：persons 文件中无此编号', 'there is no such person in the files of persons'],
  'card-not-here': ['没有这张卡：cards 文件中无此编号', 'there is no such card in the files of cards'],
  'card-of-another-person': ['此卡与余额所填的人不符', 'the card is not of the person that the balance names'],
  'belongs-to-rejected': ['所属账户有问题，见', 'the account that it belongs to is rejected, see'],
  'institution-differs': ['同一机构的登记内容前后不一', 'the institution is described otherwise elsewhere'],
  'agreement-twice': ['同一协议编号重复，另见', 'the same agreement number stands twice, see'],
  'agreement-differs': ['此协议已登记，内容不同', 'the agreement is on record with other content'],
  'period-reversed': ['止期早于起期', 'it would end before it begins'],
  'agreement-overlaps': ['与同一机构的另一协议期间重叠', 'the period overlaps another agreement of the institution'],
  'pooling-area-without-policy': ['该统筹地区没有已发布的政策包', 'no policy pack is published for this pooling area'],
  'control-item-unknown': ['控制总数：没有此项', 'control totals: there is no such item'],
  'control-differs': ['与控制总数不符', 'not what the control total says'],
} as const satisfies Readonly<Record<string, readonly [zh: string, en: string]>>;
export type FaultCode = keyof typeof FAULTS;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what the rule keeps out
const LINE = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/;
const matching =
  (pattern: RegExp, code: FaultCode, max = 200) =>
  (text: string): Read =>
    pattern.test(text) && Array.from(text).length <= max ? { text } : { code };
/** The engine's word, or the word of the trade for it. */
const word =
  (words: Readonly<Record<string, string>>, code: FaultCode = 'word-unknown') =>
  (text: string): Read => {
    if (Object.hasOwn(words, text)) return { text };
    const found = Object.keys(words).find((one) => words[one] === text);
    return found === undefined ? { code } : { text: found };
  };
const day = (text: string): Read => {
  const dashed = text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return isBusinessDate(dashed) ? { text: dashed } : { code: 'date-form' };
};
const amount = (text: string): Read => {
  const isNegative = text.startsWith('-') && isYuanText(text.slice(1));
  return isYuanText(text) ? { text } : { code: isNegative ? 'amount-negative' : 'amount-form' };
};

const id = matching(LINE, 'id-form', 64);
const code = matching(/^[A-Za-z0-9_.-]{1,40}$/, 'code-form');
const must = (read: FieldRule['read']): FieldRule => ({ required: true, read });
const may = (read: FieldRule['read']): FieldRule => ({ required: false, read });

export const FIELDS: Readonly<Record<FileKind, Fields>> = {
  persons: {
    personId: must(id),
    poolingArea: must(code),
    district: may(matching(/^\d{6}$/, 'code-form')),
    insuranceType: must(word({ employee: '职工', resident: '城乡居民' })),
    identityKind: must((text) => (Object.hasOwn(IDENTITY_KINDS, text) ? { text } : { code: 'identity-kind-unknown' })),
    identityNumber: must(matching(LINE, 'identity-wrong', 50)),
    name: must((text) => (checkName(text) === null ? { text } : { code: 'name-form' })),
    birthDate: may(day),
    telephone: may(matching(/^\+?[\d -]{5,20}$/, 'telephone-form')),
  },
  cards: {
    cardId: must(id),
    personId: must(id),
    cardNumber: must((text) => (checkCardNumber(text) === null ? { text: text.toUpperCase() } : { code: 'card-number-form' })),
    kind: must(
      word({
        labourSecurity: '劳动保障卡',
        residentMedical: '居民医保卡',
        medicalInsurance: '医疗保险卡',
        socialSecurity2: '第二代社会保障卡',
        socialSecurity3: '第三代社会保障卡',
        temporary: '临时卡',
      }),
    ),
    state: must(word({ registered: '已登记', inUse: '启用', temporarilyLost: '临时挂失', stopped: '停用', cancelled: '注销' })),
    lastSwipedOn: may(day),
  },
  balances: {
    personId: must(id),
    cardId: may(id),
    bucket: must(word({ currentYear: '当年', priorYear: '历年' })),
    amount: must(amount),
  },
  agreements: {
    institutionCode: must(matching(/^[A-Z]\d{1,14}$/, 'institution-code-form')),
    name: must(matching(LINE, 'text-form')),
    kind: must(
      word({
        hospital: '医院',
        clinic: '诊所',
        communityHealthInstitution: '社区卫生服务机构',
        villageClinic: '村卫生室',
        pharmacy: '药店',
      }),
    ),
    poolingArea: must(code),
    identityCheckEquipped: must(word({ true: '是', false: '否' })),
    agreementNo: must(code),
    from: must(day),
    until: must(day),
    services: must(matching(/^[A-Za-z0-9_.-]{1,40}(\|[A-Za-z0-9_.-]{1,40})*$/, 'services-form')),
  },
  control: { item: must(matching(/^[A-Za-z]{1,20}$/, 'control-item-unknown')), value: must(matching(/^[\d.]{1,20}$/, 'amount-form')) },
};
