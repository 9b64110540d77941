import type { CreditOrder, FreezeOrder, OpenAccountOrder, RegisterCardOrder } from '#libs/application';
import { parseYuan } from '#libs/kernel';
import { utcInstant } from '../form/rules';
import type { CreditDto, FreezeDto, FreezeScopeDto, OpenAccountDto, RegisterCardDto } from './account.dto';

const medical = (yuanText: string) => parseYuan<'medical'>(yuanText);
export const toOpenAccountOrder = ({ reference, poolingArea, district, insuranceType, person }: OpenAccountDto): OpenAccountOrder => {
  const { identityKind, identityNumber, name, birthDate, telephone } = person;
  return {
    reference,
    poolingArea,
    district: district ?? null,
    insuranceType,
    person: {
      identityKind,
      identityNumber,
      name,
      ...(birthDate ? { birthDate } : {}),
      ...(telephone ? { telephone } : {}),
    },
  };
};

export const toCreditOrder = (form: CreditDto): CreditOrder => ({
  reference: form.reference,
  source: form.source,
  period: form.period ?? null,
  amountFen: medical(form.amount),
  bucket: form.bucket ?? 'currentYear',
  legalBasis: form.legalBasis ?? null,
});

export const toRegisterCardOrder = (form: RegisterCardDto): RegisterCardOrder => ({
  reference: form.reference,
  cardNumber: form.cardNumber,
  kind: form.kind,
  state: form.state ?? 'registered',
  lastSwipedOn: form.lastSwipedOn ?? null,
  media: form.media ?? null,
  issue: issueOf(form),
  validDays: form.validDays ?? null,
  opening: form.opening ? { currentYearFen: medical(form.opening.currentYear), priorYearFen: medical(form.opening.priorYear) } : null,
});

const issueOf = ({ replacesCardId = null, exchange = null, temporaryReason = null }: RegisterCardDto): RegisterCardOrder['issue'] =>
  replacesCardId === null && exchange === null && temporaryReason === null ? null : { replacesCardId, exchange, temporaryReason };

export const toFreezeOrder = (form: FreezeDto): FreezeOrder => ({
  reference: form.reference,
  scope: toScope(form.scope),
  cause: form.cause,
  legalDocument: form.legalDocument,
  from: form.from ? utcInstant(form.from) : null,
  until: form.until ? utcInstant(form.until) : null,
});

/** The form has made sure that each kind brings its own field. */
const toScope = ({ kind, cardId, amount }: FreezeScopeDto): FreezeOrder['scope'] => {
  if (kind === 'amount') return { kind, amountFen: medical(amount ?? '') };
  return kind === 'person' ? { kind } : { kind, cardId: cardId ?? '' };
};
