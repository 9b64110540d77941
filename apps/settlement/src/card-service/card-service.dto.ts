import {
  APPLICANTS,
  APPLICATION_KINDS,
  APPLICATION_REASONS,
  type Applicant,
  type ApplicationKind,
  type ApplicationReason,
  CHECK_WAYS,
  type CheckWay,
  ISSUED_KINDS,
  type IssuedKind,
  OBSTACLES,
  type Obstacle,
  RELATIONS,
  type Relation,
  SIGNERS,
  type Signer,
} from '#libs/card-service';
import { checkIdentity } from '#libs/kernel';
import { cardNumber, identityKind, identityNumber, personName } from '../accounts/personal-rules';
import { Field, NestedField, NestedList, OptionalField } from '../form/field';
import { type FormFault, faultAt } from '../form/read-form';
import * as rule from '../form/rules';

const IN_THE_VAULT = 'Compared with the vault; no event, log line or answer holds it.';

/** Who signs for the holder, as his own document says. */
export class RepresentativeDto {
  @Field(identityKind) identityKind: string;
  @Field(identityNumber) identityNumber: string;
  @Field(personName) name: string;
}
/** Who signs the voucher, and the numbers of the identity checks. */
export class SignedByDto {
  @Field(rule.oneOf(SIGNERS)) signer: Signer;
  @OptionalField(rule.oneOf(RELATIONS), { description: 'Of who signs for the holder.' }) relation?: Relation | null;
  @OptionalField(rule.reference, { description: 'Number of the identity check of who signs for the holder.' }) proxyCheck?: string | null;
  @OptionalField(rule.reference, { description: "Number of the holder's identity check." }) holderCheck?: string | null;
  @OptionalField(rule.oneOf(CHECK_WAYS), { description: 'Left out: checked at the counter. `homeVisit`: by the bank.' })
  checkWay?: CheckWay | null;
  @NestedField(() => RepresentativeDto, { optional: true, description: 'Who signs for the holder. Goes to the vault.' })
  person?: RepresentativeDto | null;
}
/** Who signs for another says in what relation, and that the own identity was checked. */
export const faultsOfSigner = ({ signedBy }: { signedBy?: SignedByDto }): readonly FormFault[] => {
  const wrong = misfitOf(signedBy?.person);
  if (!signedBy || signedBy.signer === 'holder') return wrong;
  const missing = (field: 'relation' | 'proxyCheck', expected: readonly [string, string]) =>
    signedBy[field] == null ? [faultAt(`signedBy.${field}`, 'field-missing', expected)] : [];
  return [
    ...missing('relation', ['与持卡人的关系', 'the relation to the holder']),
    ...missing('proxyCheck', ['代办人身份核验编号', 'the number of the identity check of who signs']),
    ...wrong,
  ];
};

/** The number fits its kind, or why not; the number itself is never repeated. */
const misfitOf = (person: RepresentativeDto | null | undefined): readonly FormFault[] => {
  if (person == null || !identityKind.test(person.identityKind) || !identityNumber.test(person.identityNumber)) return [];
  const wrong = checkIdentity(person.identityKind, person.identityNumber);
  const expected = wrong && ([`与证件类型相符的号码（${wrong.messageZh}）`, `a number that fits its kind (${wrong.messageEn})`] as const);
  return expected ? [faultAt('signedBy.person.identityNumber', 'field-malformed', expected)] : [];
};

/** For every act at a counter: where, and who signs its voucher. */
export class CounterDto {
  @OptionalField(rule.code, { description: 'The counter: left out where the key names one only.' }) outletCode?: string | null;
  @NestedField(() => SignedByDto, { optional: true, description: 'Who signs the voucher; left out: the holder.' })
  signedBy?: SignedByDto | null;

  static alsoWrong(form: object): readonly FormFault[] {
    const { signedBy } = form as CounterDto;
    return signedBy == null ? [] : faultsOfSigner({ signedBy });
  }
}

/** Every one there is, and one named again does no harm: each is told once. */
const NAMED_MAX = 2 * OBSTACLES.length;
export class ObstacleDto {
  @Field(rule.oneOf(OBSTACLES)) code: Obstacle;
  @OptionalField(rule.words(100)) detail?: string | null;
}
export class ApplyingPersonDto {
  @Field(identityKind, { description: 'psn_cert_type: 01 identity card … 17 residence permit.' }) identityKind: string;
  @OptionalField(rule.personal(50), { description: `${IN_THE_VAULT} Wrong or left out: refused with a notice, not as a fault of form.` })
  identityNumber?: string | null;
  @OptionalField(personName, { description: IN_THE_VAULT }) name?: string | null;
}
export class CardApplicationDto {
  @Field(rule.reference) reference: string;
  @Field(rule.code) poolingArea: string;
  @NestedField(() => ApplyingPersonDto) person: ApplyingPersonDto;
  @Field(rule.oneOf(APPLICATION_KINDS)) kind: ApplicationKind;
  @OptionalField(rule.oneOf(APPLICATION_REASONS), { description: 'None for a first issue; else one that fits the kind.' })
  reason?: ApplicationReason | null;
  @Field(rule.oneOf(ISSUED_KINDS)) cardKind: IssuedKind;
  @OptionalField(rule.identifier, { description: 'Of a replacement or exchange: the card in whose place the new one is made.' })
  replacesCardId?: string | null;
  @OptionalField(rule.oneOf(APPLICANTS), { default: 'holder' }) applicant?: Applicant | null;
  @Field(rule.code) outletCode: string;
  @OptionalField(rule.code) bankCode?: string | null;
  @OptionalField(rule.reference, { description: "The employer's or school's batch." }) batchNo?: string | null;
  @OptionalField(rule.reference, { description: 'Under which the photo is kept.' }) photoReference?: string | null;
  @OptionalField(rule.truth, { description: 'Another office has to approve: the longer term.' }) approved?: boolean | null;
  @OptionalField(rule.truth, { description: 'Made at the counter and handed over at once.' }) onTheSpot?: boolean | null;
  @Field(rule.words(100)) pickUpPlace: string;
  @NestedList(() => ObstacleDto, NAMED_MAX, { description: 'What the clerk has found against it.' }) obstacles?: ObstacleDto[] | null;
  @NestedField(() => SignedByDto) signedBy: SignedByDto;
  @OptionalField(rule.code, { description: 'Of the employer, school or committee that applies for its people: it hands the card out.' })
  unitCode?: string | null;
  @OptionalField(rule.code, { description: 'Outlet or centre where the card is fetched, when another than accepted it.' })
  pickUpOutletCode?: string | null;

  static alsoWrong(form: Partial<CardApplicationDto>): readonly FormFault[] {
    return faultsOfSigner(form);
  }
}

export class ApplicationPathDto {
  @Field(rule.identifier) applicationId: string;
}
export class StartProductionDto {
  @Field(rule.reference) reference: string;
  @OptionalField(rule.reference) productionBatchNo?: string | null;
}
export class ProducedDto {
  @Field(rule.reference) reference: string;
}
export class ReadyForPickUpDto {
  @Field(rule.reference) reference: string;
  @Field(rule.words(100)) place: string;
}
export class IssueCardDto {
  @Field(rule.reference) reference: string;
  @Field(cardNumber, { description: 'Goes to the vault; no event, log line or answer holds it.' }) cardNumber: string;
  @OptionalField(rule.oneOf(APPLICANTS), { default: 'holder' }) receivedBy?: Applicant | null;
  @Field(rule.code) outletCode: string;
  @NestedField(() => SignedByDto) signedBy: SignedByDto;

  static alsoWrong(form: Partial<IssueCardDto>): readonly FormFault[] {
    return faultsOfSigner(form);
  }
}
export class HandOutDto {
  @Field(rule.reference) reference: string;
  @OptionalField(rule.oneOf(SIGNERS), { default: 'holder' }) receivedBy?: Signer | null;
  @Field(rule.code, { description: "The unit's own code: its vouchers are numbered under it." }) outletCode: string;
  @NestedField(() => SignedByDto) signedBy: SignedByDto;

  static alsoWrong(form: Partial<HandOutDto>): readonly FormFault[] {
    return faultsOfSigner(form);
  }
}
export class LinkCardDto {
  @Field(rule.reference) reference: string;
  @Field(cardNumber, { description: 'Of the card that works. Goes to the vault.' }) cardNumber: string;
  @Field(rule.oneOf(ISSUED_KINDS)) cardKind: IssuedKind;
  @Field(rule.code) outletCode: string;
  @NestedField(() => SignedByDto) signedBy: SignedByDto;

  static alsoWrong(form: Partial<LinkCardDto>): readonly FormFault[] {
    return faultsOfSigner(form);
  }
}
export class FailApplicationDto {
  @Field(rule.reference) reference: string;
  @NestedList(() => ObstacleDto, NAMED_MAX, { description: 'Every reason that applies.' }) obstacles?: ObstacleDto[] | null;
  @Field(rule.code) outletCode: string;
}

const yearText: rule.Rule = rule.numeral(2000, 2999);
const numberText: rule.Rule = rule.matching(/^\d{1,9}$/, '序号', 'a number, leading zeros allowed');
export class VoucherPathDto {
  @Field(rule.code) outletCode: string;
  @Field(yearText) year: string;
  @Field(numberText) number: string;
}
export class AboutDto {
  @Field(rule.matching(/^(medicalAccount|cardApplication)-[A-Za-z0-9-]{1,64}$/, '业务所在的流', 'the stream of an account or application'))
  stream: string;
  @Field(rule.wholeNumber(0, 1e12)) revision: number;
}
export class VoucherDto {
  @Field(rule.reference) reference: string;
  @Field(rule.code) outletCode: string;
  @NestedField(() => AboutDto, { description: 'The event of the accepted business, as its answer told it.' }) about: AboutDto;
  @NestedField(() => SignedByDto) signedBy: SignedByDto;

  static alsoWrong(form: Partial<VoucherDto>): readonly FormFault[] {
    return faultsOfSigner(form);
  }
}
export class SignedCopyDto {
  @Field(rule.reference) reference: string;
  @Field(rule.reference, { description: 'Under which the signed paper or its scan is kept.' }) signedCopy: string;
}

export class NoticeReasonDto {
  @Field(rule.code, { description: 'A code that /problems lists.' }) code: string;
  @OptionalField(rule.words(100)) detail?: string | null;
}
export class NoticeDto {
  @Field(rule.reference) reference: string;
  @Field(rule.code, { description: 'What was asked for, e.g. lossReport, enablement, replacement.' }) business: string;
  @Field(rule.code) outletCode: string;
  @Field(rule.code) poolingArea: string;
  @OptionalField(rule.identifier) accountId?: string | null;
  @NestedList(() => NoticeReasonDto, 20, { description: 'Every reason, by its code.' }) reasons?: NoticeReasonDto[] | null;
}
export class NoticePathDto {
  @Field(rule.identifier) noticeId: string;
}
const WAITS_FOR = ['card', 'handOut'] as const;
export class ApplicationCountsDto {
  @OptionalField(rule.oneOf(APPLICATION_KINDS)) kind?: ApplicationKind;
  @OptionalField(rule.oneOf(WAITS_FOR), { description: 'The card, or that the unit which has fetched it hands it out.' })
  waitsFor?: (typeof WAITS_FOR)[number];
  @OptionalField(rule.code, { description: 'Where it was accepted.' }) outletCode?: string;
}
export class PendingApplicationsDto extends ApplicationCountsDto {
  @OptionalField(rule.oneOf(['true', 'false']), { default: 'false', description: 'Only those whose last day is over.' })
  overdue?: 'true' | 'false';
  @OptionalField(rule.matching(/^[\x21-\x7e]{1,400}$/, '上一页的 next', 'the `next` of the page before')) cursor?: string;
  @OptionalField(rule.numeral(1, 500), { default: 100 }) limit?: string;
}
const INQUIRED = ['identityCard', 'socialSecurityCard'] as const;
export class InquiredDto {
  @Field(rule.oneOf(INQUIRED)) kind: (typeof INQUIRED)[number];
  @Field(rule.personal(50), { description: IN_THE_VAULT }) number: string;
}
export class CardInquiryDto {
  @Field(rule.code) poolingArea: string;
  @NestedField(() => InquiredDto) credential: InquiredDto;
}
export class PageQueryDto {
  @OptionalField(rule.oneOf(['zh', 'en']), { default: 'zh' }) lang?: 'zh' | 'en';
}
