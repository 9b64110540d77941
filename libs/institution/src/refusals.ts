import { byPrecedence, type Decision, type Instant, nonEmpty, type RefusalRow } from '#libs/kernel';

/** Why an act on an institution is refused, with what a clerk needs. Closed: a new reason is a new member here. */
export type InstitutionRefusal = Readonly<
  | { code: 'institution-unknown' }
  | { code: 'institution-key-used-with-other-content'; firstAt: Instant }
  | { code: 'institution-already-registered'; registeredAt: Instant }
  | { code: 'institution-record-closed'; closedAt: Instant }
  | { code: 'institution-nothing-changes' }
  | { code: 'institution-succeeds-itself' }
  | { code: 'institution-already-succeeded'; byInstitutionCode: string }
  | { code: 'agreement-period-reversed'; from: string; until: string }
  | { code: 'agreement-without-services' }
  | { code: 'agreement-number-used'; agreementNo: string }
  | { code: 'agreement-overlaps'; agreementNo: string; from: string; until: string }
  | { code: 'agreement-absent'; at: Instant }
  | { code: 'suspension-period-reversed'; from: Instant; until: Instant }
  | { code: 'agreement-already-suspended'; from: Instant; until: Instant | null }
  | { code: 'agreement-not-suspended' }
  | { code: 'terminal-without-media' }
  | { code: 'terminal-already-registered'; terminalCode: string }
  | { code: 'terminal-not-registered'; terminalCode: string }
  | { code: 'operator-bar-ends-in-the-past'; until: Instant }
  | { code: 'operator-already-barred'; operatorCode: string; until: Instant | null }
  | { code: 'operator-not-barred'; operatorCode: string }
  | { code: 'month-already-declared'; declaredThrough: string }
  | { code: 'month-out-of-order'; nextMonth: string }
  | { code: 'month-not-over'; month: string }
>;

const row = (
  family: RefusalRow['family'],
  messageZh: string,
  messageEn: string,
  remedy: readonly [zh: string, en: string],
): RefusalRow => ({
  family,
  messageZh,
  messageEn,
  remedyZh: remedy[0],
  remedyEn: remedy[1],
});

/** The order of the rows is the order of precedence. A code without a row does not compile. */
export const INSTITUTION_REFUSALS = {
  'institution-unknown': row('absent', '该定点机构未登记', 'No institution is registered under this code', [
    '核对机构编码，或先登记该机构',
    'Check the code, or register the institution first',
  ]),
  'institution-key-used-with-other-content': row('key', '该业务号已用于其他内容', 'This reference was used for another act before', [
    '核对首次办理的内容，新业务请换用新的业务号',
    'Look up the first act; give a new act a reference of its own',
  ]),
  'institution-already-registered': row('barred', '该机构编码已登记', 'This institution code is registered already', [
    '核对机构编码，变更信息请用对应的变更业务',
    'Check the code; use the act that changes the record',
  ]),
  'institution-record-closed': row('barred', '该机构已注销，不能再办理', 'The institution is closed', [
    '仅可申报未申报的月份或登记承继机构',
    'Only months may still be declared and a successor be named',
  ]),
  'institution-nothing-changes': row('barred', '与现有登记一致，无需变更', 'This is already so', ['无需办理', 'Nothing to do']),
  'institution-succeeds-itself': row('form', '机构不能承继自身', 'An institution cannot succeed itself', [
    '填写承继机构的编码',
    'Give the code of the successor',
  ]),
  'institution-already-succeeded': row('barred', '已登记另一承继机构', 'Another successor is on record', [
    '核对承继机构编码',
    'Check the code of the successor',
  ]),
  'agreement-period-reversed': row('form', '协议止期早于起期', 'The agreement would end before it begins', [
    '更正协议起止日期',
    'Correct the dates',
  ]),
  'agreement-without-services': row('form', '协议未列服务项目', 'The agreement names no service', [
    '填写协议服务项目',
    'Name the services',
  ]),
  'agreement-number-used': row('barred', '该协议编号已使用', 'This agreement number is in use', [
    '核对协议编号',
    'Check the agreement number',
  ]),
  'agreement-overlaps': row('barred', '与已有协议期间重叠', 'The period overlaps another agreement', [
    '调整起止日期，或先解除原协议',
    'Change the dates, or terminate the other agreement first',
  ]),
  'agreement-absent': row('barred', '该时点及以后无有效协议', 'There is no agreement at that time or later', [
    '核对时间，或先签订协议',
    'Check the time, or sign an agreement first',
  ]),
  'suspension-period-reversed': row('form', '中止止期不晚于起期', 'The suspension would end before it begins', [
    '更正中止起止时间',
    'Correct the times of the suspension',
  ]),
  'agreement-already-suspended': row('barred', '该期间协议已中止', 'The agreement is suspended in that time already', [
    '先恢复协议，或调整中止期间',
    'Resume the agreement first, or change the times',
  ]),
  'agreement-not-suspended': row('barred', '协议未中止，无需恢复', 'The agreement is not suspended', ['无需办理', 'Nothing to do']),
  'terminal-without-media': row('form', '终端未填可读介质', 'The terminal reads no medium', [
    '填写终端可读的卡介质',
    'Name the media that it reads',
  ]),
  'terminal-already-registered': row('barred', '该终端已登记', 'This terminal is registered already', [
    '如介质有变，先停用再登记',
    'If its media have changed, retire it and register it again',
  ]),
  'terminal-not-registered': row('absent', '该终端未登记或已停用', 'This terminal is unknown or retired', [
    '核对终端编号',
    'Check the terminal code',
  ]),
  'operator-bar-ends-in-the-past': row('form', '暂停止期早于当前时间', 'The bar would be over already', ['更正止期', 'Correct the end']),
  'operator-already-barred': row('barred', '该经办人已被暂停', 'This operator is barred already', [
    '先解除，再按新期限暂停',
    'Lift the bar first, then bar for the new time',
  ]),
  'operator-not-barred': row('barred', '该经办人未被暂停', 'This operator is not barred', ['核对经办人编号', 'Check the operator code']),
  'month-already-declared': row('barred', '该月已申报', 'This month has been declared', ['核对申报月份', 'Check the month']),
  'month-out-of-order': row('barred', '须按月份顺序申报', 'Months are declared in order', [
    '先申报前一未申报月份',
    'Declare the earlier month first',
  ]),
  'month-not-over': row('barred', '该月尚未结束，不能申报', 'The month is not over yet', ['次月再申报', 'Declare it next month']),
} as const satisfies Record<InstitutionRefusal['code'], RefusalRow>;

export const refuse = (refusals: readonly InstitutionRefusal[]): Decision<never, InstitutionRefusal> => ({
  kind: 'refused',
  refusals: nonEmpty(byPrecedence(INSTITUTION_REFUSALS, refusals)),
});
