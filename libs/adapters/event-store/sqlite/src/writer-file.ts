import { join, relative, resolve } from 'node:path';

/**
 * The compiled entry of the writer's thread: a thread cannot be started from TypeScript, so that specs, which run from the sources, use the
 * build's copy.
 */
export const writerThreadFile = (): string => {
  if (!__filename.endsWith('.ts')) return join(__dirname, 'writer-thread.js');
  const root = resolve(__dirname, '../../../../..');
  return join(root, 'dist', relative(root, __dirname), 'writer-thread.js');
};
