import type { BillLine, CancellationOrder, ReversalOrder, SwipeOrder } from '#libs/application';
import { parseYuan } from '#libs/kernel';
import { utcInstant } from '../form/rules';
import type { BillLineDto, SwipeDto } from './swipe.dto';
import type { CancellationDto, ReversalDto, SettlementKeyDto } from './undo.dto';

const medical = (yuanText: string) => parseYuan<'medical'>(yuanText);
const medicalOrNull = (yuanText: string | null | undefined) => (yuanText == null ? null : medical(yuanText));

/** Maps form to order; what the form leaves out is said here, once. */
export const toSwipeOrder = (form: SwipeDto): SwipeOrder => ({
  institutionCode: form.institutionCode,
  serial: form.serial,
  entry: form.entry ?? 'online',
  lateReason: form.lateReason ?? null,
  approval: form.approval ?? null,
  occurredAt: utcInstant(form.occurredAt),
  credential: { kind: form.credential.kind, number: form.credential.number },
  insuranceType: form.insuranceType,
  medicalCategory: form.medicalCategory,
  visitNo: form.visitNo ?? null,
  chargeBatchNo: form.chargeBatchNo ?? null,
  invoiceNo: form.invoiceNo ?? null,
  totalFeeFen: medical(form.totalFee),
  fundPaidFen: medical(form.fundPaid),
  accountEligibleFen: medical(form.accountEligible),
  payment: form.payment ?? 'upToBalance',
  holderCheck: { method: form.holderCheck.method, reference: form.holderCheck.reference ?? null },
  operatorCode: form.operatorCode,
  terminalCode: form.terminalCode,
  replacesSerial: form.replaces ?? null,
  lines: (form.lines ?? []).map(toBillLine),
});

const toBillLine = ({ lineNo, code, name, quantity, price, amount, traceCodes }: BillLineDto): BillLine => ({
  lineNo,
  code,
  name,
  quantity,
  price,
  amount,
  traceCodes: traceCodes ?? [],
});

export const toCancellationOrder = (target: SettlementKeyDto, form: CancellationDto, byAgency: boolean): CancellationOrder => ({
  institutionCode: target.institutionCode,
  targetSerial: target.serial,
  serial: form.serial,
  reason: form.reason,
  note: form.note ?? null,
  amountFen: medicalOrNull(form.amount),
  fundReturnedFen: medicalOrNull(form.fundReturned),
  byAgency,
});

export const toReversalOrder = (target: SettlementKeyDto, form: ReversalDto, byAgency: boolean): ReversalOrder => ({
  institutionCode: target.institutionCode,
  targetSerial: target.serial,
  serial: form.serial,
  note: form.note ?? null,
  byAgency,
});
