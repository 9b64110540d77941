import { type Door, type Fields, type Holder, PHARMACY, type Region, type Reply } from './region';
import { below, type Random } from './seeded';

type Kind = 'swipe' | 'cancellation' | 'reversal' | 'credit' | 'registration';
/** One act of a caller, and what it was told: nothing, when the engine was gone before it answered. */
export type Act = {
  readonly kind: Kind;
  readonly name: string;
  readonly holder: Holder;
  readonly at: string;
  readonly key: string;
  readonly body: object;
  answer: Reply | undefined;
};
export type Load = Readonly<{ acts: readonly Act[]; stop: () => Promise<void>; answered: (enough: number) => Promise<void> }>;
export type LoadOptions = Readonly<{ random: Random; label: string; callers: number; actsMax?: number }>;

const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

const linesOf = (name: string, amount: string): object => ({
  lines: [{ lineNo: 1, code: 'XA10BAE048A001010100001', name: `药品 ${name}`, quantity: '1', price: amount, amount, traceCodes: [] }],
});

type Next = Readonly<{ random: Random; name: string; region: Region; swipes: readonly Act[] }>;

/** Half of what comes is swipes, a third of them with the lines of their bill; the rest undoes swipes, credits accounts, brings new cards. */
const nextAct = ({ random, name, region, swipes }: Next): Act => {
  const { agencyKey, pharmacyKey, holders } = region;
  const holder = holders[below(random, holders.length)] as Holder;
  const chance = random();
  const settled = swipes[below(random, swipes.length)];
  const act = (kind: Kind, at: string, body: object): Act => {
    const key = kind === 'credit' || kind === 'registration' ? agencyKey : pharmacyKey;
    return {
      kind,
      name,
      holder: settled && kind !== 'swipe' && key === pharmacyKey ? settled.holder : holder,
      at,
      key,
      body,
      answer: undefined,
    };
  };
  if (settled !== undefined && chance < 0.15) {
    const amount = random() < 0.5 ? {} : { amount: '0.01' };
    return act('cancellation', `/v1/settlements/${PHARMACY}/${settled.name}/cancellation`, {
      serial: name,
      reason: 'returnGoods',
      ...amount,
    });
  }
  if (settled !== undefined && chance < 0.25)
    return act('reversal', `/v1/settlements/${PHARMACY}/${settled.name}/reversal`, { serial: name });
  const accountAt = `/v1/accounts/${holder.accountId}`;
  if (chance < 0.4)
    return act('credit', `${accountAt}/credits`, { reference: name, source: 'contribution', amount: yuan(1 + below(random, 5_000)) });
  if (chance < 0.48) {
    const cardNumber = `REG0${name.replaceAll('-', 'x')}`;
    return act('registration', `${accountAt}/cards`, { reference: name, cardNumber, kind: 'socialSecurity3', state: 'registered' });
  }
  const amount = yuan(1 + below(random, 900));
  return act('swipe', '/v1/settlements', { ...swipeBody(holder, name, amount), ...(random() < 0.35 ? linesOf(name, amount) : {}) });
};

export const swipeBody = (holder: Holder, serial: string, amount: string): Fields => ({
  institutionCode: PHARMACY,
  serial,
  occurredAt: new Date().toISOString(),
  credential: { kind: 'socialSecurityCard', number: holder.cardNumber },
  insuranceType: 'employee',
  medicalCategory: 'pharmacyPurchase',
  totalFee: amount,
  fundPaid: '0',
  accountEligible: amount,
  holderCheck: { method: 'password' },
  operatorCode: 'O1',
  terminalCode: 'T1',
});

/** Sends the act, the very same as before when it was sent already. Throws: when the engine is gone. */
export const send = (door: Door, { at, key, body, name }: Act): Promise<Reply> => door.call('POST', at, { key, body, name });

/** Callers that send one act after another until they are stopped or the engine is gone. A swipe is undone by its own caller, once. */
export const startLoad = (
  door: Door,
  region: Region,
  { random, label, callers, actsMax = Number.POSITIVE_INFINITY }: LoadOptions,
): Load => {
  const acts: Act[] = [];
  let stopped = false;
  let answered = 0;
  const waiting: { enough: number; tell: () => void }[] = [];
  const tellWhoWaits = () => {
    for (const { enough, tell } of waiting) if (answered >= enough || stopped) tell();
  };
  const caller = async (n: number): Promise<void> => {
    const swipes: Act[] = [];
    while (!stopped && acts.length < actsMax) {
      const act = nextAct({ random, name: `${label}-${n}-${acts.length}`, region, swipes });
      acts.push(act);
      act.answer = await send(door, act).catch(() => undefined);
      if (act.answer === undefined) return;
      answered += 1;
      if (act.kind === 'swipe' && act.answer.status === 201) swipes.push(act);
      if (act.kind === 'cancellation' || act.kind === 'reversal')
        swipes.splice(
          swipes.findIndex(({ name }) => act.at.includes(`/${name}/`)),
          1,
        );
      tellWhoWaits();
    }
  };
  const done = Promise.all(Array.from({ length: callers }, (_, n) => caller(n))).then(() => {
    stopped = true;
    tellWhoWaits();
  });
  return {
    acts,
    stop: async () => {
      stopped = true;
      await done;
    },
    answered: (enough) =>
      new Promise((tell) => {
        waiting.push({ enough, tell });
        tellWhoWaits();
      }),
  };
};
