import type { ActAnswer, Answer, Campaign } from '../engine';

/** `stopped` and `sealed` by phase; `notDone`: accounts that gave no answer, which the next run finds again. */
export type RunCounts = Readonly<{
  accounts: number;
  stopped: number;
  sealed: number;
  nothingDue: number;
  notDone: number;
  phases: Readonly<Record<string, Readonly<{ stopped: number; sealed: number }>>>;
}>;

/** What has become of the accounts of a run. */
export class RunTally {
  private readonly phases = new Map<string, { stopped: number; sealed: number }>();
  private accounts = 0;
  private nothingDue = 0;
  private notDone = 0;

  constructor({ phases }: Campaign) {
    for (const { phase } of phases) this.phases.set(phase, { stopped: 0, sealed: 0 });
  }

  count(answer: Answer<ActAnswer> | Readonly<{ kind: 'fault' }>): void {
    this.accounts += 1;
    if (answer.kind !== 'done') this.notDone += 1;
    else if (answer.value.events.length === 0) this.nothingDue += 1;
    else this.countEvents(answer.value.events);
  }

  counts(): RunCounts {
    const { accounts, nothingDue, notDone } = this;
    const phases = [...this.phases];
    const sum = (what: 'stopped' | 'sealed') => phases.reduce((all, [, counted]) => all + counted[what], 0);
    return { accounts, stopped: sum('stopped'), sealed: sum('sealed'), nothingDue, notDone, phases: Object.fromEntries(phases) };
  }

  /** A seal follows the stop of its card. */
  private countEvents(events: ActAnswer['events']): void {
    let phase: string | null = null;
    for (const { type, data } of events) {
      if (type === 'CardStopped.v1') phase = (data as { phase: string | null }).phase;
      const counted = phase === null ? undefined : this.phases.get(phase);
      if (counted && type === 'CardStopped.v1') counted.stopped += 1;
      if (counted && type === 'SubAccountSealed.v1') counted.sealed += 1;
      if (type !== 'CardStopped.v1') phase = null;
    }
  }
}
