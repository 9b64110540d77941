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
  'vault-unreachable': [
    '保管库所在的 PostgreSQL 连不上：请查地址、端口、防火墙、是否在运行',
    'the PostgreSQL of the vault cannot be reached: look at address, port, firewall, and whether it runs',
  ],
  'vault-certificate': [
    '与保管库所在的 PostgreSQL 无法建立 TLS：请查 sslmode、sslrootcert 与证书中的名称',
    'no TLS with the PostgreSQL of the vault: look at sslmode, sslrootcert and the name in its certificate',
  ],
  'vault-credentials': ['保管库所在的 PostgreSQL 不认此用户或口令', 'the PostgreSQL of the vault does not accept this user or password'],
  'vault-no-database': ['保管库所在的 PostgreSQL 没有这个数据库', 'the PostgreSQL of the vault has no such database'],
  'vault-rights': [
    '此用户无权建立或读写保管库的表，或模式不存在',
    'this user may not make, read or write the tables of the vault, or the schema is not there',
  ],
  'vault-read-only': [
    '保管库所在的 PostgreSQL 只读（备库？）：请指向主库',
    'the PostgreSQL of the vault is read-only (a standby?): name the primary',
  ],
  'vault-newer': [
    '保管库由更新的程序建立，本程序较旧，未作任何改动；请用新程序',
    'a newer program made this vault: this one is too old for it and has changed nothing; use the newer program',
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
