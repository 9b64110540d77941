import type { Witness } from './checkpoint-file';

export type DoubtCode =
  | 'log-shorter-than-seen'
  | 'log-differs-from-seen'
  | 'checkpoint-missing'
  | 'checkpoint-unreadable'
  | 'content-older-than-log'
  | 'vault-older-than-log';
/** Why the engine does not trust the log that it was started on. `lacksFile`: a file is not there at all, and must not be made anew. */
export type Doubt = Readonly<{
  code: DoubtCode;
  source: string;
  logIndex: number | null;
  eventHash: string | null;
  /** What was found; the messages say besides what comes of it at a start, and what to do. */
  foundZh: string;
  foundEn: string;
  messageZh: string;
  messageEn: string;
  lacksFile: boolean;
}>;

const REMEDY_ZH = '请放回正确的文件；确认放弃缺失部分，则以 --accept-loss 启动一次';
const REMEDY_EN = 'put the right files back; to give up what is missing, start once with --accept-loss';

const doubt = (code: DoubtCode, source: string, [zh, en]: readonly [string, string], place: Partial<Doubt> = {}): Doubt => ({
  code,
  source,
  logIndex: null,
  eventHash: null,
  lacksFile: false,
  ...place,
  foundZh: zh,
  foundEn: en,
  messageZh: `${zh}。${place.lacksFile ? '未启动' : '只读运行'}，${REMEDY_ZH}`,
  messageEn: `${en}. ${place.lacksFile ? 'Not started' : 'Read-only'}: ${REMEDY_EN}`,
});

/** Where a witness stands, in the words of who reads it; a path is for the engine's log alone. */
export const EXTERNAL = 'external checkpoint';
const namesOf = (source: string): readonly [zh: string, en: string] =>
  source === EXTERNAL ? ['数据目录外的检查点', 'the checkpoint outside the data folder'] : [source, source];

export const contradiction = (code: 'log-shorter-than-seen' | 'log-differs-from-seen', witness: Witness, last: number): Doubt => {
  const { source, logIndex, eventHash } = witness;
  const [zh, en] = namesOf(source);
  const words: readonly [string, string] =
    code === 'log-shorter-than-seen'
      ? [
          `日志止于 ${last}，而${zh}见过 ${logIndex}，缺 ${logIndex - last} 个事件`,
          `the log ends at ${last}, and ${en} has seen ${logIndex}: ${logIndex - last} events are missing`,
        ]
      : [`日志在 ${logIndex} 处的事件不是${zh}见过的那个`, `the event at ${logIndex} is not the one that ${en} has seen there`];
  return doubt(code, source, words, { logIndex, eventHash });
};

export const checkpointMissing = (): Doubt =>
  doubt('checkpoint-missing', EXTERNAL, [
    '数据目录外的检查点不见了（磁盘未挂载？）',
    'the checkpoint outside the data folder is gone (is its disk mounted?)',
  ]);

export const checkpointUnreadable = (source: string): Doubt => {
  const [zh, en] = namesOf(source);
  return doubt('checkpoint-unreadable', source, [`${zh}无法读取或已损坏`, `${en} cannot be read or is damaged`]);
};

export const namedButMissing = (file: string, logIndex: number, lacksFile: boolean): Doubt =>
  doubt(
    file === 'vault.db' ? 'vault-older-than-log' : 'content-older-than-log',
    file,
    lacksFile
      ? [`日志所引用的 ${file} 不在`, `the log names what stands in ${file}, and there is no such file`]
      : [`${file} 比日志旧：事件 ${logIndex} 所引用的不在其中`, `${file} is older than the log: what event ${logIndex} names is not in it`],
    { logIndex, lacksFile },
  );
