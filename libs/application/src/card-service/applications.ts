import {
  type ApplicationCommand,
  type ApplicationEvent,
  type ApplicationEventData,
  type ApplicationFacts,
  type ApplicationState,
  applicationStream,
  type CardServiceRefusal,
  eachOnce,
  isUnit,
  type ObstacleFound,
  termOf,
} from '#libs/card-service';
import { businessDateOf, plusDays, type Recorded } from '#libs/kernel';
import { accountStream, businessKey } from '#libs/medical-account';
import { poolingAreaOf } from '../accounts/account-streams';
import { answerOf, refused } from '../answers';
import type { Accounts, Answer, ApplicationAct, ApplicationOrder, ApplicationView, CardService, Noticed, Signing } from '../engine';
import type { Tracing } from '../envelope';
import { commandHash, uuidOf } from '../streams/command-identity';
import type { Gathered, Outcome, Request } from '../streams/request';
import { orUnavailable } from '../unavailable';
import { type AcceptanceSources, acceptanceFacts, applicantOf } from './acceptance-facts';
import { applicationView } from './application-view';
import { cardFor, cardLinkedBy } from './card-of-application';
import { AT_ONCE, type Business, type Counter } from './counter';
import { askedOfAccount, bothSay, endingFor } from './issue-question';
import { noticeKeyOf } from './keys-of-papers';
import { laneOf } from './lane';
import { saysOf } from './signing';
import type { Vouchers } from './vouchers';

export type ApplicationParts = AcceptanceSources &
  Pick<Accounts, 'registerCard' | 'askForCard'> &
  Readonly<{ vouchers: Vouchers; counter: Counter; secret: Uint8Array; nowMs: () => number }>;
type Applied = Request<ApplicationCommand, ApplicationState, ApplicationFacts>;
type Asked = Pick<Applied, 'stream' | 'command' | 'gather'>;
type Done = Answer<Recorded<ApplicationEvent>>;
type Accepted = Readonly<ApplicationEventData['CardApplicationAccepted.v1']>;
type Signed = Extract<ApplicationAct, { signedBy: Signing }>;
/** `quote`: what it would answer, when another than the decider is asked too. */
type Way = Readonly<{
  run: (tracing: Tracing) => Promise<Done>;
  quote?: (tracing: Tracing) => Promise<Done>;
  noticeKey?: () => string | undefined;
}>;
type Accept = Extract<ApplicationCommand, { type: 'AcceptApplication' }>;

/** Applications for cards, their progress and what follows from it. Idempotency: by the organisation's reference. Throws: on outage. */
export class Applications implements Pick<CardService, 'apply' | 'act' | 'application'> {
  constructor(private readonly parts: ApplicationParts) {}

  async apply(order: ApplicationOrder, tracing: Tracing): Promise<Noticed<ApplicationView>> {
    const key = businessKey(tracing.actor.organisation, order.reference);
    const applicationId = uuidOf(`cardApplication-${key}`);
    const { reference: _reference, person, poolingArea, signedBy, ...said } = order;
    const applicant = await applicantOf(this.parts, order, tracing);
    const says = [key, poolingArea, JSON.stringify(person), JSON.stringify(said), JSON.stringify(saysOf(signedBy))];
    const { organisation } = tracing.actor;
    const { accountId } = applicant;
    const data = { key, commandHash: commandHash(this.parts.secret, says), applicationId, accountId, organisation, ...said };
    const command: Accept = { type: 'AcceptApplication', data };
    const request = {
      stream: applicationStream(applicationId),
      command,
      gather: acceptanceFacts(this.parts, command, applicant, poolingArea),
    };
    const business: Business = {
      ...{ key, name: 'cardApplication', errand: isUnit(order.applicant) ? 'batch' : 'nonFinancial', leavesVoucher: true },
      ...{
        outletCode: order.outletCode,
        accountId: accountId || null,
        applicationId: null,
        poolingArea,
        signedBy,
        holderSigns: 'business',
      },
      term: (terms) => termOf(said, terms),
    };
    return this.atCounter(business, request, tracing, {
      run: (withTracing) => this.acceptedIf(request, withTracing),
      quote: (quoting) => this.asked(request, quoting),
    });
  }

  async act(applicationId: string, reference: string, act: ApplicationAct, tracing: Tracing): Promise<Noticed<ApplicationView>> {
    const stream = applicationStream(applicationId);
    const { state } = await this.parts.applications.load(stream);
    const key = businessKey(tracing.actor.organisation, reference);
    const says = JSON.stringify('signedBy' in act ? { ...act, signedBy: saysOf(act.signedBy) } : act);
    const command = commandOf(act, { key, commandHash: commandHash(this.parts.secret, [applicationId, key, says]) });
    const request = { stream, command, gather: this.gatherFor(state, command) };
    const { accepted } = state;
    if (accepted === null || !('signedBy' in act)) return this.finish(await this.decided(request, tracing), act, tracing);
    const business: Business = {
      ...businessOf(act, accepted),
      key,
      outletCode: act.outletCode,
      leavesVoucher: true,
      signedBy: act.signedBy,
    };
    let ended: string | undefined;
    const run = async (withTracing: Tracing): Promise<Done> => {
      const done = await this.withCard(act, accepted, request, withTracing);
      if (done.kind !== 'done' || done.value.type !== 'CardApplicationFailed.v1') return done;
      ended = noticeKeyOf(key);
      return refused(done.value.data.obstacles);
    };
    return this.atCounter(business, request, tracing, { run, noticeKey: () => ended });
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

  /** What would be answered, the account's own say included. */
  private async asked(request: Asked & { command: Accept }, tracing: Tracing): Promise<Done> {
    const own = await this.answered(await this.parts.applications.quote(this.requestOf(request, tracing)));
    if (own.kind === 'unavailable' || (own.kind === 'done' && own.replayed)) return own;
    if (own.kind === 'refused' && own.reasons.some(({ code }) => code === 'card-service-key-used-with-other-content')) return own;
    const account = await askedOfAccount(this.parts, request.command.data, tracing);
    if (account.kind === 'unavailable') return account;
    const reasons = bothSay(own.kind === 'refused' ? own.reasons : [], account.kind === 'refused' ? account.reasons : []);
    return reasons.length === 0 ? own : refused(reasons);
  }

  private async acceptedIf(request: Asked & { command: Accept }, tracing: Tracing): Promise<Done> {
    const asked = await this.asked(request, tracing);
    return asked.kind === 'done' && !asked.replayed ? this.decided(request, tracing) : asked;
  }

  /** Asked first, recorded nowhere: no card is registered for an application that would not take it. */
  private async withCard(act: Signed, accepted: Accepted, request: Asked, tracing: Tracing): Promise<Done> {
    if (act.act === 'handOut') return this.decided(request, tracing);
    const asked = await this.parts.applications.quote(this.requestOf(request, tracing));
    if (asked.kind !== 'recorded') return this.answered(asked);
    const card = await (act.act === 'issue' ? cardFor : cardLinkedBy)(this.parts, accepted, act, tracing);
    const ending = act.act === 'issue' && card.kind === 'refused' ? endingFor(card.reasons) : [];
    if (ending.length > 0) return this.endedBy(ending, request, tracing);
    if (card.kind !== 'done') return card;
    const command = { ...request.command, data: { ...request.command.data, cardId: card.value } } as ApplicationCommand;
    return this.decided({ ...request, command }, tracing);
  }

  /** The holder has another card meanwhile: the application ends under the key of the hand-over, and no voucher is owed for that. */
  private endedBy(obstacles: readonly ObstacleFound[], request: Asked, { voucher: _none, ...tracing }: Tracing): Promise<Done> {
    const { key, commandHash: hash } = request.command.data;
    return this.decided({ ...request, command: { type: 'FailApplication', data: { key, commandHash: hash, obstacles } } }, tracing);
  }

  private async atCounter(business: Business, request: Asked, tracing: Tracing, way: Way): Promise<Noticed<ApplicationView>> {
    const about = ({ stream, revision, type }: Recorded<ApplicationEvent>) => ({ stream, revision, type });
    const whyElse = async () => {
      const quote = way.quote ?? (async (quoting) => this.answered(await this.parts.applications.quote(this.requestOf(request, quoting))));
      const quoted = await quote(tracing);
      return quoted.kind === 'refused' ? quoted.reasons : [];
    };
    const { quote: _quote, ...acting } = way;
    const { answer, noticeId } = await this.parts.counter.run(business, { ...acting, about, whyElse }, tracing);
    return answer.kind === 'done' ? this.viewed(answer) : { answer, noticeId };
  }

  /** A card that does not come goes with a notice. */
  private async finish(answer: Done, act: ApplicationAct, tracing: Tracing): Promise<Noticed<ApplicationView>> {
    if (answer.kind !== 'done') return { answer, noticeId: null };
    if (act.act === 'fail') {
      const { stream, data } = answer.value;
      const { accepted } = (await this.parts.applications.load(stream)).state;
      if (!accepted) throw new Error('an application failed that was never accepted');
      const business = { ...businessOf(act, accepted), key: data.key, outletCode: act.outletCode, leavesVoucher: false, signedBy: NOBODY };
      const given = await this.parts.counter.tell(business, noticeKeyOf(data.key), eachOnce(act.obstacles), tracing);
      if (given && given.kind !== 'done') return { answer: given, noticeId: null };
    }
    return this.viewed(answer);
  }

  private async viewed({ value, replayed }: Extract<Done, { kind: 'done' }>): Promise<Noticed<ApplicationView>> {
    const view = await this.application(value.stream.slice(value.stream.indexOf('-') + 1));
    if (!view) throw new Error('an application that was acted on is not there');
    return { answer: { kind: 'done', replayed, value: view }, noticeId: view.noticeId };
  }
}

const NOBODY: Signing = { signer: 'holder', relation: null, proxyCheck: null, holderCheck: null };
const NAMES = { fail: 'cardApplication', issue: 'cardPickUp', link: 'cardLink', handOut: 'cardHandOut' } as const;

const businessOf = (act: Extract<ApplicationAct, { outletCode: string }>, accepted: Accepted) => {
  const { accountId, applicationId } = accepted;
  const isOfUnit = act.act === 'issue' && isUnit(act.receivedBy);
  const errand = isOfUnit ? ('batch' as const) : ('nonFinancial' as const);
  const term: Business['term'] = (terms) => (act.act === 'fail' ? termOf(accepted, terms) : AT_ONCE);
  const receiving: Pick<Business, 'receiving'> =
    act.act === 'issue' || act.act === 'handOut'
      ? { receiving: { receivedBy: act.receivedBy, applicant: act.act === 'issue' ? accepted.applicant : null } }
      : {};
  const holderSigns = act.act === 'handOut' ? ('receipt' as const) : ('business' as const);
  return { name: NAMES[act.act], errand, accountId, applicationId, poolingArea: null, term, holderSigns, ...receiving };
};

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
