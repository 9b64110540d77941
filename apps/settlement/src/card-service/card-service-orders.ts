import type { ApplicationAct, ApplicationOrder, NoticeOrder, Signing, VoucherKey, VoucherOrder } from '#libs/application';
import type {
  CardApplicationDto,
  FailApplicationDto,
  HandOutDto,
  IssueCardDto,
  LinkCardDto,
  NoticeDto,
  ObstacleDto,
  SignedByDto,
  VoucherDto,
  VoucherPathDto,
} from './card-service.dto';

export const toSigning = ({ signer, relation, proxyCheck, holderCheck, checkWay, person }: SignedByDto): Signing => ({
  signer,
  relation: relation ?? null,
  proxyCheck: proxyCheck ?? null,
  holderCheck: holderCheck ?? null,
  ...(checkWay == null ? {} : { checkWay }),
  ...(person == null ? {} : { person: { identityKind: person.identityKind, identityNumber: person.identityNumber, name: person.name } }),
});
const obstaclesOf = (found: readonly ObstacleDto[] | null | undefined) =>
  (found ?? []).map(({ code, detail }) => ({ code, detail: detail ?? null }));

export const toApplicationOrder = (form: CardApplicationDto): ApplicationOrder => ({
  reference: form.reference,
  poolingArea: form.poolingArea,
  person: {
    identityKind: form.person.identityKind,
    identityNumber: form.person.identityNumber ?? null,
    name: form.person.name ?? null,
  },
  kind: form.kind,
  reason: form.reason ?? null,
  cardKind: form.cardKind,
  replacesCardId: form.replacesCardId ?? null,
  applicant: form.applicant ?? 'holder',
  outletCode: form.outletCode,
  bankCode: form.bankCode ?? null,
  batchNo: form.batchNo ?? null,
  photoReference: form.photoReference ?? null,
  approved: form.approved ?? false,
  onTheSpot: form.onTheSpot ?? false,
  pickUpPlace: form.pickUpPlace,
  obstacles: obstaclesOf(form.obstacles),
  signedBy: toSigning(form.signedBy),
  ...unitOf(form),
});

/** What is not told adds nothing: orders of earlier versions stay the same orders. */
const unitOf = ({ unitCode, pickUpOutletCode }: CardApplicationDto): Pick<ApplicationOrder, 'unitCode' | 'pickUpOutletCode'> => ({
  ...(unitCode == null ? {} : { unitCode }),
  ...(pickUpOutletCode == null ? {} : { pickUpOutletCode }),
});

export const toIssue = (form: IssueCardDto): ApplicationAct => ({
  act: 'issue',
  cardNumber: form.cardNumber,
  receivedBy: form.receivedBy ?? 'holder',
  outletCode: form.outletCode,
  signedBy: toSigning(form.signedBy),
});
export const toHandOut = (form: HandOutDto): ApplicationAct => ({
  act: 'handOut',
  receivedBy: form.receivedBy ?? 'holder',
  outletCode: form.outletCode,
  signedBy: toSigning(form.signedBy),
});
export const toLink = ({ cardNumber, cardKind, outletCode, signedBy: by }: LinkCardDto): ApplicationAct => ({
  act: 'link',
  cardNumber,
  cardKind,
  outletCode,
  signedBy: toSigning(by),
});
export const toFailure = ({ obstacles, outletCode }: FailApplicationDto): ApplicationAct => ({
  act: 'fail',
  obstacles: obstaclesOf(obstacles),
  outletCode,
});

export const toVoucherKey = ({ outletCode, year, number }: VoucherPathDto): VoucherKey => ({
  outletCode,
  year: Number(year),
  number: Number(number),
});
export const toVoucherOrder = ({ reference, outletCode, about, signedBy: by }: VoucherDto): VoucherOrder => ({
  reference,
  outletCode,
  about: { stream: about.stream, revision: about.revision },
  signedBy: toSigning(by),
});
export const toNoticeOrder = ({ reference, business, outletCode, poolingArea, accountId, reasons }: NoticeDto): NoticeOrder => ({
  reference,
  business,
  outletCode,
  poolingArea,
  accountId: accountId ?? null,
  reasons: (reasons ?? []).map(({ code, detail }) => ({ code, detail: detail ?? null })),
});
