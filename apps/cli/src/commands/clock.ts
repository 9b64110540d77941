import type { Command } from 'commander';
import { type Settings, told } from './settings';
import { demand, withEngine } from './with-engine';

type Answer = Readonly<{ clock: string; simulation: boolean; startedAt?: string }>;

const inShanghai = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * 60 * 60 * 1000).toISOString().replace('T', ' ').replace('Z', ' +08:00');
const wordsOf = ({ clock, simulation, startedAt }: Answer): string =>
  simulation
    ? `模拟时钟 the clock of the simulation: ${inShanghai(clock)}  (始于 begun at ${inShanghai(startedAt ?? clock)})`
    : `系统时钟 the system's clock: ${inShanghai(clock)}`;

/** The clock of a simulation. */
export const clockCommands = (program: Command, settings: () => Settings): void => {
  const clock = program.command('clock').description('模拟的时钟 the clock of a simulation');
  clock
    .command('show')
    .description('显示时刻 tell the time of the engine')
    .action(async () => {
      const answer = await withEngine(settings().dataFolder, (admin) => demand(admin, { method: 'GET', path: '/admin/v1/clock' }));
      told(settings(), answer, () => wordsOf(answer as Answer));
    });
  clock
    .command('set <instant>')
    .description('向前拨，写入日志，不可回拨 move it forward; recorded, and never back')
    .addHelpText('after', '\n例 example: yika clock set 2017-04-01T00:00:00+08:00')
    .action(async (to: string) => {
      const call = { method: 'POST', path: '/admin/v1/clock', body: { to } } as const;
      const answer = await withEngine(settings().dataFolder, (admin) => demand(admin, call));
      told(settings(), answer, () => wordsOf(answer as Answer));
    });
};
