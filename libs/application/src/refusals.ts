import type { RefusalRow } from '#libs/kernel';

/** Reasons that are known before any account is: they end at the application. */
export type ApplicationRefusal =
  | Readonly<{ code: 'settlement-not-found'; institutionCode: string; serial: string }>
  | Readonly<{ code: 'account-not-found' }>
  | Readonly<{ code: 'holder-not-found' }>
  | Readonly<{ code: 'account-of-another-pooling-area' }>
  | Readonly<{ code: 'credit-exists-with-different-account'; firstAt: string }>
  | Readonly<{ code: 'credit-exists-with-different-amount'; firstAt: string; recordedFen: number }>
  | Readonly<{ code: 'credit-exists-with-different-period'; firstAt: string; recorded: string | null }>
  | Readonly<{ code: 'pooling-area-without-policy'; poolingArea: string }>
  | Readonly<{ code: 'person-already-has-account'; accountId: string }>
  | Readonly<{ code: 'identity-number-of-another-person'; accountId: string }>
  | Readonly<{ code: 'person-unchanged' }>
  | Readonly<{ code: 'not-an-upgrade' }>
  | Readonly<{ code: 'name-changed-with-number' }>
  | Readonly<{ code: 'person-erased' }>
  | Readonly<{ code: 'card-number-already-registered' }>
  | Readonly<{ code: 'serial-already-used' }>
  | Readonly<{ code: 'taken-over-with-different-content'; firstAt: string; accountId: string; differs: readonly string[] }>
  | Readonly<{ code: 'settlement-key-already-voided'; serial: string; firstAt: string }>
  | Readonly<{ code: 'campaign-not-found'; campaignId: string; known: readonly string[] }>
  | Readonly<{ code: 'access-key-not-found'; keyId: string }>
  | Readonly<{ code: 'pack-fault'; file: string; line: number; field: string; detailZh: string; detailEn: string }>
  | Readonly<{ code: 'clock-not-forward'; at: string }>;

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
  'holder-not-found': {
    family: 'absent',
    messageZh: '此人或此卡在该统筹地区没有个人账户',
    messageEn: 'this person or card has no account in the pooling area',
    remedyZh: '请核对证件号或卡号；确无账户的先建账户',
    remedyEn: 'check the number; open an account first where there is none',
  },
  'account-of-another-pooling-area': {
    family: 'barred',
    messageZh: '该账户不属于此统筹地区',
    messageEn: 'the account belongs to another pooling area',
    remedyZh: '请核对账户；由账户所在统筹地区划账',
    remedyEn: 'check the account; its own pooling area credits it',
  },
  'credit-exists-with-different-account': {
    family: 'key',
    messageZh: '该业务流水号已给另一账户划过账',
    messageEn: 'another account has been credited under this reference',
    remedyZh: '请核对；确为另一笔的，换流水号',
    remedyEn: 'check which it is; another credit takes another reference',
  },
  'credit-exists-with-different-amount': {
    family: 'key',
    messageZh: '该业务流水号已按另一金额划账',
    messageEn: 'a credit of another amount stands under this reference',
    remedyZh: '不重复划账；差额另行办理（补划换流水号，多划做更正）',
    remedyEn: 'nothing is credited twice: credit what lacks under a reference of its own, correct what is too much',
  },
  'credit-exists-with-different-period': {
    family: 'key',
    messageZh: '该业务流水号已用于另一费款所属期',
    messageEn: 'a credit of another period stands under this reference',
    remedyZh: '请核对；每月须用不同的流水号，如在前加月份',
    remedyEn: 'check which it is; each month takes references of its own, led by the month, say',
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
  'identity-number-of-another-person': {
    family: 'key',
    messageZh: '该证件号码已属另一账户',
    messageEn: 'another account has this identity number',
    remedyZh: '确为同一人的办理同人合并；不是同一人的，对方先办理重号更正',
    remedyEn: 'merge the two where it is one person; else the other one gives the number up first, on the ground of a duplicate number',
  },
  'person-unchanged': {
    family: 'form',
    messageZh: '姓名、证件类型和号码均与现有资料相同',
    messageEn: 'name, kind and number are what they are already',
    remedyZh: '无需变更；请核对所填内容',
    remedyEn: 'nothing is to be changed; check what was filled in',
  },
  'not-an-upgrade': {
    family: 'form',
    messageZh: '所填号码不是该持有人15位身份证号升位后的18位公民身份号码',
    messageEn: 'the number is not the 18 characters that the 15 digits of this holder became',
    remedyZh: '升位仅适用于01类15位升18位，区划、出生日期、顺序码须一致；其他情形请按更正或重号办理',
    remedyEn: 'an upgrade is of kind 01, from 15 digits to 18, with the same division, birth date and sequence; else propose a correction',
  },
  'name-changed-with-number': {
    family: 'form',
    messageZh: '姓名变更不得同时变更证件类型或号码',
    messageEn: 'a change of name changes neither the kind nor the number of the document',
    remedyZh: '号码有误的另按更正、重号或升位办理',
    remedyEn: 'propose a correction, a duplicate number or an upgrade for the number',
  },
  'person-erased': {
    family: 'absent',
    messageZh: '此人的资料已销毁',
    messageEn: 'the data of this person were erased',
    remedyZh: '不能变更',
    remedyEn: 'nothing can be changed',
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
  'taken-over-with-different-content': {
    family: 'key',
    messageZh: '该来源编号已导入过，内容不同',
    messageEn: 'this source id has been taken over before, with different content',
    remedyZh: '核对是否重号；已导入账户的更正请按日常业务办理',
    remedyEn: 'check for a number used twice; what is taken over is changed by ordinary acts',
  },
  'settlement-key-already-voided': {
    family: 'key',
    messageZh: '该流水号已被冲正作废，不会再有结算',
    messageEn: 'a reversal has already voided this serial; nothing can settle under it any more',
    remedyZh: '无需再冲正',
    remedyEn: 'no further reversal is needed',
  },
  'campaign-not-found': {
    family: 'absent',
    messageZh: '没有这个分阶段停用计划：已发布的政策包中查不到',
    messageEn: 'there is no such campaign: no published pack has phased stops of cards under this name',
    remedyZh: '用 城市-年份（如 qingdao-2017）、政策包编号或统筹地区编码；已有的列在 known',
    remedyEn: 'name it by city and year (qingdao-2017), pack id or pooling area; `known` lists what there is',
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
  'clock-not-forward': {
    family: 'barred',
    messageZh: '模拟时钟只能向前拨',
    messageEn: 'the clock of a simulation moves forward only',
    remedyZh: '请给出更晚的时刻；要回到从前，请另建模拟',
    remedyEn: 'name a later instant; to go back, begin another simulation',
  },
} as const satisfies Record<ApplicationRefusal['code'], RefusalRow>;
