import { grouped } from './text-table';

export type Screen = Readonly<{ isTTY?: boolean; write: (text: string) => unknown }>;
export type Progress = Readonly<{ advance: (by?: number) => void; set: (done: number) => void; finish: () => void }>;

const BAR_CELLS = 24;
const REDRAW_MS = 100;

const share = (done: number, total: number): number => (total === 0 ? 1 : Math.min(1, done / total));

/** "播放 play  ████████░░░░  33 %  6,600/20,000". */
export const progressLine = (label: string, done: number, total: number): string => {
  const full = Math.floor(share(done, total) * BAR_CELLS);
  const percent = String(Math.floor(share(done, total) * 100)).padStart(3);
  return `${label}  ${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${percent} %  ${grouped(done)}/${grouped(total)}`;
};

const SECONDS_KNOWN = 0.5; // Before, a rate says nothing.

/** How fast it goes, and how long it will take at that: "  52,310/s  剩 left 1 min 20 s". Units: seconds. */
export const paceText = (doneSince: number, seconds: number, left: number): string => {
  if (seconds < SECONDS_KNOWN || doneSince <= 0) return '';
  const rate = doneSince / seconds;
  const leftSeconds = Math.ceil(left / rate);
  const minutes = Math.floor(leftSeconds / 60);
  return `  ${grouped(Math.round(rate))}/s${left > 0 ? `  剩 left ${minutes > 0 ? `${minutes} min ` : ''}${leftSeconds % 60} s` : ''}`;
};

/** A line that is drawn again on a terminal; elsewhere (a log, a pipe) a line for each tenth of the way. `withPace`: rate and time left, too. */
export const progressOn = (screen: Screen, label: string, total: number, { withPace = false } = {}): Progress => {
  let done = 0;
  let began: Readonly<{ done: number; atMs: number }> | undefined;
  const line = (): string => {
    if (!withPace) return progressLine(label, done, total);
    began ??= { done, atMs: performance.now() };
    return progressLine(label, done, total) + paceText(done - began.done, (performance.now() - began.atMs) / 1_000, total - done);
  };
  let tenthsTold = -1;
  let drawnAt = -REDRAW_MS;
  const draw = () => screen.write(`\r\u001b[K${line()}`);
  const tell = () => {
    const tenths = Math.floor(share(done, total) * 10);
    if (tenths === tenthsTold) return;
    tenthsTold = tenths;
    screen.write(`${line()}\n`);
  };
  const show = () => {
    if (!screen.isTTY) {
      tell();
      return;
    }
    const now = performance.now();
    if (now - drawnAt < REDRAW_MS) return;
    drawnAt = now;
    draw();
  };
  const set = (next: number) => {
    done = next;
    show();
  };
  return {
    set,
    advance: (by = 1) => set(done + by),
    finish: () => {
      if (!screen.isTTY) return tell();
      draw();
      screen.write('\n');
    },
  };
};
