import type { Step } from './account-steps';

/** An institution's serials that acts before this place have used. */
type Used = { settlements: number[]; cancellations: number[]; all: number[] };

const at = (among: readonly number[], picked: number): number | undefined => among[picked % Math.max(1, among.length)];

/**
 * Aims picked numbers at what can be meant: mostly a serial of its own for a new act, mostly one of the last settlements as a target, a card
 * that hangs on the account, a freeze that was placed, a card that was lost. Some stay astray: those are the refusals.
 */
export const aimed = (steps: readonly Step[], before: readonly Step[]): Step[] => {
  const used = new Map<number, Used>();
  const cards = new Map<number, number[]>();
  const freezes = new Map<number, number>();
  const lost = new Map<number, number>();
  const gone = new Map<number, number>();
  const tried = new Map<number, number>();

  const usedBy = (institution: number): Used => {
    const known = used.get(institution) ?? { settlements: [], cancellations: [], all: [] };
    used.set(institution, known);
    return known;
  };
  /** One in ten serials was used before. */
  const serialFor = (institution: number, picked: number, nth: number): number => {
    const { all } = usedBy(institution);
    const serial = (picked % 10 === 0 ? at(all, picked) : undefined) ?? 100 + nth;
    all.push(serial);
    return serial;
  };
  /** One in twenty targets was never heard of; half of the others are among the last three. */
  const targetFor = (institution: number, picked: number, among: 'settlements' | 'cancellations'): number => {
    const { all, [among]: meant } = usedBy(institution);
    if (picked % 20 === 0) return 900 + picked;
    if (picked % 20 === 1) return at(all, picked) ?? 900;
    return at(picked % 2 ? meant.slice(-3) : meant, picked >> 1) ?? at(all, picked) ?? 900;
  };
  const cardFor = (account: number, card: number): number => {
    const known = cards.get(account) ?? [];
    return known.includes(card) ? card : (at(known, card) ?? card);
  };
  const noteCard = (step: Step) => {
    if (step.kind === 'register') cards.set(step.account, [...(cards.get(step.account) ?? []), step.card]);
  };
  for (const step of before) noteCard(step);

  // eslint-disable-next-line complexity -- one flat case a kind of step
  const aim = (step: Step, nth: number): Step => {
    switch (step.kind) {
      case 'swipe': {
        const { institution, account, card } = step;
        const replaces = step.replaces === null ? null : targetFor(institution, step.replaces, 'settlements');
        const serial = serialFor(institution, step.serial, nth);
        usedBy(institution).settlements.push(serial);
        return { ...step, serial, replaces, card: card === null ? null : cardFor(account, card) };
      }
      case 'cancel':
      case 'reverse': {
        const among = step.kind === 'reverse' && step.target % 3 > 0 ? 'cancellations' : 'settlements';
        const target = targetFor(step.institution, step.target, among);
        const serial = serialFor(step.institution, step.serial, nth);
        if (step.kind === 'cancel') usedBy(step.institution).cancellations.push(serial);
        return { ...step, target, serial };
      }
      case 'transfer':
        return { ...step, from: step.from === null ? null : cardFor(step.account, step.from), to: cardFor(step.account, step.to) };
      case 'freeze':
        freezes.set(step.account, (freezes.get(step.account) ?? 0) + 1);
        return { ...step, card: cardFor(step.account, step.card) };
      case 'thaw':
        return { ...step, nth: step.nth % Math.max(1, freezes.get(step.account) ?? 0) };
      case 'lift':
        return { ...step, card: lost.get(step.account) ?? step.card };
      case 'lose':
        lost.set(step.account, cardFor(step.account, step.card));
        return { ...step, card: cardFor(step.account, step.card) };
      case 'loseForGood':
        gone.set(step.account, cardFor(step.account, step.card));
        return { ...step, card: cardFor(step.account, step.card) };
      case 'find':
        return { ...step, card: gone.get(step.account) ?? step.card };
      case 'pinWrong': {
        const again = tried.get(step.account) ?? cardFor(step.account, step.card); // Wrong ones come in a row, mostly.
        tried.set(step.account, cardFor(step.account, step.card));
        return { ...step, card: again };
      }
      case 'unlockPin':
        return { ...step, card: tried.get(step.account) ?? step.card };
      case 'register':
        noteCard(step);
        return step;
      default:
        return 'card' in step ? { ...step, card: cardFor(step.account, step.card) } : step;
    }
  };
  return steps.map(aim);
};
