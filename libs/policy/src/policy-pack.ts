import { type BusinessDate, type Decider, type Decision, type Instant, type Recorded, startOf } from '#libs/kernel';
import type { AccountPolicy } from '#libs/medical-account';
import { accountPolicyOf } from './account-policy';
import type { Pack } from './pack';
import {
  type ApprovePack,
  type PackProposed,
  type PackPublished,
  type PolicyPackCommand,
  type PolicyPackEvent,
  type PolicyPackFacts,
  type ProposePack,
  packOfDocument,
} from './pack-events';
import { type PolicyPackRefusal, refusedBy } from './pack-refusals';
import { packHash } from './parse-pack';

export type PackVersion = Readonly<{
  packId: string;
  hash: string;
  poolingArea: string;
  effectiveFrom: BusinessDate;
  state: 'proposed' | 'published';
  pack: Pack;
  proposal: Recorded<PackProposed>;
  publication: Recorded<PackPublished> | null;
}>;
export type PolicyPackState = Readonly<{
  packs: Map<string, PackVersion>; // By pack id, in the order in which they were proposed.
  published: PackVersion[]; // Oldest first: a version begins after the one before it.
}>;
type Outcome = Decision<PolicyPackEvent, PolicyPackRefusal>;

const initialState = (): PolicyPackState => ({ packs: new Map(), published: [] });

/** @throws Error when the stream is impossible (content and hash differ, published but never proposed): damage, not a refusal. */
const evolve = (state: PolicyPackState, event: Recorded<PolicyPackEvent>): PolicyPackState => {
  const { packId, hash } = event.data;
  if (event.type === 'PackProposed.v1') {
    const { poolingArea, effectiveFrom, document } = event.data;
    const pack = packOfDocument(document);
    const says = [packHash(pack), pack.packId, pack.poolingArea, pack.effectiveFrom].join();
    if (says !== [hash, packId, poolingArea, effectiveFrom].join())
      throw new Error(`${packId}: the recorded document is not the one proposed`);
    state.packs.set(packId, { packId, hash, poolingArea, effectiveFrom, state: 'proposed', pack, proposal: event, publication: null });
    return state;
  }
  const proposed = state.packs.get(packId);
  if (proposed?.hash !== hash) throw new Error(`${packId}: published but never proposed`);
  const published: PackVersion = { ...proposed, state: 'published', publication: event };
  state.packs.set(packId, published);
  state.published.push(published);
  return state;
};

/** The first version of an area may begin in the past, so that its history can be judged; no later one ever does. */
const retroactive = (effectiveFrom: BusinessDate, { published }: PolicyPackState, decidedAt: Instant): PolicyPackRefusal[] => {
  const last = published.at(-1);
  if (last === undefined) return [];
  const refusals: PolicyPackRefusal[] = [];
  if (effectiveFrom <= last.effectiveFrom)
    refusals.push({ code: 'pack-not-after-the-last', lastPackId: last.packId, lastEffectiveFrom: last.effectiveFrom });
  if (startOf(effectiveFrom) < decidedAt) refusals.push({ code: 'pack-effective-in-the-past', effectiveFrom });
  return refusals;
};

/** Idempotency: by pack id and content, whoever repeats it. */
const propose = ({ data }: ProposePack, state: PolicyPackState, { decidedAt }: PolicyPackFacts): Outcome => {
  const { packId, hash } = data;
  const earlier = state.packs.get(packId);
  if (earlier?.hash === hash) return { kind: 'replayed', original: earlier.proposal };
  const refusals = retroactive(data.effectiveFrom, state, decidedAt);
  if (earlier !== undefined)
    refusals.push({ code: 'pack-id-used-with-other-content', packId, firstAt: earlier.proposal.decidedAt, hash: earlier.hash });
  if (refusals.length > 0) return { kind: 'refused', refusals: refusedBy(refusals) };
  return { kind: 'accepted', events: [{ type: 'PackProposed.v1', decidedAt, data }] };
};

/** A name in capitals, or with a space behind it, is the same person. */
const samePerson = (one: string, other: string): boolean => folded(one) === folded(other);
const folded = (name: string): string => name.normalize('NFKC').replace(/\s+/g, '').toLowerCase();

/** Four-eyes: by another principal than the one that proposed. Idempotency: by pack id, content and approver. */
const approve = ({ data }: ApprovePack, state: PolicyPackState, { decidedAt }: PolicyPackFacts): Outcome => {
  const { packId, hash, approvedBy } = data;
  const version = state.packs.get(packId);
  if (version === undefined) return { kind: 'refused', refusals: [{ code: 'pack-not-proposed', packId }] };
  const { poolingArea, effectiveFrom, publication } = version;
  const { proposedBy } = version.proposal.data;
  if (publication?.data.approvedBy === approvedBy && version.hash === hash) return { kind: 'replayed', original: publication };
  const refusals: PolicyPackRefusal[] = [];
  if (version.hash !== hash) refusals.push({ code: 'pack-hash-differs', packId, proposedHash: version.hash });
  if (samePerson(proposedBy, approvedBy)) refusals.push({ code: 'pack-approved-by-proposer', packId });
  if (publication === null) refusals.push(...retroactive(effectiveFrom, state, decidedAt));
  else refusals.push({ code: 'pack-already-published', packId, publishedAt: publication.decidedAt });
  if (refusals.length > 0) return { kind: 'refused', refusals: refusedBy(refusals) };
  const published = { packId, hash, poolingArea, effectiveFrom, proposedBy, approvedBy };
  return { kind: 'accepted', events: [{ type: 'PackPublished.v1', decidedAt, data: published }] };
};

/** The versions of one pooling area's pack. A version begins on its date, which each decision looks up: nothing is ever due. */
export const policyPack: Decider<PolicyPackCommand, PolicyPackEvent, PolicyPackState, PolicyPackRefusal, PolicyPackFacts> = {
  decide: (command, state, facts) => (command.type === 'ProposePack' ? propose(command, state, facts) : approve(command, state, facts)),
  due: () => [],
  evolve,
  initialState,
  isClosing: () => false,
};

/** What accounts may be decided by, oldest first. */
export const publishedPolicies = ({ published }: PolicyPackState): readonly AccountPolicy[] =>
  published.map(({ pack, hash }) => accountPolicyOf(pack, hash));

/** Every version, in the order in which it was proposed. */
export const packVersions = ({ packs }: PolicyPackState) =>
  [...packs.values()].map(({ packId, hash, poolingArea, effectiveFrom, state }) => ({ packId, hash, poolingArea, effectiveFrom, state }));

/** A parsed pack as the command that proposes it. */
export const proposalOf = (pack: Pack, hash: string, proposedBy: string): ProposePack => {
  const { packId, poolingArea, effectiveFrom } = pack;
  return { type: 'ProposePack', data: { packId, hash, poolingArea, effectiveFrom, document: pack, proposedBy } };
};
