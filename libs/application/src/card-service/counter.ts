import {
  type About,
  againstPerson,
  againstReceiver,
  againstRepresentative,
  type CardServiceTerms,
  type Errand,
  RECEIVES_ALONE_FROM_AGE,
  type Receiving,
  SIGNS_ALONE_FROM_AGE,
  type SignedBy,
  type Term,
} from '#libs/card-service';
import { instantOf, normalIdentityNumber } from '#libs/kernel';
import { accountStream, type ProxyRelation } from '#libs/medical-account';
import { type AccountRunner, poolingAreaOf } from '../accounts/account-streams';
import { refused } from '../answers';
import type { Answer, Catalogue, NoticeView, Reason, Signing } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import { commandHash, uuidOf } from '../streams/command-identity';
import type { PersonRecord, Vault } from '../vault.port';
import { ageAt, isYounger } from './birth';
import { noticeKeyOf, voucherKeyOf } from './keys-of-papers';
import type { Notices } from './notices';
import { saysOf } from './signing';
import type { Vouchers } from './vouchers';

export type CounterParts = Readonly<{
  reader: EventReader;
  vault: Vault;
  accounts: AccountRunner;
  /** The holder as the vault has him; the look is logged. */
  holderOf: (accountId: string, tracing: Tracing) => Promise<PersonRecord | undefined>;
  vouchers: Vouchers;
  notices: Notices;
  catalogue: Catalogue;
  secret: Uint8Array;
  nowMs: () => number;
  termsAt: (poolingArea: string, at: string) => Promise<CardServiceTerms | null>;
  /** Who may act for a holder there; null: any relation. */
  proxiesAt: (poolingArea: string, at: string) => Promise<readonly ProxyRelation[] | null>;
}>;
/** One errand at a counter. `outletCode` null: no counter, so no paper. `poolingArea` null: that of the account. */
export type Business = Readonly<{
  key: string;
  name: string;
  errand: Errand;
  outletCode: string | null;
  leavesVoucher: boolean;
  /** The act's own decider judges who acts for the holder. */
  judgesItself?: boolean;
  /** A card changes hands: who takes it. */
  receiving?: Receiving;
  /** The holder's own signature stands for business, or for what he takes; left out: his age is not asked for. */
  holderSigns?: 'business' | 'receipt';
  accountId: string | null;
  applicationId: string | null;
  poolingArea: string | null;
  signedBy: Signing;
  term: (terms: CardServiceTerms) => Term;
}>;
/** What who signs is judged by. */
export type Signed = Pick<
  Business,
  'key' | 'errand' | 'accountId' | 'poolingArea' | 'signedBy' | 'judgesItself' | 'receiving' | 'holderSigns'
>;
/** `whyElse`: what else stands against it, when who acts for the holder may not. */
type Act<T> = Readonly<{
  run: (tracing: Tracing) => Promise<Answer<T>>;
  about: (value: T) => About;
  whyElse?: () => Promise<readonly Reason[]>;
  /** Of a refusal that is recorded: the key by which its notice is known. */
  noticeKey?: () => string | undefined;
}>;
/** Who signs, as a voucher keeps it, or what stands against him. */
export type Judged = Readonly<{ signedBy: SignedBy } | { reasons: readonly Reason[] }>;
export type Left<T> = Readonly<{ answer: Answer<T>; noticeId: string | null; voucherNo: string | null }>;

export const AT_ONCE: Term = { days: 0, unit: 'workingDays' };
/**
 * Card business at a counter: who acts for the holder is judged, the act is done and leaves its voucher, or it is refused and leaves one notice
 * with all reasons. The act's event says that a voucher is owed, so that none is lost. Idempotency: by the act's key. Source: I7, Q8.
 */
export class Counter {
  constructor(private readonly parts: CounterParts) {}

  async run<T>(business: Business, act: Act<T>, tracing: Tracing): Promise<Left<T>> {
    const { key, outletCode, leavesVoucher } = business;
    const signing = await this.signing(business, tracing);
    if ('reasons' in signing) return this.refusedWith(business, [...signing.reasons, ...((await act.whyElse?.()) ?? [])], tracing);
    const { signedBy } = signing;
    const voucher = leavesVoucher && outletCode !== null ? { actKey: key, outletCode, signedBy } : undefined;
    const answer = await act.run(voucher ? { ...tracing, voucher } : tracing);
    if (answer.kind === 'refused') return this.refusedWith(business, answer.reasons, tracing, act.noticeKey?.());
    if (answer.kind !== 'done' || !voucher) return { answer, noticeId: null, voucherNo: null };
    const wanted = {
      key: voucherKeyOf(key),
      outletCode: voucher.outletCode,
      accountId: business.accountId,
      about: act.about(answer.value),
    };
    const issued = await this.parts.vouchers.issue({ ...wanted, signedBy }, tracing);
    if (issued.kind !== 'done') return { answer: issued, noticeId: null, voucherNo: null };
    return { answer, noticeId: null, voucherNo: issued.value.voucherNo };
  }

  /** The notice that goes with a refusal or a failure; undefined where no counter is there to hand it out. */
  async tell(
    { outletCode, name, accountId, applicationId, term, ...business }: Business,
    key: string,
    reasons: readonly Reason[],
    tracing: Tracing,
  ): Promise<Answer<NoticeView> | undefined> {
    if (outletCode === null) return undefined;
    const { termsAt, notices } = this.parts;
    const terms = await termsAt(await this.areaOf({ ...business, accountId }), this.now());
    const told = reasons.map(({ code, detail }) => ({ code, detail: typeof detail === 'string' ? detail : null }));
    const notice = { key, business: name, outletCode, accountId, applicationId, reasons: told };
    return notices.give({ ...notice, terms, term: terms && term(terms) }, tracing);
  }

  /** The same refusal of the same errand always with the same notice; a fault of form or of the key is no refused business. */
  private async refusedWith<T>(business: Business, reasons: readonly Reason[], tracing: Tracing, noticeKey?: string): Promise<Left<T>> {
    const answer = refused(reasons);
    const { catalogue, secret } = this.parts;
    const isBusiness = reasons.every(({ code }) => ['barred', 'money'].includes(catalogue[code]?.family ?? ''));
    if (!isBusiness) return { answer, noticeId: null, voucherNo: null };
    const what = commandHash(secret, [
      JSON.stringify(reasons.map(({ code, detail }) => [code, typeof detail === 'string' ? detail : null])),
    ]);
    const given = await this.tell(business, noticeKey ?? `${noticeKeyOf(business.key)}-${what.slice(2)}`, reasons, tracing);
    if (given !== undefined && given.kind !== 'done') return { answer: given, noticeId: null, voucherNo: null };
    return { answer, noticeId: given?.value.noticeId ?? null, voucherNo: null };
  }

  /** Who signs, as the voucher keeps it; what was answered once is not judged again. */
  async signing(business: Signed, tracing: Tracing): Promise<Judged> {
    const { key, accountId, signedBy, receiving, holderSigns } = business;
    const { person } = signedBy;
    const said = saysOf(signedBy);
    if (accountId === null || (said.signer === 'holder' && holderSigns === undefined && receiving === undefined)) return { signedBy: said };
    const { reader, vault, holderOf } = this.parts;
    const [holder, answered] = await Promise.all([holderOf(accountId, tracing), reader.findClaim(key)]);
    const reasons = answered ? [] : await this.against(business, holder);
    if (reasons.length > 0) return { reasons };
    const holderAge = ageAt(holder, this.now());
    if (said.signer === 'holder') return { signedBy: said };
    if (person === undefined) return { signedBy: { ...said, holderAge } };
    const proxyId = uuidOf(`proxy-${key}`);
    return { signedBy: { ...said, holderAge, proxyId, proxyCommitments: await vault.putPerson(proxyId, person) } };
  }

  private async against(
    { errand, accountId, signedBy, poolingArea, judgesItself = false, receiving, holderSigns }: Signed,
    holder: PersonRecord | undefined,
  ): Promise<readonly Reason[]> {
    const { proxiesAt, termsAt } = this.parts;
    const now = this.now();
    const area = await this.areaOf({ poolingArea, accountId });
    const [relations, terms] = await Promise.all([proxiesAt(area, now), termsAt(area, now)]);
    const signsFrom = holderSigns === 'receipt' ? RECEIVES_ALONE_FROM_AGE : (terms?.signsAloneFromAge ?? SIGNS_ALONE_FROM_AGE);
    const isTooYoung = holderSigns !== undefined && isYounger(holder, signsFrom, now);
    const person = shownAs(signedBy, holder, now);
    const representing = { signedBy: saysOf(signedBy), holderAge: ageAt(holder, now), errand, relations, isTooYoung, person };
    const judged = judgesItself ? againstPerson(person) : againstRepresentative(representing);
    return [...(receiving ? againstReceiver(signedBy, receiving) : []), ...judged];
  }

  private async areaOf({ poolingArea, accountId }: Pick<Business, 'poolingArea' | 'accountId'>): Promise<string> {
    if (poolingArea !== null || accountId === null) return poolingArea ?? '';
    return poolingAreaOf((await this.parts.accounts.load(accountStream(accountId))).state) ?? '';
  }

  private now(): string {
    return instantOf(this.parts.nowMs());
  }
}

const shownAs = ({ signer, person }: Signing, holder: PersonRecord | undefined, at: string) =>
  person && signer !== 'holder' ? { isHolder: isSame(person, holder), isMinor: ageAt(person, at) === 'minor' } : undefined;

const isSame = (one: PersonRecord, other: PersonRecord | undefined): boolean =>
  other !== undefined && normalIdentityNumber(one.identityNumber) === normalIdentityNumber(other.identityNumber);
