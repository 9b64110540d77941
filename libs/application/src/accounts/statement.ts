import { businessDateOf, type Recorded } from '#libs/kernel';
import { accountStream, decodeAccountEvent, type MedicalAccountEvent, type MedicalLeg, medicalFen } from '#libs/medical-account';
import type { Accounts, StatementRow } from '../engine';
import type { EventReader } from '../event-store.port';
import { recordedOf } from '../streams/stored-form';

/** Every event of an account with the balance that it left; read from the first one, so that the balance runs on. */
export const statementOf =
  (reader: EventReader): Accounts['statement'] =>
  async (accountId, fromRevision, limit) => {
    const rows: StatementRow[] = [];
    let balanceFen = 0;
    let isKnown = false;
    for await (const stored of reader.readForward(accountStream(accountId))) {
      isKnown = true;
      if (rows.length === limit) return { rows, next: stored.revision };
      const row = rowOf(recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored), balanceFen);
      balanceFen = row.balanceFen;
      if (stored.revision >= fromRevision) rows.push(row);
    }
    return isKnown ? { rows, next: null } : undefined;
  };

const rowOf = (event: Recorded<MedicalAccountEvent>, beforeFen: number): StatementRow => {
  const data = event.data as Readonly<{ legs?: readonly MedicalLeg[]; institutionCode?: string; serial?: string | null }>;
  const legs = data.legs ?? [];
  const changeFen = legs.reduce((sum, { account, amountFen }) => (account.startsWith('subAccount:') ? sum + amountFen : sum), 0);
  return {
    revision: event.revision,
    decidedAt: event.decidedAt,
    businessDate: businessDateOf(event.decidedAt),
    type: event.type,
    eventId: event.id,
    institutionCode: data.institutionCode ?? null,
    serial: data.serial ?? null,
    changeFen: medicalFen(changeFen),
    balanceFen: medicalFen(beforeFen + changeFen),
    legs,
  };
};
