/**
 * A second account of the same money, written without the engine's rules: plain sums by card, no buckets, no events. What it predicts for a
 * random history is held against what the decider does.
 */
export type Step =
  | { kind: 'credit'; fen: number }
  | { kind: 'correct'; fen: number }
  | { kind: 'enable' | 'stop' | 'lose' | 'lift'; card: number }
  | {
      kind: 'swipe';
      card: number | null;
      serial: number;
      fund: number;
      account: number;
      rest: number;
      mode: 'upToBalance' | 'full' | 'none';
    }
  | { kind: 'cancel'; serial: number; own: number; fen: number | null }
  | { kind: 'reverse'; of: 'S' | 'C'; serial: number; own: number }
  | { kind: 'freeze'; fen: number }
  | { kind: 'thaw'; nth: number }
  | { kind: 'suspend' | 'resume' }
  | { kind: 'wait'; days: number };

export type Told = { accepted: boolean; accountFen: number; cashFen: number; fundFen: number };
type Settlement = { card: string; fund: number; account: number; cash: number; back: { fund: number; account: number; cash: number } };
type Card = { state: 'registered' | 'inUse' | 'lost' | 'stopped' | 'cancelled'; sealed: boolean; lostAt: number; successor: string | null };

const DAY = 86_400_000;
const NO: Told = { accepted: false, accountFen: 0, cashFen: 0, fundFen: 0 };
const yes = (accountFen = 0, cashFen = 0, fundFen = 0): Told => ({ accepted: true, accountFen, cashFen, fundFen });

export const accountModel = (cardIds: readonly string[]) => {
  const cards = new Map<string, Card>(cardIds.map((id) => [id, { state: 'registered', sealed: false, lostAt: 0, successor: null }]));
  const money = new Map<string, number>([...cardIds, 'cardless'].map((id) => [id, 0]));
  const serials = new Map<
    string,
    Settlement | { of: Settlement; fund: number; account: number; cash: number; reversed: boolean } | 'reversal'
  >();
  const freezes: { fen: number; ended: boolean }[] = [];
  let owed = 0;
  let inForce = true;

  const has = (id: string) => money.get(id) ?? 0;
  const add = (id: string, fen: number) => money.set(id, has(id) + fen);
  const total = () => [...money.values()].reduce((sum, fen) => sum + fen, 0);
  const holding = () => [...cards].find(([, { state, sealed }]) => !sealed && (state === 'inUse' || state === 'lost'))?.[0] ?? 'cardless';
  const whereNow = (id: string): string => {
    const successor = cards.get(id)?.successor;
    return successor ? whereNow(successor) : id === 'cardless' ? holding() : id;
  };
  const leftOf = ({ fund, account, cash, back }: Settlement) => ({
    fund: fund - back.fund,
    account: account - back.account,
    cash: cash - back.cash,
  });
  const take = (fen: number, ...from: string[]) => {
    let rest = fen;
    for (const id of from) {
      const taken = Math.min(rest, has(id));
      add(id, -taken);
      rest -= taken;
    }
    owed += rest;
  };
  const giveBack = (settled: Settlement, fund: number, account: number, cash: number): Told => {
    settled.back = { fund: settled.back.fund + fund, account: settled.back.account + account, cash: settled.back.cash + cash };
    if (account > 0) add(whereNow(settled.card), account);
    return yes(account, cash, fund);
  };
  const isSettlement = (entry: unknown): entry is Settlement => typeof entry === 'object' && entry !== null && 'back' in entry;

  // eslint-disable-next-line complexity -- told flat, in the order a clerk would
  const swipe = (step: Extract<Step, { kind: 'swipe' }>): Told => {
    const key = `S${step.serial}`;
    if (serials.has(key) || !inForce || step.fund + step.account + step.rest === 0) return NO;
    const using = [...cards].find(([, { state, sealed }]) => state === 'inUse' && !sealed)?.[0] ?? 'cardless';
    const id = step.card === null ? using : (cardIds[step.card] ?? '');
    if (step.card !== null && cards.get(id)?.state !== 'inUse') return NO;
    const kept = freezes.reduce((sum, { fen, ended }) => (ended ? sum : sum + fen), 0);
    const available = Math.max(0, Math.min(has(id), total() - kept));
    if (step.mode === 'full' && step.account > available) return NO;
    const paid = step.mode === 'none' ? 0 : Math.min(step.account, available);
    add(id, -paid);
    const cash = step.account + step.rest - paid;
    serials.set(key, { card: id, fund: step.fund, account: paid, cash, back: { fund: 0, account: 0, cash: 0 } });
    return yes(paid, cash, step.fund);
  };
  const cancel = ({ serial, own, fen }: Extract<Step, { kind: 'cancel' }>): Told => {
    const settled = serials.get(`S${serial}`);
    if (serials.has(`C${own}`) || !isSettlement(settled)) return NO;
    const left = leftOf(settled);
    const all = left.fund + left.account + left.cash;
    const amount = fen ?? all;
    const fund = amount === all ? left.fund : 0;
    const account = Math.min(amount - fund, left.account);
    const cash = amount - fund - account;
    if (amount <= 0 || amount > all || cash > left.cash) return NO;
    serials.set(`C${own}`, { of: settled, fund, account, cash, reversed: false });
    return giveBack(settled, fund, account, cash);
  };
  const reverse = ({ of, serial, own }: Extract<Step, { kind: 'reverse' }>): Told => {
    const target = serials.get(`${of}${serial}`);
    if (serials.has(`R${own}`) || target === undefined || target === 'reversal') return NO;
    if (isSettlement(target)) {
      const left = leftOf(target);
      if (left.fund + left.account + left.cash === 0) return NO;
      serials.set(`R${own}`, 'reversal');
      return giveBack(target, left.fund, left.account, left.cash);
    }
    if (target.reversed) return NO;
    target.reversed = true;
    serials.set(`R${own}`, 'reversal');
    const { back, card } = target.of;
    target.of.back = { fund: back.fund - target.fund, account: back.account - target.account, cash: back.cash - target.cash };
    if (target.account > 0) take(target.account, whereNow(card));
    return yes(target.account, target.cash, target.fund);
  };
  // eslint-disable-next-line complexity -- told flat, in the order a clerk would
  const onCard = (kind: 'enable' | 'stop' | 'lose' | 'lift', id: string, now: number): Told => {
    const card = cards.get(id);
    if (card === undefined) return NO;
    if (kind === 'enable') {
      if (card.state !== 'registered') return NO;
      card.state = 'inUse';
      for (const [other, old] of cards) {
        if (other === id || old.state === 'registered') continue;
        old.sealed = false;
        if (old.state !== 'cancelled') Object.assign(old, { state: 'cancelled', successor: id });
        add(id, has(other));
        money.set(other, 0);
      }
      add(id, has('cardless'));
      money.set('cardless', 0);
    } else if (kind === 'stop') {
      if (card.state === 'stopped' || card.state === 'cancelled') return NO;
      Object.assign(card, { state: 'stopped', sealed: true });
    } else if (kind === 'lose') {
      if (card.state !== 'inUse') return NO;
      Object.assign(card, { state: 'lost', lostAt: now });
    } else {
      if (card.state !== 'lost') return NO;
      card.state = 'inUse';
    }
    return yes();
  };
  const credit = (fen: number): Told => {
    const offset = Math.min(owed, fen);
    owed -= offset;
    add(holding(), fen - offset);
    return yes();
  };

  return {
    money: () => Object.fromEntries([...money].filter(([, fen]) => fen !== 0)),
    owedFen: () => owed,
    payableFen: () =>
      [...serials.values()].reduce((sum, entry) => (isSettlement(entry) ? sum + entry.account - entry.back.account : sum), 0),
    isInForce: () => inForce,
    // eslint-disable-next-line complexity -- told flat, in the order a clerk would
    predict: (step: Step, now: number): Told => {
      for (const card of cards.values()) if (card.state === 'lost' && card.lostAt + 7 * DAY <= now) card.state = 'inUse';
      switch (step.kind) {
        case 'credit':
          return credit(step.fen);
        case 'correct':
          take(step.fen, ...new Set([holding(), 'cardless']));
          return yes();
        case 'enable':
        case 'stop':
        case 'lose':
        case 'lift':
          return onCard(step.kind, cardIds[step.card] ?? '', now);
        case 'swipe':
          return swipe(step);
        case 'cancel':
          return cancel(step);
        case 'reverse':
          return reverse(step);
        case 'freeze':
          freezes.push({ fen: step.fen, ended: false });
          return yes();
        case 'thaw': {
          const freeze = freezes[step.nth];
          if (freeze === undefined || freeze.ended) return NO;
          freeze.ended = true;
          return yes();
        }
        case 'suspend':
        case 'resume':
          inForce = step.kind === 'resume';
          return NO;
        case 'wait':
          return NO;
      }
    },
  };
};
