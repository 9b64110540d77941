import type { Campaign, CampaignPhase } from '../engine';
import type { CardWithMoney } from '../read-models.port';
import { verdictOn } from './judge';

export type CardsAndMoney = Readonly<{ cards: number; amountFen: number }>;
/**
 * What has come of a phase. `sealed`: what stands sealed now on its cards; `moved`: what has gone to a new card since; `toCome`: cards that it
 * stops and that nobody has come to yet, or, before it begins, that it would stop as they stand now.
 */
export type PhaseStatus = Readonly<{
  phase: CampaignPhase;
  begun: boolean;
  stopped: number;
  sealed: CardsAndMoney;
  moved: CardsAndMoney;
  toCome: CardsAndMoney;
}>;

type Sums = { -readonly [N in keyof CardsAndMoney]: CardsAndMoney[N] };
type Counted = { stopped: number; sealed: Sums; moved: Sums; toCome: Sums };
const nothing = (): Sums => ({ cards: 0, amountFen: 0 });
const add = (sums: Sums, amountFen: number): void => {
  sums.cards += 1;
  sums.amountFen += amountFen;
};
const LAST_DAY = '9999-12-31';

/** Adds up, card by card, how far each phase is. Units: fen; `today`: in Shanghai. */
export class StatusTally {
  private readonly counted = new Map<CampaignPhase, Counted>();

  constructor(
    private readonly campaign: Campaign,
    private readonly today: string,
  ) {
    for (const phase of campaign.phases) this.counted.set(phase, { stopped: 0, sealed: nothing(), moved: nothing(), toCome: nothing() });
  }

  count(card: CardWithMoney): void {
    const { stopPhase, stoppedAt } = card;
    if (stopPhase !== null) {
      const phase = this.campaign.phases.find((one) => one.phase === stopPhase && one.at === stoppedAt);
      const counted = phase && this.counted.get(phase);
      if (!counted) return;
      counted.stopped += 1;
      if (card.sealed) add(counted.sealed, card.amountFen);
      if (card.moves > 0) add(counted.moved, card.movedFen);
      return;
    }
    const verdict = verdictOn(this.campaign, card, LAST_DAY);
    const counted = verdict && this.counted.get(verdict.phase);
    if (counted) add(counted.toCome, verdict.seals ? card.amountFen : 0);
  }

  result(): readonly PhaseStatus[] {
    return [...this.counted].map(([phase, counted]) => ({ phase, begun: phase.on <= this.today, ...counted }));
  }
}
