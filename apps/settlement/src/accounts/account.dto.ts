import { checkLegacyIdentity } from '#libs/kernel';
import type {
  CardArea,
  CardKind,
  CardMedium,
  CredentialKind,
  EnablementChannel,
  ExchangeReason,
  FreezeCause,
  FundSource,
  InsuranceType,
  ProxyRelation,
  TemporaryReason,
  TransferPlace,
} from '#libs/medical-account';
import { CounterDto } from '../card-service/card-service.dto';
import { Field, NestedField, OptionalField } from '../form/field';
import { type FormFault, faultAt, NO_SUCH_FIELD } from '../form/read-form';
import * as rule from '../form/rules';
import * as word from '../form/words-of-the-domain';
import { CredentialDto } from '../settlements/swipe.dto';
import { cardNumber, identityKind, identityNumber, personName } from './personal-rules';

export class AccountPathDto {
  @Field(rule.identifier) id: string;
}
export class CardPathDto extends AccountPathDto {
  @Field(rule.identifier) cardId: string;
}
export class FreezePathDto extends AccountPathDto {
  @Field(rule.identifier) freezeId: string;
}

export class PersonDto {
  @Field(identityKind, { description: 'psn_cert_type: 01 identity card … 17 residence permit.' }) identityKind: string;
  @Field(identityNumber) identityNumber: string;
  @Field(personName) name: string;
  @OptionalField(rule.day) birthDate?: string | null;
  @OptionalField(rule.matching(/^\+?[\d -]{5,20}$/, '电话号码', 'a telephone number')) telephone?: string | null;
}
export class OpenAccountDto {
  @Field(rule.reference) reference: string;
  @Field(rule.code) poolingArea: string;
  @OptionalField(rule.district, { description: 'Whose agency opens the account; for counts.' }) district?: string | null;
  @Field(rule.oneOf(word.INSURANCE_TYPES)) insuranceType: InsuranceType;
  @NestedField(() => PersonDto, { description: 'Goes to the vault; no event, log line or answer holds it.' }) person: PersonDto;

  /** The number fits its kind, or why not; the number itself is never repeated. */
  static alsoWrong({ person }: Partial<OpenAccountDto>): readonly FormFault[] {
    if (!person || !identityKind.test(person.identityKind) || !identityNumber.test(person.identityNumber)) return [];
    const wrong = checkLegacyIdentity(person.identityKind, person.identityNumber);
    return wrong
      ? [
          faultAt('person.identityNumber', 'field-malformed', [
            `与证件类型相符的号码（${wrong.messageZh}）`,
            `a number that fits its kind (${wrong.messageEn})`,
          ]),
        ]
      : [];
  }
}

export class CreditDto {
  @Field(rule.reference) reference: string;
  @Field(rule.oneOf(word.CREDIT_SOURCES)) source: Exclude<FundSource, 'interest' | 'opening'>;
  @OptionalField(rule.month) period?: string | null;
  @Field(rule.positiveYuan) amount: string;
  @OptionalField(rule.oneOf(['currentYear', 'priorYear']), { default: 'currentYear' }) bucket?: 'currentYear' | 'priorYear' | null;
  @OptionalField(rule.words(200)) legalBasis?: string | null;
}
export class CorrectionDto {
  @Field(rule.reference) reference: string;
  @Field(rule.positiveYuan) amount: string;
  @Field(rule.words(200)) legalBasis: string;
  @Field(rule.words(200)) reason: string;
}

export class OpeningBalanceDto {
  @Field(rule.yuan) currentYear: string;
  @Field(rule.yuan) priorYear: string;
}
export class RegisterCardDto extends CounterDto {
  @Field(rule.reference) reference: string;
  @Field(cardNumber, { description: 'Goes to the vault; no event, log line or answer holds it.' }) cardNumber: string;
  @Field(rule.oneOf(word.CARD_KINDS)) kind: CardKind;
  @OptionalField(rule.oneOf(['registered', 'inUse']), {
    default: 'registered',
    description: 'Other than `registered`: by the agency only.',
  })
  state?: 'registered' | 'inUse' | null;
  @OptionalField(rule.day, { description: 'In a legacy system; by the agency only.' }) lastSwipedOn?: string | null;
  @OptionalField(rule.eachOf(rule.oneOf(word.CARD_MEDIA), 5, 1)) media?: CardMedium[] | null;
  @NestedField(() => OpeningBalanceDto, {
    optional: true,
    description: 'Balances that stood on the card in a legacy system; by the agency only.',
  })
  opening?: OpeningBalanceDto | null;
  @OptionalField(rule.identifier, { description: 'The card that it is made in place of; then `exchange` says why.' })
  replacesCardId?: string | null;
  @OptionalField(rule.oneOf(word.EXCHANGE_REASONS)) exchange?: ExchangeReason | null;
  @OptionalField(rule.oneOf(word.TEMPORARY_REASONS), { description: 'Of a temporary card; its term follows by the policy pack.' })
  temporaryReason?: TemporaryReason | null;
  @OptionalField(rule.wholeNumber(1, 3660), { description: 'Of a temporary card, where its term is counted in days.' })
  validDays?: number | null;
}
export class ProxyDto {
  @Field(rule.oneOf(word.PROXY_RELATIONS)) relation: ProxyRelation;
  @Field(rule.reference, { description: 'Number of the identity check of who acts; never what was checked.' }) proxyCheck: string;
  @Field(rule.reference, { description: 'Number of the identity check of the holder.' }) holderCheck: string;
}
export class EnablementDto extends CounterDto {
  @Field(rule.reference) reference: string;
  @Field(rule.oneOf(word.ENABLEMENT_CHANNELS)) channel: Exclude<EnablementChannel, 'firstSwipe'>;
  @Field(rule.truth) financialAreaActivated: boolean;
  @NestedField(() => ProxyDto, { optional: true, description: 'Who acts for the holder, where not himself.' }) proxy?: ProxyDto | null;

  /** Who acts for the holder signs for him, and nobody else does. */
  static override alsoWrong(form: EnablementDto): readonly FormFault[] {
    const { proxy, signedBy } = form;
    const faults = CounterDto.alsoWrong(form);
    if (proxy == null || signedBy == null) return faults;
    const isSame =
      signedBy.signer !== 'holder' && (['relation', 'proxyCheck', 'holderCheck'] as const).every((name) => signedBy[name] === proxy[name]);
    return isSame ? faults : [...faults, faultAt('signedBy', 'field-malformed', ['与 proxy 一致', 'the same as `proxy`'])];
  }
}
/** For acts whose number alone says all, and for those that ask why. */
export class ReasonedActDto {
  @Field(rule.reference) reference: string;
  @Field(rule.words(200)) reason: string;
}
/** The same of a card, at a counter or not. */
export class CardActDto extends CounterDto {
  @Field(rule.reference) reference: string;
  @Field(rule.words(200)) reason: string;
}
export class LossDto extends CardActDto {
  @OptionalField(rule.oneOf(word.CARD_AREAS), { description: 'The area that is lost; absent: the social security area.' })
  area?: CardArea;
}
export class TransferDto extends CounterDto {
  @Field(rule.reference) reference: string;
  @Field(rule.identifier) fromCardId: string;
  @Field(rule.identifier) toCardId: string;
  @OptionalField(rule.oneOf(word.TRANSFER_PLACES), { description: 'Where the holder has applied for it; absent: the agency’s own order.' })
  place?: TransferPlace | null;
}

export class FreezeScopeDto {
  @Field(rule.oneOf(word.FREEZE_SCOPES)) kind: 'person' | 'cardArea' | 'subAccount' | 'amount';
  @OptionalField(rule.identifier, { description: 'For cardArea and subAccount.' }) cardId?: string | null;
  @OptionalField(rule.positiveYuan, { description: 'For amount.' }) amount?: string | null;
}
export class FreezeDto {
  @Field(rule.reference) reference: string;
  @NestedField(() => FreezeScopeDto) scope: FreezeScopeDto;
  @Field(rule.oneOf(word.FREEZE_CAUSES)) cause: FreezeCause;
  @Field(rule.words(200)) legalDocument: string;
  @OptionalField(rule.instant, { description: 'From now on, when absent.' }) from?: string | null;
  @OptionalField(rule.instant) until?: string | null;

  /** Each kind of scope brings its own field and no other. */
  static alsoWrong({ scope }: Partial<FreezeDto>): readonly FormFault[] {
    if (!scope || !rule.oneOf(word.FREEZE_SCOPES).test(scope.kind)) return [];
    const { kind, cardId, amount } = scope;
    const onCard = kind === 'cardArea' || kind === 'subAccount';
    return [
      ...(onCard && cardId == null ? [faultAt('scope.cardId', 'field-missing', ['系统编号', 'the card of the scope'])] : []),
      ...(!onCard && cardId != null ? [faultAt('scope.cardId', 'field-unknown', NO_SUCH_FIELD)] : []),
      ...(kind === 'amount' && amount == null ? [faultAt('scope.amount', 'field-missing', ['金额', 'the amount of the scope'])] : []),
      ...(kind !== 'amount' && amount != null ? [faultAt('scope.amount', 'field-unknown', NO_SUCH_FIELD)] : []),
    ];
  }
}

const pointInTime: rule.Rule = {
  test: (value) => rule.instant.test(value) || rule.numeral(0, 1e12).test(value),
  zh: '时间或版本号',
  en: 'an instant with offset, or a revision of the stream',
  schema: { type: 'string' },
};
export class AsOfDto {
  @OptionalField(pointInTime) asOf?: string;
}
export class StatementQueryDto {
  @OptionalField(rule.numeral(0, 1e12), { description: 'Revision to start at; `next` of the page before.' }) from?: string;
  @OptionalField(rule.numeral(1, 500), { default: 100 }) limit?: string;
}
export class MonthQueryDto {
  @Field(rule.month) month: string;
}
export class BalanceDto {
  @Field(rule.institutionCode) institutionCode: string;
  @NestedField(() => CredentialDto) credential: CredentialDto & { kind: CredentialKind };
}
