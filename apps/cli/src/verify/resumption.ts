import { engineVersion } from '../startup/version';
import { dropResumable, type Resumable, type Run, readResumable, writeResumable } from './resume-file';
import type { Resuming } from './verify-log';

type Order = Readonly<{ resumeFile?: string | undefined; decide: boolean }>;

/** What earlier runs have covered, and how this one is kept for later ones. */
export class Resumption {
  readonly ways: Resuming | undefined;
  private readonly found: Resumable | undefined;
  private readonly engineVersion = engineVersion();
  private readonly startedAt = new Date().toISOString();
  private readonly beganMs = performance.now();

  constructor(private readonly order: Order) {
    const { resumeFile: file, decide } = order;
    if (file === undefined) return;
    this.found = readResumable(file, { engineVersion: this.engineVersion, decide });
    const keep: Resuming['keep'] = (covered) =>
      writeResumable(file, {
        format: 'yika-verification',
        formatVersion: 1,
        engineVersion: this.engineVersion,
        decide,
        covered,
        runs: this.runsWith(covered.events),
      });
    this.ways = { covered: this.found?.covered, keep };
  }

  get to(): number | undefined {
    return this.found?.covered.to;
  }

  /** Events that earlier runs have covered. */
  get before(): number {
    return this.found?.covered.events ?? 0;
  }

  runsWith(events: number): readonly Run[] {
    const seconds = (performance.now() - this.beganMs) / 1000;
    return [...(this.found?.runs ?? []), { startedAt: this.startedAt, seconds, events: Math.max(0, events - this.before) }];
  }

  /** It is done: the next one begins anew. */
  end(): void {
    if (this.order.resumeFile !== undefined) dropResumable(this.order.resumeFile);
  }
}
