import { fen, formatYuan } from '#libs/kernel';
import { type BillPlan, billOf } from './bills';
import type { InstitutionPlan, TerminalPlan } from './institutions';
import type { Person } from './people';
import type { Random } from './random';
import type { Expectation, Step, Story } from './step';
import type { CardKind, FreezeCause, HolderCheckMethod, InsuranceType, MedicalCategory, PaymentMode } from './words';

/** What every story is told with. */
export type World = Readonly<{
  /** Institutions of a pooling area whose agreement is in force, with nothing wrong. */
  sound: (poolingArea: string) => readonly InstitutionPlan[];
  all: readonly InstitutionPlan[];
}>;
export type Holder = Readonly<{
  number: number;
  poolingArea: string;
  insuranceType: InsuranceType;
  person: Person;
  random: Random;
  world: World;
}>;

export type CardPlan = Readonly<{
  kind: CardKind;
  state: 'registered' | 'inUse';
  lastSwipedOn?: string;
  openingFen?: Readonly<{ currentYear: number; priorYear: number }>;
}>;
type CredentialPlan = Readonly<{ kind: 'socialSecurityCard' | 'identityCard' | 'eCredential'; number: string }>;
/** What a swipe says; the story names only what matters to it. */
export type SwipeChoice = Partial<{
  at: InstitutionPlan;
  terminal: TerminalPlan;
  operatorCode: string;
  card: string;
  credential: CredentialPlan;
  category: MedicalCategory;
  bill: BillPlan;
  payment: PaymentMode;
  insuranceType: InsuranceType;
  check: HolderCheckMethod;
  occurredAt: string;
  late: string | null; // The reason of a late entry; null: late without a reason.
  serial: string;
  keyName: string;
  more: Readonly<Record<string, unknown>>;
}>;
export type SwipeHandle = Readonly<{
  step: number;
  serial: string;
  at: InstitutionPlan;
  bill: BillPlan;
  accountPaidFen: number;
  keyName: string;
}>;

/** What an undoing is expected to give back: of all of it, what to the account. Units: fen. */
type Undone = Readonly<{ accountFen: number; amountFen: number }>;

export const yuan = (amountFen: number): string => formatYuan(fen<'medical'>(amountFen));
/** Nine characters with a letter, different for every card of the sample. */
export const cardNumberOf = ({ number, poolingArea }: Pick<Holder, 'number' | 'poolingArea'>, card: string): string => {
  const letter = poolingArea === '370200' ? 'B' : 'A';
  const slot = ['old', 'new', 'temporary', 'spare'].indexOf(card);
  if (slot < 0) throw new Error(`no such card in the plan: ${card}`);
  return `${letter}${slot}${String((number * 7_919) % 10_000_000).padStart(7, '0')}`; // 7,919 is prime to ten: no two are the same.
};

const entryOf = ({ late, occurredAt }: SwipeChoice): Readonly<Record<string, unknown>> => {
  if (late === undefined) return { occurredAt: occurredAt ?? '{now}' };
  return { entry: 'late', ...(late !== null && { lateReason: late }), occurredAt: occurredAt ?? '{morning}' };
};

const amountsOf = ({ totalFen, fundFen, eligibleFen, lines, numbers }: BillPlan, serial: string): Readonly<Record<string, unknown>> => ({
  ...numbers(serial),
  totalFee: yuan(totalFen),
  fundPaid: yuan(fundFen),
  accountEligible: yuan(eligibleFen),
  ...(lines.length > 0 && { lines }),
});

/**
 * Tells one holder's story: each call that is made, and the answer that the rules promise. Keeps what the account holds for the next swipe,
 * so that every amount is known before the engine is asked.
 */
export class Teller {
  private readonly setUp: Step[] = [];
  private readonly day: Step[] = [];
  private readonly balances = new Map<string, number>();
  private serials = 0;
  private references = 0;
  private untouchedFen = 0;
  /** Which sub-account a swipe draws on when it names no card: the card in use, else the cardless one. */
  private cardInUse: string | null = null;
  private sealedCard: string | null = null;

  constructor(readonly holder: Holder) {}

  get random(): Random {
    return this.holder.random;
  }

  told(kind: string): Story {
    const { number, poolingArea, person } = this.holder;
    return { number, kind, poolingArea, person, setUp: this.setUp, day: this.day };
  }

  /** What the sub-account that a swipe draws on holds. */
  availableFen(card: string | null = this.cardInUse): number {
    return this.balances.get(card ?? 'cardless') ?? 0;
  }

  // ── Acts of agency, bank outlet and hotline ──────────────────────────────────────────────────────────────────────────────────
  open(): this {
    const { poolingArea, insuranceType, person } = this.holder;
    return this.act('account', '/v1/accounts', { poolingArea, insuranceType, person }, { saves: 'account' });
  }

  card(name: string, { kind, state, lastSwipedOn, openingFen }: CardPlan): this {
    const opening = openingFen && { currentYear: yuan(openingFen.currentYear), priorYear: yuan(openingFen.priorYear) };
    const cardNumber = cardNumberOf(this.holder, name);
    this.act('card', '/v1/accounts/{account}/cards', { cardNumber, kind, state, lastSwipedOn, opening }, { saves: `card:${name}` });
    if (openingFen) this.balances.set(name, openingFen.currentYear + openingFen.priorYear);
    if (state === 'inUse') this.cardInUse = name;
    return this;
  }

  /** To the card in use, else to the sealed one, else to the cardless sub-account. */
  credit(source: 'contribution' | 'retiree', amountFen: number, period: string): this {
    const target = this.cardInUse ?? this.sealedCard ?? 'cardless';
    this.balances.set(target, this.availableFen(target) + amountFen);
    return this.act('credit', '/v1/accounts/{account}/credits', { source, period, amount: yuan(amountFen) });
  }

  freeze(cause: FreezeCause, scope: Readonly<Record<string, unknown>> = { kind: 'person' }): this {
    return this.act(
      'freeze',
      '/v1/accounts/{account}/freezes',
      { cause, scope, legalDocument: `样例文书〔${this.holder.number}〕号` },
      { saves: 'freeze' },
    );
  }

  cardAct(card: string, act: string, keyName = 'agency', reason = '样例'): this {
    return this.act('card', `/v1/accounts/{account}/cards/{card:${card}}/${act}`, { reason }, { keyName });
  }

  /** A card that the pack stopped years ago: sealed, it pays nothing; what is credited meanwhile still reaches it. */
  sealed(card: string): this {
    this.cardInUse = null;
    this.sealedCard = card;
    return this;
  }

  /** The bank outlet activates the new card in the middle of the day; what the old one held is then on it. */
  activate(card: string, from: string | null): this {
    const body = { reference: this.reference(), channel: 'bankOutlet', financialAreaActivated: true };
    const call = { method: 'POST' as const, path: `/v1/accounts/{account}/cards/{card:${card}}/enablement`, keyName: 'bankOutlet', body };
    this.day.push({ what: 'activation', call, expect: { kind: 'done' } });
    return this.moves(from, card);
  }

  /** Money follows the card: the old one's and the cardless one's. */
  moves(from: string | null, to: string): this {
    const moved = (from === null ? 0 : this.availableFen(from)) + (this.balances.get('cardless') ?? 0);
    if (from !== null) this.balances.set(from, 0);
    this.balances.set('cardless', 0);
    this.balances.set(to, this.availableFen(to) + moved);
    this.cardInUse = to;
    this.sealedCard = null;
    return this;
  }

  /** A freeze of an amount: that much is there, and cannot be drawn on. */
  keepsUntouched(amountFen: number): this {
    this.untouchedFen += amountFen;
    return this;
  }

  /** What a replacing swipe gives back of the settlement that it replaces, in the same act. */
  comesBack(amountFen: number): this {
    this.balances.set(this.cardInUse ?? 'cardless', this.availableFen() + amountFen);
    return this;
  }

  private act(
    what: Step['what'],
    path: string,
    body: Readonly<Record<string, unknown>>,
    more: { saves?: string; keyName?: string } = {},
  ): this {
    const call = { method: 'POST' as const, path, keyName: more.keyName ?? 'agency', body: { reference: this.reference(), ...body } };
    this.setUp.push({ what, call, expect: { kind: 'done' }, ...(more.saves === undefined ? {} : { saves: more.saves }) });
    return this;
  }

  // ── At the till ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** A swipe that settles: what the account pays is what it holds, up to what the bill lets it. */
  swipe(choice: SwipeChoice = {}): SwipeHandle {
    const { handle, body, draws } = this.composed(choice);
    const { totalFen, fundFen, eligibleFen } = handle.bill;
    const pays = this.holder.insuranceType === 'employee' && choice.payment !== 'none';
    const accountPaidFen = pays ? Math.min(eligibleFen, Math.max(0, this.availableFen(draws) - this.untouchedFen)) : 0;
    const balanceAfterFen = this.availableFen(draws) - accountPaidFen;
    this.balances.set(draws ?? 'cardless', balanceAfterFen);
    const cashPaymentFen = totalFen - fundFen - accountPaidFen;
    this.post(choice.late === undefined ? 'swipe' : 'late', handle, body, {
      kind: 'settled',
      accountPaidFen,
      cashPaymentFen,
      balanceAfterFen,
    });
    return { ...handle, accountPaidFen };
  }

  /** A swipe that cannot be settled: the till gets this reason first. */
  refused(code: string, choice: SwipeChoice = {}): SwipeHandle {
    const { handle, body } = this.composed(choice);
    this.post(choice.late === undefined ? 'swipe' : 'late', handle, body, { kind: 'refused', code });
    return handle;
  }

  /** The very same message once more. */
  again(earlier: SwipeHandle): this {
    const step = this.day[earlier.step];
    if (step === undefined) throw new Error('nothing to repeat');
    this.day.push({ ...step, what: 'repeat', expect: { kind: 'replayed', of: earlier.step } });
    return this;
  }

  /** The same serial with something else in the message. */
  reused(earlier: SwipeHandle, code: string, changed: Readonly<Record<string, unknown>>): this {
    const step = this.day[earlier.step];
    if (step === undefined) throw new Error('nothing to change');
    const call = { ...step.call, body: { ...step.call.body, ...changed } };
    this.day.push({ what: 'swipe', call, expect: { kind: 'refused', code } });
    return this;
  }

  /**
   * Account money comes back first, cash last. `amountFen` null: all that is left; `fundFen`: the part of it that goes back to the fund.
   * Returns the number of its step.
   */
  cancel(
    target: SwipeHandle,
    amountFen: number | null,
    expect: string | Undone,
    fundFen: number | null = null,
  ): Readonly<{ step: number; serial: string }> {
    const serial = this.serial();
    const body = {
      serial,
      reason: 'returnGoods',
      ...(amountFen !== null && { amount: yuan(amountFen) }),
      ...(fundFen !== null && { fundReturned: yuan(fundFen) }),
    };
    const path = `/v1/settlements/${target.at.code}/${target.serial}/cancellation`;
    this.undo({ what: 'cancellation', path, body, keyName: target.keyName, as: 'settlementCancelled' }, expect);
    return { step: this.day.length - 1, serial };
  }

  reverse(
    target: Pick<SwipeHandle, 'at' | 'serial' | 'keyName'>,
    as: string,
    expect: string | Undone,
  ): Readonly<{ step: number; serial: string }> {
    const serial = this.serial();
    const path = `/v1/settlements/${target.at.code}/${target.serial}/reversal`;
    this.undo({ what: 'reversal', path, body: { serial, note: '终端超时未收到应答' }, keyName: target.keyName, as }, expect);
    return { step: this.day.length - 1, serial };
  }

  private undo(
    {
      what,
      path,
      body,
      keyName,
      as,
    }: { what: 'cancellation' | 'reversal'; path: string; body: Record<string, unknown>; keyName: string; as: string },
    expect: string | Undone,
  ): void {
    const call = { method: 'POST' as const, path, keyName, body };
    if (typeof expect === 'string') {
      this.day.push({ what, call, expect: { kind: 'refused', code: expect } });
      return;
    }
    this.balances.set(this.cardInUse ?? 'cardless', this.availableFen() + expect.accountFen);
    this.day.push({ what, call, expect: { kind: 'undone', as, amountFen: expect.amountFen, accountReturnedFen: expect.accountFen } });
  }

  repeatStep(step: number): this {
    const earlier = this.day[step];
    if (earlier === undefined) throw new Error('nothing to repeat');
    this.day.push({ ...earlier, what: 'repeat', expect: { kind: 'replayed', of: step } });
    return this;
  }

  private post(what: Step['what'], { keyName }: SwipeHandle, body: Readonly<Record<string, unknown>>, expect: Expectation): void {
    this.day.push({ what, call: { method: 'POST', path: '/v1/settlements', keyName, body }, expect });
  }

  private composed(choice: SwipeChoice): { handle: SwipeHandle; body: Readonly<Record<string, unknown>>; draws: string | null } {
    const at = choice.at ?? this.random.pick(this.holder.world.sound(this.holder.poolingArea));
    const bill = choice.bill ?? billOf(this.random, at, choice.category);
    const draws = choice.card ?? this.cardInUse;
    const serial = choice.serial ?? this.serial();
    const body = {
      institutionCode: at.code,
      serial,
      ...entryOf(choice),
      ...this.presented(choice, draws),
      medicalCategory: choice.category ?? bill.category,
      ...amountsOf(bill, serial),
      ...(choice.payment && { payment: choice.payment }),
      ...this.tillOf(choice, { at, serial, draws }),
      ...choice.more,
    };
    return { handle: { step: this.day.length, serial, at, bill, accountPaidFen: 0, keyName: choice.keyName ?? at.keyName }, body, draws };
  }

  private presented({ credential, insuranceType }: SwipeChoice, draws: string | null): Readonly<Record<string, unknown>> {
    const number = cardNumberOf(this.holder, draws ?? 'new');
    return { credential: credential ?? { kind: 'socialSecurityCard', number }, insuranceType: insuranceType ?? this.holder.insuranceType };
  }

  private tillOf(
    { check, operatorCode, terminal }: SwipeChoice,
    { at, serial, draws }: Readonly<{ at: InstitutionPlan; serial: string; draws: string | null }>,
  ): Readonly<Record<string, unknown>> {
    const method = check ?? (at.identityCheckEquipped ? 'identityVerified' : 'password');
    return {
      holderCheck: { method, ...(method === 'identityVerified' && { reference: `V-${serial}` }) },
      operatorCode: operatorCode ?? `${at.code}-OP1`,
      terminalCode: (terminal ?? this.terminalFor(at, draws))?.code,
    };
  }

  /** The first terminal of an institution reads everything, the second no stripe. */
  private terminalFor({ terminals }: InstitutionPlan, card: string | null): TerminalPlan | undefined {
    return card === 'old' ? terminals[0] : this.random.pick(terminals.slice(0, 2));
  }

  private serial(): string {
    this.serials += 1;
    return `S${this.holder.number}-${this.serials}`;
  }

  private reference(): string {
    this.references += 1;
    return `sample-${this.holder.number}-${this.references}`;
  }
}
