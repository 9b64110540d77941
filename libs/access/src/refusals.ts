import { byPrecedence, type Decision, type Instant, nonEmpty, type RefusalRow } from '#libs/kernel';

/** Why a key is neither made nor revoked. Closed: a new reason is a new member here. */
export type AccessKeyRefusal = Readonly<
  | { code: 'access-key-not-found' }
  | { code: 'access-key-used-with-other-content'; firstAt: Instant }
  | { code: 'access-key-already-created'; keyId: string; createdAt: Instant }
  | { code: 'access-key-already-revoked'; revokedAt: Instant }
  | { code: 'access-key-without-rights' }
  | { code: 'access-key-without-institutions' }
  | { code: 'access-key-institutions-without-right' }
  | { code: 'access-key-without-outlets'; rights: readonly string[] }
  | { code: 'access-key-bank-without-right' }
>;

/** The order of the rows is the order of precedence. A code without a row does not compile. */
export const ACCESS_REFUSALS = {
  'access-key-not-found': {
    family: 'absent',
    messageZh: '访问密钥不存在',
    messageEn: 'There is no such access key',
    remedyZh: '核对密钥编号',
    remedyEn: 'Check the id of the key',
  },
  'access-key-used-with-other-content': {
    family: 'key',
    messageZh: '该业务号已用于其他内容',
    messageEn: 'This reference was used for another act on the key before',
    remedyZh: '新业务请换用新的业务号',
    remedyEn: 'Give a new act a reference of its own',
  },
  'access-key-already-created': {
    family: 'barred',
    messageZh: '该密钥编号已使用',
    messageEn: 'This key id is in use',
    remedyZh: '换用新的密钥编号',
    remedyEn: 'Make a key with another id',
  },
  'access-key-already-revoked': {
    family: 'barred',
    messageZh: '该密钥已吊销',
    messageEn: 'The key is revoked already',
    remedyZh: '无需办理',
    remedyEn: 'Nothing to do',
  },
  'access-key-without-rights': {
    family: 'form',
    messageZh: '密钥须至少有一项权限',
    messageEn: 'A key needs at least one right',
    remedyZh: '填写权限',
    remedyEn: 'Name the rights',
  },
  'access-key-without-institutions': {
    family: 'form',
    messageZh: '机构权限须列出机构编码',
    messageEn: 'The right `institution` needs the codes of its institutions',
    remedyZh: '填写至少一个机构编码',
    remedyEn: 'Name at least one institution code',
  },
  'access-key-institutions-without-right': {
    family: 'form',
    messageZh: '列出机构编码须有机构权限',
    messageEn: 'Institution codes mean nothing without the right `institution`',
    remedyZh: '加机构权限，或去掉机构编码',
    remedyEn: 'Add the right, or leave the codes out',
  },
  'access-key-without-outlets': {
    family: 'form',
    messageZh: '用人单位、学校、村居的密钥须列出本单位编码',
    messageEn: 'A key of an employer, school or committee needs its own code',
    remedyZh: '填写至少一个网点（单位）编码',
    remedyEn: 'Name at least one outlet code, that of the unit itself',
  },
  'access-key-bank-without-right': {
    family: 'form',
    messageZh: '列出银行编码须有银行网点权限',
    messageEn: 'A bank code means nothing without the right `bankOutlet`',
    remedyZh: '加银行网点权限，或去掉银行编码',
    remedyEn: 'Add the right, or leave the code out',
  },
} as const satisfies Record<AccessKeyRefusal['code'], RefusalRow>;

export const refuse = (refusals: readonly AccessKeyRefusal[]): Decision<never, AccessKeyRefusal> => ({
  kind: 'refused',
  refusals: nonEmpty(byPrecedence(ACCESS_REFUSALS, refusals)),
});
