import type {
  CardIssue,
  CardKind,
  CardMedium,
  CardRecord,
  CardState,
  ExchangeReason,
  HolderProxy,
  PinRecord,
  ProxyRelation,
  TemporaryReason,
  TransferDeferral,
  TransferPlace,
} from './events';
import { count, day, flag, instant, listOf, nullable, oneOf, record, text, usually } from './form';

export const cardMedium = oneOf<CardMedium>({ stripe: true, memory: true, contactChip: true, contactless: true, qr: true });
export const cardKind = oneOf<CardKind>({
  labourSecurity: true,
  residentMedical: true,
  medicalInsurance: true,
  socialSecurity2: true,
  socialSecurity3: true,
  temporary: true,
});
const cardState = oneOf<CardState>({
  registered: true,
  inUse: true,
  temporarilyLost: true,
  retained: true,
  lost: true,
  stopped: true,
  expired: true,
  cancelled: true,
  collected: true,
  destroyed: true,
});
export const place = oneOf<TransferPlace>({ agency: true, centre: true, bankOutlet: true });
export const issue = record<CardIssue>({
  replacesCardId: nullable(text),
  exchange: nullable(
    oneOf<ExchangeReason>({ formalLoss: true, photo: true, expiry: true, damage: true, changedDetails: true, changedBank: true }),
  ),
  temporaryReason: nullable(oneOf<TemporaryReason>({ rareOrLongName: true, urgent: true, dataMismatch: true, other: true })),
});
export const proxy = record<HolderProxy>({
  relation: oneOf<ProxyRelation>({
    spouse: true,
    parent: true,
    child: true,
    guardian: true,
    otherRelative: true,
    employer: true,
    school: true,
  }),
  proxyCheck: text,
  holderCheck: text,
  holderAge: oneOf({ minor: true, adult: true }),
});
export const cardRecord = record<CardRecord>({
  kind: cardKind,
  media: listOf(cardMedium),
  carriesPersonalAccount: flag,
  lastSwipedOn: nullable(day),
  timeline: listOf(record<CardRecord['timeline'][number]>({ from: instant, state: cardState })),
  sealed: flag,
  successorCardId: nullable(text),
  registeredAtRevision: count,
  expiresAt: nullable(instant),
  replacesCardId: nullable(text),
  deferred: nullable(record<TransferDeferral>({ toCardId: text, until: nullable(instant), place: nullable(place) })),
  financialAreaActive: usually(flag, false),
  financialAreaLostFrom: nullable(instant),
  sealedByLoss: usually(flag, false),
  agencySeals: nullable(listOf(record<NonNullable<CardRecord['agencySeals']>[number]>({ from: instant, until: nullable(instant) }))),
  pin: nullable(
    record<PinRecord>({
      wrongInRow: count,
      wrongOnDay: nullable(record<NonNullable<PinRecord['wrongOnDay']>>({ day, count })),
      locks: listOf(record<PinRecord['locks'][number]>({ from: instant, until: nullable(instant) })),
    }),
  ),
});
