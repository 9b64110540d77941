import type { DatabaseSync } from 'node:sqlite';
import { envelopeOf, type LoggedEvent } from '#libs/application';
import { accountStream, recordedAccountEvent } from '#libs/medical-account';

/** What an event names that stands in another file. */
export type Named = Readonly<{ file: 'content.db' | 'vault.db'; what: 'content' | 'person' | 'card'; key: string }>;

const RECIPES = 'docs/how-to/recover-from-faults.md';
const ACCOUNTS = accountStream('');

/** An event that this program cannot read: a newer one wrote it, or it is damaged. Nothing may be decided beside it. */
export class EventNotUnderstoodError extends Error {
  override readonly name = 'EventNotUnderstoodError';
  readonly code = 'event-not-understood';
  constructor({ logIndex, stream, revision, type }: LoggedEvent, why: string) {
    super(
      `events.db 第 ${logIndex} 条事件（${stream} 修订号 ${revision}，${type}）本版本读不懂：${why}。` +
        `多为较新版本写入：请用写入它的版本启动；否则为损坏：请用 yika verify --from ${logIndex} 查看，再由备份恢复（${RECIPES}）。勿改动或删除该文件。` +
        `Event ${logIndex} of events.db (${stream}, revision ${revision}, ${type}) cannot be read by this version: ${why}. ` +
        'Most likely a newer version wrote it: start that one. Else it is damaged: ' +
        `look with yika verify --from ${logIndex}, then restore a backup (${RECIPES}). Do not change or remove the file.`,
    );
  }
}

const recorded = (logged: LoggedEvent): ReturnType<typeof recordedAccountEvent> => {
  try {
    return recordedAccountEvent(envelopeOf(logged));
  } catch (thrown) {
    throw new EventNotUnderstoodError(logged, thrown instanceof Error ? thrown.message : String(thrown));
  }
};

/** Throws: EventNotUnderstoodError on damage or an unknown type. */
export const namedBy = (logged: LoggedEvent): Named | undefined => {
  if (!logged.stream.startsWith(ACCOUNTS)) return undefined;
  const event = recorded(logged);
  switch (event.type) {
    case 'AccountOpened.v1':
      return { file: 'vault.db', what: 'person', key: event.data.personId };
    case 'CardRegistered.v1':
      return { file: 'vault.db', what: 'card', key: event.data.cardId };
    case 'SwipeSettled.v1':
      return event.data.linesHash === null ? undefined : { file: 'content.db', what: 'content', key: event.data.linesHash };
    default:
      return undefined;
  }
};

export type Holds = (named: Named) => boolean;

/** Whether what is named is there, also a person who was erased: the row stays. */
export const holdsIn = (contents: DatabaseSync, vault: DatabaseSync): Holds => {
  const find = {
    content: contents.prepare('SELECT 1 FROM content WHERE hash = ?'),
    person: vault.prepare('SELECT 1 FROM keys WHERE person_id = ?'),
    card: vault.prepare('SELECT 1 FROM cards WHERE card_id = ?'),
  };
  return ({ what, key }) => find[what].get(key) !== undefined;
};
