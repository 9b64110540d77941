/** 首次申领、补领、换领、临时卡. */
export const APPLICATION_KINDS = ['firstIssue', 'replacement', 'exchange', 'temporary'] as const;
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];

/** Why, by kind, in the words of the card's own record: 遗失；照片、到期、损坏、信息变更、更换银行；生僻字或姓名过长、急用、数据不符、其他. */
export const REASONS = {
  firstIssue: [],
  replacement: ['formalLoss'],
  exchange: ['photo', 'expiry', 'damage', 'changedDetails', 'changedBank'],
  temporary: ['rareOrLongName', 'urgent', 'dataMismatch', 'other'],
} as const satisfies Record<ApplicationKind, readonly string[]>;
export type ApplicationReason = (typeof REASONS)[ApplicationKind][number];
export const APPLICATION_REASONS: readonly ApplicationReason[] = Object.values(REASONS).flat();

/** 用人单位、学校、村居: they apply for their people in batches, and hand out what they have fetched. Source: Q9, SX1, J9. */
export const UNITS = ['employer', 'school', 'committee'] as const;
/** 本人、代办人、监护人, or such a unit. */
export const APPLICANTS = ['holder', 'proxy', 'guardian', ...UNITS] as const;
export type Applicant = (typeof APPLICANTS)[number];
export const isUnit = (applicant: Applicant): boolean => (UNITS as readonly string[]).includes(applicant);
/** Who signs a voucher. */
export const SIGNERS = ['holder', 'proxy', 'guardian'] as const;
export type Signer = (typeof SIGNERS)[number];
/** How the identity of who signs was checked, where not at the counter: at home by the bank, or from afar. Source: Q8. */
export const CHECK_WAYS = ['homeVisit', 'remote'] as const;
export type CheckWay = (typeof CHECK_WAYS)[number];
/** Of who acts for the holder: 配偶、父母、子女、监护人、其他亲属、用人单位、学校、村居. */
export const RELATIONS = ['spouse', 'parent', 'child', 'guardian', 'otherRelative', ...UNITS] as const;
export type Relation = (typeof RELATIONS)[number];

/** Kinds that are still made; an old card is not made any more. */
export const ISSUED_KINDS = ['socialSecurity2', 'socialSecurity3', 'temporary'] as const;
export type IssuedKind = (typeof ISSUED_KINDS)[number];

/** 已受理、制卡中、已制成、可领取、已发放、已转发本人（由单位）、已关联、未能制发. */
export const APPLICATION_STATES = [
  'accepted',
  'inProduction',
  'produced',
  'readyForPickUp',
  'issued',
  'handedOut',
  'linked',
  'failed',
] as const;
export type ApplicationStage = (typeof APPLICATION_STATES)[number];

/**
 * What stands against a card, found at the counter or on the way to it. Source: X1 (the first four: no application form comes out),
 * SX1 (the fifth), J8 (the others: why no card comes).
 */
export const OBSTACLES = [
  'identity-document-wrong-or-missing',
  'identity-number-used-twice',
  'data-differ-from-insurance-system',
  'photo-missing',
  'out-of-province-papers-missing',
  'bank-account-not-opened',
  'card-issued-in-another-city',
  'working-card-exists',
  'issued-card-not-enabled',
  'left-employer',
  'photo-below-standard',
  'number-or-name-changed',
] as const;
export type Obstacle = (typeof OBSTACLES)[number];
/** `detail`: what the bank or the other city said, in its words; never a person. */
export type ObstacleFound = Readonly<{ code: Obstacle; detail: string | null }>;
/** Each once, where it was first named; what was said of it stands side by side. */
export const eachOnce = (obstacles: readonly ObstacleFound[]): readonly ObstacleFound[] =>
  [...new Set(obstacles.map(({ code }) => code))].map((code) => {
    const said = new Set(obstacles.flatMap((one) => (one.code === code && one.detail !== null ? [one.detail] : [])));
    return { code, detail: said.size === 0 ? null : [...said].join('；') };
  });
