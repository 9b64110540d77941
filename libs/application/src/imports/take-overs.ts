import { accountStream, cardKey, keysTakenOver, type MedicalAccountCommand, type TakeOverAccount } from '#libs/medical-account';
import { citedFacts, type FactSources } from '../accounts/account-facts';
import type { AccountRunner } from '../accounts/account-streams';
import { accountIdOf } from '../accounts/account-streams';
import type { Credentials } from '../accounts/credentials';
import { postingsFor } from '../accounts/postings';
import { answerOf, refused } from '../answers';
import type { Answer, Imports, Reason, TakeOverOrder, TakeOverPlan } from '../engine';
import type { Tracing } from '../envelope';
import type { Claim, EventReader } from '../event-store.port';
import { commandHash } from '../streams/command-identity';
import type { WantedClaim } from '../streams/request';
import { orUnavailable } from '../unavailable';
import type { Vault } from '../vault.port';
import { differences } from './differences';
import { type ImportIdentity, importIdentity } from './import-identity';

export type TakeOverParts = Readonly<{
  accounts: AccountRunner;
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
  policiesOf: FactSources['policiesOf'];
  hasPolicy: (poolingArea: string) => Promise<boolean>;
}>;

/** An order with all that follows from it; `claims`: of its person and cards, which nobody else may have. */
type Mapped = Readonly<{
  order: TakeOverOrder;
  identity: ImportIdentity;
  data: TakeOverAccount['data'];
  personClaim: string;
  cardClaims: readonly string[];
  claims: readonly WantedClaim[];
}>;

/** All that follows from an order, before anything is looked up. */
const mapping =
  (secret: Uint8Array, credentials: Credentials) =>
  (source: string, order: TakeOverOrder): Mapped => {
    const { poolingArea, district = null, insuranceType, person, currentYearFen, priorYearFen } = order;
    const identity = importIdentity(secret, source, order.sourceId);
    const { key, accountId, personId } = identity;
    const personClaim = credentials.personClaim(poolingArea, person.identityKind, person.identityNumber);
    const cardClaims = order.cards.map(({ cardNumber }) => credentials.cardClaim(cardNumber));
    const hash = commandHash(secret, ['TakeOverAccount', key, personClaim, ...cardClaims, JSON.stringify({ ...order, sourceId: '' })]);
    const cards = order.cards.map(({ cardNumber: _number, ...card }, n) => ({ ...card, cardId: identity.cardId(n), commitments: {} }));
    const own = { key, commandHash: hash, accountId, personId, poolingArea, district, insuranceType, commitments: {} };
    const data = { ...own, cards, currentYearFen, priorYearFen };
    const claims: WantedClaim[] = [{ key: personClaim, commandHash: hash }];
    for (const derived of keysTakenOver(data)) claims.push({ key: derived, commandHash: hash });
    for (const [n, claim] of cardClaims.entries()) claims.push({ key: claim, commandHash: hash, at: cardKey(key, n) });
    return { order, identity, data, personClaim, cardClaims, claims };
  };

type Standing = Readonly<{ own: Claim | undefined; person: Claim | undefined; cards: readonly (Claim | undefined)[] }>;

/** What stands under an account's keys: its own, its person's, and those of its cards. */
const looking =
  (reader: EventReader) =>
  async ({ data, personClaim, cardClaims }: Mapped): Promise<Standing> => {
    const [own, person, ...cards] = await Promise.all([data.key, personClaim, ...cardClaims].map((key) => reader.findClaim(key)));
    return { own, person, cards };
  };

/** Who holds a claim of this account's already. */
const holdersIn = ({ person, cards }: Standing): Reason[] => [
  ...(person ? [{ code: 'person-already-has-account', accountId: accountIdOf(person.stream) }] : []),
  ...cards.flatMap((claim, card) => (claim ? [{ code: 'card-number-already-registered', card }] : [])),
];

/** Reasons name a card by its place in the order: its id means nothing to whoever sent it. */
const inOrder = (answer: Answer<TakeOverPlan>, { data }: Mapped): Answer<TakeOverPlan> => {
  if (answer.kind !== 'refused') return answer;
  const place = ({ cardId, ...reason }: Reason): Reason => {
    const card = data.cards.findIndex((one) => one.cardId === cardId);
    return card < 0 ? reason : { ...reason, card };
  };
  return refused(answer.reasons.map(place));
};

const requestsOf =
  ({ reader, policiesOf }: TakeOverParts) =>
  ({ data, order, claims }: Mapped, tracing: Tracing) => {
    const stream = accountStream(data.accountId);
    const command: MedicalAccountCommand = { type: 'TakeOverAccount', data };
    // Nothing stands under the keys of a new account: the first has just been looked for, and the append finds out about the others.
    const gather = async (_state: unknown, decidedAt: string, head: number) => {
      const { policies, revision } = await policiesOf(order.poolingArea, decidedAt);
      const postings = head < 0 ? [] : await postingsFor(reader, command, { stream, head });
      const facts = { decidedAt, policies, institution: null, postings, naturalKeyHolder: null };
      return {
        facts,
        recordedFacts: citedFacts(facts, { packs: revision }),
        claims: [{ key: data.key, commandHash: data.commandHash }, ...claims],
      };
    };
    return { stream, key: data.key, command, gather, tracing, lane: 'job', passing: true } as const;
  };

/** Takes accounts of a legacy system over: one append each, in the jobs' lane. Idempotency: by source and source id. */
export const takeOvers = (parts: TakeOverParts): Pick<Imports, 'plan' | 'takeOver'> => {
  const { accounts, reader, vault, credentials, hasPolicy } = parts;
  const areas = new Set<string>(); // Those known to have a pack: what is published stays.
  const isGoverned = async (area: string): Promise<boolean> => {
    if (!areas.has(area) && (await hasPolicy(area))) areas.add(area);
    return areas.has(area);
  };

  const mapped = mapping(vault.commandHashSecret(), credentials);

  /** What stands here already under the source id; undefined when nothing does. */
  const earlier = async ({ data, identity, order }: Mapped, claim: Claim | undefined): Promise<Answer<TakeOverPlan> | undefined> => {
    if (!claim) return undefined;
    if (claim.commandHash === data.commandHash) return { kind: 'done', replayed: true, value: planOf(identity) };
    return refused([
      { code: 'taken-over-with-different-content', ...(await differences(reader, claim.stream, { data, order, credentials })) },
    ]);
  };

  const request = requestsOf(parts);
  const look = looking(reader);

  /** Somebody was faster with the person, a card, or the source id itself. */
  const taken = async (known: Mapped): Promise<Answer<TakeOverPlan>> => {
    const standing = await look(known);
    const holders = holdersIn(standing);
    return (await earlier(known, standing.own)) ?? refused(holders.length > 0 ? holders : [{ code: 'serial-already-used' }]);
  };

  const plan: Imports['plan'] = async (source, order, tracing) => {
    if (!(await isGoverned(order.poolingArea))) return refused([{ code: 'pooling-area-without-policy', poolingArea: order.poolingArea }]);
    const known = mapped(source, order);
    const standing = await look(known);
    const before = standing.own && (await earlier(known, standing.own));
    if (before) return before;
    const outcome = await accounts.quote(request(known, tracing));
    const reasons = [...holdersIn(standing), ...(outcome.kind === 'refused' ? outcome.refusals : [])];
    if (reasons.length > 0) return inOrder(refused(reasons), known);
    return answerOf(
      outcome,
      async () => planOf(known.identity),
      async () => planOf(known.identity),
    );
  };

  const takeOver: Imports['takeOver'] = async (source, order, tracing) => {
    if (!(await isGoverned(order.poolingArea))) return refused([{ code: 'pooling-area-without-policy', poolingArea: order.poolingArea }]);
    const known = mapped(source, order);
    const before = await earlier(known, await reader.findClaim(known.data.key));
    if (before) return before;
    const { personId } = known.data;
    const numbers = known.data.cards.map(({ cardId }, n) => ({ cardId, cardNumber: order.cards[n]?.cardNumber ?? '' }));
    const put = await vault.putHolder(personId, order.person, numbers);
    const cards = known.data.cards.map((card, n) => ({ ...card, commitments: put.cards[n] ?? {} }));
    const complete = { ...known, data: { ...known.data, cards, commitments: put.person } };
    const outcome = await accounts.run(request(complete, tracing));
    if (outcome.kind === 'claimTaken') return taken(known);
    const answer = await answerOf(
      outcome,
      async () => planOf(known.identity),
      async () => planOf(known.identity),
    );
    return inOrder(answer, known);
  };

  return { plan: (...asked) => orUnavailable(plan(...asked)), takeOver: (...asked) => orUnavailable(takeOver(...asked)) };
};

const planOf = ({ accountId, place }: ImportIdentity): TakeOverPlan => ({ accountId, place });
