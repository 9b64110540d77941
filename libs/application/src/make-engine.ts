import { ACCESS_REFUSALS } from '#libs/access';
import { CARD_SERVICE_REFUSALS } from '#libs/card-service';
import { INSTITUTION_REFUSALS, institutionStream } from '#libs/institution';
import { REFUSALS, RELATION_IN_REFUSALS } from '#libs/medical-account';
import { POLICY_PACK_REFUSALS } from '#libs/policy';
import { AccountActs } from './accounts/account-acts';
import { accountFacts } from './accounts/account-facts';
import { accountRunner } from './accounts/account-streams';
import { accountsOf } from './accounts/accounts';
import { credentialsOf } from './accounts/credentials';
import { creditLines } from './accounts/credit-lines';
import { campaignsOf } from './campaigns/campaigns';
import { cardServiceOf } from './card-service/card-service';
import type { Catalogue, Engine } from './engine';
import type { ContentStore, EventStore } from './event-store.port';
import { importsOf } from './imports/imports';
import { handOvers } from './persons/hand-overs';
import { personsOf } from './persons/persons';
import { currentAccount } from './persons/successors';
import { type FreeBytes, readinessOf } from './readiness';
import { APPLICATION_REFUSALS } from './refusals';
import { accessKeyStreams, accessKeysOf } from './registers/access-keys';
import { directoryOf } from './registers/directory';
import { institutionAt, institutionStreams, institutionsOf } from './registers/institutions';
import { packStreams, policyPacksOf, publishedPolicies } from './registers/policy-packs';
import { opensWithTransfers, relationTransfersOf } from './relation-transfers/relation-transfers';
import { Attempts } from './settlements/attempts';
import { printCounter } from './settlements/receipt-prints';
import { settlementsOf } from './settlements/settlements';
import { keyVoider } from './settlements/void-key';
import type { StreamParts } from './streams/command-runner';
import { openLogFeed } from './streams/log-feed';
import type { Time } from './streams/request';
import { Turns } from './streams/turns';
import type { Vault } from './vault.port';

export type EngineParts = Readonly<{
  store: EventStore;
  contents: ContentStore;
  vault: Vault;
  time: Time;
  /** How long a command may try before it answers that it could not. Units: milliseconds. */
  deadlineMs: number;
  /** What the hot account states may take. Units: bytes. */
  cacheBytes: number;
  /** Identical refused attempts an institution may make in a minute before it is told to wait. */
  repeatedAttemptsMax: number;
  randomBytes: (size: number) => Uint8Array;
  /** Where the log lies: an engine whose store was full is ready again when there is room. */
  freeBytes?: FreeBytes;
  /** Told of every account state that a command asks for: whether the cache had it. */
  sawAccountState?: ((from: 'cache' | 'log') => void) | undefined;
}>;

/** Every refusal that can leave the engine, in order of precedence within its room. */
export const CATALOGUE: Catalogue = {
  ...APPLICATION_REFUSALS,
  ...INSTITUTION_REFUSALS,
  ...POLICY_PACK_REFUSALS,
  ...ACCESS_REFUSALS,
  ...CARD_SERVICE_REFUSALS,
  ...REFUSALS,
  ...RELATION_IN_REFUSALS,
};

/** What every decision looks up and few commands change. */
const registersOf = (streams: StreamParts) => {
  const institutions = institutionStreams(streams);
  const packs = packStreams(streams);
  const poolingAreas = directoryOf(streams, 'poolingAreas');
  const policies = publishedPolicies(packs, poolingAreas);
  const poolingAreasFor = async (institutionCode: string): Promise<readonly string[]> => {
    const { state } = await institutions.runner.glance(institutionStream(institutionCode));
    const own = state.registration?.poolingArea;
    const others = (await policies.areas()).filter((area) => area !== own);
    return own === undefined ? others : [own, ...others];
  };
  const hasPolicy = async (area: string): Promise<boolean> => (await policies.areas()).includes(area);
  return { institutions, packs, poolingAreas, policies, poolingAreasFor, hasPolicy };
};

/** Puts the rooms together: the one object that every door, job and test talks to. Throws: when the log cannot be read. */
export const makeEngine = async (parts: EngineParts): Promise<Engine> => {
  const { vault, time, deadlineMs } = parts;
  const feed = parts.store.isShared ? await openLogFeed(parts.store, time) : undefined;
  const readiness = await readinessOf(parts.store, time, { freeBytes: parts.freeBytes, feed });
  const store = readiness.ofStore(parts.store);
  const contents = readiness.ofContents(parts.contents);
  const streams: StreamParts = { store, time, deadlineMs, sawDecidedAt: readiness.saw, turns: new Turns(), feed };
  const accounts = accountRunner({ ...streams, sawState: parts.sawAccountState }, parts.cacheBytes);
  const { institutions, packs, poolingAreas, policies, poolingAreasFor, hasPolicy } = registersOf(streams);
  const factsFor = accountFacts({ reader: store, policiesOf: policies.inForceBy, institutionAt: institutionAt(institutions) });
  // Turns of its own: a swipe that was let in before the engine closed is still to be kept when it is refused.
  const attempts = new Attempts({ ...streams, turns: new Turns() }, parts.repeatedAttemptsMax);

  const settle = handOvers({ accounts, factsFor, vault });
  const current = currentAccount((stream) => accounts.load(stream), settle);
  const currentAtAGlance = currentAccount((stream) => accounts.glance(stream), settle);
  const hasReleased = async (stream: string, claim: string) =>
    (await accounts.load(stream)).state.succession.releasedClaims.includes(claim);
  const credentials = credentialsOf(store, vault, { current: currentAtAGlance, hasReleased });
  const own = { policiesOf: policies.inForceBy, secret: vault.commandHashSecret() };
  const shared = { accounts, reader: store, contents, vault, credentials, factsFor, poolingAreasFor, current, settle, ...own };
  const acts = new AccountActs(shared);
  const accountDoor = accountsOf({ ...shared, acts, nowMs: time.nowMs, hasPolicy });
  const relationTransfers = relationTransfersOf({
    ...shared,
    acts,
    streams,
    view: (accountId, asOf) => accountDoor.view(accountId, asOf),
  });

  return {
    settlements: settlementsOf({
      ...shared,
      attempts,
      voider: keyVoider(streams, institutionAt(institutions)),
      prints: printCounter(streams),
    }),
    accounts: { ...accountDoor, open: opensWithTransfers(accountDoor, relationTransfers) },
    cardService: cardServiceOf({
      streams,
      reader: store,
      vault,
      credentials: shared.credentials,
      accounts,
      accountDoor,
      packs,
      catalogue: CATALOGUE,
      policiesOf: policies.inForceBy,
    }),
    persons: personsOf({ ...shared, acts, nowMs: time.nowMs }),
    relationTransfers,
    credits: creditLines(shared),
    institutions: institutionsOf(institutions, vault.commandHashSecret()),
    keys: accessKeysOf(accessKeyStreams(streams), directoryOf(streams, 'accessKeys'), parts.randomBytes),
    packs: policyPacksOf(packs, poolingAreas),
    campaigns: campaignsOf({ ...shared, packs, poolingAreas, nowMs: time.nowMs }),
    imports: importsOf({ ...shared, hasPolicy }),
    log: {
      read: (from) => store.readLog(from),
      follow: (from, signal) => store.subscribe(from, signal),
      last: () => store.lastLogIndex(),
    },
    catalogue: CATALOGUE,
    readiness: readiness.now,
    drain: async () => {
      readiness.drain();
      streams.turns.close();
      await streams.turns.idle();
      await attempts.drain();
      await feed?.close();
    },
  };
};
