import { type Command, InvalidArgumentError } from 'commander';
import type { EngineClient } from '../engine/client';
import { outputOn } from '../screen/output';
import { progressOn } from '../screen/progress';
import { grouped, textTable } from '../screen/text-table';
import { Failure } from '../startup/checks';
import { type Settings, told } from './settings';
import { demand, withEngine } from './with-engine';

type ProjectionRow = Readonly<{ name: string; logIndex: number; behind: number; state: string; detail: string | null }>;
type Report = Readonly<{
  state: string;
  done?: number;
  total?: number;
  visited?: number;
  withEvents?: number;
  notDone?: number;
  transfersCredited?: number;
}>;

const logIndex = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('应为日志序号（0, 1, 2 …）a log index is wanted.');
  return Number(text);
};

/** Ctrl-C leaves a long work where it is; giving the command again goes on. */
const stopping = (): AbortSignal => {
  const control = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => control.abort());
  return control.signal;
};

const lastOf = async (admin: EngineClient, path: string, onReport: (report: Report) => void): Promise<Report> => {
  const signal = stopping();
  let last: Report = { state: 'stopped' };
  try {
    for await (const line of admin.lines({ method: 'POST', path }, signal)) {
      last = JSON.parse(line) as Report;
      onReport(last);
    }
    return last;
  } catch (thrown) {
    if (signal.aborted) return { ...last, state: 'stopped' };
    throw thrown;
  }
};

/** Works that take a while, with their progress. */
export const jobCommands = (program: Command, settings: () => Settings): void => {
  const projections = program.command('projections').description('读模型 projections');
  projections
    .command('status')
    .description('进度 how far each of them is')
    .action(async () => {
      const answer = await withEngine(settings().dataFolder, (admin) => demand(admin, { method: 'GET', path: '/admin/v1/projections' }));
      const rows = (answer.projections as ProjectionRow[]).map(
        ({ name, state, logIndex, behind, detail }) => [name, state, grouped(logIndex), grouped(behind), detail ?? ''] as const,
      );
      told(settings(), answer, () => textTable([['读模型 projection', '状态 state', '日志 log', '落后 behind', ''], ...rows]).join('\n'));
    });
  projections
    .command('rebuild <name>')
    .description('重建，不停机 rebuild while the engine runs')
    .action(async (name: string) => {
      const { dataFolder } = settings();
      const end = await withEngine(dataFolder, async (admin) => {
        let progress: ReturnType<typeof progressOn> | undefined;
        const last = await lastOf(admin, `/admin/v1/projections/${encodeURIComponent(name)}/rebuild`, ({ done, total }) => {
          if (done === undefined || total === undefined) return;
          progress ??= progressOn(process.stderr, name, total);
          progress.set(done);
        });
        progress?.finish();
        return last;
      });
      if (end.state !== 'done') throw new Failure({ zh: `${name} 未重建完：${end.state}`, en: `${name} was not rebuilt: ${end.state}` });
      told(settings(), end, () => `已重建 rebuilt: ${name}`);
    });
  program
    .command('due')
    .description('到期事项 what is due by time')
    .command('run')
    .description('逐户办理；随时可停，再跑即续 visit every account; may be stopped, and goes on when given again')
    .action(async () => {
      const { dataFolder } = settings();
      const words = ({ visited = 0, withEvents = 0, notDone = 0 }: Report) =>
        `已查 visited ${grouped(visited)}，有到期 with something due ${grouped(withEvents)}，未办成 not done ${grouped(notDone)}`;
      const end = await withEngine(dataFolder, (admin) =>
        lastOf(admin, '/admin/v1/due', (report) => {
          if (report.state !== 'done') process.stderr.write(`${words(report)}\n`);
        }),
      );
      const credited = `转入计入 transfers in credited ${grouped(end.transfersCredited ?? 0)}`;
      told(settings(), end, () => `${end.state === 'done' ? '完成 done' : '已停止 stopped'}：${words(end)}，${credited}`);
      if (end.state !== 'done') throw new Failure({ zh: '已停止。再给一次命令即续。', en: 'Stopped. Give the command again to go on.' });
      if ((end.notDone ?? 0) > 0)
        throw new Failure({ zh: '有账户未办成，可再跑一次。', en: 'Some accounts were not done; give the command again.' });
    });
  program
    .command('events')
    .description('事件日志 the log')
    .command('tail')
    .description('输出事件，一行一个 print events, one a line')
    .option('--from <index>', '起始序号 log index to begin with', logIndex, 0)
    .option('--follow', '持续输出新事件 go on with new ones')
    .action(async ({ from, follow }: { from: number; follow?: boolean }) => {
      const signal = stopping();
      const output = outputOn(process.stdout);
      await withEngine(settings().dataFolder, async (admin) => {
        const path = `/v1/events?from=${from}${follow ? '&follow=true' : ''}`;
        try {
          for await (const line of admin.lines({ method: 'GET', path }, signal)) if (!(await output.say(`${line}\n`))) break;
        } catch (thrown) {
          if (!signal.aborted) throw thrown;
        }
      });
    });
};
