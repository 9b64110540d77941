import { accountStream } from '#libs/medical-account';
import { accountIdOf } from '../accounts/account-streams';
import { answerOf, refused } from '../answers';
import type { ActAnswer, Answer, Campaigns } from '../engine';
import { orUnavailable } from '../unavailable';
import { type EnablementParts, enablementLines } from './enablement-lines';
import { type FindParts, findCampaigns } from './find';
import { type ForeseeParts, foreseeStops } from './foresee';

const SETTLE_DUE = { type: 'SettleDue', data: {} } as const;

export type CampaignParts = FindParts & ForeseeParts & EnablementParts;

/** Phased stops of a city's old cards, from the announcement to the last card. */
export const campaignsOf = (parts: CampaignParts): Campaigns => {
  const { accounts, factsFor } = parts;
  const settle: Campaigns['settle'] = async (how, { accountId, poolingArea }, tracing) => {
    const stream = accountStream(accountId);
    const value: ActAnswer = { accountId, id: null, events: [], decidedAt: '', stream };
    const gather = factsFor(SETTLE_DUE, { stream, poolingArea });
    const outcome = await accounts.visit<Answer<never>>(stream, how, ({ head }) => {
      if (head < 0) return { instead: refused([{ code: 'account-not-found' }]) };
      return { stream, key: `due-${accountId}-${head + 1}`, command: SETTLE_DUE, gather, tracing, lane: 'job', onlyDue: true };
    });
    if ('instead' in outcome) return outcome.instead;
    if (outcome.kind === 'nothingDue') return { kind: 'done', replayed: false, value };
    return answerOf(
      outcome,
      async (events) => ({
        ...value,
        accountId: accountIdOf(events[0].stream),
        events: events.map(({ type, id: eventId, revision, data }) => ({ type, eventId, revision, data })),
        decidedAt: events[0].decidedAt,
      }),
      async () => value,
    );
  };
  const enable = enablementLines(parts);
  return {
    ...findCampaigns(parts),
    foresee: foreseeStops(parts),
    enable: (...asked) => orUnavailable(enable(...asked)),
    settle: (...asked) => orUnavailable(settle(...asked)),
  };
};
