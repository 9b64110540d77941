import type { EngineClient } from '../engine/client';
import { type Progress, progressOn, type Screen } from '../screen/progress';
import { logChecker } from './log-check';
import { type Marker, plannedMarker, readMarker, writeMarker } from './marker';
import { planHash, type SamplePlan } from './plan';
import { type Names, playDay, type Stage, Stopped, setUpHolder } from './player';
import { makeKeys, publishPacks, setUpInstitution } from './set-up';
import type { Story } from './step';
import { add, type Tally } from './tally';

export type Theatre = Readonly<{
  dataFolder: string;
  /** Over TCP, as institutions come in. */
  client: EngineClient;
  admin: EngineClient;
  screen: Screen;
  now: () => string;
  signal: AbortSignal;
}>;

/** The sample in this folder was begun by another plan; playing this one into it would mix the two. */
export class OtherSample extends Error {}

export const CONCURRENCY = 48;
const MARK_EVERY_STORIES = 200;
const LOG_READ_TRIES_MAX = 3;

/** Runs the work for each item, so many at once, in the order of the list; the first fault ends it. */
export const inParallel = async <T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> => {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed && next < items.length) {
      const index = next++;
      await work(items[index] as T, index).catch((fault: unknown) => {
        failed = true;
        throw fault;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
};

const beginning = (dataFolder: string, plan: SamplePlan): Marker => {
  const { seed, scale } = plan;
  const fresh = plannedMarker({ seed, scale, planHash: planHash(plan) });
  const found = readMarker(dataFolder);
  if (found !== undefined && found.planHash !== fresh.planHash) throw new OtherSample('another sample was begun in this data folder');
  return found ?? fresh;
};

const withProgress = async (progress: Progress, work: (progress: Progress) => Promise<void>): Promise<void> => {
  progress.set(0);
  await work(progress);
  progress.finish();
};

/**
 * Creates the sample region and plays its day; goes on where an interrupted one stopped. Returns the finished marker.
 * Idempotency: serials and references come from the plan, so that what was played before is answered again and moves nothing.
 * Throws: Stopped when the signal said so; OtherSample; Error when the engine refuses what the sample stands on.
 */
export const playSample = async (plan: SamplePlan, theatre: Theatre): Promise<Marker> => {
  const startedMs = performance.now();
  const { dataFolder, client, admin, screen, now, signal } = theatre;
  let marker = beginning(dataFolder, plan);
  const mark = (change: Partial<Marker>): void => {
    marker = { ...marker, ...change };
    writeMarker(dataFolder, marker);
  };
  mark({});
  await publishPacks(admin, plan.packs);
  mark({ keys: await makeKeys(admin, plan.keys, marker.keys), state: 'running' });

  const stage: Stage = { client, keys: marker.keys, now, morning: now(), signal };
  const rest = plan.stories.slice(marker.storiesDone);
  await withProgress(progressOn(screen, '机构 institutions', plan.institutions.length), (progress) =>
    inParallel(plan.institutions, CONCURRENCY, async (institution) => {
      await setUpInstitution(institution, stage);
      progress.advance();
    }),
  );
  const names = new Map<Story, Names>();
  await withProgress(progressOn(screen, '账户 accounts    ', rest.length), (progress) =>
    inParallel(rest, CONCURRENCY, async (story) => {
      names.set(story, await setUpHolder(story, stage));
      progress.advance();
    }),
  );
  const dayMs = performance.now();
  await playDays(rest, { ...stage, morning: now() }, { names, screen, first: marker.storiesDone, tally: marker.tally, mark });
  const daySeconds = (performance.now() - dayMs) / 1_000;
  const log = await checkLog(client, marker.keys.auditor ?? '');
  const seconds = (performance.now() - startedMs) / 1_000;
  mark({ state: 'done', storiesDone: plan.stories.length, ending: { log, seconds, daySeconds, finishedAt: now() } });
  return marker;
};

type Day = Readonly<{
  names: ReadonlyMap<Story, Names>;
  screen: Screen;
  first: number;
  tally: Tally;
  mark: (change: Partial<Marker>) => void;
}>;

/** Stories are counted in their order, so that the count and the number of stories that it covers always belong together. */
const playDays = async (stories: readonly Story[], stage: Stage, { names, screen, first, tally, mark }: Day): Promise<void> => {
  const finished: (Tally | undefined)[] = [];
  let counted = 0;
  const countFinished = (): void => {
    for (let part = finished[counted]; part !== undefined; part = finished[counted]) {
      add(tally, part);
      finished[counted] = undefined;
      counted += 1;
      if (counted % MARK_EVERY_STORIES === 0) mark({ storiesDone: first + counted, tally });
    }
  };
  const total = stories.reduce((sum, { day }) => sum + day.length, 0);
  await withProgress(progressOn(screen, '刷卡 swipes      ', total), (progress) =>
    inParallel(stories, CONCURRENCY, async (story, i) => {
      finished[i] = await playDay(story, names.get(story) ?? new Map<string, string>(), stage);
      progress.advance(story.day.length);
      countFinished();
    }),
  ).finally(() => mark({ storiesDone: first + counted, tally }));
};

/** Reads the whole log with the auditor's key. Throws: on outage. */
export const checkLog = async (client: EngineClient, key: string): Promise<ReturnType<ReturnType<typeof logChecker>['result']>> => {
  for (let tries = 1; ; tries++) {
    const checker = logChecker();
    try {
      for await (const line of client.lines({ method: 'GET', path: '/v1/events?from=0', key })) checker.line(line);
      return checker.result();
    } catch (fault) {
      if (tries >= LOG_READ_TRIES_MAX) throw fault;
    }
  }
};

export { Stopped };
