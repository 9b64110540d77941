import type { AccountPolicy } from '#libs/medical-account';
import {
  decodePolicyPackEvent,
  type PolicyPackCommand,
  type PolicyPackEvent,
  type PolicyPackRefusal,
  type PolicyPackState,
  packVersions,
  parsePack,
  publishedPolicies as policiesOfState,
  policyPack,
  policyPackStream,
  proposalOf,
} from '#libs/policy';
import { refused } from '../answers';
import type { PolicyPacks } from '../engine';
import type { StreamParts } from '../streams/command-runner';
import type { Directory } from './directory';
import { type KeyedStreams, keyedStreams } from './keyed-streams';

export type PackStreams = KeyedStreams<PolicyPackCommand, PolicyPackEvent, PolicyPackState, PolicyPackRefusal>;
export const packStreams = (parts: StreamParts): PackStreams => keyedStreams(parts, policyPack, decodePolicyPackEvent);

/** Packs by the revision of their stream that was looked at; -1: there is none. */
type Published = Readonly<{ policies: readonly AccountPolicy[]; revision: number }>;
/** The same list for whoever sees the same packs: what a rule works out of a list it keeps by the list. */
type Known = Published & Readonly<{ begun: Map<number, Published> }>;
export type Policies = Readonly<{
  /** The area's published packs that began by the instant, oldest first. */
  inForceBy: (poolingArea: string, decidedAt: string) => Promise<Published>;
  areas: () => Promise<readonly string[]>;
}>;

export const publishedPolicies = ({ runner }: PackStreams, directory: Directory): Policies => {
  // A pack's form is worked out once per revision of its stream, not for every swipe.
  const known = new Map<string, Known>();
  const published = async (area: string): Promise<Known> => {
    const { state, head } = await runner.glance(policyPackStream(area));
    const cached = known.get(area);
    if (cached?.revision === head) return cached;
    const fresh = { policies: policiesOfState(state), revision: head, begun: new Map<number, Published>() };
    known.set(area, fresh);
    return fresh;
  };
  const areas = async () => {
    const listed = await directory.list();
    const withPacks = await Promise.all(listed.map(async (area) => ((await published(area)).policies.length > 0 ? [area] : [])));
    return withPacks.flat();
  };
  return {
    inForceBy: async (area, decidedAt) => {
      if (area === '') return { policies: [], revision: -1 };
      const { policies, revision, begun } = await published(area);
      const count = policies.findLastIndex(({ effectiveFrom }) => effectiveFrom <= decidedAt) + 1;
      const before = begun.get(count);
      if (before) return before;
      const inForce = { policies: policies.slice(0, count), revision };
      begun.set(count, inForce);
      return inForce;
    },
    areas,
  };
};

export const policyPacksOf = ({ act, runner }: PackStreams, directory: Directory): PolicyPacks => ({
  propose: async (yaml, file, tracing) => {
    const parsed = parsePack(yaml, file);
    if (parsed.kind === 'faults')
      return refused(
        parsed.faults.map(({ file: inFile, line, field, messageZh, messageEn }) => ({
          code: 'pack-fault',
          file: inFile,
          line,
          field,
          detailZh: messageZh,
          detailEn: messageEn,
        })),
      );
    const { pack, hash } = parsed;
    const command = proposalOf(pack, hash, tracing.actor.principal);
    const { packId, poolingArea } = command.data;
    const unlisted = await directory.add(poolingArea, tracing);
    if (unlisted) return unlisted;
    const answer = await act({ stream: policyPackStream(poolingArea), key: `policyPack-propose-${packId}`, command, claims: [], tracing });
    return answer.kind === 'done' ? { ...answer, value: { packId, hash } } : answer;
  },
  approve: async (packId, hash, tracing) => {
    for (const area of await directory.list()) {
      const version = packVersions((await runner.load(policyPackStream(area))).state).find((one) => one.packId === packId);
      if (!version) continue;
      const command: PolicyPackCommand = { type: 'ApprovePack', data: { packId, hash, approvedBy: tracing.actor.principal } };
      const answer = await act({ stream: policyPackStream(area), key: `policyPack-approve-${packId}`, command, claims: [], tracing });
      return answer.kind === 'done' ? { ...answer, value: { packId, hash, effectiveFrom: version.effectiveFrom } } : answer;
    }
    return refused([{ code: 'pack-not-proposed', packId }]);
  },
  list: async () => {
    const perArea = await Promise.all(
      (await directory.list()).map(async (area) => packVersions((await runner.load(policyPackStream(area))).state)),
    );
    return perArea.flat();
  },
});
