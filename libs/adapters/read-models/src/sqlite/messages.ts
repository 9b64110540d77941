import type { ProjectionStatus } from '#libs/application';
import type { Notice } from '../notices';

/**
 * Where the thread finds the log: a module (a path, or a room's name such as "#libs/adapters/event-store/sqlite"), the function of it that
 * opens a reader, and what to call it with. Named, not imported: adapters do not know each other, the application that wires them does.
 */
export type ReaderSource = Readonly<{ module: string; opens: string; options: unknown }>;
export type ThreadOptions = Readonly<{ file: string; reader: ReaderSource; batchEventsMax: number }>;

export type ToThread =
  | Readonly<{ kind: 'status'; id: number }>
  | Readonly<{ kind: 'rebuild'; id: number; name: string }>
  | Readonly<{ kind: 'close'; id: number }>;
export type FromThread =
  | Readonly<{ kind: 'ready' }>
  | Readonly<{ kind: 'notice'; notice: Notice }>
  | Readonly<{ kind: 'damaged'; reason: string }>
  | Readonly<{ kind: 'progress'; id: number; done: number; total: number }>
  | Readonly<{ kind: 'answer'; id: number; statuses: readonly ProjectionStatus[] }>
  | Readonly<{ kind: 'fault'; id: number; reason: string }>;
