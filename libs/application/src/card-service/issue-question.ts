import type { ApplicationCommandData, ObstacleFound } from '#libs/card-service';
import type { Accounts, Answer, Reason } from '../engine';
import type { Tracing } from '../envelope';
import { issueOf } from './card-of-application';

type Asked = Readonly<Pick<ApplicationCommandData['AcceptApplication'], 'accountId' | 'cardKind' | 'kind' | 'reason' | 'replacesCardId'>>;

/** The very question that the hand-over will ask of the account: what is accepted can be issued. Throws: on outage. */
export const askedOfAccount = async (
  { askForCard }: Pick<Accounts, 'askForCard'>,
  asked: Asked,
  tracing: Tracing,
): Promise<Answer<null>> =>
  asked.accountId === ''
    ? { kind: 'done', replayed: false, value: null }
    : askForCard(asked.accountId, { kind: asked.cardKind, issue: issueOf(asked) }, tracing);

/** What the account says that an application has said in its own words. */
const SAID_ALREADY: Readonly<Record<string, readonly string[]>> = {
  'another-card-in-use': ['working-card-exists', 'application-of-another-kind'],
  'another-card-not-enabled': ['issued-card-not-enabled'],
  'card-not-on-account': ['card-to-replace-unknown'],
  'exchange-reason-missing': ['application-without-card-to-replace', 'application-reason-does-not-fit'],
  'temporary-reason-missing': ['application-reason-does-not-fit'],
  'temporary-reason-not-accepted': ['application-reason-does-not-fit'],
  'card-not-exchangeable': ['loss-not-reported', 'application-of-another-kind', 'application-reason-does-not-fit', 'old-card-not-reissued'],
};

/** All that stands against an acceptance: what the application says, then what the account adds. */
export const bothSay = (own: readonly Reason[], account: readonly Reason[]): readonly Reason[] => {
  const said = new Set(own.map(({ code }) => code));
  return [...own, ...account.filter(({ code }) => !SAID_ALREADY[code]?.some((one) => said.has(one)))];
};

/** The other card that ends an application for good: nothing that its holder brings lets this one be handed over. Source: J8. */
export const endingFor = (reasons: readonly Reason[]): readonly ObstacleFound[] => {
  const codes = reasons.flatMap(({ code, exchange, state }) => {
    if (code === 'another-card-not-enabled' || code === 'card-reissued') return ['issued-card-not-enabled' as const];
    const foundAgain = code === 'card-not-exchangeable' && exchange === 'formalLoss' ? state : undefined;
    if (foundAgain === 'registered') return ['issued-card-not-enabled' as const];
    return code === 'another-card-in-use' || foundAgain === 'inUse' ? ['working-card-exists' as const] : [];
  });
  return [...new Set(codes)].map((code) => ({ code, detail: null }));
};
