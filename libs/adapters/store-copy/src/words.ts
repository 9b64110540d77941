/** Why nothing goes on, for the person who reads it. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
  constructor(
    readonly code: 'target-not-a-copy' | 'target-unavailable' | 'outcome-unknown' | 'copy-differs' | 'source-shorter',
    readonly zh: string,
    readonly en: string,
  ) {
    super(`${zh}。${en}.`);
  }
}

/** Somebody asked to stop; given again, the copy goes on where it was. */
export class CopyStopped extends Error {
  override readonly name = 'CopyStopped';
  constructor(copied: number) {
    super(`已停止，已复制 ${copied} 条；再次执行即续办 · stopped after ${copied} events; given again it goes on`);
  }
}
