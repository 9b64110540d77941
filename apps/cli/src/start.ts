import path from 'node:path';
import { adminAddress } from './engine/admin-address';
import { type EngineClient, engineClient } from './engine/client';
import { EngineDidNotStart, type EngineProcess, startEngine } from './engine/process';
import { curlFor } from './sample/curl';
import { endingOf, isSound } from './sample/ending';
import { type Marker, readMarker } from './sample/marker';
import { planSample } from './sample/plan';
import { CONCURRENCY, OtherSample, playSample, Stopped } from './sample/play';
import { outputOn } from './screen/output';
import { acceptedLossWords } from './startup/accepted-loss';
import { catalogueWords } from './startup/catalogue-words';
import { demandFreePort, demandWritable, Failure, isEmpty, originOf, placeFrom } from './startup/checks';
import { demandSettings } from './startup/settings-check';

const HELP = `npm start [-- [--no-sample] [--accept-loss] [--simulation <instant>|continue] [--help]]

启动结算引擎；数据目录为空时先建样例统筹区并播放一天的刷卡。
Starts the engine; on an empty data folder it first creates the sample region and plays one day of swipes.

  --no-sample   不建样例，空库启动      start empty
  --accept-loss 日志短于检查点时，仍以现有日志运行（仅本次，会记录）
                go on with the log as it is although more of it was seen (this once; it is recorded)
  --simulation  时钟由人拨动：空目录写开始时刻（此后永为模拟），已有的模拟写 continue
                a clock moved by hand: on an empty folder the instant at which it begins; to go on, 'continue'
  --help        显示本帮助              show this

  HOST          监听地址 (127.0.0.1)        address to listen on
  PORT          端口 (7300；0 任一空闲)     port (0: any free one)
  YIKA_DATA     数据目录 (./data)           data folder

  全部配置项 · all settings:  node dist/apps/settlement/src/main.js --help
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** An empty folder gets the sample, an interrupted one goes on with it; a folder with somebody's accounts is left alone. */
const wantsSample = (dataFolder: string, found: Marker | undefined): boolean =>
  found === undefined ? isEmpty(dataFolder) : found.state !== 'done';

const scaleFrom = (text: string | undefined): number => Number(text?.trim() || '1'); // Judged by `demandSettings`.

type Running = Readonly<{ engine: EngineProcess; client: EngineClient; origin: string; dataFolder: string; signal: AbortSignal }>;

/** An interrupted sample goes on at the size at which it was begun. */
const play = async ({ client, dataFolder, signal }: Running, found: Marker | undefined): Promise<Marker> => {
  const address = adminAddress(dataFolder);
  if (address === undefined) throw new Failure({ zh: '引擎没有打开管理套接字。', en: 'The engine has not opened its admin socket.' });
  const admin = engineClient(address);
  const now = () => new Date().toISOString();
  try {
    return await playSample(planSample(found?.scale ?? scaleFrom(process.env.YIKA_SAMPLE_SCALE), found?.seed), {
      dataFolder,
      client,
      admin,
      screen: process.stdout,
      now,
      signal,
    });
  } finally {
    await admin.close();
  }
};

const sample = async (running: Running, found: Marker | undefined): Promise<void> => {
  say(
    found === undefined
      ? '\n数据目录为空，正在建立样例统筹区 · The data folder is empty: creating the sample region'
      : '\n上次样例未播完，继续 · The sample was interrupted: going on with it; what was played is answered again and moves nothing',
  );
  const marker = await play(running, found);
  say(`\n${endingOf(marker, await catalogueWords(running.client))}`);
  if (!isSound(marker)) say('\n注意：有与计划不符之处，见上 · Attention: not everything was as planned, see above');
};

const tellWhereAll = ({ origin, dataFolder }: Running, marker: Marker | undefined): void => {
  say(`
接口文档 API docs   ${origin}/docs
健康 health         ${origin}/health/ready
指标 metrics        ${origin}/metrics
日志 engine log     ${path.join(dataFolder, 'engine.log')}`);
  if (marker?.keys.agency === undefined) {
    say('\n新建访问密钥 · Make an access key:  npm run yika -- keys create --help');
  } else {
    say(`\n结算一笔 · Settle a swipe:\n${curlFor(origin, planSample(marker.scale, marker.seed), marker.keys)}`);
  }
  say('\nCtrl-C 停止 · stops');
};

/** Settles when somebody asks this process to stop. */
const stopAsked = (): Readonly<{ asked: Promise<'asked'>; signal: AbortSignal }> => {
  const control = new AbortController();
  const asked = new Promise<'asked'>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(name, () => {
        control.abort();
        resolve('asked');
      });
  });
  return { asked, signal: control.signal };
};

type Wanted = Readonly<{ sample: boolean; acceptLoss: boolean; simulation: string | undefined }>;

const argumentsOf = (argv: readonly string[]): 'help' | Wanted | Readonly<{ unknown: readonly string[] }> => {
  if (argv.includes('--help') || argv.includes('-h')) return 'help';
  const at = argv.indexOf('--simulation');
  const simulation = at < 0 ? undefined : argv[at + 1];
  if (at >= 0 && (simulation === undefined || simulation.startsWith('--'))) return { unknown: ['--simulation'] };
  const flags = at < 0 ? argv : argv.toSpliced(at, 2);
  const unknown = flags.filter((word) => word !== '--no-sample' && word !== '--accept-loss');
  if (unknown.length > 0) return { unknown };
  // The sample's swipes are of today; those of a simulation are of whatever day its clock shows.
  return { sample: !flags.includes('--no-sample') && simulation === undefined, acceptLoss: flags.includes('--accept-loss'), simulation };
};

/** Everything between the engine's first and last moment. Throws: Failure; Stopped. */
const serve = async (running: Running, asked: Promise<'asked'>, found: Marker | undefined, plays: boolean): Promise<void> => {
  const gone = running.engine.exited.then((code): never => {
    throw new Failure({ zh: `引擎退出（${code}），见 engine.log。`, en: `The engine has gone (${code}); see engine.log.` });
  });
  gone.catch(() => undefined); // It goes in the end; by then nobody waits for it.
  if (plays) await Promise.race([sample(running, found), gone]);
  tellWhereAll(running, readMarker(running.dataFolder));
  await Promise.race([asked, gone]);
};

type Ready = Readonly<{ reasons?: readonly Readonly<{ messageZh: string; messageEn: string }>[] }>;

/** Why the engine takes no work, on the screen; true when it does. */
const tellIfReady = async (client: EngineClient): Promise<boolean> => {
  const { status, body } = await client.call({ method: 'GET', path: '/health/ready' });
  if (status === 200) return true;
  say('\n注意：引擎未就绪 · Attention: the engine is not ready');
  for (const { messageZh, messageEn } of (body as Ready | null)?.reasons ?? []) say(`  ${messageZh}\n  ${messageEn}`);
  return false;
};

const CLOCK_BY_HAND = '模拟：时钟由人拨动 · a simulation, its clock is moved by hand:  npm run yika -- clock --help';

const start = async ({ sample: wanted, acceptLoss, simulation }: Wanted): Promise<void> => {
  for (const { zh, en } of await demandSettings(process.env)) say(`注意 · Attention：${zh} · ${en}`);
  const { host, port: wantedPort, dataFolder } = placeFrom(process.env);
  demandWritable(dataFolder);
  const port = await demandFreePort(host, wantedPort);
  const found = readMarker(dataFolder);
  const isSimulation = (simulation ?? process.env.YIKA_SIMULATION?.trim() ?? '') !== '';
  const plays = wanted && !isSimulation && wantsSample(dataFolder, found);
  const { asked, signal } = stopAsked();
  const startedAt = new Date().toISOString();
  const logFile = path.join(dataFolder, 'engine.log');
  const engine = await startEngine({ dataFolder, listen: { host, port }, logFile, acceptLoss, simulation });
  const origin = originOf(host, port);
  const client = engineClient({ origin }, CONCURRENCY);
  try {
    say(`Yika 一卡  ${origin}  (pid ${engine.pid}, ${dataFolder})`);
    if (isSimulation) say(CLOCK_BY_HAND);
    if (acceptLoss) say(`\n${acceptedLossWords(dataFolder, startedAt)}`);
    const ready = await tellIfReady(client);
    await serve({ engine, client, origin, dataFolder, signal }, asked, found, plays && ready);
  } catch (thrown) {
    if (!signal.aborted) throw thrown; // What breaks off because somebody asked to stop is not a failure.
  } finally {
    say('\n正在停止 · stopping');
    await client.close();
    await engine.stop();
  }
  say('已停止 · stopped');
};

const OTHER_SAMPLE = `数据目录里的样例出自另一个计划。请用 npm start -- --no-sample 启动，或另指 YIKA_DATA。
The sample in the data folder was made by another plan. Start with npm start -- --no-sample, or name another YIKA_DATA.`;

const wordsOf = (thrown: unknown): string => {
  if (thrown instanceof Failure) return `${thrown.fault.zh}\n${thrown.fault.en}`;
  if (thrown instanceof OtherSample) return OTHER_SAMPLE;
  if (thrown instanceof EngineDidNotStart) return `引擎未能启动 · The engine did not start:\n${thrown.lastWords}`;
  return `启动失败 · Starting failed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`;
};

const main = async (argv: readonly string[]): Promise<number> => {
  const asked = argumentsOf(argv);
  if (asked === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if ('unknown' in asked) {
    process.stderr.write(`没有此选项，未启动 · no such option, nothing was started: ${asked.unknown.join(' ')}\n\n${HELP}`);
    return 2;
  }
  try {
    await start(asked);
    return 0;
  } catch (thrown) {
    if (thrown instanceof Stopped) return 0;
    process.stderr.write(`${wordsOf(thrown)}\n`);
    return 1;
  }
};

// A screen that has gone (a closed terminal, `| head`) is no reason to stop an engine.
const outputs = [process.stdout, process.stderr].map(outputOn);

void main(process.argv.slice(2)).then(async (code) => {
  await Promise.all(outputs.map(({ flushed }) => flushed()));
  process.exit(code);
});
