import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of this program, from the package that it was built in. */
export const engineVersion = (): string => {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version ?? '?';
  }
  return '?';
};
