import {
  type About,
  type CardServiceRefusal,
  decodeVoucherEvent,
  type IssueVoucher,
  type SignedBy,
  type VoucherFacts,
  type VoucherIssued,
  type VoucherRegisterState,
  voucherNumber,
  voucherStream,
  vouchers,
  vouchersStream,
} from '#libs/card-service';
import { businessDateOf, instantOf, type Recorded } from '#libs/kernel';
import { businessKey } from '#libs/medical-account';
import { answerOf, refused } from '../answers';
import type { Answer, CardService, Reason, Signing, VoucherKey, VoucherOrder, VoucherView } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import { commandHash } from '../streams/command-identity';
import { CommandRunner, type StreamParts } from '../streams/command-runner';
import type { Outcome, Time } from '../streams/request';
import { envelopeOf, recordedOf } from '../streams/stored-form';
import { cardBusinessOf } from './card-business';
import { voucherKeyOf } from './keys-of-papers';
import { laneOf } from './lane';
import { countPrint, type PaperRunner, writeOnce } from './papers';
import { saysOf } from './signing';

type Register = CommandRunner<IssueVoucher, VoucherIssued, VoucherRegisterState, CardServiceRefusal, VoucherFacts>;
export const voucherRegister = (parts: StreamParts): Register =>
  new CommandRunner({ ...parts, cacheBytes: 1_000_000, aggregate: { decider: vouchers, decode: decodeVoucherEvent, sizeOf: () => 100 } });

export type VoucherParts = Readonly<{ register: Register; papers: PaperRunner; reader: EventReader; secret: Uint8Array; time: Time }>;
type Wanted = Readonly<{ key: string; outletCode: string; accountId: string | null; about: About; signedBy: SignedBy }>;
type Judge = (
  asked: Readonly<{ key: string; accountId: string | null; isFinancial: boolean; signedBy: Signing }>,
) => Promise<Readonly<{ signedBy: SignedBy } | { reasons: readonly Reason[] }>>;
export type Vouchers = Pick<CardService, 'voucher' | 'fileSignedCopy' | 'printVoucher'> &
  Readonly<{
    issue: (wanted: Wanted, tracing: Tracing) => Promise<Answer<VoucherView>>;
    /** For what the counter has done without one, once who signs for it is judged. */
    issueAsked: (order: VoucherOrder, judge: Judge, tracing: Tracing) => Promise<Answer<VoucherView>>;
    /** The number that stands under a key; undefined while there is none. */
    numberUnder: (key: string) => Promise<string | undefined>;
  }>;

/** Under which the one voucher of an event is found. */
const eventKeyOf = ({ stream, revision }: Pick<About, 'stream' | 'revision'>): string => `voucherOf-${stream}-${revision}`;

/** Vouchers for accepted business, numbered without gaps. Idempotency: by key, also over the turn of a year. Throws: on outage. */
export const vouchersOf = (parts: VoucherParts): Vouchers => {
  const { register, papers, reader, secret, time } = parts;
  const under = async (key: string): Promise<Recorded<VoucherIssued> | null> => {
    const claim = await reader.findClaim(key);
    const stored = claim?.stream.startsWith('vouchers-') ? await reader.readEvent(claim.stream, claim.revision) : undefined;
    return stored ? recordedOf<VoucherIssued>(decodeVoucherEvent, stored) : null;
  };
  const viewOf = async (issued: Recorded<VoucherIssued>): Promise<VoucherView> => {
    const { key: _key, commandHash: _hash, ...said } = issued.data;
    const voucherNo = voucherNumber(said);
    const { state } = await papers.load(voucherStream(voucherNo));
    const copy = state.signedCopy;
    const signedCopy = copy && { reference: copy.data.signedCopy, filedAt: copy.decidedAt };
    const act = await reader.readEvent(said.about.stream, said.about.revision);
    const doneAt = act ? envelopeOf(act).decidedAt : issued.decidedAt;
    return { ...said, voucherNo, doneAt, issuedAt: issued.decidedAt, signedCopy, prints: state.prints, eventId: issued.id };
  };
  const runIn = (year: number, { key, outletCode, accountId, about, signedBy }: Wanted, tracing: Tracing) => {
    const hash = commandHash(secret, [key, outletCode, accountId, JSON.stringify(about), JSON.stringify(saysOf(signedBy))]);
    const command: IssueVoucher = {
      type: 'IssueVoucher',
      data: { key, commandHash: hash, outletCode, year, accountId, about, ...signedBy },
    };
    const gather = async (_state: unknown, decidedAt: string) => ({
      facts: { decidedAt, earlier: await under(key), ofEvent: await under(eventKeyOf(about)) },
      recordedFacts: { decidedAt },
      claims: [
        { key, commandHash: hash },
        { key: eventKeyOf(about), commandHash: hash, at: key },
      ],
    });
    return register.run({ stream: vouchersStream(outletCode, year), key, command, gather, tracing, lane: laneOf(tracing) });
  };
  const issue: Vouchers['issue'] = async (wanted, tracing) => {
    const first = await runIn(yearOf(instantOf(time.nowMs())), wanted, tracing); // A repeat of last year's finds its number by the key.
    // The year turned between the look at the clock and the decision, or another engine's clock is ahead.
    const turned = first.kind === 'refused' && first.refusals[0].code === 'voucher-of-another-year';
    return voucherAnswer(turned ? await runIn(yearOf(first.decidedAt), wanted, tracing) : first, viewOf);
  };
  const find = async ({ outletCode, year, number }: VoucherKey): Promise<VoucherView | undefined> => {
    const stored = await reader.readEvent(vouchersStream(outletCode, year), number - 1);
    return stored && viewOf(recordedOf<VoucherIssued>(decodeVoucherEvent, stored));
  };
  const numberUnder: Vouchers['numberUnder'] = async (key) => {
    const issued = await under(key);
    return issued ? voucherNumber(issued.data) : undefined;
  };
  return {
    issue,
    numberUnder,
    issueAsked: askedOf(reader, { issue, numberUnder }),
    voucher: find,
    fileSignedCopy: async (voucherKey, { reference, signedCopy }, tracing) => {
      if (!(await find(voucherKey))) return refused([{ code: 'voucher-unknown' }]);
      const document = voucherNumber(voucherKey);
      const key = businessKey(tracing.actor.organisation, reference);
      const data = { key, commandHash: commandHash(secret, [key, document, signedCopy]), document, signedCopy };
      const answer = await writeOnce(papers, voucherStream(document), { type: 'FileSignedCopy', data }, tracing);
      if (answer.kind !== 'done') return answer;
      const value = await find(voucherKey);
      if (!value) throw new Error('a voucher that was there is not');
      return { ...answer, value };
    },
    printVoucher: async (voucherKey, tracing) => {
      if (!(await find(voucherKey))) return refused([{ code: 'voucher-unknown' }]);
      const document = voucherNumber(voucherKey);
      return countPrint(papers, { stream: voucherStream(document), document }, tracing);
    },
  };
};

type Cited = Pick<Wanted, 'about' | 'accountId'> & Readonly<{ owedUnder: string | null; isFinancial: boolean }>;

/** The card business that a counter has done, and whose it is; undefined for all else, whoever did it. Throws: on outage. */
const citedBy = async (reader: EventReader, { about, outletCode }: VoucherOrder, { actor }: Tracing): Promise<Cited | undefined> => {
  const stored = await reader.readEvent(about.stream, about.revision);
  const business = stored && cardBusinessOf(stored);
  if (!business) return undefined;
  const { actKey, voucher, principal, accountId, isFinancial } = business;
  const isOwn = voucher === undefined ? principal === actor.principal : voucher.outletCode === outletCode;
  if (!isOwn) return undefined;
  const owedUnder = voucher === undefined ? null : voucherKeyOf(actKey);
  return { about: { ...about, type: stored.type }, accountId, owedUnder, isFinancial };
};

const askedOf =
  (reader: EventReader, { issue, numberUnder }: Pick<Vouchers, 'issue' | 'numberUnder'>): Vouchers['issueAsked'] =>
  async (order, judge, tracing) => {
    const cited = await citedBy(reader, order, tracing);
    if (!cited) return refused([{ code: 'voucher-about-nothing', ...order.about }]);
    const { owedUnder, isFinancial, ...wanted } = cited;
    // The act's own voucher is on its way, signed by whom the act was signed by.
    if (owedUnder !== null) return refused([{ code: 'voucher-issued-already', voucherNo: (await numberUnder(owedUnder)) ?? null }]);
    const key = businessKey(tracing.actor.organisation, order.reference);
    const judged = await judge({ key, accountId: wanted.accountId, isFinancial, signedBy: order.signedBy });
    if ('reasons' in judged) return refused(judged.reasons);
    return issue({ key, outletCode: order.outletCode, signedBy: judged.signedBy, ...wanted }, tracing);
  };

const yearOf = (instant: string): number => Math.trunc(+businessDateOf(instant).slice(0, 4));

const voucherAnswer = (
  outcome: Outcome<VoucherIssued, CardServiceRefusal>,
  viewOf: (issued: Recorded<VoucherIssued>) => Promise<VoucherView>,
): Promise<Answer<VoucherView>> =>
  answerOf(
    outcome,
    (events) => viewOf(events[0]),
    (original) => viewOf(original),
  );
