import type { DatabaseSync } from 'node:sqlite';
import { envelopeOf, type LoggedEvent } from '#libs/application';
import { accountStream, recordedAccountEvent } from '#libs/medical-account';

/** What an event names that stands in another file. */
export type Named = Readonly<{ file: 'content.db' | 'vault.db'; what: 'content' | 'person' | 'card'; key: string }>;

const ACCOUNTS = accountStream('');

/** Throws: on damage or an unknown type. */
export const namedBy = (logged: LoggedEvent): Named | undefined => {
  if (!logged.stream.startsWith(ACCOUNTS)) return undefined;
  const event = recordedAccountEvent(envelopeOf(logged));
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
