import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { isBusinessDate } from '#libs/kernel';
import type { Ended, Head, Line, Plan, RunCounts, Stop } from '../campaign/answers';
import { readLines } from '../campaign/lines';
import { listFile } from '../campaign/list-file';
import { headWords, phaseWords, planWords, reasonWords, runWords, statusWords } from '../campaign/words';
import { progressOn } from '../screen/progress';
import { grouped } from '../screen/text-table';
import { Failure } from '../startup/checks';
import { type Settings, told } from './settings';
import { demand, withEngine } from './with-engine';

type PlanOptions = Readonly<{ asOf?: string; list?: string }>;
type Reporting = Exclude<Line, Ended>;

const EXAMPLES_SHOWN = 5;

const day = (text: string): string => {
  if (!isBusinessDate(text)) throw new InvalidArgumentError('应为存在的日期 YYYY-MM-DD a date that exists is wanted.');
  return text;
};

/** Ctrl-C ends the work where it is; giving the command again goes on. */
const stopping = (): AbortSignal => {
  const control = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => control.abort());
  return control.signal;
};

const ask = (
  { dataFolder, operator }: Settings,
  [method, id, more]: readonly ['GET' | 'POST', string, string],
  { signal, onLine }: Readonly<{ signal: AbortSignal; onLine: (line: Reporting) => void | Promise<void> }>,
): Promise<Ended | undefined> =>
  withEngine(dataFolder, (admin) =>
    readLines(admin, { method, operator, path: `/admin/v1/campaigns/${encodeURIComponent(id)}/${more}` }, { signal, onLine }),
  );

const STOPPED = { zh: '已停止，没有写任何数据。', en: 'Stopped; nothing was written.' };

/** Says on the screen that something happens while nothing is told yet. */
const waitingOn = (screen: NodeJS.WriteStream) => {
  let toldMs = Number.NEGATIVE_INFINITY;
  return (line: Reporting): void => {
    if (line.state === undefined || performance.now() - toldMs < 1_000) return;
    toldMs = performance.now();
    if (line.state === 'catchingUp') screen.write(`读模型在追赶 the read models catch up: ${grouped(line.behind)}\n`);
    if (line.state === 'looking') screen.write(`已看 looked at ${grouped(line.looked)} 张卡 cards\n`);
  };
};

/** Who would be stopped, and why. Writes nothing but the list that was asked for. */
const plan = async (settings: Settings, id: string, { asOf, list }: PlanOptions): Promise<void> => {
  const file = list === undefined ? undefined : listFile(path.resolve(list));
  const examples: Stop[] = [];
  const waiting = waitingOn(process.stderr);
  const onLine = (line: Reporting): void => {
    if (line.state !== undefined) {
      waiting(line);
      return;
    }
    file?.add(line.stop);
    if (examples.length < EXAMPLES_SHOWN) examples.push(line.stop);
  };
  try {
    const more = `plan?list=${String(list !== undefined)}${asOf === undefined ? '' : `&asOf=${asOf}`}`;
    const ended = await ask(settings, ['GET', id, more], { signal: stopping(), onLine });
    if (ended?.state !== 'done' || !ended.plan) throw new Failure(STOPPED);
    const { campaign, asOfLogIndex, plan: planned } = ended;
    file?.finish();
    told(settings, { campaign, asOfLogIndex, ...planned, ...(list === undefined ? {} : { list }) }, () =>
      [planWords(campaign, planned), ...listWords(planned, examples, list)].join('\n'),
    );
  } finally {
    file?.discard();
  }
};

const listWords = ({ phases }: Plan, examples: readonly Stop[], list: string | undefined): string[] => {
  if (list !== undefined) return ['', `逐卡名单 the cards, one by one: ${list}`];
  const cards = phases.reduce((sum, { all }) => sum + all.cards, 0);
  if (cards === 0) return [];
  const shown = examples.map(
    ({ cardId, kind, lastSwipedOn, phase, reason }) => `  ${cardId}  ${kind}  ${lastSwipedOn ?? '-'}  ${phase}  ${reasonWords(reason)}`,
  );
  return ['', '例如 such as', ...shown, '全部名单 all of them: --list <file>'];
};

/** Stops what is due to be stopped, and says how far it is. */
const run = async (settings: Settings, id: string, { dryRun = false }: Readonly<{ dryRun?: boolean }>): Promise<void> => {
  let progress: ReturnType<typeof progressOn> | undefined;
  let newest: (RunCounts & Readonly<{ total: number }>) | undefined;
  const waiting = waitingOn(process.stderr);
  const ended = await ask(settings, ['POST', id, `run${dryRun ? '?dryRun=true' : ''}`], {
    signal: stopping(),
    onLine: (line) => {
      if (line.state !== 'running') {
        waiting(line);
        return;
      }
      progress ??= progressOn(process.stderr, dryRun ? '试办 trying' : '停用 stopping', line.total);
      progress.set(line.accounts);
      newest = line;
    },
  });
  progress?.finish();
  if (ended?.state !== 'done') {
    const { accounts = 0, total = 0 } = newest ?? {};
    if (newest) told(settings, { ...newest, state: 'stopped', dryRun }, () => runWords(newest as RunCounts));
    throw new Failure({
      zh: `已停止：${grouped(total)} 个账户中办了 ${grouped(accounts)} 个。再给一次命令即续。`,
      en: `Stopped after ${grouped(accounts)} of ${grouped(total)} accounts. Give the command again to go on.`,
    });
  }
  const counts = ended as unknown as RunCounts;
  told(settings, ended, () =>
    [
      `${headWords(ended.campaign)}${dryRun ? '  试办，没有写任何数据 dry run, nothing was written' : ''}`,
      runWords(counts),
      ...(dryRun ? [] : [`还有待停 still to stop now: ${grouped(ended.left ?? 0)}`]),
    ].join('\n'),
  );
  demandDone(counts, ended.left ?? 0);
};

/** Exit code 1 while something that has begun is not done. Throws: Failure. */
const demandDone = ({ notDone }: RunCounts, left: number): void => {
  if (notDone === 0 && left === 0) return;
  throw new Failure({
    zh: `${grouped(notDone)} 个账户未办成，还有 ${grouped(left)} 张卡待停。再给一次命令即续；刷卡本来就按政策包判断，不受影响。`,
    en: `${grouped(notDone)} accounts were not done, ${grouped(left)} cards are left. Give the command again; swipes go by the pack all the same.`,
  });
};

const status = async (settings: Settings, id: string): Promise<void> => {
  const ended = await ask(settings, ['GET', id, 'status'], { signal: stopping(), onLine: waitingOn(process.stderr) });
  if (ended?.state !== 'done' || !ended.status) throw new Failure(STOPPED);
  const { campaign, asOfLogIndex, status: phases } = ended;
  told(settings, { campaign, asOfLogIndex, phases }, () => statusWords(campaign, phases));
};

const list = async (settings: Settings): Promise<void> => {
  const answer = await withEngine(settings.dataFolder, (admin) => demand(admin, { method: 'GET', path: '/admin/v1/campaigns' }));
  const campaigns = answer.campaigns as readonly Head[];
  told(settings, answer, () =>
    campaigns.length === 0
      ? '已发布的政策包没有分阶段停用 no published pack stops cards by phases'
      : campaigns.flatMap((one) => [headWords(one), ...one.phases.map((phase) => `  ${phaseWords(phase)}`)]).join('\n'),
  );
};

const NAMED = '如 qingdao-2017、qingdao、qingdao@1 或 370200；campaign list 列出全部 · such as these; `campaign list` tells all';

const EXIT_CODES = `
退出码 exit code: 0 全部办完 all done; 1 已停止、有账户未办成或被拒绝 stopped, something not done, or refused;
2 写法不对 given wrongly`;

/** A city's old cards, stopped by phases as its pack says. */
export const campaignCommands = (program: Command, settings: () => Settings): void => {
  const campaign = program.command('campaign').description('旧卡分阶段停用 phased stop of old cards');
  campaign
    .command('list')
    .description('各城市的批次 the phases of every city')
    .action(() => list(settings()));
  campaign
    .command('plan')
    .argument('<campaign>', NAMED)
    .description('谁将被停用、为什么，按区县和卡种计数；不写任何数据 who would be stopped, and why, with counts; writes nothing')
    .option('--as-of <date>', '截至此日开始的批次，默认今天 phases that begin by this day, today by default', day)
    .option('--list <file>', '逐卡名单写成 CSV write every card with its reason as CSV')
    .action((id: string, options: PlanOptions) => plan(settings(), id, options));
  campaign
    .command('run')
    .argument('<campaign>', NAMED)
    .description('停用到期的旧卡；可随时停，再跑即续 stop cards whose phase has begun; may be stopped, goes on when given again')
    .option('--dry-run', '只判断，不写 decide as it would, write nothing')
    .addHelpText('after', EXIT_CODES)
    .action((id: string, options: Readonly<{ dryRun?: boolean }>) => run(settings(), id, options));
  campaign
    .command('status')
    .argument('<campaign>', NAMED)
    .description('各批次：已停、封存、已转移、待停 each phase: stopped, sealed, moved since, still to come')
    .action((id: string) => status(settings(), id));
};
