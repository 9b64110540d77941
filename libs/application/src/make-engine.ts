import { ACCESS_REFUSALS } from '#libs/access';
import { INSTITUTION_REFUSALS, institutionStream } from '#libs/institution';
import type { AccountFacts, AccountRefusal } from '#libs/medical-account';
import {
  type AccountState,
  decodeAccountEvent,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  REFUSALS,
} from '#libs/medical-account';
import { POLICY_PACK_REFUSALS } from '#libs/policy';
import { accessKeyStreams, accessKeysOf } from './access-keys';
import { accountFacts } from './account-facts';
import { accountsOf } from './accounts';
import { attemptsOf } from './attempts';
import { credentialsOf } from './credentials';
import { directoryOf } from './directory';
import type { Catalogue, Engine } from './engine';
import type { ContentStore, EventStore } from './event-store.port';
import { institutionAt, institutionStreams, institutionsOf } from './institutions';
import type { StreamParts } from './keyed-streams';
import { packStreams, policyPacksOf, publishedPolicies } from './policy-packs';
import { readinessOf } from './readiness';
import { printCounter } from './receipt-prints';
import { APPLICATION_REFUSALS } from './refusals';
import { commandRunner, type Time } from './run-command';
import { settlementsOf } from './settlements';
import type { Vault } from './vault.port';
import { keyVoider } from './void-key';

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
}>;

/** Every refusal that can leave the engine, in order of precedence within its room. */
export const CATALOGUE: Catalogue = {
  ...APPLICATION_REFUSALS,
  ...INSTITUTION_REFUSALS,
  ...POLICY_PACK_REFUSALS,
  ...ACCESS_REFUSALS,
  ...REFUSALS,
};

const STATE_BYTES = 4 * 1024;
const POSTING_BYTES = 2 * 1024;

/** Puts the rooms together: the one object that every door, job and test talks to. Throws: when the log cannot be read. */
export const makeEngine = async (parts: EngineParts): Promise<Engine> => {
  const { store, contents, vault, time, deadlineMs } = parts;
  const readiness = await readinessOf(store, time);
  const streams: StreamParts = { store, time, deadlineMs, sawDecidedAt: readiness.saw };
  const secret = vault.commandHashSecret();
  const accountRunner = commandRunner<MedicalAccountCommand, MedicalAccountEvent, AccountState, AccountRefusal, AccountFacts>({
    ...streams,
    cacheBytes: parts.cacheBytes,
    aggregate: {
      decider: medicalAccount,
      decode: decodeAccountEvent,
      sizeOf: ({ postings, cards }) => STATE_BYTES + postings.size * POSTING_BYTES + cards.size * 512,
    },
  });
  const institutionsRun = institutionStreams(streams);
  const packsRun = packStreams(streams);
  const areaDirectory = directoryOf(streams, 'poolingAreas');
  const policies = publishedPolicies(packsRun, areaDirectory);
  const credentials = credentialsOf(store, vault);
  const factsFor = accountFacts({ reader: store, policiesOf: policies.inForceBy, institutionAt: institutionAt(institutionsRun) });

  const poolingAreasFor = async (institutionCode: string): Promise<readonly string[]> => {
    const { state } = await institutionsRun.runner.load(institutionStream(institutionCode));
    const own = state.registration?.poolingArea;
    const others = (await policies.areas()).filter((area) => area !== own);
    return own === undefined ? others : [own, ...others];
  };
  const poolingAreaOf = ({ holder }: AccountState) => holder?.poolingArea ?? null;
  const shared = { accounts: accountRunner, reader: store, vault, credentials, factsFor };

  return {
    settlements: settlementsOf({
      ...shared,
      contents,
      attempts: attemptsOf(streams, parts.repeatedAttemptsMax),
      voider: keyVoider(streams, institutionAt(institutionsRun)),
      prints: printCounter(streams),
      poolingAreasFor,
      poolingAreaOf,
    }),
    accounts: accountsOf({
      ...shared,
      queries: {
        ...shared,
        nowMs: time.nowMs,
        poolingAreasFor,
        policiesOf: policies.inForceBy,
        personIdOf: ({ holder }) => holder?.personId ?? null,
      },
      hasPolicy: async (area) => (await policies.areas()).includes(area),
      poolingAreaOf: async (stream) => poolingAreaOf((await accountRunner.load(stream)).state),
    }),
    institutions: institutionsOf(institutionsRun, secret),
    keys: accessKeysOf(accessKeyStreams(streams), directoryOf(streams, 'accessKeys'), parts.randomBytes),
    packs: policyPacksOf(packsRun, areaDirectory),
    log: {
      read: (from) => store.readLog(from),
      follow: (from, signal) => store.subscribe(from, signal),
      last: () => store.lastLogIndex(),
    },
    catalogue: CATALOGUE,
    readiness: readiness.now,
    drain: async () => readiness.drain(),
  };
};
