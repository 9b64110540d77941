import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identityNumberFor } from '#libs/kernel';
import { type Fields, must, type ScenarioEngine, scenarioEngine, type Told } from './scenario-engine';

/** A business date and time as a clock in China shows it: `2017-04-01 00:00`. */
const instantIn = (shanghai: string): string =>
  new Date(`${shanghai.replace(' ', 'T')}${/:\d\d:\d\d/.test(shanghai) ? '' : ':00'}+08:00`).toISOString();

export type CityPlan = Readonly<{
  poolingArea: string;
  /** Of the pack, beginning at the root of the repository. */
  packs: readonly string[];
  /** `2015-03-01 09:00`, in Shanghai. */
  begins: string;
}>;
export type HolderPlan = Readonly<{ insurance?: 'employee' | 'resident'; area?: string; name?: string; born?: string }>;
export type CardPlan = Readonly<{
  swiped?: string;
  currentYear?: string;
  priorYear?: string;
  inUse?: boolean;
  media?: readonly string[];
  /** Why a temporary card is made. */
  reason?: string;
  /** The card in whose place it is made, and why. */
  replaces?: Card;
  exchange?: string;
}>;
export type Holder = Readonly<{ accountId: string; identityNumber: string; name: string; area: string; insurance: string }>;
export type Card = Readonly<{ cardId: string; number: string; kind: string; holder: Holder }>;
export type Swiped = Told & Readonly<{ institution: Institution; serial: string }>;
export type InstitutionPlan = Readonly<{
  kind?: string;
  equipped?: boolean;
  area?: string;
  services?: readonly string[];
  reads?: readonly string[];
  until?: string;
}>;
export type Institution = Readonly<{ code: string; key: string; kind: string; equipped: boolean }>;
type Money = Readonly<{ currentYear: string; priorYear: string; total: string; sealed: boolean }>;

const ROOT = join(__dirname, '../..');
const ALL_MEDIA = ['stripe', 'memory', 'contactChip', 'contactless', 'qr'];
const SERVICES: Readonly<Record<string, readonly string[]>> = { pharmacy: ['pharmacy'] };
const CATEGORY: Readonly<Record<string, string>> = { pharmacy: 'pharmacyPurchase' };
const LETTER: Readonly<Record<string, string>> = { pharmacy: 'P' };
/** Who works there, and at which counter. A centre stands for itself; an agency acts from its own window. */
const OUTLETS: Readonly<Record<string, readonly string[]>> = {
  agency: [],
  auditor: [],
  bankOutlet: ['B0101'],
  centre: ['C0001'],
  hotline: ['T12333'],
  employer: ['E0001'],
  school: ['S0001'],
  committee: ['V0001'],
  online: ['ONLINE'],
  selfService: ['Z0001'],
};
const NOTHING: Money = { currentYear: '0.00', priorYear: '0.00', total: '0.00', sealed: false };

/** What is told of a card when it is registered; what the plan does not name is left out. */
const formOf = ({ swiped, currentYear, priorYear, inUse = swiped !== undefined, media, reason, replaces, exchange }: CardPlan): Fields => {
  const isOpened = currentYear !== undefined || priorYear !== undefined;
  const told: Fields = {
    state: inUse ? 'inUse' : 'registered',
    lastSwipedOn: swiped === 'never' ? undefined : swiped,
    media,
    opening: isOpened ? { currentYear: currentYear ?? '0.00', priorYear: priorYear ?? '0.00' } : undefined,
    temporaryReason: reason,
    replacesCardId: replaces?.cardId,
    exchange: replaces === undefined ? undefined : (exchange ?? 'formalLoss'),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
};

/** A city of the scenarios: who works there, what they can do, and the clock on the wall. Everything goes over HTTP. */
export class City {
  private keys: Record<string, string> = {};
  private nextNumber = 0;
  private holders = 0;
  private clock: string;

  private constructor(
    private engine: ScenarioEngine,
    readonly plan: CityPlan,
  ) {
    this.clock = instantIn(plan.begins);
  }

  static async opened(plan: CityPlan): Promise<City> {
    const engine = await scenarioEngine({ simulation: instantIn(plan.begins) });
    const city = new City(engine, plan);
    for (const pack of plan.packs) await city.publishes(readFileSync(join(ROOT, pack), 'utf8'), pack);
    for (const right of Object.keys(OUTLETS)) city.keys[right] = await city.keyFor(right, right, { outletCodes: OUTLETS[right] });
    return city;
  }

  get log(): ScenarioEngine {
    return this.engine;
  }
  close(): Promise<void> {
    return this.engine.close();
  }
  async restarts(): Promise<void> {
    this.engine = await this.engine.restart();
  }

  private number(): string {
    this.nextNumber += 1;
    return String(this.nextNumber).padStart(5, '0');
  }
  private async keyFor(organisation: string, right: string, scope: Fields) {
    const body = { organisation, rights: [right], institutionCodes: [], ...scope, note: '-' };
    return String(must(await this.engine.local({ method: 'POST', path: '/admin/v1/keys', body })).key);
  }
  /** What somebody with this right asks or does. */
  async as(right: string, method: 'GET' | 'POST', path: string, body?: Fields): Promise<Told> {
    return this.engine.send({ method, path, body, key: this.keys[right] ?? right });
  }
  async health(): Promise<Fields> {
    return (await this.engine.send({ method: 'GET', path: '/health/ready' })).body;
  }

  /** Two operators put a pack in force, each for himself. */
  async publishes(yaml: string, file = 'pack.yaml'): Promise<void> {
    const proposed = must(await this.engine.local({ method: 'POST', path: '/admin/v1/packs', body: { file, yaml }, operator: 'ann' }));
    const body = { packId: proposed.packId, hash: proposed.hash };
    must(await this.engine.local({ method: 'POST', path: '/admin/v1/packs/approvals', body, operator: 'ben' }));
  }

  // The clock
  async itIs(shanghai: string): Promise<void> {
    this.clock = String(must(await this.moves(shanghai)).clock);
  }
  moves(shanghai: string): Promise<Told> {
    return this.engine.local({ method: 'POST', path: '/admin/v1/clock', body: { to: instantIn(shanghai) } });
  }
  /** The last line of what a campaign answers to `plan`, `run` or `status`. */
  async campaign(id: string, asked: string): Promise<Fields> {
    const method = asked.startsWith('run') ? 'POST' : 'GET';
    const { text } = await this.engine.local({ method, path: `/admin/v1/campaigns/${id}/${asked}`, operator: 'ann' });
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as Fields;
  }
  /** Everything that time has brought about is written down for all accounts. */
  async dueRuns(): Promise<void> {
    must(await this.engine.local({ method: 'POST', path: '/admin/v1/due' }));
  }

  // Institutions
  async institution({ kind = 'pharmacy', equipped = false, ...plan }: InstitutionPlan = {}): Promise<Institution> {
    const area = plan.area ?? this.plan.poolingArea;
    const code = `${LETTER[kind] ?? 'H'}${area}${this.number()}`;
    const path = `/v1/institutions/${code}`;
    const act = async (where: string, body: Fields) => must(await this.as('agency', 'POST', path + where, body));
    await act('', { reference: `${code}-1`, name: code, kind, poolingArea: area, identityCheckEquipped: equipped });
    const services = plan.services ?? SERVICES[kind] ?? ['outpatient', 'emergency', 'inpatient', 'designatedDisease'];
    const agreement = { agreementNo: `A-${code}`, from: '2010-01-01', until: plan.until ?? '2099-12-31', services };
    if (services.length > 0) await act('/acts', { reference: `${code}-2`, act: 'signAgreement', ...agreement });
    await act('/acts', { reference: `${code}-3`, act: 'registerTerminal', terminalCode: 'T1', media: plan.reads ?? ALL_MEDIA });
    const key = await this.keyFor(code, 'institution', { institutionCodes: [code] });
    return { code, key, kind, equipped };
  }
  async institutionActs({ code }: Institution, act: string, more: Fields): Promise<Told> {
    return this.as('agency', 'POST', `/v1/institutions/${code}/acts`, { reference: `${code}-${this.number()}`, act, ...more });
  }

  // Holders and their cards
  async holder({ insurance = 'employee', area = this.plan.poolingArea, name = '张三丰', born }: HolderPlan = {}): Promise<Holder> {
    const nth = this.holders++;
    const identityNumber = identityNumberFor(area, born ?? `19${60 + Math.floor(nth / 800)}-01-01`, String(100 + (nth % 800)));
    const person = { identityKind: '01', identityNumber, name };
    const body = { reference: `open-${this.number()}`, poolingArea: area, insuranceType: insurance, person };
    return { accountId: String(must(await this.as('agency', 'POST', '/v1/accounts', body)).id), identityNumber, name, area, insurance };
  }
  /** A card as it is when it comes into the engine: new ones are not enabled yet, old ones are in use. */
  async card(holder: Holder, kind: string, plan: CardPlan = {}): Promise<Card> {
    const number = `${kind.slice(0, 3).toUpperCase()}${holder.area}${this.number()}`;
    const told = must(await this.registers(holder, kind, number, plan));
    return { cardId: String(told.id), number, kind, holder };
  }
  registers(holder: Holder, kind: string, cardNumber: string, plan: CardPlan = {}): Promise<Told> {
    const body = { reference: `card-${this.number()}`, cardNumber, kind, ...formOf(plan) };
    return this.as('agency', 'POST', `/v1/accounts/${holder.accountId}/cards`, body);
  }
  async credits({ accountId }: Holder, amount: string, bucket = 'currentYear'): Promise<Told> {
    const body = { reference: `credit-${this.number()}`, source: 'contribution', amount, bucket };
    return this.as('agency', 'POST', `/v1/accounts/${accountId}/credits`, body);
  }
  /** Enables (启用) or, in Qingdao's word, activates a card at a counter or by telephone. */
  enables(card: Card, channel = 'bankOutlet', more: Fields = {}): Promise<Told> {
    const right = { bankOutlet: 'bankOutlet', hotline: 'hotline' }[channel] ?? 'centre';
    const body = { reference: `enable-${this.number()}`, channel, financialAreaActivated: channel === 'bankOutlet', ...more };
    return this.as(right, 'POST', `/v1/accounts/${card.holder.accountId}/cards/${card.cardId}/enablement`, body);
  }
  /** Any other act on a card: `loss`, `loss-lifting`, `stop`, `cancellation`, `seal`, `unseal` … */
  actsOn({ cardId, holder }: Card, act: string, right = 'agency', more: Fields = {}): Promise<Told> {
    const body = { reference: `${act}-${this.number()}`, reason: 'at the counter', ...more };
    return this.as(right, 'POST', `/v1/accounts/${holder.accountId}/cards/${cardId}/${act}`, body);
  }

  /** What a counter does with a card in hand or of a holder in person: `formal-loss`, `collection`, `pin-reset`, `financial-area` … */
  counter({ cardId, holder }: Card, act: string, more: Fields = { identityCheck: 'CHECK-1' }): Promise<Told> {
    const body = { reference: `${act}-${this.number()}`, ...more };
    return this.as('bankOutlet', 'POST', `/v1/accounts/${holder.accountId}/cards/${cardId}/${act}`, body);
  }
  /** A security module has found a PIN wrong; each verdict has a number of its own. */
  wrongPin(card: Card): Promise<Told> {
    return this.counter(card, 'pin-verdicts', { verdict: 'wrong', verdictReference: `HSM-${this.number()}` });
  }
  /** An application for a card (申领), at an outlet or through whoever else may. */
  applies({ identityNumber, area, name }: Holder, more: Fields = {}, right = 'bankOutlet'): Promise<Told> {
    const body = {
      reference: `apply-${this.number()}`,
      poolingArea: area,
      person: { identityKind: '01', identityNumber, name },
      kind: 'firstIssue',
      cardKind: 'socialSecurity2',
      outletCode: OUTLETS[right]?.[0],
      photoReference: 'PHOTO-1',
      pickUpPlace: '香港中路网点',
      signedBy: { signer: 'holder', holderCheck: 'CHECK-1' },
      ...more,
    };
    return this.as(right, 'POST', '/v1/card-applications', body);
  }
  /** A step of an application: `production`, `produced`, `ready`, `issue`, `failure`. */
  step({ body }: Told, step: string, more: Fields = {}, right = 'bankOutlet'): Promise<Told> {
    const sent = { reference: `${step}-${this.number()}`, ...more };
    return this.as(right, 'POST', `/v1/card-applications/${String(body.applicationId)}/${step}`, sent);
  }
  /** What this principal sees of what is still to be done; once the list has all that was recorded. */
  async pending(right: string, query = ''): Promise<readonly Fields[]> {
    const { logIndex } = must(await this.engine.local({ method: 'GET', path: '/admin/v1/projections' }));
    for (;;) {
      const { rows, asOfLogIndex } = must(await this.as(right, 'GET', `/v1/card-applications?${query}`));
      if (Number(asOfLogIndex) >= Number(logIndex)) return rows as readonly Fields[];
      await pause(10);
    }
  }
  /** A key of another counter of the same sort. */
  async sitsAt(name: string, right: string, outletCode: string, bankCode?: string): Promise<void> {
    this.keys[name] = await this.keyFor(name, right, { outletCodes: [outletCode], bankCode });
  }

  // Swipes
  async swipes(card: Card, at: Institution, fee: string, more: Fields = {}): Promise<Swiped> {
    const serial = `S${this.number()}`;
    const method = at.equipped ? 'identityVerified' : 'password';
    const body = {
      institutionCode: at.code,
      serial,
      occurredAt: this.clock,
      credential: { kind: 'socialSecurityCard', number: card.number },
      insuranceType: card.holder.insurance,
      medicalCategory: CATEGORY[at.kind] ?? 'outpatient',
      totalFee: fee,
      fundPaid: '0.00',
      accountEligible: fee,
      holderCheck: { method },
      operatorCode: 'O1',
      terminalCode: 'T1',
      ...more,
    };
    const told = await this.engine.send({ method: 'POST', path: '/v1/settlements', body, key: at.key });
    return { ...told, institution: at, serial };
  }
  /** A swipe of a time without a line, entered afterwards (补记账). */
  async entersLate(card: Card, at: Institution, fee: string, swipedAt: string): Promise<Swiped> {
    return this.swipes(card, at, fee, { entry: 'late', lateReason: '断网', occurredAt: instantIn(swipedAt) });
  }
  /** Lines of a batch; their results. */
  batch({ key }: Institution, lines: readonly string[]): Promise<readonly Fields[]> {
    return this.sends(key, '/v1/settlements/batch', lines);
  }
  async sends(right: string, path: string, lines: readonly string[]): Promise<readonly Fields[]> {
    const { text } = await this.engine.send({ method: 'POST', path, key: this.keys[right] ?? right, lines });
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Fields);
  }
  async cancels({ institution, serial }: Swiped, more: Fields = {}): Promise<Told> {
    const body = { serial: `C${this.number()}`, reason: 'returnGoods', ...more };
    return this.engine.send({
      method: 'POST',
      path: `/v1/settlements/${institution.code}/${serial}/cancellation`,
      body,
      key: institution.key,
    });
  }
  /** A reversal (冲正), also of a serial that never arrived. */
  reverses({ institution, serial }: Pick<Swiped, 'institution' | 'serial'>): Promise<Told> {
    const body = { serial: `R${this.number()}` };
    return this.engine.send({ method: 'POST', path: `/v1/settlements/${institution.code}/${serial}/reversal`, body, key: institution.key });
  }
  async receipt({ institution, serial }: Swiped, query = ''): Promise<string> {
    const path = `/v1/settlements/${institution.code}/${serial}/receipt${query}`;
    return (await this.engine.send({ method: 'GET', path, key: institution.key })).text;
  }

  // What is so
  async account({ accountId }: Holder): Promise<Fields> {
    return must(await this.as('agency', 'GET', `/v1/accounts/${accountId}`));
  }
  async state(card: Card): Promise<Fields> {
    const cards = (await this.account(card.holder)).cards as readonly Fields[];
    return cards.find(({ cardId }) => cardId === card.cardId) ?? {};
  }
  async money(card: Card): Promise<Money> {
    return this.moneyOn(card.holder, card.cardId);
  }
  async moneyOn(holder: Holder, cardId: string): Promise<Money> {
    const parts = (await this.account(holder)).subAccounts as readonly (Money & { cardId: string })[];
    const found = parts.find((part) => part.cardId === cardId) ?? NOTHING;
    const { currentYear, priorYear, total, sealed } = found;
    return { currentYear, priorYear, total, sealed };
  }
  async balance(holder: Holder): Promise<string> {
    return String((await this.account(holder)).balance);
  }
}
