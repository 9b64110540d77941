import { parseYuan } from '#libs/kernel';
import type { CredentialKind, HolderCheckMethod, InsuranceType, MedicalCategory, PaymentMode } from '#libs/medical-account';
import { Field, NestedField, NestedList, OptionalField } from '../form/field';
import { type FormFault, faultAt } from '../form/read-form';
import * as rule from '../form/rules';
import { CREDENTIAL_KINDS, HOLDER_CHECKS, INSURANCE_TYPES, MEDICAL_CATEGORIES, PAYMENT_MODES } from '../form/words-of-the-domain';
import { yuanOf } from '../problem/yuan-text';

const LINES_MAX = 2_000;
const TRACE_CODES_MAX = 200;
const quantity = rule.matching(/^(0|[1-9]\d{0,8})(\.\d{1,4})?$/, '数量，最多四位小数', 'a quantity as text with at most four places');
const price = rule.matching(/^(0|[1-9]\d{0,10})(\.\d{1,6})?$/, '单价，元，最多六位小数', 'a price in yuan as text with at most six places');

export class CredentialDto {
  @Field(rule.oneOf(CREDENTIAL_KINDS)) kind: CredentialKind;
  @Field(rule.credentialNumber, { description: 'As the terminal read it. It goes to the vault; no event, log line or answer holds it.' })
  number: string;
}

export class HolderCheckDto {
  @Field(rule.oneOf(HOLDER_CHECKS)) method: HolderCheckMethod;
  @OptionalField(rule.reference) reference?: string | null;
}

export class BillLineDto {
  @Field(rule.wholeNumber(1, 99_999)) lineNo: number;
  @Field(rule.code, { description: 'National code of the medicine, service or consumable.' }) code: string;
  @Field(rule.words(200)) name: string;
  @Field(quantity) quantity: string;
  @Field(price) price: string;
  @Field(rule.yuan) amount: string;
  @OptionalField(rule.eachOf(rule.code, TRACE_CODES_MAX), { description: 'Medicine trace codes (药品追溯码).' }) traceCodes?:
    | string[]
    | null;
}

/** What single lines say wrongly is told of them; this looks at what is readable. */
const faultsOfLines = (lines: readonly unknown[], totalFee: unknown): readonly FormFault[] => {
  const readable = lines.filter((line): line is BillLineDto => typeof line === 'object' && line !== null && !Array.isArray(line));
  const seen = new Set<number>();
  const twice = readable.map(({ lineNo }) => lineNo).find((lineNo) => Number.isSafeInteger(lineNo) && seen.size === seen.add(lineNo).size);
  if (twice !== undefined) {
    return [
      faultAt('lines', 'field-malformed', [
        `行号不重复的明细：行号 ${twice} 重复`,
        `lines with a lineNo of their own: ${twice} stands twice`,
      ]),
    ];
  }
  const amounts = readable.map(({ amount }) => amount);
  if (readable.length < lines.length || !amounts.every(rule.yuan.test) || !rule.yuan.test(totalFee)) return [];
  const sumFen = amounts.reduce((sum, amount) => sum + parseYuan<'medical'>(amount), 0);
  const totalFen = parseYuan<'medical'>(totalFee as string);
  if (sumFen === totalFen) return [];
  const [sum, total] = [sumFen, totalFen].map(yuanOf);
  return [
    faultAt('lines', 'field-malformed', [
      `各行之和等于费用总额：现为 ${sum}，总额 ${total}`,
      `lines whose amounts add up to totalFee: they add up to ${sum}, totalFee is ${total}`,
    ]),
  ];
};

/** Form only; meaning is decided in the account. */
export class SwipeDto {
  @Field(rule.institutionCode) institutionCode: string;
  @Field(rule.serialNo, { description: "The institution's own number of this act. The same serial never settles twice." }) serial: string;
  @OptionalField(rule.oneOf(['online', 'late']), { default: 'online' }) entry?: 'online' | 'late' | null;
  @OptionalField(rule.words(100), { description: 'Why the entry comes late (补记账).' }) lateReason?: string | null;
  @OptionalField(rule.reference, {
    description: "The agency's number for a late entry beyond the pack's days; filled in by the agency only.",
  })
  approval?: string | null;
  @Field(rule.instant) occurredAt: string;
  @NestedField(() => CredentialDto) credential: CredentialDto;
  @Field(rule.oneOf(INSURANCE_TYPES)) insuranceType: InsuranceType;
  @Field(rule.oneOf(MEDICAL_CATEGORIES)) medicalCategory: MedicalCategory;
  @OptionalField(rule.serialNo) visitNo?: string | null;
  @OptionalField(rule.serialNo) chargeBatchNo?: string | null;
  @OptionalField(rule.serialNo) invoiceNo?: string | null;
  @Field(rule.positiveYuan) totalFee: string;
  @Field(rule.yuan, { description: 'What the pooled fund pays; the word of this request.' }) fundPaid: string;
  @Field(rule.yuan, { description: 'The most that the account may pay of this bill.' }) accountEligible: string;
  @OptionalField(rule.oneOf(PAYMENT_MODES), { default: 'upToBalance' }) payment?: PaymentMode | null;
  @NestedField(() => HolderCheckDto) holderCheck: HolderCheckDto;
  @Field(rule.code) operatorCode: string;
  @Field(rule.code) terminalCode: string;
  @OptionalField(rule.serialNo, { description: 'Serial of the settlement that this one replaces: cancelled and settled again in one act.' })
  replaces?: string | null;
  @NestedList(() => BillLineDto, LINES_MAX, {
    description: 'Each `lineNo` once; the amounts add up to `totalFee`. Kept by content hash beside the log.',
  })
  lines?: BillLineDto[] | null;

  /** Lines that are given are the bill: each once, and together what is to be paid. */
  static alsoWrong({ lines, totalFee }: SwipeDto): readonly FormFault[] {
    return Array.isArray(lines) && lines.length > 0 ? faultsOfLines(lines, totalFee) : [];
  }
}
