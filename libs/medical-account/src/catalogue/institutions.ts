import type { RefusalRow } from '#libs/kernel';

/** What bars the institution, its terminal, its operator or the category there. */
export const INSTITUTIONS = {
  'institution-not-registered': {
    family: 'barred',
    messageZh: '机构未登记',
    messageEn: 'This institution is not registered.',
    remedyZh: '请向医保经办机构登记',
    remedyEn: 'Register with the agency.',
  },
  'institution-closed': {
    family: 'barred',
    messageZh: '机构已注销',
    messageEn: 'This institution is closed.',
    remedyZh: '请联系医保经办机构',
    remedyEn: 'Ask the agency.',
  },
  'institution-succeeded': {
    family: 'barred',
    messageZh: '机构已由其他机构承继',
    messageEn: 'Another institution has succeeded this one.',
    remedyZh: '请用承继机构代码提交',
    remedyEn: 'Post under the successor’s code.',
  },
  'agreement-missing': {
    family: 'barred',
    messageZh: '机构没有有效的医保协议',
    messageEn: 'This institution has no agreement in force.',
    remedyZh: '请与医保经办机构签订协议',
    remedyEn: 'Sign an agreement with the agency.',
  },
  'agreement-suspended': {
    family: 'barred',
    messageZh: '机构医保协议已中止',
    messageEn: 'The institution’s agreement is suspended.',
    remedyZh: '请联系医保经办机构；本次请自费',
    remedyEn: 'Ask the agency; the holder pays in cash.',
  },
  'agreement-terminated': {
    family: 'barred',
    messageZh: '机构医保协议已解除',
    messageEn: 'The institution’s agreement has ended.',
    remedyZh: '请联系医保经办机构；本次请自费',
    remedyEn: 'Ask the agency; the holder pays in cash.',
  },
  'terminal-unknown': {
    family: 'barred',
    messageZh: '终端未登记或已停用',
    messageEn: 'This terminal is unknown or retired.',
    remedyZh: '换用已登记终端，或登记该终端',
    remedyEn: 'Use a registered terminal, or register this one.',
  },
  'operator-barred': {
    family: 'barred',
    messageZh: '操作员医保支付资格已暂停',
    messageEn: 'This operator’s right to settle is suspended.',
    remedyZh: '换由其他操作员办理',
    remedyEn: 'Let another operator do it.',
  },
  'card-of-another-pooling-area': {
    family: 'barred',
    messageZh: '外统筹区的卡，须经异地平台结算',
    messageEn: 'The card belongs to another pooling area: settlement across areas goes through the gateway.',
    remedyZh: '请走异地就医结算通道',
    remedyEn: 'Send it through the gateway between areas.',
  },
  'category-not-at-this-institution': {
    family: 'barred',
    messageZh: '该类机构不开展此医疗类别',
    messageEn: 'This kind of institution does not settle this medical category.',
    remedyZh: '核对医疗类别',
    remedyEn: 'Check the medical category.',
  },
  'service-not-in-agreement': {
    family: 'barred',
    messageZh: '协议未包含此项服务',
    messageEn: 'The agreement does not include this service.',
    remedyZh: '核对医疗类别，或补签服务项目',
    remedyEn: 'Check the category, or have the service added to the agreement.',
  },
  'category-not-payable-by-account': {
    family: 'barred',
    messageZh: '个人账户不能支付此医疗类别',
    messageEn: 'The account may not pay this medical category.',
    remedyZh: '不使用个账支付（payment: none）',
    remedyEn: 'Post it with `payment: none`.',
  },
} as const satisfies Record<string, RefusalRow>;
