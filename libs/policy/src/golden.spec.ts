import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedFrom } from '../../../test/support/decider-spec';
import { decodePolicyPackEvent, policyPack, publishedPolicies } from './index';

const kept = (type: string): unknown => JSON.parse(readFileSync(join(__dirname, 'golden', `${type}.json`), 'utf8'));

/** One stored form a type and version. A file here is never edited: logs of that form exist. */
describe('events as they are stored', () => {
  it.each(['PackProposed.v1', 'PackPublished.v1'])('%s is read for ever', (type) => {
    const data = kept(type);
    expect(decodePolicyPackEvent(type, data)).toStrictEqual({ type, data });
  });
  it('a pack of the first form still decides', () => {
    const events = ['PackProposed.v1', 'PackPublished.v1'].map((type) => ({
      ...decodePolicyPackEvent(type, kept(type)),
      decidedAt: '2026-03-01T01:00:00.000Z',
    }));
    const state = recordedFrom(0)(events).reduce(policyPack.evolve, policyPack.initialState());
    expect(publishedPolicies(state).map(({ packId, temporaryLossDays }) => [packId, temporaryLossDays])).toStrictEqual([['jinan@1', 7]]);
  });
});
