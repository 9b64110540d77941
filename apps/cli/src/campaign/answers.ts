/** What the engine says of a campaign; amounts are yuan text. */
export type Phase = Readonly<{
  phase: string;
  nameZh: string;
  packId: string;
  on: string;
  at: string;
  cardKinds: readonly string[];
  inactiveYears: number | null;
}>;
export type Head = Readonly<{ campaignId: string; cityZh: string; poolingArea: string; phases: readonly Phase[]; now: string }>;

export type Planned = Readonly<{ cards: number; seals: number; sealed: string; moves: number; moved: string; noKnownSwipe: number }>;
export type PlannedGroup = Planned & Readonly<{ district: string | null; kind: string }>;
export type Plan = Readonly<{
  asOf: string;
  accounts: number;
  looked: number;
  noKnownSwipe: number;
  phases: readonly Readonly<{ phase: Phase; all: Planned; groups: readonly PlannedGroup[] }>[];
}>;
export type Stop = Readonly<{
  accountId: string;
  cardId: string;
  district: string | null;
  kind: string;
  state: string;
  registeredOn: string;
  lastSwipedOn: string | null;
  phase: string;
  on: string;
  reason: 'kindEnds' | 'inactive' | 'noKnownSwipe';
  seals: boolean;
  moves: boolean;
  amount: string;
}>;

type CardsAndMoney = Readonly<{ cards: number; amount: string }>;
export type PhaseStatus = Readonly<{
  phase: Phase;
  begun: boolean;
  stopped: number;
  sealed: CardsAndMoney;
  moved: CardsAndMoney;
  toCome: CardsAndMoney;
}>;
export type RunCounts = Readonly<{
  accounts: number;
  stopped: number;
  sealed: number;
  nothingDue: number;
  notDone: number;
  phases: Readonly<Record<string, Readonly<{ stopped: number; sealed: number }>>>;
}>;

/** One line of an answer; the last says `done` or `stopped`. */
export type Line =
  | Readonly<{ state: 'catchingUp'; behind: number }>
  | Readonly<{ state: 'looking'; looked: number }>
  | Readonly<{ stop: Stop; state?: undefined }>
  | (RunCounts & Readonly<{ state: 'running'; total: number }>)
  | Ended;
export type Ended = Readonly<{ state: 'done' | 'stopped'; campaign: Head; asOfLogIndex?: number }> &
  Partial<RunCounts> &
  Readonly<{ plan?: Plan; status?: readonly PhaseStatus[]; total?: number; left?: number | null; dryRun?: boolean }>;
