import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorded, RefusalRow } from '#libs/kernel';
import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import {
  type ApprovePack,
  decodePolicyPackEvent,
  type Pack,
  POLICY_PACK_REFUSALS,
  type PolicyPackEvent,
  packHash,
  packVersions,
  parsePack,
  policyPack,
  policyPackStream,
  proposalOf,
  publishedPolicies,
} from './index';

const { given } = deciderSpec(policyPack);
const T0 = '2026-03-01T01:00:00.000Z';
const NOW = '2026-03-10T04:00:00.000Z'; // Noon in Asia/Shanghai.
const facts = { decidedAt: NOW };

const file = join(__dirname, '../packs/qingdao.yaml');
const parsed = parsePack(readFileSync(file, 'utf8'), file);
if (parsed.kind !== 'pack') throw new Error('the pack of Qingdao is at fault');
const version = (packId: string, effectiveFrom: string): Pack => ({ ...parsed.pack, packId, effectiveFrom });
const FIRST = version('qingdao@1', '2015-01-01');
const SECOND = version('qingdao@2', '2026-04-01');
const propose = (pack: Pack, by = 'op-a') => proposalOf(pack, packHash(pack), by);
const approve = (pack: Pack, by = 'op-b', hash = packHash(pack)): ApprovePack => ({
  type: 'ApprovePack',
  data: { packId: pack.packId, hash, approvedBy: by },
});
const proposed = (pack: Pack, decidedAt = T0): PolicyPackEvent => ({ type: 'PackProposed.v1', decidedAt, data: propose(pack).data });
const published = ({ packId, poolingArea, effectiveFrom, ...rest }: Pack, decidedAt = T0): PolicyPackEvent => ({
  type: 'PackPublished.v1',
  decidedAt,
  data: {
    packId,
    hash: packHash({ packId, poolingArea, effectiveFrom, ...rest }),
    poolingArea,
    effectiveFrom,
    proposedBy: 'op-a',
    approvedBy: 'op-b',
  },
});
const FIRST_IN_FORCE = [proposed(FIRST), published(FIRST)];
const stateOf = (...history: PolicyPackEvent[]) => recordedFrom(0)(history).reduce(policyPack.evolve, policyPack.initialState());

describe('policy pack: propose', () => {
  it('proposes the first version of an area also for the past, so that its history can be judged', () => {
    given().when(propose(FIRST), facts).thenRecords(proposed(FIRST, NOW));
  });
  it('proposes a later version for a day to come', () => {
    given(...FIRST_IN_FORCE)
      .when(propose(SECOND), facts)
      .thenRecords(proposed(SECOND, NOW));
  });
  it('proposes no version for the past once one is published, nor one that is not after the last', () => {
    const last = { lastPackId: 'qingdao@1', lastEffectiveFrom: '2015-01-01' };
    given(...FIRST_IN_FORCE)
      .when(propose(version('qingdao@2', '2015-01-01')), facts)
      .thenRefuses({ code: 'pack-not-after-the-last', ...last }, { code: 'pack-effective-in-the-past', effectiveFrom: '2015-01-01' });
    given(...FIRST_IN_FORCE)
      .when(propose(version('qingdao@2', '2026-03-10')), facts)
      .thenRefuses({ code: 'pack-effective-in-the-past', effectiveFrom: '2026-03-10' });
    const tomorrow = version('qingdao@2', '2026-03-11');
    given(...FIRST_IN_FORCE)
      .when(propose(tomorrow), facts)
      .thenRecords(proposed(tomorrow, NOW));
  });
  it('answers the same content again, whoever sends it, and refuses other content under the same version', () => {
    const [original] = recordedFrom(0)([proposed(FIRST)]);
    given(proposed(FIRST))
      .when(propose(FIRST, 'op-c'), facts)
      .thenReplays(original as Recorded<PolicyPackEvent>);
    given(proposed(FIRST))
      .when(propose({ ...FIRST, nameZh: '别的' }), facts)
      .thenRefuses({ code: 'pack-id-used-with-other-content', packId: 'qingdao@1', firstAt: T0, hash: packHash(FIRST) });
  });
});

describe('policy pack: approve', () => {
  it('publishes what another has proposed', () => {
    given(proposed(FIRST)).when(approve(FIRST), facts).thenRecords(published(FIRST, NOW));
  });
  it('publishes nothing by the word of one person alone', () => {
    given(proposed(FIRST)).when(approve(FIRST, 'op-a'), facts).thenRefuses({ code: 'pack-approved-by-proposer', packId: 'qingdao@1' });
    given(proposed(FIRST)).when(approve(FIRST, ' OP-A'), facts).thenRefuses({ code: 'pack-approved-by-proposer', packId: 'qingdao@1' });
  });
  it('publishes only what was proposed, to the byte', () => {
    given().when(approve(FIRST), facts).thenRefuses({ code: 'pack-not-proposed', packId: 'qingdao@1' });
    given(proposed(FIRST))
      .when(approve(FIRST, 'op-b', 'other'), facts)
      .thenRefuses({ code: 'pack-hash-differs', packId: 'qingdao@1', proposedHash: packHash(FIRST) });
  });
  it('does not publish a version whose day has come while it waited', () => {
    given(...FIRST_IN_FORCE, proposed(SECOND))
      .when(approve(SECOND), { decidedAt: '2026-03-31T16:00:00.001Z' })
      .thenRefuses({ code: 'pack-effective-in-the-past', effectiveFrom: '2026-04-01' });
    const decidedAt = '2026-03-31T16:00:00.000Z';
    given(...FIRST_IN_FORCE, proposed(SECOND))
      .when(approve(SECOND), { decidedAt })
      .thenRecords(published(SECOND, decidedAt));
  });
  it('does not publish a version that another has overtaken', () => {
    const earlier = version('qingdao@3', '2026-03-20');
    given(...FIRST_IN_FORCE, proposed(SECOND), proposed(earlier), published(SECOND))
      .when(approve(earlier), facts)
      .thenRefuses({ code: 'pack-not-after-the-last', lastPackId: 'qingdao@2', lastEffectiveFrom: '2026-04-01' });
  });
  it('answers the approver again, and tells everybody else that it is done', () => {
    const original = recordedFrom(0)(FIRST_IN_FORCE)[1] as Recorded<PolicyPackEvent>;
    given(...FIRST_IN_FORCE)
      .when(approve(FIRST), facts)
      .thenReplays(original);
    given(...FIRST_IN_FORCE)
      .when(approve(FIRST, 'op-c'), facts)
      .thenRefuses({ code: 'pack-already-published', packId: 'qingdao@1', publishedAt: T0 });
  });
});

describe('policy pack: several faults at once', () => {
  it('the same approver with another content is no repeat', () => {
    given(...FIRST_IN_FORCE)
      .when(approve(FIRST, 'op-b', 'other'), facts)
      .thenRefuses(
        { code: 'pack-hash-differs', packId: 'qingdao@1', proposedHash: packHash(FIRST) },
        { code: 'pack-already-published', packId: 'qingdao@1', publishedAt: T0 },
      );
  });
  it('the most important is told first: a number used already before a date that does not do', () => {
    given(...FIRST_IN_FORCE)
      .when(propose({ ...FIRST, nameZh: '别的' }), facts)
      .thenRefuses(
        { code: 'pack-id-used-with-other-content', packId: 'qingdao@1', firstAt: T0, hash: packHash(FIRST) },
        { code: 'pack-not-after-the-last', lastPackId: 'qingdao@1', lastEffectiveFrom: '2015-01-01' },
        { code: 'pack-effective-in-the-past', effectiveFrom: '2015-01-01' },
      );
  });
  it('no event closes the books: the stream is read from its first', () => {
    expect(FIRST_IN_FORCE.map(policyPack.isClosing)).toStrictEqual([false, false]);
  });
});

describe('policy pack: what accounts are decided by', () => {
  it('are the published versions, oldest first; a proposal counts for nothing', () => {
    const state = stateOf(...FIRST_IN_FORCE, proposed(SECOND));
    expect(publishedPolicies(state).map(({ packId, effectiveFrom }) => [packId, effectiveFrom])).toStrictEqual([
      ['qingdao@1', '2014-12-31T16:00:00.000Z'],
    ]);
    const both = stateOf(...FIRST_IN_FORCE, proposed(SECOND), published(SECOND));
    expect(publishedPolicies(both).map(({ packId }) => packId)).toStrictEqual(['qingdao@1', 'qingdao@2']);
    expect(packVersions(state)).toStrictEqual([
      { packId: 'qingdao@1', hash: packHash(FIRST), poolingArea: '370200', effectiveFrom: '2015-01-01', state: 'published' },
      { packId: 'qingdao@2', hash: packHash(SECOND), poolingArea: '370200', effectiveFrom: '2026-04-01', state: 'proposed' },
    ]);
  });
  it('stops at a log whose document is not the one that was proposed', () => {
    const event = proposed(FIRST) as Extract<PolicyPackEvent, { type: 'PackProposed.v1' }>;
    const other = { ...event, data: { ...event.data, document: { ...FIRST, nameZh: '改过' } as never } };
    expect(() => stateOf(other)).toThrow('qingdao@1: the recorded document is not the one proposed');
    expect(() => stateOf({ ...event, data: { ...event.data, document: {} } })).toThrow('the recorded document is not a policy pack');
    expect(() => stateOf({ ...event, data: { ...event.data, effectiveFrom: '2016-01-01' } })).toThrow('is not the one proposed');
    expect(() => stateOf(published(FIRST))).toThrow('qingdao@1: published but never proposed');
  });
  it('reads back what it wrote, and nothing else', () => {
    for (const { type, data } of FIRST_IN_FORCE)
      expect(decodePolicyPackEvent(type, JSON.parse(JSON.stringify(data)))).toStrictEqual({ type, data });
    expect(() => decodePolicyPackEvent('PackProposed.v2', {})).toThrow('unknown policy pack event: PackProposed.v2');
    expect(policyPackStream('370200')).toBe('policyPack-370200');
  });
  it('tells every refusal in words that fit the till', () => {
    for (const [code, { messageZh, messageEn, remedyZh, remedyEn }] of Object.entries<RefusalRow>(POLICY_PACK_REFUSALS))
      expect([code, messageZh.length <= 60, [messageZh, messageEn, remedyZh, remedyEn].every((text) => text.length > 0)]).toStrictEqual([
        code,
        true,
        true,
      ]);
  });
});
