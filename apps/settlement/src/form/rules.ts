import { isBusinessDate, isYuanText } from '#libs/kernel';
import { codeNamesAPerson, wordsNameAPerson } from './personal-text';

type Schema = Readonly<Record<string, unknown>>;
/**
 * What one field must look like: the check, the words for who filled it in wrongly, and the same rule as JSON Schema for the documents.
 * `namesAPerson`: of a field that enters the log, whether a value of this form holds somebody's identity number.
 */
export type Rule = Readonly<{
  test: (value: unknown) => boolean;
  namesAPerson?: (value: unknown) => boolean;
  zh: string;
  en: string;
  schema: Schema;
}>;

const YUAN = '^(0|[1-9]\\d{0,10})(\\.\\d{1,2})?$';
const ABOVE_ZERO = `^(?!0(\\.0{1,2})?$)${YUAN.slice(1)}`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what the rule keeps out
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

/** Units: yuan as text, at most two places. */
export const yuan: Rule = {
  test: isYuanText,
  zh: '金额，元，最多两位小数，如 58.60',
  en: 'an amount in yuan as text with at most two places, e.g. "58.60"',
  schema: { type: 'string', pattern: YUAN, examples: ['58.60'] },
};
export const positiveYuan: Rule = {
  test: (value) => isYuanText(value) && /[1-9]/.test(value),
  zh: '大于零的金额，元，最多两位小数',
  en: 'an amount in yuan above zero, as text with at most two places',
  schema: { type: 'string', pattern: ABOVE_ZERO, examples: ['10.00'] },
};
export const truth: Rule = {
  test: (value) => typeof value === 'boolean',
  zh: 'true 或 false',
  en: 'true or false',
  schema: { type: 'boolean' },
};
/** RFC 3339 with seconds, at most nanoseconds, and an offset; read into UTC by `utcInstant`. */
export const instant: Rule = {
  test: (value) => {
    const shape = typeof value === 'string' ? INSTANT.exec(value) : null;
    return shape !== null && isBusinessDate(shape[1]) && !Number.isNaN(Date.parse(shape[0]));
  },
  zh: '时间，秒后最多九位小数，如 2026-03-01T09:00:00+08:00',
  en: 'an instant with seconds, at most nine decimals of them, and an offset, e.g. "2026-03-01T09:00:00+08:00"',
  schema: { type: 'string', format: 'date-time', description: 'Decimals beyond milliseconds are cut off.' },
};
export const day: Rule = {
  test: isBusinessDate,
  zh: '日期，如 2026-03-01',
  en: 'a day, e.g. "2026-03-01"',
  schema: { type: 'string', format: 'date' },
};
export const month: Rule = {
  test: (value) => typeof value === 'string' && isBusinessDate(`${value}-01`),
  zh: '月份，如 2026-03',
  en: 'a month, e.g. "2026-03"',
  schema: { type: 'string', pattern: '^\\d{4}-\\d{2}$' },
};

export const oneOf = (values: readonly string[]): Rule => ({
  test: (value) => typeof value === 'string' && values.includes(value),
  zh: values.length > 4 ? '接口文档所列的值之一' : values.join('、'),
  en: `one of ${values.join(', ')}`,
  schema: { type: 'string', enum: values },
});
export const matching = (pattern: RegExp, zh: string, en: string): Rule => ({
  test: (value) => typeof value === 'string' && pattern.test(value),
  zh,
  en,
  schema: { type: 'string', pattern: pattern.source },
});
/** The same of what an organisation numbers its things by: it enters the log, so no person may be the number. */
export const coded = (pattern: RegExp, zh: string, en: string): Rule => ({ ...matching(pattern, zh, en), namesAPerson: codeNamesAPerson });
/** Free text that enters the log: one line, no control characters, and nobody's identity number in it. */
export const words = (charactersMax: number): Rule => ({
  test: (value) => isLine(value, charactersMax),
  namesAPerson: wordsNameAPerson,
  zh: `1 至 ${charactersMax} 个字`,
  en: `1 to ${charactersMax} characters on one line`,
  schema: { type: 'string', minLength: 1, maxLength: charactersMax },
});
/** Text that goes to the vault and nowhere else. */
export const personal = (charactersMax: number): Rule => ({
  test: (value) => isLine(value, charactersMax),
  zh: `1 至 ${charactersMax} 个字`,
  en: `1 to ${charactersMax} characters on one line`,
  schema: { type: 'string', minLength: 1, maxLength: charactersMax },
});
export const wholeNumber = (min: number, max: number): Rule => ({
  test: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  zh: `整数 ${min} 至 ${max}`,
  en: `a whole number from ${min} to ${max}`,
  schema: { type: 'integer', minimum: min, maximum: max },
});
/** A number in a query string, which only knows text. */
export const numeral = (min: number, max: number): Rule => ({
  test: (value) => typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) && Number(value) >= min && Number(value) <= max,
  zh: `整数 ${min} 至 ${max}`,
  en: `a whole number from ${min} to ${max}`,
  schema: { type: 'integer', minimum: min, maximum: max },
});
export const eachOf = (rule: Rule, max: number, min = 0): Rule => ({
  test: (value) =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every(rule.test) && new Set(value).size === value.length,
  namesAPerson: (value) => Array.isArray(value) && value.some((item) => rule.namesAPerson?.(item)),
  zh: `${min} 至 ${max} 项且不重复，每项：${rule.zh}`,
  en: `a list of ${min} to ${max} different items, each ${rule.en}`,
  schema: { type: 'array', minItems: min, maxItems: max, uniqueItems: true, items: rule.schema },
});

const isLine = (value: unknown, charactersMax: number): value is string =>
  typeof value === 'string' &&
  value.trim() !== '' &&
  value.length <= charactersMax * 2 &&
  [...value].length <= charactersMax &&
  !CONTROL.test(value) &&
  value.isWellFormed();

const CODE_EN = 'letters, digits, "-" and "_"';
export const institutionCode = matching(
  /^[A-Z]\d{1,14}$/,
  '机构编码：大写字母加数字',
  'an institution code: a capital letter and up to 14 digits',
);
export const serialNo = coded(/^[A-Za-z0-9_-]{1,40}$/, '1 至 40 位字母、数字、- 或 _', `1 to 40 of ${CODE_EN}`);
export const code = coded(/^[A-Za-z0-9_.-]{1,40}$/, '1 至 40 位字母、数字、. - 或 _', `1 to 40 of ${CODE_EN} and "."`);
/** Of a district or county, as in GB/T 2260. */
export const district = matching(/^\d{6}$/, '区县行政区划代码，6 位数字', 'the code of a district or county, six digits');
/** The organisation's own number of a business act: the act is done once under it. */
export const reference = coded(
  /^[A-Za-z0-9_.:/-]{1,60}$/,
  '业务流水号：1 至 60 位字母、数字或 _.:/-',
  `1 to 60 of ${CODE_EN}, "." ":" and "/"`,
);
export const identifier = coded(/^[A-Za-z0-9-]{1,64}$/, '系统编号', 'an identifier given by this engine');
/** A card number, identity number or e-credential token, as the terminal read it. */
export const credentialNumber = matching(
  /^[\x21-\x7e]{1,64}$/,
  '卡证号码：1 至 64 位，无空格',
  '1 to 64 printable characters without blanks',
);

/** Reads an instant that the rule has passed into UTC with milliseconds; what is finer is cut off, never rounded into the next moment. */
export const utcInstant = (text: string): string => new Date(text.replace(/(\.\d{3})\d+/, '$1')).toISOString();
