import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Stop } from './answers';

const COLUMNS = [
  ...(['phase', 'on', 'accountId', 'cardId', 'district', 'kind', 'state'] as const),
  ...(['registeredOn', 'lastSwipedOn', 'reason', 'seals', 'moves', 'amount'] as const),
];

const cell = (value: string | boolean | null): string => {
  const text = value === null ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * The list of a plan as CSV in UTF-8, a card a line. It stands under its name only when it is whole.
 * Throws: when it cannot be written.
 */
export const listFile = (path: string) => {
  const partial = `${path}.partial`;
  const fd = openSync(partial, 'w', 0o600);
  let open = true;
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  writeSync(fd, `${COLUMNS.join(',')}\n`);
  return {
    add: (stop: Stop): void => void writeSync(fd, `${COLUMNS.map((name) => cell(stop[name])).join(',')}\n`),
    finish: (): void => {
      close();
      renameSync(partial, path);
    },
    discard: (): void => {
      close();
      rmSync(partial, { force: true });
    },
  };
};
