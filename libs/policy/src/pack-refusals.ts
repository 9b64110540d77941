import { type BusinessDate, type Instant, type NonEmpty, nonEmpty, type RefusalRow } from '#libs/kernel';

/** Why a pack is neither proposed nor published. Closed: a new reason is a new member here. */
export type PolicyPackRefusal = Readonly<
  | { code: 'pack-not-proposed'; packId: string }
  | { code: 'pack-id-used-with-other-content'; packId: string; firstAt: Instant; hash: string }
  | { code: 'pack-hash-differs'; packId: string; proposedHash: string }
  | { code: 'pack-already-published'; packId: string; publishedAt: Instant }
  | { code: 'pack-approved-by-proposer'; packId: string }
  | { code: 'pack-not-after-the-last'; lastPackId: string; lastEffectiveFrom: BusinessDate }
  | { code: 'pack-effective-in-the-past'; effectiveFrom: BusinessDate }
>;

/** The order of the rows is the order of precedence. A code without a row does not compile. */
export const POLICY_PACK_REFUSALS = {
  'pack-not-proposed': {
    family: 'absent',
    messageZh: '该政策包版本未提交',
    messageEn: 'No such version of the pack has been proposed',
    remedyZh: '核对版本号，或先提交',
    remedyEn: 'Check the version, or propose it first',
  },
  'pack-id-used-with-other-content': {
    family: 'key',
    messageZh: '该政策包版本号已用于其他内容',
    messageEn: 'This version was proposed with other content',
    remedyZh: '换用新的版本号提交',
    remedyEn: 'Propose the content under the next version',
  },
  'pack-hash-differs': {
    family: 'key',
    messageZh: '复核的内容与提交的不一致',
    messageEn: 'The hash is not that of the proposed content',
    remedyZh: '按已提交内容的摘要复核',
    remedyEn: 'Review the proposed content and approve its hash',
  },
  'pack-already-published': {
    family: 'barred',
    messageZh: '该版本已由他人复核发布',
    messageEn: 'This version was published by another',
    remedyZh: '无需再复核',
    remedyEn: 'Nothing to do',
  },
  'pack-approved-by-proposer': {
    family: 'forbidden',
    messageZh: '提交人不得复核自己的政策包',
    messageEn: 'A pack is approved by another than who proposed it',
    remedyZh: '请另一名操作员复核',
    remedyEn: 'Ask another operator to approve it',
  },
  'pack-not-after-the-last': {
    family: 'barred',
    messageZh: '生效日须晚于上一版本',
    messageEn: 'A version begins after the one before it',
    remedyZh: '改定生效日期，以新版本号提交',
    remedyEn: 'Set a later date and propose it under the next version',
  },
  'pack-effective-in-the-past': {
    family: 'barred',
    messageZh: '政策包不得溯及既往',
    messageEn: 'A version never begins in the past',
    remedyZh: '改定生效日期；已结算的以更正业务处理',
    remedyEn: 'Set a later date; the past is changed by corrections',
  },
} as const satisfies Record<PolicyPackRefusal['code'], RefusalRow>;

/** All that apply, most important first. */
export const refusedBy = (refusals: readonly PolicyPackRefusal[]): NonEmpty<PolicyPackRefusal> => {
  const order = Object.keys(POLICY_PACK_REFUSALS);
  return nonEmpty(refusals.toSorted((a, b) => order.indexOf(a.code) - order.indexOf(b.code)));
};
