import type { Socket } from 'node:net';
import type { Append, LoggedEvent, StoredEvent } from '#libs/application';

/** One a line; bytes as base64. `no` ties an answer to its question; a question for many events is answered by many lines and an end. */
export type Question =
  | Readonly<{ no: number; ask: 'append'; append: WireAppend }>
  | Readonly<{ no: number; ask: 'forward'; stream: string; from: number }>
  | Readonly<{ no: number; ask: 'backward'; stream: string }>
  | Readonly<{ no: number; ask: 'event'; stream: string; revision: number }>
  | Readonly<{ no: number; ask: 'claim'; key: string }>
  | Readonly<{ no: number; ask: 'log'; from: number }>
  | Readonly<{ no: number; ask: 'last' }>
  | Readonly<{ no: number; ask: 'follow'; from: number }>
  | Readonly<{ no: number; ask: 'enough'; of: number }>
  | Readonly<{ no: number; ask: 'put'; bytes: string }>
  | Readonly<{ no: number; ask: 'get'; hash: string }>;
export type Ask = Question extends infer One ? (One extends Question ? Omit<One, 'no'> : never) : never;
export type Reply = Readonly<{ no: number }> &
  (Readonly<{ value: unknown }> | Readonly<{ event: WireEvent }> | Readonly<{ end: true }> | Readonly<{ fault: string }>);

type Wired<E extends StoredEvent> = Omit<E, 'bytes'> & Readonly<{ bytes: string }>;
/** With its log index where the log was asked for. */
export type WireEvent = Wired<StoredEvent> & Partial<Pick<LoggedEvent, 'logIndex'>>;
export type WireAppend = Omit<Append, 'events'> & Readonly<{ events: readonly Wired<StoredEvent>[] }>;

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64');

/** Hands over each whole line as JSON. */
export const onLines = (socket: Socket, take: (message: unknown) => void): void => {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line));
  });
};
export const lineOf = (message: Question | Reply): string => `${JSON.stringify(message)}\n`;
