import {
  type ApplicationCommand,
  type ApplicationEvent,
  type ApplicationFacts,
  type ApplicationState,
  applicationStream,
  CARD_SERVICE_REFUSALS,
  type CardServiceRefusal,
  type NoticeReason,
  termOf,
} from '#libs/card-service';
import { businessDateOf, plusDays, type Recorded } from '#libs/kernel';
import { accountStream, businessKey } from '#libs/medical-account';
import { poolingAreaOf } from '../accounts/account-streams';
import { answerOf, refused } from '../answers';
import type { Accounts, Answer, ApplicationAct, ApplicationOrder, ApplicationView, CardService, Noticed, Reason } from '../engine';
import type { Tracing } from '../envelope';
import { commandHash, uuidOf } from '../streams/command-identity';
import type { Gathered, Outcome, Request } from '../streams/request';
import { orUnavailable } from '../unavailable';
import { type AcceptanceSources, acceptanceFacts, applicantOf } from './acceptance-facts';
import { applicationView } from './application-view';
import { cardFor, cardLinkedBy } from './card-of-application';
import { noticeKeyOf, voucherKeyOf } from './keys-of-papers';
import { laneOf } from './lane';
import type { Notices } from './notices';
import type { Vouchers } from './vouchers';

export type ApplicationParts = AcceptanceSources &
  Readonly<{ registerCard: Accounts['registerCard']; vouchers: Vouchers; notices: Notices; secret: Uint8Array; nowMs: () => number }>;
type Applied = Request<ApplicationCommand, ApplicationState, ApplicationFacts>;
type Done = Answer<Recorded<ApplicationEvent>>;
type Accept = Extract<ApplicationCommand, { type: 'AcceptApplication' }>;

/** Applications for cards, their progress and what follows from it. Idempotency: by the organisation's reference. Throws: on outage. */
export class Applications implements Pick<CardService, 'apply' | 'act' | 'application'> {
  constructor(private readonly parts: ApplicationParts) {}

  async apply(order: ApplicationOrder, tracing: Tracing): Promise<Noticed<ApplicationView>> {
    const key = businessKey(tracing.actor.organisation, order.reference);
    const applicationId = uuidOf(`cardApplication-${key}`);
    const { reference: _reference, person, poolingArea, signedBy, ...said } = order;
    const applicant = await applicantOf(this.parts, order, tracing);
    const hash = commandHash(this.parts.secret, [key, poolingArea, JSON.stringify(person), JSON.stringify(said), JSON.stringify(signedBy)]);
    const { organisation } = tracing.actor;
    const data = { key, commandHash: hash, applicationId, accountId: applicant.accountId, organisation, ...said };
    const command: Accept = { type: 'AcceptApplication', data };
    const gather = acceptanceFacts(this.parts, command, applicant, poolingArea);
    const answer = await this.decided({ stream: applicationStream(applicationId), command, gather }, tracing);
    if (answer.kind === 'refused') return this.withNotice(answer.reasons, command, poolingArea, tracing);
    if (answer.kind !== 'done') return { answer, noticeId: null };
    return this.withVoucher(answer, { outletCode: order.outletCode, signedBy }, tracing);
  }

  async act(applicationId: string, reference: string, act: ApplicationAct, tracing: Tracing): Promise<Noticed<ApplicationView>> {
    const { applications } = this.parts;
    const stream = applicationStream(applicationId);
    const { state } = await applications.load(stream);
    const key = businessKey(tracing.actor.organisation, reference);
    const hash = commandHash(this.parts.secret, [applicationId, key, JSON.stringify(act)]);
    const command = commandOf(act, { key, commandHash: hash });
    const request = { stream, command, gather: this.gatherFor(state, command) };
    const { accepted } = state;
    if (accepted === null || (act.act !== 'issue' && act.act !== 'link'))
      return this.finish(await this.decided(request, tracing), act, tracing);
    // Asked first, recorded nowhere: no card is registered for an application that would not take it.
    const asked = await applications.quote(this.requestOf(request, tracing));
    if (asked.kind !== 'recorded') return this.finish(await this.answered(asked), act, tracing);
    const card = await (act.act === 'issue' ? cardFor : cardLinkedBy)(this.parts, accepted, act, tracing);
    if (card.kind !== 'done') return { answer: card, noticeId: null };
    const withCard = { ...command, data: { ...command.data, cardId: card.value } } as ApplicationCommand;
    return this.finish(await this.decided({ ...request, command: withCard }, tracing), act, tracing);
  }

  async application(applicationId: string): Promise<ApplicationView | undefined> {
    const { applications, vouchers, nowMs } = this.parts;
    const { state, head } = await applications.load(applicationStream(applicationId));
    return applicationView({ state, head, numberUnder: vouchers.numberUnder, nowMs: nowMs() });
  }

  private requestOf({ command, ...request }: Pick<Applied, 'stream' | 'command' | 'gather'>, tracing: Tracing): Applied {
    return { ...request, command, key: command.data.key, tracing, lane: laneOf(tracing) };
  }

  private async decided(request: Pick<Applied, 'stream' | 'command' | 'gather'>, tracing: Tracing): Promise<Done> {
    return this.answered(await this.parts.applications.run(this.requestOf(request, tracing)));
  }

  private answered(outcome: Outcome<ApplicationEvent, CardServiceRefusal>): Promise<Done> {
    return answerOf<ApplicationEvent, Recorded<ApplicationEvent>>(
      outcome,
      async (events) => events[0],
      async (original) => original,
    );
  }

  /** The facts of every act but the acceptance: the day, and by when an employer hands out what it takes. */
  private gatherFor({ accepted }: ApplicationState, { data }: ApplicationCommand): Applied['gather'] {
    const { accounts, termsAt } = this.parts;
    return async (_state, decidedAt): Promise<Gathered<ApplicationFacts>> => {
      const area = accepted && poolingAreaOf((await accounts.load(accountStream(accepted.accountId))).state);
      const days = area === null ? null : ((await termsAt(area, decidedAt))?.employerHandOutDays ?? null);
      const facts = { decidedAt, acceptance: null, handOutBy: days === null ? null : plusDays(businessDateOf(decidedAt), days) };
      return { facts, recordedFacts: facts, claims: [{ key: data.key, commandHash: data.commandHash }] };
    };
  }

  /** What goes with an act that was done: a voucher for a card that was handed over, a notice for one that does not come. */
  private async finish(answer: Done, act: ApplicationAct, tracing: Tracing): Promise<Noticed<ApplicationView>> {
    if (answer.kind !== 'done') return { answer, noticeId: null };
    if (act.act === 'issue' || act.act === 'link') return this.withVoucher(answer, act, tracing);
    if (act.act === 'fail') {
      const given = await this.failureNotice(answer.value, act, tracing);
      if (given.kind !== 'done') return { answer: given, noticeId: null };
    }
    return this.viewed(answer);
  }

  private async withVoucher(
    answer: Extract<Done, { kind: 'done' }>,
    { outletCode, signedBy }: Pick<ApplicationOrder, 'outletCode' | 'signedBy'>,
    tracing: Tracing,
  ): Promise<Noticed<ApplicationView>> {
    const { stream, revision, type, data } = answer.value;
    const { accepted } = (await this.parts.applications.load(stream)).state;
    const about = { stream, revision, type };
    const wanted = { key: voucherKeyOf(data.key), outletCode, accountId: accepted?.accountId ?? null, about, signedBy };
    const voucher = await this.parts.vouchers.issue(wanted, tracing);
    return voucher.kind === 'done' ? this.viewed(answer) : { answer: voucher, noticeId: null };
  }

  private async viewed({ value, replayed }: Extract<Done, { kind: 'done' }>): Promise<Noticed<ApplicationView>> {
    const view = await this.application(value.stream.slice(value.stream.indexOf('-') + 1));
    if (!view) throw new Error('an application that was acted on is not there');
    return { answer: { kind: 'done', replayed, value: view }, noticeId: view.noticeId };
  }

  /** Refused card business goes with a notice: the same refusal of the same application always with the same one. Source: I7. */
  private async withNotice(
    reasons: Extract<Done, { kind: 'refused' }>['reasons'],
    { data }: Accept,
    poolingArea: string,
    tracing: Tracing,
  ): Promise<Noticed<ApplicationView>> {
    const answer = refused(reasons);
    const isBusiness = reasons.every(({ code }) => familyOf(code) === 'barred');
    if (!isBusiness) return { answer, noticeId: null };
    const { termsAt, notices, secret } = this.parts;
    const terms = await termsAt(poolingArea, new Date(this.parts.nowMs()).toISOString());
    const told = reasons.map(toldReason);
    const key = `${noticeKeyOf(data.key)}-${commandHash(secret, [JSON.stringify(told)]).slice(2)}`;
    const { outletCode, accountId } = data;
    const notice = { key, business: 'cardApplication', outletCode, accountId: accountId || null, applicationId: null, reasons: told };
    const given = await notices.give({ ...notice, terms, term: terms && termOf(data, terms) }, tracing);
    return given.kind === 'done' ? { answer, noticeId: given.value.noticeId } : { answer: given, noticeId: null };
  }

  private async failureNotice(
    { data, stream }: Recorded<ApplicationEvent>,
    { outletCode, obstacles }: Extract<ApplicationAct, { act: 'fail' }>,
    tracing: Tracing,
  ) {
    const { accepted } = (await this.parts.applications.load(stream)).state;
    if (!accepted) throw new Error('an application failed that was never accepted');
    const { accounts, termsAt, notices } = this.parts;
    const area = poolingAreaOf((await accounts.load(accountStream(accepted.accountId))).state) ?? '';
    const terms = await termsAt(area, new Date(this.parts.nowMs()).toISOString());
    const { accountId, applicationId } = accepted;
    const notice = { key: noticeKeyOf(data.key), business: 'cardApplication', outletCode, accountId, applicationId, reasons: obstacles };
    return notices.give({ ...notice, terms, term: terms && termOf(accepted, terms) }, tracing);
  }
}

const familyOf = (code: string): string | undefined =>
  (CARD_SERVICE_REFUSALS as Readonly<Record<string, Readonly<{ family: string }>>>)[code]?.family;

const toldReason = ({ code, detail }: Reason): NoticeReason => ({ code, detail: typeof detail === 'string' ? detail : null });

type Keyed = Readonly<{ key: string; commandHash: string }>;
const commandOf = (act: ApplicationAct, keyed: Keyed): Exclude<ApplicationCommand, Accept> => {
  switch (act.act) {
    case 'startProduction':
      return { type: 'StartProduction', data: { ...keyed, productionBatchNo: act.productionBatchNo } };
    case 'produced':
      return { type: 'RecordProduced', data: keyed };
    case 'readyForPickUp':
      return { type: 'MakeReady', data: { ...keyed, place: act.place } };
    case 'issue':
      return { type: 'IssueCard', data: { ...keyed, cardId: '', receivedBy: act.receivedBy } };
    case 'handOut':
      return { type: 'HandOutCard', data: { ...keyed, receivedBy: act.receivedBy } };
    case 'link':
      return { type: 'LinkCard', data: { ...keyed, cardId: '' } };
    case 'fail':
      return { type: 'FailApplication', data: { ...keyed, obstacles: act.obstacles } };
  }
};

/** A vault that cannot be read ends as an answer, not as a throw. */
export const applicationsOf = (parts: ApplicationParts): Pick<CardService, 'apply' | 'act' | 'application'> => {
  const applications = new Applications(parts);
  const noticed = async (work: Promise<Noticed<ApplicationView>>): Promise<Noticed<ApplicationView>> => {
    let noticeId: string | null = null;
    const answer = await orUnavailable(
      work.then((done) => {
        ({ noticeId } = done);
        return done.answer;
      }),
    );
    return { answer, noticeId };
  };
  return {
    apply: (order, tracing) => noticed(applications.apply(order, tracing)),
    act: (applicationId, reference, act, tracing) => noticed(applications.act(applicationId, reference, act, tracing)),
    application: (applicationId) => applications.application(applicationId),
  };
};
