import type { ProjectionStatus, ReadModels } from '#libs/application';

/** A projection whose queries do not show all that the log holds, or not for sure. Swipes do not need it. */
export type ListBehind = Readonly<{
  projection: string;
  state: Exclude<ProjectionStatus['state'], 'live'>;
  behind: number;
  messageZh: string;
  messageEn: string;
}>;

/** A thread that is busy with a rebuild answers when it gets to it: who asks for readiness does not wait for that. */
const ANSWER_WITHIN_MS = 200;

const WORDS: Readonly<Record<ListBehind['state'], (status: ProjectionStatus) => Readonly<{ zh: string; en: string }>>> = {
  catchingUp: ({ behind }) => ({
    zh: `正在追赶日志，落后 ${behind} 条：其查询与合计尚不完整`,
    en: `catching up, ${behind} events behind the log: its lists and totals are not complete yet`,
  }),
  rebuilding: ({ behind }) => ({
    zh: `正在由日志重建，落后 ${behind} 条：重建完成前以旧表回答`,
    en: `being rebuilt from the log, ${behind} events behind: until then the old tables answer`,
  }),
  failed: ({ logIndex }) => ({
    zh: `停在第 ${logIndex + 1} 条事件：其查询与合计是旧的，须重建`,
    en: `stopped at event ${logIndex + 1}: its lists and totals are old, rebuild it`,
  }),
};

const behindOf = (status: ProjectionStatus): readonly ListBehind[] => {
  const { name, state, behind } = status;
  if (state === 'live') return [];
  const { zh, en } = WORDS[state](status);
  return [{ projection: name, state, behind, messageZh: zh, messageEn: en }];
};

/** Which projections are not there yet; as last known where they do not answer at once. Throws: never. */
export const listsBehind = (
  readModels: Pick<ReadModels, 'status'>,
  withinMs = ANSWER_WITHIN_MS,
): (() => Promise<readonly ListBehind[]>) => {
  let known: readonly ProjectionStatus[] = [];
  const ask = (): Promise<void> =>
    readModels.status().then(
      (status) => {
        known = status;
      },
      () => undefined, // Metrics and the log tell of it.
    );
  return async () => {
    const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([ask(), late]);
    return known.flatMap(behindOf);
  };
};
