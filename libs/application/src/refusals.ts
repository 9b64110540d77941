import type { RefusalRow } from '#libs/kernel';

/** Reasons that are known before any account is: they end at the application. */
export type ApplicationRefusal =
  | Readonly<{ code: 'settlement-not-found'; institutionCode: string; serial: string }>
  | Readonly<{ code: 'account-not-found' }>
  | Readonly<{ code: 'pooling-area-without-policy'; poolingArea: string }>
  | Readonly<{ code: 'person-already-has-account'; accountId: string }>
  | Readonly<{ code: 'card-number-already-registered' }>
  | Readonly<{ code: 'serial-already-used' }>
  | Readonly<{ code: 'settlement-key-already-voided'; serial: string; firstAt: string }>
  | Readonly<{ code: 'access-key-not-found'; keyId: string }>
  | Readonly<{ code: 'pack-fault'; file: string; line: number; field: string; detailZh: string; detailEn: string }>;

/** The order of the rows is the order of precedence. */
export const APPLICATION_REFUSALS = {
  'settlement-not-found': {
    family: 'absent',
    messageZh: '该流水号目前没有结算记录',
    messageEn: 'nothing is settled under this serial up to now; a late arrival is possible',
    remedyZh: '稍后再查；要排除迟到的结算，请做冲正',
    remedyEn: 'ask again later; only a reversal excludes a late arrival',
  },
  'account-not-found': {
    family: 'absent',
    messageZh: '账户不存在',
    messageEn: 'there is no such account',
    remedyZh: '请核对账户编号',
    remedyEn: 'check the account id',
  },
  'pooling-area-without-policy': {
    family: 'barred',
    messageZh: '该统筹地区没有已发布的政策包',
    messageEn: 'no policy pack is published for this pooling area',
    remedyZh: '请先发布该统筹地区的政策包',
    remedyEn: 'publish a policy pack for the pooling area first',
  },
  'person-already-has-account': {
    family: 'key',
    messageZh: '此人在该统筹地区已有个人账户',
    messageEn: 'this person already has an account in the pooling area',
    remedyZh: '请使用已有账户',
    remedyEn: 'use the account that is there',
  },
  'card-number-already-registered': {
    family: 'key',
    messageZh: '该卡号已登记',
    messageEn: 'this card number is already registered',
    remedyZh: '请核对卡号；如为重号，请报经办机构处理',
    remedyEn: 'check the card number; report a duplicate number to the agency',
  },
  'serial-already-used': {
    family: 'key',
    messageZh: '该流水号已用于其他业务',
    messageEn: 'this serial has already been used for something else',
    remedyZh: '请换一个流水号重发',
    remedyEn: 'send again under a fresh serial',
  },
  'settlement-key-already-voided': {
    family: 'key',
    messageZh: '该流水号已被冲正作废，不会再有结算',
    messageEn: 'a reversal has already voided this serial; nothing can settle under it any more',
    remedyZh: '无需再冲正',
    remedyEn: 'no further reversal is needed',
  },
  'access-key-not-found': {
    family: 'absent',
    messageZh: '没有这个访问密钥',
    messageEn: 'there is no such access key',
    remedyZh: '请核对密钥编号',
    remedyEn: 'check the key id',
  },
  'pack-fault': {
    family: 'form',
    messageZh: '政策包内容有误',
    messageEn: 'the policy pack is faulty',
    remedyZh: '请按所指文件、行号和字段改正',
    remedyEn: 'correct it at the file, line and field named',
  },
} as const satisfies Record<ApplicationRefusal['code'], RefusalRow>;
