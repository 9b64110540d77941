import { businessDateOf, type Instant, instantOf } from '#libs/kernel';
import { stopsBy } from '#libs/medical-account';
import { accountPolicyOf, type PolicyPackState, policyPackStream } from '#libs/policy';
import { refused } from '../answers';
import type { Campaign, CampaignPhase, Campaigns } from '../engine';
import type { Directory } from '../registers/directory';
import type { PackStreams } from '../registers/policy-packs';

export type FindParts = Readonly<{ packs: PackStreams; poolingAreas: Directory; nowMs: () => number }>;
type Published = Pick<PolicyPackState, 'published'>;
type City = Readonly<{ city: string; cityZh: string; poolingArea: string; packIds: readonly string[]; phases: readonly CampaignPhase[] }>;

const AFTER_ALL: Instant = '9999-12-31T00:00:00.000Z';

/** Every phase of an area in the order in which they begin, also those to come; each by the pack that is in force then. */
const phasesOf = ({ published }: Published): CampaignPhase[] => {
  const policies = published.map(({ pack, hash }) => accountPolicyOf(pack, hash));
  const stops = new Set(stopsBy(policies, AFTER_ALL));
  const phases = published.flatMap(({ pack, packId }, n) =>
    (policies[n]?.cardStops ?? []).flatMap((stop, row): CampaignPhase[] =>
      stops.has(stop) ? [{ ...stop, nameZh: pack.cardStops[row]?.nameZh ?? stop.phase, packId, on: businessDateOf(stop.at) }] : [],
    ),
  );
  return phases.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
};

const cityOf = ({ published }: Published, poolingArea: string): City | undefined => {
  const last = published.at(-1);
  if (last === undefined) return undefined;
  const packIds = published.map(({ packId }) => packId);
  return { city: nameIn(last.packId), cityZh: last.pack.nameZh, poolingArea, packIds, phases: phasesOf({ published }) };
};

/** A pack id is the city's name and a number: "qingdao@1". */
const nameIn = (packId: string): string => packId.split('@')[0] ?? packId;
const yearsOf = ({ phases }: City): string[] => [...new Set(phases.map(({ on }) => on.slice(0, 4)))];

const campaignOf = (city: City, year: string | null, now: Instant): Campaign => ({
  campaignId: year === null ? city.city : `${city.city}-${year}`,
  poolingArea: city.poolingArea,
  cityZh: city.cityZh,
  phases: city.phases.filter(({ on }) => year === null || on.startsWith(year)),
  allPhases: city.phases,
  now,
});

/** Campaigns follow from the published packs: there is nothing to register. */
export const findCampaigns = ({ packs, poolingAreas, nowMs }: FindParts): Pick<Campaigns, 'find' | 'list'> => {
  const cities = async (): Promise<City[]> => {
    const areas = await poolingAreas.list();
    const found = await Promise.all(areas.map(async (area) => cityOf((await packs.runner.load(policyPackStream(area))).state, area)));
    return found.filter((city) => city !== undefined);
  };
  const list: Campaigns['list'] = async () => {
    const now = instantOf(nowMs());
    return (await cities()).flatMap((city) => yearsOf(city).map((year) => campaignOf(city, year, now)));
  };
  const find: Campaigns['find'] = async (id) => {
    const now = instantOf(nowMs());
    for (const city of await cities()) {
      const names = [city.city, city.poolingArea, ...city.packIds];
      const year = yearsOf(city).find((one) => names.some((name) => id === `${name}-${one}`)) ?? null;
      if (city.phases.length > 0 && (year !== null || names.includes(id)))
        return { kind: 'done', replayed: false, value: campaignOf(city, year, now) };
    }
    return refused([{ code: 'campaign-not-found', campaignId: id, known: (await list()).map(({ campaignId }) => campaignId) }]);
  };
  return { find, list };
};
