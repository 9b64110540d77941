import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Answer, Engine, ReadModels, TakeOverOrder, TakeOverPlan, Tracing } from '#libs/application';
import { CallerOf } from '../auth/caller';
import { LocalOperator } from '../auth/rights';
import { type DoorLog, LOG } from '../door-log';
import { Streams } from '../ndjson/streams';
import { doneOr, doorProblem, Problem, type ProblemBody } from '../problem/problem';
import { inYuan } from '../problem/yuan-text';
import type { Caller, Reply, Request } from '../request';
import { ENGINE, READ_MODELS } from '../tokens';
import { ImportPathDto, readAccounts } from './import-form';

type Work = (source: string, order: TakeOverOrder, tracing: Tracing) => Promise<Answer<TakeOverPlan>>;
/** What became of a block: `places` of those that are done, in the order of the accounts; the others say why not. */
type BlockAnswer = Readonly<{
  places: readonly (string | null)[];
  replayed: readonly number[];
  notDone: readonly Readonly<{ index: number; problem: ProblemBody }>[];
}>;

const CAUGHT_UP_ASKED_EVERY_MS = 100;

/** The way in for a legacy system: blocks of accounts, planned or taken over, and what came of them all. */
@ApiExcludeController()
@Controller('admin/v1/imports')
export class ImportsController {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(Streams) private readonly streams: Streams,
    @Inject(LOG) private readonly log: DoorLog,
  ) {}

  /** Judges every account of the block as taking it over would; writes nothing. */
  @Post(':source/plan')
  @HttpCode(200)
  @LocalOperator()
  plan(@Param() { source }: ImportPathDto, @Body() body: unknown, @CallerOf() caller: Caller): Promise<BlockAnswer> {
    return this.block({ source, body, caller }, (...asked) => this.engine.imports.plan(...asked));
  }

  /** Takes the accounts of the block over, all at once; each stands for itself. A repeat is done without cost. */
  @Post(':source/accounts')
  @HttpCode(200)
  @LocalOperator()
  takeOver(@Param() { source }: ImportPathDto, @Body() body: unknown, @CallerOf() caller: Caller): Promise<BlockAnswer> {
    return this.block({ source, body, caller }, (...asked) => this.engine.imports.takeOver(...asked));
  }

  /** What the log says, read again, and what the projection says at the same place in it; a line at a time, the last has it all. */
  @Get(':source/totals')
  @LocalOperator()
  totals(@Param() { source }: ImportPathDto, @Req() request: Request, @Res() reply: Reply): void {
    this.streams.send(request, reply, (signal) => this.totalsOf(source, signal));
  }

  private async block(
    { source, body, caller }: Readonly<{ source: string; body: unknown; caller: Caller }>,
    work: Work,
  ): Promise<BlockAnswer> {
    const { tracing } = caller;
    const asJob: Tracing = { ...tracing, actor: { ...tracing.actor, door: 'job' } };
    const answers = await Promise.all(readAccounts(body).map((order) => this.answerTo(source, order, asJob, work)));
    const replayed = answers.flatMap((answer, index) => (answer.kind === 'done' && answer.replayed ? [index] : []));
    const notDone = answers.flatMap((answer, index) => (answer.kind === 'done' ? [] : [{ index, problem: answer.problem }]));
    return { places: answers.map((answer) => (answer.kind === 'done' ? answer.value.place : null)), replayed, notDone };
  }

  /** Never throws: what is wrong with an account is that account's answer. */
  private async answerTo(
    source: string,
    order: TakeOverOrder,
    tracing: Tracing,
    work: Work,
  ): Promise<Extract<Answer<TakeOverPlan>, { kind: 'done' }> | Readonly<{ kind: 'problem'; problem: ProblemBody }>> {
    try {
      return { kind: 'done', ...doneOr(this.engine.catalogue, await work(source, order, tracing)) };
    } catch (thrown) {
      if (thrown instanceof Problem) return { kind: 'problem', problem: thrown.body };
      this.log.error({ route: 'admin/v1/imports', fault: thrown instanceof Error ? thrown.name : typeof thrown }, 'internal fault');
      return { kind: 'problem', problem: doorProblem('internal-fault').body };
    }
  }

  private async *totalsOf(source: string, signal: AbortSignal): AsyncGenerator<string> {
    const last = await this.engine.log.last();
    for (let behind = last + 1; behind > 0 && !signal.aborted; ) {
      const balances = (await this.readModels.status()).find(({ name }) => name === 'balances');
      if (balances?.state === 'failed') throw new Error('the projection of balances has failed');
      behind = last - (balances?.logIndex ?? -1);
      if (behind > 0) {
        yield lineOf({ state: 'catchingUp', behind });
        await sleep(CAUGHT_UP_ASKED_EVERY_MS);
      }
    }
    const projection = await this.readModels.holdings();
    let read = 0;
    let ended = false;
    const reading = this.engine.imports
      .totals(source, projection.asOfLogIndex, { onProgress: (events) => (read = events), signal })
      .finally(() => (ended = true));
    reading.catch(() => undefined); // Told below.
    while (!isTrue(() => ended)) {
      await Promise.race([reading.catch(() => undefined), sleep(CAUGHT_UP_ASKED_EVERY_MS * 5)]);
      yield lineOf({ state: 'reading', done: read, total: projection.asOfLogIndex + 1 });
    }
    const { imported, all, events, asOfLogIndex } = await reading;
    yield lineOf({ state: 'done', events, asOfLogIndex, imported: inYuan(imported), all: inYuan(all), projection: inYuan(projection) });
  }
}

/** Asked through a function: it changes while a generator waits. */
const isTrue = (asked: () => boolean): boolean => asked();
const lineOf = (line: object): string => `${JSON.stringify(line)}\n`;
