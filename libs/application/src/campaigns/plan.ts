import type { Campaign, CampaignPhase, ForeseenStop } from '../engine';
import type { CardWithMoney } from '../read-models.port';
import { type StopReason, type Verdict, verdictOn } from './judge';

/** `sealedFen` will stand sealed, `movedFen` goes to the new card; `noKnownSwipe`: stopped because nobody knows a swipe of theirs. */
export type PlannedCards = Readonly<{
  cards: number;
  seals: number;
  sealedFen: number;
  moves: number;
  movedFen: number;
  noKnownSwipe: number;
}>;
export type PlannedGroup = PlannedCards & Readonly<{ district: string | null; kind: string }>;
export type PlannedPhase = Readonly<{
  phase: CampaignPhase;
  all: PlannedCards;
  groups: readonly PlannedGroup[];
}>;
/** One card of the list. */
export type PlannedStop = Readonly<{
  accountId: string;
  cardId: string;
  district: string | null;
  kind: string;
  state: string;
  registeredOn: string;
  lastSwipedOn: string | null;
  phase: string;
  on: string;
  reason: StopReason;
  seals: boolean;
  moves: boolean;
  amountFen: number;
}>;
/** `noKnownSwipe`: of the kinds of the campaign and in working order, whether they stop or not. */
export type Plan = Readonly<{
  asOf: string;
  accounts: number;
  looked: number;
  noKnownSwipe: number;
  phases: readonly PlannedPhase[];
}>;

type Sums = { -readonly [N in keyof PlannedCards]: PlannedCards[N] };
type Group = Sums & { district: string | null; kind: string };
type Counted = Readonly<{ all: Sums; groups: Map<string, Group> }>;
const nothing = (): Sums => ({ cards: 0, seals: 0, sealedFen: 0, moves: 0, movedFen: 0, noKnownSwipe: 0 });

/** What becomes of a card: as its account foresees it, or else as it is booked. */
type Becomes = Readonly<{ reason: StopReason; seals: boolean; moves: boolean; amountFen: number }>;
const add = (sums: Sums, { seals, moves, reason, amountFen }: Becomes): void => {
  sums.cards += 1;
  if (seals) sums.seals += 1;
  if (seals) sums.sealedFen += amountFen;
  if (moves) sums.moves += 1;
  if (moves) sums.movedFen += amountFen;
  if (reason === 'noKnownSwipe') sums.noKnownSwipe += 1;
};

/** Adds up, card by card, who would be stopped by a day as cards stand now. Units: fen; `asOf`: a day in Shanghai. */
export class PlanTally {
  private readonly byPhase = new Map<string, Counted>();
  private lastAccount = '';
  private accounts = 0;
  private looked = 0;
  private noKnownSwipe = 0;

  constructor(
    private readonly campaign: Campaign,
    private readonly asOf: string,
  ) {}

  /**
   * The card's stop, when it has one in this campaign. `foreseen`: what its account says of its cards; without it, as the read model has
   * them booked, before what is due.
   */
  count(card: CardWithMoney, foreseen?: ReadonlyMap<string, ForeseenStop>): PlannedStop | undefined {
    this.looked += 1;
    if (card.lastSwipedOn === null && (card.state === 'inUse' || card.state === 'temporarilyLost')) this.noKnownSwipe += 1;
    const verdict = verdictOn(this.campaign, card, this.asOf);
    if (verdict === undefined || !this.campaign.phases.includes(verdict.phase)) return undefined;
    const becomes = becomesOf(verdict, card, foreseen);
    if (becomes === undefined) return undefined;
    this.add(verdict.phase, becomes, card);
    if (card.accountId !== this.lastAccount) this.accounts += 1;
    this.lastAccount = card.accountId;
    const { accountId, cardId, district, kind, state, registeredOn, lastSwipedOn } = card;
    const { phase } = verdict;
    const own = { accountId, cardId, district, kind, state, registeredOn, lastSwipedOn };
    return { ...own, phase: phase.phase, on: phase.on, ...becomes };
  }

  result(): Plan {
    const { asOf, accounts, looked, noKnownSwipe } = this;
    const phases = this.campaign.phases
      .filter(({ on }) => on <= asOf)
      .map((phase): PlannedPhase => {
        const counted = this.byPhase.get(keyOf(phase));
        return { phase, all: counted?.all ?? nothing(), groups: [...(counted?.groups.values() ?? [])].toSorted(byPlace) };
      });
    return { asOf, accounts, looked, noKnownSwipe, phases };
  }

  private add(phase: CampaignPhase, becomes: Becomes, { district, kind }: CardWithMoney): void {
    const counted = this.byPhase.get(keyOf(phase)) ?? { all: nothing(), groups: new Map<string, Group>() };
    this.byPhase.set(keyOf(phase), counted);
    const place = `${district ?? ''}|${kind}`;
    const group = counted.groups.get(place) ?? { district, kind, ...nothing() };
    counted.groups.set(place, group);
    for (const sums of [counted.all, group]) add(sums, becomes);
  }
}

/** undefined: the account does not stop it, for it knows what the read model does not know yet. */
const becomesOf = (
  { reason, seals }: Verdict,
  { cardId, amountFen }: CardWithMoney,
  foreseen?: ReadonlyMap<string, ForeseenStop>,
): Becomes | undefined => {
  if (foreseen === undefined) return { reason, seals, moves: false, amountFen };
  const stop = foreseen.get(cardId);
  return stop && { reason, seals: stop.becomes === 'sealed', moves: stop.becomes === 'moved', amountFen: stop.amountFen };
};

const keyOf = ({ phase, at }: CampaignPhase): string => `${phase}@${at}`;
const byPlace = (a: PlannedGroup, b: PlannedGroup): number =>
  `${a.district ?? '~'}|${a.kind}` < `${b.district ?? '~'}|${b.kind}` ? -1 : 1;
