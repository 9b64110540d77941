const WORDS = {
  'checkpoint-mismatch': ['检查点与事件日志不符，投影从头重建', 'the checkpoint does not match the log: the projection is built anew'],
  'projection-changed': ['投影的版本已改变，从头重建', 'the projection has another version: it is built anew'],
  'rebuild-resumed': ['继续上次中断的重建', 'a rebuild that was cut short goes on'],
  rebuilt: ['投影已重建', 'the projection was rebuilt'],
  'rebuild-failed': ['重建失败，原投影继续使用', 'the rebuild failed; what stood before goes on'],
  'projection-failed': ['投影遇到无法处理的事件，已停止', 'the projection stopped at an event that it cannot apply'],
  outage: ['投影暂时无法读写，将自动重试', 'the projections cannot be read or written for now; they try again'],
  'thread-stopped': ['投影线程已停止，将自动重启', 'the thread of the projections stopped; it is started again'],
  'thread-restarted': ['投影线程已重新启动', 'the thread of the projections runs again'],
  'lease-taken': ['本进程取得投影写入权', 'this process has the lease: it keeps the projections from here on'],
  'lease-lost': ['本进程失去投影写入权，转为备用', 'this process has lost the lease and stands by'],
  'views-damaged': [
    '投影文件已损坏或被移走，从事件日志重建',
    'the file of the projections is damaged or gone: it is made anew from the log',
  ],
} as const;
export type NoticeCode = keyof typeof WORDS;

/** What the projections say aloud. No personal data: events hold none. */
export type Notice = Readonly<{ code: NoticeCode; projection: string | null; detail: string; messageZh: string; messageEn: string }>;

export const notice = (code: NoticeCode, projection: string | null, detail: string): Notice => {
  const [messageZh, messageEn] = WORDS[code];
  return { code, projection, detail, messageZh, messageEn };
};
