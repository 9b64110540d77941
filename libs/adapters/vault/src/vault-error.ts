import { Unavailable } from '#libs/application';

/** What can be wrong with the vault, in both languages. Ids may be named; personal data never is. */
const WORDS = {
  'master-key-missing': ['没有找到主密钥', 'there is no master key'],
  'master-key-form': ['主密钥应为32字节，以64位十六进制或base64书写', 'a master key is 32 bytes, written as 64 hex digits or base64'],
  'master-key-wrong': ['主密钥与此保管库不符，未读取任何内容', 'this master key does not belong to this vault; nothing was read'],
  'vault-damaged': ['保管库中的密文已损坏或被改动', 'a ciphertext in the vault is damaged or was changed'],
  'vault-file-damaged': ['保管库文件 vault.db 已损坏，请从备份恢复', 'vault.db is damaged: restore it from a backup'],
  'vault-not-writable': [
    '保管库 vault.db 无法打开或写入：请检查磁盘空间、只读、权限与文件句柄数',
    'vault.db cannot be opened or written: look at the room on its disk, read-only mounts, permissions, the limit of open files',
  ],
  'vault-person-erased': ['此人的资料已销毁，不能再写入', 'the person was erased and cannot be written again'],
  'vault-card-differs': ['此卡已登记了另一个卡号或持卡人', 'the card already has another number or holder'],
} as const;
export type VaultErrorCode = keyof typeof WORDS;

export class VaultError extends Error {
  readonly messageZh: string;
  readonly messageEn: string;

  constructor(
    readonly code: VaultErrorCode,
    subject?: string,
  ) {
    const [zh, en] = WORDS[code];
    const named = subject === undefined ? '' : ` (${subject})`;
    super(`${zh}${named} / ${en}${named}`);
    this.name = 'VaultError';
    this.messageZh = zh + named;
    this.messageEn = en + named;
  }
}

/** The vault cannot be read or written now; what was asked is not to be relied on. The engine answers that it is unavailable. */
export class VaultOutage extends Unavailable {
  readonly code: 'vault-outage' | 'vault-closed';

  constructor(why: 'full' | 'outage' | 'closing') {
    super(why, 'the vault cannot be read or written · 保管库无法读写');
    this.code = why === 'closing' ? 'vault-closed' : 'vault-outage';
    this.name = 'VaultOutage';
  }
}
