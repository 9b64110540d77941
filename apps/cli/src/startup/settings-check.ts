import { execFile } from 'node:child_process';
import { ENGINE_MAIN } from '../engine/process';
import { Failure, type Fault } from './checks';

/** What the sample is played at: a share of its full size. */
export const scaleFaults = (text: string | undefined): readonly Fault[] => {
  const scale = Number(text?.trim() || '1');
  if (scale > 0 && scale <= 1) return [];
  return [{ zh: 'YIKA_SAMPLE_SCALE 须大于 0 且不超过 1。', en: 'YIKA_SAMPLE_SCALE must be above 0 and at most 1.' }];
};

type Told = Fault & Readonly<{ unknown?: true }>;

/** All that the engine finds wrong with its settings, asked of itself: what a setting means is known in one place. */
const toldByEngine = (): Promise<readonly Told[]> =>
  new Promise((resolve) => {
    execFile(process.execPath, [ENGINE_MAIN, '--check'], (_fault, said) => {
      resolve(said.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Told] : [])));
    });
  });

/** Every fault of every setting in one go, before anything is made or started; gives back what is only to be told. Throws: Failure. */
export const demandSettings = async (env: Readonly<Record<string, string | undefined>>): Promise<readonly Fault[]> => {
  const all = await toldByEngine();
  const faults = [...all.filter(({ unknown }) => !unknown), ...scaleFaults(env.YIKA_SAMPLE_SCALE)];
  if (faults.length === 0) return all;
  const lines = [...faults, ...all.filter(({ unknown }) => unknown)];
  throw new Failure({ zh: lines.map(({ zh }) => zh).join('\n'), en: lines.map(({ en }) => en).join('\n') });
};
