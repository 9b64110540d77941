import { type Place, type Tally, words } from './checks';
import { areTracedAlike, type Entry, placeOf } from './entry';
import type { RecordedEvent } from './recorded';

export type Appended = Readonly<{ entry: Entry; event: RecordedEvent }>;

const BROKEN = words('追加不完整', 'an append is not whole');
const STRAY = words('事件不接续其追加', 'an event does not continue its append');
const TIMES = words('同一追加裁决时间不一', 'events of one append decided at different times');

/** What one command recorded stands together or not at all. Source: log-format.md, 8. */
export class Appends {
  private open: Appended[] = [];

  constructor(private readonly tally: Tally) {}

  /** The whole append with its last event, `open` before that, `broken` when the event does not continue what stands before it. */
  take(appended: Appended): readonly Appended[] | 'open' | 'broken' {
    const { entry } = appended;
    const { index, count } = entry.append;
    if (index === 0) {
      this.finish();
      this.tally.expect('appends');
    } else if (!this.follows(entry)) return 'broken';
    this.open.push(appended);
    if (index !== count - 1) return 'open';
    const whole = this.open;
    this.open = [];
    this.tally.checked('appends');
    return whole;
  }

  /** At the end of a stream, and before another append begins: what is left was cut off. */
  finish(): void {
    const last = this.open.at(-1)?.entry;
    this.open = [];
    if (last) this.tell(placeOf(last), `${last.append.count} events`, `${last.append.index + 1}`);
  }

  private follows(entry: Entry): boolean {
    const last = this.open.at(-1)?.entry;
    const { index, count } = entry.append;
    const place = placeOf(entry);
    const isNext = last && index === last.append.index + 1 && entry.logIndex === last.logIndex + 1;
    if (!isNext || count !== last.append.count || !areTracedAlike(entry.envelope, last.envelope)) {
      const expected = last ? `event ${last.append.index + 2} of ${last.append.count} at log index ${last.logIndex + 1}` : 'a first event';
      this.tally.find('appends', place, STRAY, { expected, found: `event ${index + 1} of ${count} at log index ${entry.logIndex}` });
      this.open = [];
      return false;
    }
    const { decidedAt } = last.envelope;
    if (decidedAt !== entry.envelope.decidedAt)
      this.tally.find('appends', place, TIMES, { expected: decidedAt, found: entry.envelope.decidedAt });
    return true;
  }

  private tell(place: Place, expected: string, found: string): void {
    this.tally.find('appends', place, BROKEN, { expected, found });
  }
}
