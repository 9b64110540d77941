import type { ReadModels } from '#libs/application';

export type OpenReadModels = ReadModels &
  Readonly<{
    /** Resolves when every projection has what the log holds up to this index. Throws: when one of them has failed. */
    caughtUp(logIndex: number): Promise<void>;
  }>;
