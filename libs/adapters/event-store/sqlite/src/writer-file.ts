import { join, relative, resolve } from 'node:path';

/**
 * The compiled entry of a thread: a thread cannot be started from TypeScript, so that specs, which run from the sources, use the build's
 * copy.
 */
export const threadFile = (name: 'writer-thread' | 'checkpoint-thread'): string => {
  if (!__filename.endsWith('.ts')) return join(__dirname, `${name}.js`);
  const root = resolve(__dirname, '../../../../..');
  return join(root, 'dist', relative(root, __dirname), `${name}.js`);
};
