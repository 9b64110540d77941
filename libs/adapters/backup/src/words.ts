/** What is wrong, for the person who reads it. */
export type Fault = Readonly<{ code: string; zh: string; en: string }>;

export const fault = (code: string, zh: string, en: string): Fault => ({ code, zh, en });

/** Nothing was done, for all of these reasons. */
export class Refused extends Error {
  override readonly name = 'Refused';
  get code(): string {
    return this.faults[0]?.code ?? 'refused';
  }
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ zh, en }) => `${zh}。${en}.`).join('\n'));
  }
}

/** Somebody asked to stop. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor() {
    super('已停止 · stopped');
  }
}

export type Stage = 'copying' | 'reading' | 'integrity' | 'hashing' | 'comparing' | 'placing';
/** Units: whatever `stage` counts: pages, events, bytes. */
export type Report = (stage: Stage, subject: string, done: number, total: number) => void;
/** What a long work is given: how to say how far it is, and how it is stopped. */
export type Work = Readonly<{ report: Report; signal: AbortSignal }>;

/** Throws: Stopped. */
export const goOn = ({ signal }: Pick<Work, 'signal'>): void => {
  if (signal.aborted) throw new Stopped();
};
