import { type BusinessDate, byPrecedence, type Instant, nonEmpty, type RefusalRow } from '#libs/kernel';
import type { MedicalFen } from '../vocabulary';

export type RelationInRefusal =
  | Readonly<{ code: 'relation-in-key-used-otherwise'; firstAt: Instant; act: string }>
  | Readonly<{ code: 'relation-in-not-found'; transferInId: string }>
  | Readonly<{ code: 'relation-in-credited'; creditedAt: Instant; accountId: string }>
  | Readonly<{ code: 'relation-in-crediting'; orderedAt: Instant; accountId: string }>
  | Readonly<{
      code: 'relation-in-told-otherwise';
      what: 'file' | 'money';
      firstAt: Instant;
      recordedFen: MedicalFen;
      toldFen: MedicalFen;
      differs: readonly string[];
    }>
  | Readonly<{ code: 'relation-in-from-here'; poolingArea: string }>
  | Readonly<{ code: 'relation-in-received-later'; receivedOn: BusinessDate; today: BusinessDate }>
  | Readonly<{ code: 'relation-in-without-money'; what: 'file' | 'money' }>
  | Readonly<{ code: 'relation-in-amounts-differ'; fileFen: MedicalFen; moneyFen: MedicalFen; firstAt: Instant }>
  | Readonly<{ code: 'relation-in-not-matched'; missing: readonly ('file' | 'money')[] }>
  | Readonly<{ code: 'relation-in-nothing-there'; what: 'file' | 'money' }>
  | Readonly<{ code: 'relation-in-not-offered'; poolingArea: string }>;

/** In order of precedence. */
export const RELATION_IN_REFUSALS = {
  'relation-in-key-used-otherwise': {
    family: 'key',
    messageZh: '该业务流水号已用于其他内容',
    messageEn: 'This reference stands for something else.',
    remedyZh: '换流水号重发',
    remedyEn: 'Send it under a reference of its own.',
  },
  'relation-in-not-found': {
    family: 'absent',
    messageZh: '没有此笔转入',
    messageEn: 'There is no such transfer from another pooling area.',
    remedyZh: '核对转入编号',
    remedyEn: 'Check the number.',
  },
  'relation-in-credited': {
    family: 'barred',
    messageZh: '该笔转入已计入个人账户',
    messageEn: 'This transfer has been credited; it is credited once.',
    remedyZh: '不再登记或撤回；有误的用更正办理',
    remedyEn: 'Nothing is registered or taken back any more; a mistake is corrected on the account.',
  },
  'relation-in-crediting': {
    family: 'barred',
    messageZh: '该笔转入正在计入个人账户',
    messageEn: 'This transfer is being credited.',
    remedyZh: '稍后再查；未完成的请再次办理计入',
    remedyEn: 'Look again in a moment; have it credited again if it did not come through.',
  },
  'relation-in-told-otherwise': {
    family: 'key',
    messageZh: '该笔转入已登记，内容不同',
    messageEn: 'This transfer is registered with other content.',
    remedyZh: '两个金额和不同项列在后面；确需更正的先撤回原登记',
    remedyEn: 'Both amounts and what differs are named; take the earlier one back first if it was wrong.',
  },
  'relation-in-from-here': {
    family: 'barred',
    messageZh: '转出地与本统筹地区相同',
    messageEn: 'The relation comes from the pooling area that it goes to.',
    remedyZh: '核对转出地；区内变动不办关系转移',
    remedyEn: 'Check where it comes from: within the area no relation is transferred.',
  },
  'relation-in-received-later': {
    family: 'form',
    messageZh: '到账日期在今天之后',
    messageEn: 'The money is said to have come on a day that has not come yet.',
    remedyZh: '到账当日或之后再登记',
    remedyEn: 'Register it on the day on which it came, or after.',
  },
  'relation-in-without-money': {
    family: 'money',
    messageZh: '转入金额为零，没有可计入的资金',
    messageEn: 'The amount is 0.00: there is nothing to credit.',
    remedyZh: '无资金的转入不登记；本人已回本地的办理关系恢复',
    remedyEn: 'A relation without money is not registered here; who is back has the relation resumed.',
  },
  'relation-in-amounts-differ': {
    family: 'money',
    messageZh: '到账金额与业务信息金额不符',
    messageEn: 'The money is not the amount of the business file.',
    remedyZh: '两个金额列在后面；与转出地核对后撤回有误的一方再登记',
    remedyEn: 'Both amounts are named: settle it with the sending area, take back the wrong one, register it again.',
  },
  'relation-in-not-matched': {
    family: 'barred',
    messageZh: '资金与业务信息尚未齐备',
    messageEn: 'Money and file have not met yet.',
    remedyZh: '等待缺少的一方',
    remedyEn: 'Wait for what is missing.',
  },
  'relation-in-nothing-there': {
    family: 'barred',
    messageZh: '没有可撤回的登记',
    messageEn: 'There is nothing registered to take back.',
    remedyZh: '核对转入编号',
    remedyEn: 'Check the number.',
  },
  'relation-in-not-offered': {
    family: 'barred',
    messageZh: '本统筹地区的政策包未规定关系转移',
    messageEn: 'The pack in force provides for no relation transfer.',
    remedyZh: '先发布含关系转移规则的政策包',
    remedyEn: 'Publish a pack that says how relations are transferred.',
  },
} as const satisfies Record<RelationInRefusal['code'], RefusalRow>;

/** @throws Error when there is no reason: a bug. */
export const refuseIn = (refusals: readonly RelationInRefusal[]) =>
  ({ kind: 'refused', refusals: nonEmpty(byPrecedence(RELATION_IN_REFUSALS, refusals)) }) as const;
