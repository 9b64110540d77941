import type { RefusalRow } from '#libs/kernel';

/** What bars the holder: medium, check, insurance, seals and freezes. */
export const HOLDERS = {
  'terminal-cannot-read-credential': {
    family: 'barred',
    messageZh: '终端不能读取该凭证',
    messageEn: 'This terminal does not read the credential.',
    remedyZh: '换用能读取该介质的终端',
    remedyEn: 'Use a terminal that reads one of its media.',
  },
  'holder-check-not-accepted': {
    family: 'barred',
    messageZh: '核验方式不符合要求',
    messageEn: 'This way of checking the holder is not accepted at this institution.',
    remedyZh: '按要求核验持卡人身份',
    remedyEn: 'Check the holder in one of the accepted ways.',
  },
  'insurance-type-differs': {
    family: 'barred',
    messageZh: '险种与参保信息不符',
    messageEn: 'The insurance type is not the account’s.',
    remedyZh: '核对险种',
    remedyEn: 'Check the insurance type.',
  },
  'sub-account-sealed': {
    family: 'barred',
    messageZh: '该卡余额已封存',
    messageEn: 'The sub-account of this card is sealed.',
    remedyZh: '启用新卡后余额自动转入',
    remedyEn: 'It moves by itself once the new card is enabled; or the agency unseals it.',
  },
  'sub-account-not-sealed': {
    family: 'barred',
    messageZh: '该分户未封存',
    messageEn: 'This sub-account is not sealed.',
    remedyZh: '无需解封',
    remedyEn: 'Nothing to do.',
  },
  'debit-frozen': {
    family: 'barred',
    messageZh: '账户已冻结，不能支付',
    messageEn: 'A freeze keeps this account from paying.',
    remedyZh: '请咨询医保经办机构',
    remedyEn: 'Ask the agency.',
  },
  'credit-frozen': {
    family: 'barred',
    messageZh: '账户已冻结，不能入账',
    messageEn: 'A freeze keeps this account from being credited.',
    remedyZh: '先解除冻结',
    remedyEn: 'Have the freeze lifted first.',
  },
  'freeze-ended': {
    family: 'barred',
    messageZh: '该冻结已结束',
    messageEn: 'This freeze has ended already.',
    remedyZh: '无需解除',
    remedyEn: 'Nothing to do.',
  },
  'freeze-ends-before-it-begins': {
    family: 'barred',
    messageZh: '冻结止期须晚于起期',
    messageEn: 'A freeze has to end after it begins.',
    remedyZh: '更正冻结起止时间',
    remedyEn: 'Correct the dates.',
  },
} as const satisfies Record<string, RefusalRow>;
