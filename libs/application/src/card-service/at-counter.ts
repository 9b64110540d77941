import { businessKey } from '#libs/medical-account';
import type { ActAnswer, CardService } from '../engine';
import { orUnavailable } from '../unavailable';
import { AT_ONCE, type Counter, type Left } from './counter';

/** Acts on an account with their papers. Idempotency: by the organisation's reference, as the act itself. */
export const atCounterOf =
  (counter: Counter): CardService['atCounter'] =>
  async ({ reference, business, isFinancial, ...order }, act, tracing) => {
    const key = businessKey(tracing.actor.organisation, reference);
    let left: Left<ActAnswer> | undefined;
    const run = async () => {
      const errand = isFinancial ? ('financial' as const) : ('nonFinancial' as const);
      const asked = { ...order, key, name: business, errand, applicationId: null, poolingArea: null, term: () => AT_ONCE };
      left = await counter.run(asked, { run: act, about: (value) => aboutOf(value, key) }, tracing);
      return left.answer;
    };
    const answer = await orUnavailable(run());
    const { noticeId = null, voucherNo = null } = left ?? {};
    return { answer: answer.kind === 'done' ? { ...answer, value: { ...answer.value, voucherNo } } : answer, noticeId };
  };

/** The act's own event: what time had brought about stands before it, what follows from it behind. */
const aboutOf = ({ stream, events }: ActAnswer, key: string) => {
  const own = events.find(({ data }) => (data as { key?: unknown }).key === key) ?? events[0];
  if (own === undefined) throw new Error('an act that left no event');
  return { stream, revision: own.revision, type: own.type };
};
