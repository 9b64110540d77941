import { accessKey } from '#libs/access';
import { cardApplication, paper, vouchers } from '#libs/card-service';
import { institution } from '#libs/institution';
import { type Decider, decideWithDue, type Recorded, settleDue } from '#libs/kernel';
import { attempts, medicalAccount, relationIn, settlementVoid } from '#libs/medical-account';
import type { Appended } from './appends';
import { type Tally, words } from './checks';
import { type Command, categoryOf, type Entry, placeOf } from './entry';
import type { FactsOf } from './facts';
import { idOf } from './ids';
import type { RecordedEvent } from './recorded';
import { sameData } from './same-data';

type Decided = Readonly<{ type: string; decidedAt: string; data: unknown }>;
export type AnyDecider = Decider<Command, Decided, object, unknown, object>;

const directory: AnyDecider = {
  decide: ({ data }, _state, facts) => accepted('DirectoryEntryAdded.v1', facts, data),
  due: () => [],
  evolve: (state) => state,
  initialState: () => ({}),
  isClosing: () => false,
};
/** Forward only. Source: log-format.md, 4. */
const simulation: AnyDecider = {
  decide: ({ data }, state, facts) =>
    (state as { to: string }).to < String(data.to) ? accepted('ManualClockSet.v1', facts, data) : { kind: 'refused', refusals: [{}] },
  due: () => [],
  evolve: (_state, { data }) => ({ to: (data as { to: string }).to }),
  initialState: () => ({ to: '' }),
  isClosing: () => false,
};
/** The first print is number 1. */
const receiptPrint: AnyDecider = {
  decide: ({ data }, state, facts) => accepted('ReceiptPrinted.v1', facts, { ...data, number: (state as { prints: number }).prints + 1 }),
  due: () => [],
  evolve: (state) => Object.assign(state, { prints: (state as { prints: number }).prints + 1 }),
  initialState: () => ({ prints: 0 }),
  isClosing: () => false,
};
const accepted = (type: string, facts: object, data: unknown) =>
  ({ kind: 'accepted', events: [{ type, decidedAt: (facts as { decidedAt: string }).decidedAt, data }] }) as const;

const DECIDERS: Readonly<Record<string, AnyDecider>> = {
  medicalAccount: medicalAccount as unknown as AnyDecider,
  settlementVoid: settlementVoid as unknown as AnyDecider,
  institution: institution as unknown as AnyDecider,
  accessKey: accessKey as unknown as AnyDecider,
  cardApplication: cardApplication as unknown as AnyDecider,
  vouchers: vouchers as unknown as AnyDecider,
  voucher: paper as unknown as AnyDecider,
  oneTimeNotice: paper as unknown as AnyDecider,
  attempts: attempts as unknown as AnyDecider,
  relationTransferIn: relationIn as unknown as AnyDecider,
  directory,
  simulation,
  receiptPrint,
};

const OTHER = words('重新裁决得到另外的事件', 'deciding again gives another event');
const NOTHING = words('重新裁决被拒绝或无事件', 'deciding again gives no event here');
const MORE = words('重新裁决得到更多事件', 'deciding again gives more events');
const CITED = words('所引事实不在日志中', 'the facts cite what is not in the log');
const FAILED = words('裁决规则报错', 'the rules fail on it');
const UNDECIDABLE = words('该流已损坏，其后无法重新裁决', 'not decidable: the stream is broken before it');

type Expected = readonly Decided[] | 'cited' | Readonly<{ fault: string }>;

/** Decides the recorded commands of one stream again, on the state that its own events give. Source: log-format.md, 8. */
export class Decisions {
  private readonly decider: AnyDecider;
  private state: object;
  private isBroken = false;

  constructor(
    private readonly tally: Tally,
    private readonly factsOf: FactsOf,
    stream: string,
    packDecider: AnyDecider,
  ) {
    const category = categoryOf(stream);
    this.decider = category === 'policyPack' ? packDecider : (DECIDERS[category] ?? directory);
    this.state = this.decider.initialState();
  }

  /** One whole append. */
  take(appended: readonly Appended[], command: Command): void {
    const first = appended[0]?.entry;
    if (!first) return;
    this.tally.expect('decisions');
    if (this.isBroken) {
      this.tally.leaveOut('decisions', 1, UNDECIDABLE);
      return;
    }
    if (!this.tally.muted) this.compare(appended, this.decide(first, command));
    for (const { entry, event } of appended) this.fold(entry, event);
  }

  private fold(entry: Entry, event: RecordedEvent): void {
    if (this.isBroken) return;
    try {
      this.state = this.decider.evolve(this.state, event);
    } catch (error) {
      this.tally.find('decisions', placeOf(entry), FAILED, { found: messageOf(error) });
      this.isBroken = true;
    }
  }

  private decide(first: Entry, command: Command): Expected {
    const { stream, revision } = first.envelope;
    const facts = this.factsOf(first, command, this.state);
    if (!facts) return 'cited';
    const key = typeof command.data.key === 'string' ? command.data.key : '';
    const record = (events: readonly Decided[], offset: number): readonly Recorded<Decided>[] =>
      events.map((event, i) => ({ ...event, id: idOf(`${key}#${offset + i}`), stream, revision: revision + offset + i }));
    const inputs = { state: this.state, facts, record };
    try {
      if (command.type === 'SettleDue') return settleDue(this.decider, inputs).events;
      const decision = decideWithDue(this.decider, { ...inputs, command });
      return decision.kind === 'accepted' ? decision.events : [];
    } catch (error) {
      return { fault: messageOf(error) };
    }
  }

  private compare(appended: readonly Appended[], expected: Expected): void {
    const [first] = appended;
    if (!first) return;
    this.tally.checked('decisions');
    if (expected === 'cited') {
      this.tally.find('decisions', placeOf(first.entry), CITED);
      return;
    }
    if ('fault' in expected) {
      this.tally.find('decisions', placeOf(first.entry), FAILED, { found: expected.fault });
      return;
    }
    if (expected.length === 0) {
      this.tally.find('decisions', placeOf(first.entry), NOTHING, { expected: 'nothing', found: first.event.type });
      return;
    }
    for (const [i, { entry, event }] of appended.entries()) {
      const decided = expected[i];
      if (decided && decided.type === event.type && decided.decidedAt === event.decidedAt && sameData(decided.data, event.data)) continue;
      const what = decided ? `${decided.type}${differs(decided, event)}` : 'nothing';
      this.tally.find('decisions', placeOf(entry), OTHER, { expected: what, found: event.type });
    }
    if (expected.length > appended.length)
      this.tally.find('decisions', placeOf(first.entry), MORE, { expected: `${expected.length}`, found: `${appended.length}` });
  }
}

/** Which members differ: names, never values. */
const differs = (expected: Decided, found: Decided): string => {
  if (expected.type !== found.type) return '';
  const [a, b] = [expected.data, found.data] as Record<string, unknown>[];
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  const other = [...names].filter((name) => !sameData(a?.[name], b?.[name]));
  if (expected.decidedAt !== found.decidedAt) other.push('decidedAt');
  return ` (${other.join(', ')})`;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
