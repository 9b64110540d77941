import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import {
  type Campaign,
  type CardWithMoney,
  cardPages,
  type Engine,
  type ForeseenStop,
  PlanTally,
  type ReadModels,
  RunTally,
  StatusTally,
  type Tracing,
} from '#libs/application';
import { businessDateOf, startOf } from '#libs/kernel';
import { CallerOf } from '../auth/caller';
import { LocalOperator } from '../auth/rights';
import { inOrder } from '../ndjson/in-order';
import { Streams } from '../ndjson/streams';
import { doneOr } from '../problem/problem';
import { inYuan } from '../problem/yuan-text';
import type { Caller, Reply, Request } from '../request';
import { ENGINE, READ_MODELS } from '../tokens';
import { CampaignPathDto, PlanQueryDto, RunQueryDto } from './campaigns.dto';

const FORESEEN_AT_ONCE_MAX = 16; // A quarter of a millisecond each: a swipe waits for no more than these.
const ACCOUNTS_AT_ONCE_MAX = 64; // Two commits' worth: while one is synced, the next is decided.
const EXAMPLES = 5; // Of a plan whose list was not asked for.
const CAUGHT_UP_ASKED_EVERY_MS = 50;
const NEEDED: ReadonlySet<string> = new Set(['cards', 'balances', 'cardTransfers']);

type Due = Readonly<{ accountId: string; cards: number }>;

/** Phased stops of old cards, for who may open the admin socket: JSON lines, the last of them has it all. */
@ApiExcludeController()
@Controller('admin/v1/campaigns')
export class CampaignsController {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(Streams) private readonly streams: Streams,
  ) {}

  @Get()
  @LocalOperator()
  async list(): Promise<object> {
    return { campaigns: (await this.engine.campaigns.list()).map(headOf) };
  }

  /** Who would be stopped by a day, as cards stand now; writes nothing. */
  @Get(':id/plan')
  @LocalOperator()
  async plan(
    @Param() { id }: CampaignPathDto,
    @Query() { asOf, list }: PlanQueryDto,
    @Req() request: Request,
    @Res() reply: Reply,
  ): Promise<void> {
    const campaign = await this.find(id);
    const day = asOf ?? businessDateOf(campaign.now);
    this.streams.send(request, reply, (signal) => this.planOf(campaign, { day, list: list === 'true' }, signal));
  }

  /** How far every phase is. */
  @Get(':id/status')
  @LocalOperator()
  async status(@Param() { id }: CampaignPathDto, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    const campaign = await this.find(id);
    this.streams.send(request, reply, (signal) => this.statusOf(campaign, signal));
  }

  /** Visits every account that has a card to stop. Cutting it off leaves what is done done; a swipe does not wait for it. */
  @Post(':id/run')
  @LocalOperator()
  async run(
    @Param() { id }: CampaignPathDto,
    @Query() { dryRun }: RunQueryDto,
    @CallerOf() { tracing }: Caller,
    @Req() request: Request,
    @Res() reply: Reply,
  ): Promise<void> {
    const campaign = await this.find(id);
    const asJob: Tracing = { ...tracing, actor: { ...tracing.actor, door: 'job' } };
    const how = dryRun === 'true' ? 'quote' : 'run';
    this.streams.send(request, reply, (signal) => this.runOf(campaign, { how, tracing: asJob }, signal));
  }

  private async find(id: string): Promise<Campaign> {
    return doneOr(this.engine.catalogue, await this.engine.campaigns.find(id)).value;
  }

  private async *planOf(
    campaign: Campaign,
    { day, list }: Readonly<{ day: string; list: boolean }>,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    yield* this.caughtUp(signal);
    const tally = new PlanTally(campaign, day);
    const at = planInstant(campaign, day);
    let asOfLogIndex = -1;
    let looked = 0;
    let examples = EXAMPLES;
    for await (const page of cardPages(this.readModels, campaign, signal)) {
      asOfLogIndex = page.asOfLogIndex;
      looked += page.rows.length;
      const foreseen = await this.foreseen(campaign, page.rows, { day, at });
      const stops = page.rows.flatMap((card) => tally.count(card, foreseen.get(card.accountId)) ?? []);
      const shown = list ? stops : stops.slice(0, examples);
      examples -= Math.min(examples, shown.length);
      yield [...shown.map((stop) => lineOf({ stop: inYuan(stop) })), lineOf({ state: 'looking', looked })].join('');
    }
    yield lineOf({ state: endOf(signal), campaign: headOf(campaign), asOfLogIndex, plan: inYuan(tally.result()) });
  }

  /** What each account that has a card to stop says itself: it knows the interest that is due, which no read model has. */
  private async foreseen(
    campaign: Campaign,
    rows: readonly CardWithMoney[],
    { day, at }: Readonly<{ day: string; at: string }>,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, ForeseenStop>>> {
    const { poolingArea } = campaign;
    const found = new Map<string, ReadonlyMap<string, ForeseenStop>>();
    const due = dueIn(campaign, rows, day);
    for (let from = 0; from < due.length; from += FORESEEN_AT_ONCE_MAX) {
      const some = due.slice(from, from + FORESEEN_AT_ONCE_MAX);
      await Promise.all(
        some.map(async ({ accountId }) => found.set(accountId, await this.engine.campaigns.foresee({ accountId, poolingArea }, at))),
      );
    }
    return found;
  }

  private async *statusOf(campaign: Campaign, signal: AbortSignal): AsyncGenerator<string> {
    yield* this.caughtUp(signal);
    const tally = new StatusTally(campaign, businessDateOf(campaign.now));
    let asOfLogIndex = -1;
    let looked = 0;
    for await (const page of cardPages(this.readModels, campaign, signal)) {
      asOfLogIndex = page.asOfLogIndex;
      looked += page.rows.length;
      for (const card of page.rows) tally.count(card);
      yield lineOf({ state: 'looking', looked });
    }
    yield lineOf({ state: endOf(signal), campaign: headOf(campaign), asOfLogIndex, status: inYuan(tally.result()) });
  }

  private async *runOf(
    campaign: Campaign,
    { how, tracing }: Readonly<{ how: 'run' | 'quote'; tracing: Tracing }>,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    yield* this.caughtUp(signal);
    let total = 0;
    for await (const due of this.due(campaign, signal)) total += due.length;
    const tally = new RunTally(campaign);
    const { poolingArea } = campaign;
    const visits = inOrder(this.due(campaign, signal), ACCOUNTS_AT_ONCE_MAX, ({ accountId }) =>
      this.engine.campaigns.settle(how, { accountId, poolingArea }, tracing).catch(() => ({ kind: 'fault' }) as const),
    );
    yield lineOf({ state: 'running', total, ...tally.counts() });
    for await (const answers of visits) {
      for (const answer of answers) tally.count(answer);
      yield lineOf({ state: 'running', total, ...tally.counts() });
    }
    const left = how === 'run' && !signal.aborted ? await this.left(campaign, signal) : null;
    yield lineOf({ state: endOf(signal), dryRun: how === 'quote', campaign: headOf(campaign), total, left, ...tally.counts() });
  }

  /** Accounts that have a card to stop, by the read model: it lags, and an account that has none any more is told so when it is its turn. */
  private async *due(campaign: Campaign, signal: AbortSignal): AsyncGenerator<readonly Due[]> {
    const today = businessDateOf(campaign.now);
    for await (const { rows } of cardPages(this.readModels, campaign, signal)) yield dueIn(campaign, rows, today);
  }

  /** What is left to do after a run, once the read model has seen it. */
  private async left(campaign: Campaign, signal: AbortSignal): Promise<number> {
    for (const waiting = this.caughtUp(signal); (await waiting.next()).done !== true; );
    let left = 0;
    for await (const due of this.due(campaign, signal)) for (const { cards } of due) left += cards;
    return left;
  }

  /** Until the read models have what the log held when it was asked. Throws: when one of them has failed. */
  private async *caughtUp(signal: AbortSignal): AsyncGenerator<string> {
    const last = await this.engine.log.last();
    while (!signal.aborted) {
      const needed = (await this.readModels.status()).filter(({ name }) => NEEDED.has(name));
      const failed = needed.find(({ state }) => state === 'failed');
      if (failed) throw new Error(`the projection ${failed.name} has failed`);
      const behind = Math.max(0, ...needed.map(({ logIndex }) => last - logIndex));
      if (behind === 0) return;
      yield lineOf({ state: 'catchingUp', behind });
      await sleep(CAUGHT_UP_ASKED_EVERY_MS);
    }
  }
}

const dueIn = (campaign: Campaign, rows: readonly CardWithMoney[], today: string): Due[] => {
  const tally = new PlanTally(campaign, today);
  const due = new Map<string, number>();
  for (const card of rows) if (tally.count(card)) due.set(card.accountId, (due.get(card.accountId) ?? 0) + 1);
  return [...due].map(([accountId, cards]) => ({ accountId, cards }));
};

const headOf = ({ campaignId, cityZh, poolingArea, phases, now }: Campaign): object => ({ campaignId, cityZh, poolingArea, phases, now });
/** When the run of a day would come: now, or as a day to come begins. */
const planInstant = ({ now }: Campaign, day: string): string => {
  const begins = startOf(day);
  return begins > now ? begins : now;
};
const endOf = ({ aborted }: AbortSignal): 'stopped' | 'done' => (aborted ? 'stopped' : 'done');
const lineOf = (line: object): string => `${JSON.stringify(line)}\n`;
