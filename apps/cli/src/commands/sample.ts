import path from 'node:path';
import type { Command } from 'commander';
import { adminAddress } from '../engine/admin-address';
import { engineClient } from '../engine/client';
import { answers, startEngine } from '../engine/process';
import { endingOf, isSound } from '../sample/ending';
import { planSample } from '../sample/plan';
import { CONCURRENCY, playSample } from '../sample/play';
import { catalogueWords } from '../startup/catalogue-words';
import { demandFreePort, demandWritable, Failure, originOf, placeFrom } from '../startup/checks';
import { demandSettings } from '../startup/settings-check';
import { type Settings, told } from './settings';

/** Plays the sample region into the engine of this data folder, or into one that is started for it. */
const play = async ({ dataFolder, ...settings }: Settings, scale: number): Promise<void> => {
  demandWritable(dataFolder);
  await demandSettings(process.env);
  const place = placeFrom(process.env);
  const running = adminAddress(dataFolder);
  const isRunning = running !== undefined && (await answers(running));
  const { host } = place;
  const port = isRunning ? place.port : await demandFreePort(host, place.port);
  const engine = isRunning
    ? undefined
    : await startEngine({ dataFolder, listen: { host, port }, logFile: path.join(dataFolder, 'engine.log') });
  const address = adminAddress(dataFolder);
  if (address === undefined) throw new Failure({ zh: '引擎没有打开管理套接字。', en: 'The engine has not opened its admin socket.' });
  const admin = engineClient(address);
  const client = engineClient({ origin: originOf(host, port) }, CONCURRENCY);
  const control = new AbortController();
  process.once('SIGINT', () => control.abort());
  try {
    const now = () => new Date().toISOString();
    const marker = await playSample(planSample(scale), { dataFolder, client, admin, screen: process.stderr, now, signal: control.signal });
    const words = endingOf(marker, await catalogueWords(client));
    told({ dataFolder, ...settings }, { tally: marker.tally, ending: marker.ending }, () => words);
    if (!isSound(marker)) throw new Failure({ zh: '有与计划不符之处，见上。', en: 'Not everything was as planned, see above.' });
  } finally {
    await Promise.all([admin.close(), client.close()]);
    await engine?.stop();
  }
};

export const sampleCommands = (program: Command, settings: () => Settings): void => {
  program
    .command('sample')
    .description('样例统筹区 the sample region')
    .command('play')
    .description('播放；中断后再跑即续 play it; goes on after an interruption')
    .option('--scale <share>', '规模 share of the full size, above 0 up to 1', process.env.YIKA_SAMPLE_SCALE ?? '1')
    .action(async ({ scale }: { scale: string }) => {
      const share = Number(scale);
      if (!(share > 0 && share <= 1))
        throw new Failure({ zh: '--scale 须大于 0 且不超过 1。', en: '--scale must be above 0 and at most 1.' });
      await play(settings(), share);
    });
};
