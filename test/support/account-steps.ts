import type { CardKind, FreezeCause } from '#libs/medical-account';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** 09:00 of 1 March 2026 in Asia/Shanghai: a month before the first old cards stop. */
export const T0_MS = Date.parse('2026-03-01T01:00:00.000Z');
export const ACCOUNTS = ['A1', 'A2', 'A3'];
/** The last person is insured as a resident and has no personal account. */
export const INSURANCE = ['employee', 'employee', 'resident'] as const;
export const INSTITUTIONS = ['H1', 'H2'];
/** What hangs on every person: three old cards side by side, two new ones, a temporary one, and one taken over in use. */
export const KINDS: readonly CardKind[] = [
  'labourSecurity',
  'labourSecurity',
  'residentMedical',
  'socialSecurity3',
  'socialSecurity3',
  'temporary',
  'socialSecurity2',
];
/** The last swipes that the legacy system knew; the second card's was the last day that is too early. */
export const LAST_SWIPED = ['2025-06-01', '2024-04-01', '2025-06-01', null, null, null, null];
export const accountId = (account: number): string => ACCOUNTS[account] ?? '';
export const institutionCode = (institution: number): string => INSTITUTIONS[institution] ?? '';
export const cardId = (account: number, card: number): string => `${accountId(account)}-K${card + 1}`;

export type Bucket = 'currentYear' | 'priorYear';
export type Money = Record<Bucket, number>;
export type CardLife =
  | 'loseForGood'
  | 'find'
  | 'retain'
  | 'handBack'
  | 'collect'
  | 'destroy'
  | 'pinRight'
  | 'pinWrong'
  | 'unlockPin'
  | 'resetPin';
export type OnCard = {
  kind: 'enable' | 'stop' | 'cancelCard' | 'lose' | 'lift' | 'seal' | 'unseal' | CardLife;
  account: number;
  card: number;
};
export type Register = { kind: 'register'; account: number; card: number; as: 'registered' | 'inUse'; opening: Money | null };
export type Freeze = {
  kind: 'freeze';
  account: number;
  scope: 'person' | 'cardArea' | 'subAccount' | 'amount';
  card: number;
  fen: number;
  cause: FreezeCause;
  fromHours: number | null;
  untilHours: number | null;
};
export type Swipe = {
  kind: 'swipe';
  account: number;
  /** null: an e-credential or identity card, which names the person and no card. */
  card: number | null;
  credential: 'eCredential' | 'identityCard';
  institution: number;
  serial: number;
  fund: number;
  eligible: number;
  rest: number;
  mode: 'upToBalance' | 'full' | 'none';
  late: { hours: number; approved: boolean } | null;
  replaces: number | null;
};
/** `astray`: sent to an account on which the target does not stand. */
export type Cancel = {
  kind: 'cancel';
  institution: number;
  target: number;
  serial: number;
  fen: number | null;
  fund: number | null;
  astray: boolean;
};
export type Reverse = { kind: 'reverse'; institution: number; target: number; serial: number; astray: boolean };
export type Step =
  | OnCard
  | Register
  | Freeze
  | Swipe
  | Cancel
  | Reverse
  | { kind: 'open'; account: number }
  | { kind: 'credit'; account: number; fen: number; bucket: Bucket }
  | { kind: 'correct'; account: number; fen: number }
  | { kind: 'transfer'; account: number; from: number | null; to: number }
  | { kind: 'thaw'; account: number; nth: number }
  | { kind: 'suspend' | 'resume'; institution: number }
  /** The same command once more, long after perhaps. */
  | { kind: 'repeat'; nth: number }
  /** The job that settles what time has brought about. */
  | { kind: 'due'; account: number }
  | { kind: 'wait'; hours: number };
/**
 * What differs from city to city: whether the first swipe enables a new card, whether sealed money takes credits, when the money of a replaced
 * card moves, whether old cards stay in use beside a new one, and how wrong PINs are counted.
 */
export type City = Readonly<{
  firstSwipe: boolean;
  sealedTakesCredits: boolean;
  moves: 'now' | 'nextMonth';
  parallel: 'none' | 'sameAccount' | 'ownSubAccounts';
  pins: 'consecutive' | 'perDay';
}>;
export const WRONG_PINS_MAX = 2;
