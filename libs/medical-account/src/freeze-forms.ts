import type { FreezeCause, FreezeRecord, FreezeScope } from './events';
import { amount, type Form, instant, nullable, oneOf, record, text } from './form';

export const freezeCause = oneOf<FreezeCause>({
  settlementSuspension: true,
  precautionarySuspension: true,
  judicialFreeze: true,
  death: true,
  duplicateInsurance: true,
  contributionArrears: true,
});

const kindOfScope = oneOf<FreezeScope['kind']>({ person: true, cardArea: true, subAccount: true, amount: true });
const onPerson = record<Extract<FreezeScope, { kind: 'person' }>>({ kind: oneOf({ person: true }) });
const onAmount = record<Extract<FreezeScope, { kind: 'amount' }>>({ kind: oneOf({ amount: true }), amountFen: amount });
const onCard = record<Extract<FreezeScope, { cardId: string }>>({ kind: oneOf({ cardArea: true, subAccount: true }), cardId: text });
export const scope: Form<FreezeScope> = {
  read: (value, at) => {
    const kind = kindOfScope.read((value as { kind?: unknown } | null)?.kind, `${at}.kind`);
    return (kind === 'person' ? onPerson : kind === 'amount' ? onAmount : onCard).read(value, at);
  },
};

export const freezeRecord = record<FreezeRecord>({
  scope,
  cause: freezeCause,
  legalDocument: text,
  from: instant,
  until: nullable(instant),
  endedAt: nullable(instant),
});
