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

/** A line that is drawn again on a terminal; elsewhere (a log, a pipe) a line for each tenth of the way. */
export const progressOn = (screen: Screen, label: string, total: number): Progress => {
  let done = 0;
  let tenthsTold = -1;
  let drawnAt = -REDRAW_MS;
  const draw = () => screen.write(`\r\u001b[K${progressLine(label, done, total)}`);
  const tell = () => {
    const tenths = Math.floor(share(done, total) * 10);
    if (tenths === tenthsTold) return;
    tenthsTold = tenths;
    screen.write(`${progressLine(label, done, total)}\n`);
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
