import { decodeInstitutionEvent, type InstitutionEvent } from '#libs/institution';
import { businessKey, decodeAccountEvent, type MedicalAccountEvent } from '#libs/medical-account';
import type { Imports, LogSums } from '../engine';
import type { EventReader, LoggedEvent } from '../event-store.port';
import { recordedOf } from '../streams/stored-form';
import { keysOfSource } from './import-identity';

type Sums = { -readonly [N in keyof LogSums]: number };
const nothing = (): Sums => ({ accounts: 0, cards: 0, currentYearFen: 0, priorYearFen: 0, agreements: 0 });

/** The organisation in whose name an import's agreements are signed: whoever sits at the admin socket. */
const OPERATOR = 'operator';
const REPORT_EVERY = 10_000;
const WITHOUT_MONEY = new Set(['CardEnabled.v1', 'CardStopped.v1', 'SubAccountSealed.v1', 'SettlementKeyVoided.v1', 'AttemptRefused.v1']);

/** Adds up what an import has written, and everything, from the bytes of the log. Units: fen. Throws: on outage or damage. */
export const logTotals =
  (reader: EventReader): Imports['totals'] =>
  async (source, upToLogIndex, { onProgress, signal }) => {
    const [imported, all] = [nothing(), nothing()];
    const own = keysOfSource(source);
    let events = 0;
    for await (const stored of reader.readLog(0)) {
      if (stored.logIndex > upToLogIndex) break;
      signal.throwIfAborted();
      add(stored, own, { imported, all });
      if (++events % REPORT_EVERY === 0) onProgress(events);
    }
    return { imported, all, events, asOfLogIndex: upToLogIndex };
  };

const add = (stored: LoggedEvent, own: string, { imported, all }: Readonly<{ imported: Sums; all: Sums }>): void => {
  const { stream, type } = stored;
  if (stream.startsWith('medicalAccount-') && !WITHOUT_MONEY.has(type)) {
    const event = recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored);
    count(all, event);
    if (isOf(own, event)) count(imported, event);
  } else if (type === 'AgreementSigned.v1') {
    const { data } = recordedOf<InstitutionEvent>(decodeInstitutionEvent, stored);
    all.agreements += 1;
    if (data.key.startsWith(businessKey(OPERATOR, own))) imported.agreements += 1;
  }
};

/** An opening credit is known by its reference: its own key begins with that of credits. */
const isOf = (own: string, event: MedicalAccountEvent): boolean => {
  if (event.type === 'AccountCredited.v1') return event.data.source === 'opening' && event.data.reference.startsWith(own);
  return (event.type === 'AccountOpened.v1' || event.type === 'CardRegistered.v1') && event.data.key.startsWith(own);
};

const count = (sums: Sums, { type, data }: MedicalAccountEvent): void => {
  if (type === 'AccountOpened.v1') sums.accounts += 1;
  if (type === 'CardRegistered.v1') sums.cards += 1;
  if (!('legs' in data)) return;
  for (const { account, amountFen } of data.legs) {
    if (!account.startsWith('subAccount:')) continue;
    if (account.endsWith(':currentYear')) sums.currentYearFen += amountFen;
    else sums.priorYearFen += amountFen;
  }
};
