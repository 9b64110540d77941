import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { businessDateOf, parseYuan } from '#libs/kernel';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import { doneOr, refusalProblem } from '../problem/problem';
import { inYuan } from '../problem/yuan-text';
import type { Caller, Reply } from '../request';
import type { EngineClock } from '../simulation/clock';
import { CLOCK, ENGINE } from '../tokens';
import {
  MoneySentBackDto,
  ReasonDto,
  RelationFileDto,
  RelationInPathDto,
  RelationMoneyDto,
  RelationTransfersQueryDto,
} from './relation-transfer.dto';
import { type IncomingOrder, ListRelationTransfers, TakeRelationIn, ViewRelationIn } from './relation-transfer-messages';

const medical = (yuanText: string) => parseYuan<'medical'>(yuanText);

/** Relations that come from another pooling area, and the list of all that are on their way. */
@ApiTags('relation transfers')
@Controller('v1')
export class RelationsInController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(CLOCK) private readonly clock: EngineClock,
  ) {}

  @Post('relation-transfers-in/files')
  @May('registerRelationIn')
  @Answers({
    summary: 'Register the business file of a relation that comes from another pooling area',
    schema: 'RelationTransferIn',
    created: true,
    body: RelationFileDto,
    write: true,
  })
  file(@Body() form: RelationFileDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<object> {
    const { currentYear, priorYear, ...name } = form;
    return this.run(
      { kind: 'file', order: { ...name, currentYearFen: medical(currentYear), priorYearFen: medical(priorYear) } },
      caller,
      reply,
    );
  }

  @Post('relation-transfers-in/money')
  @May('registerRelationIn')
  @Answers({
    summary: 'Register money that came for it; once file and money agree, the account is credited',
    schema: 'RelationTransferIn',
    created: true,
    body: RelationMoneyDto,
    write: true,
  })
  money(@Body() form: RelationMoneyDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<object> {
    const { amount, ...name } = form;
    return this.run({ kind: 'money', order: { ...name, amountFen: medical(amount) } }, caller, reply);
  }

  @Get('relation-transfers-in/:transferInId')
  @May('readRelationTransfers')
  @Answers({
    summary: 'One relation from elsewhere: what is there, what it waits for, since when',
    schema: 'RelationTransferInView',
    absent: true,
  })
  async view(@Param() { transferInId }: RelationInPathDto): Promise<unknown> {
    const found = await this.queries.execute(new ViewRelationIn(transferInId));
    if (!found) throw refusalProblem(this.engine.catalogue, [{ code: 'relation-in-not-found', transferInId }]);
    return inYuan(found);
  }

  @Post('relation-transfers-in/:transferInId/file-withdrawal')
  @May('registerRelationIn')
  @Answers({ summary: 'Take back a wrong file', schema: 'RelationTransferIn', created: true, body: ReasonDto, absent: true, write: true })
  withdraw(
    @Param() { transferInId }: RelationInPathDto,
    @Body() order: ReasonDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.run({ kind: 'fileWithdrawal', transferInId, order }, caller, reply);
  }

  @Post('relation-transfers-in/:transferInId/money-return')
  @May('registerRelationIn')
  @Answers({
    summary: 'The treasury gave the money back',
    schema: 'RelationTransferIn',
    created: true,
    body: MoneySentBackDto,
    absent: true,
    write: true,
  })
  sendBack(
    @Param() { transferInId }: RelationInPathDto,
    @Body() order: MoneySentBackDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.run({ kind: 'moneySentBack', transferInId, order }, caller, reply);
  }

  /** Goes on where the account was not there yet or did not take it; credited once, however often it is asked. */
  @Post('relation-transfers-in/:transferInId/crediting')
  @HttpCode(200)
  @May('registerRelationIn')
  @Answers({ summary: 'Credit what waits for its account', schema: 'RelationTransferIn', absent: true })
  async credit(@Param() { transferInId }: RelationInPathDto, @CallerOf() { tracing }: Caller): Promise<object> {
    const answer = await this.commands.execute(new TakeRelationIn({ kind: 'crediting', transferInId }, tracing));
    const { value, replayed } = doneOr(this.engine.catalogue, answer);
    return { ...(inYuan(value) as object), replayed };
  }

  @Get('relation-transfers')
  @May('readRelationTransfers')
  @Answers({
    summary: 'Relations on their way out and in: stage, amounts per bucket, deadlines, days overdue; filtered, by cursor',
    schema: 'RelationTransferPage',
  })
  async list(@Query() { open, overdue, cursor, limit = '100', direction, stage, accountId }: RelationTransfersQueryDto): Promise<object> {
    const today = businessDateOf(new Date(this.clock.nowMs()).toISOString());
    const filter = {
      ...(direction === undefined ? {} : { direction }),
      ...(stage === undefined ? {} : { stage }),
      ...(accountId === undefined ? {} : { accountId }),
      ...(open === undefined ? {} : { isOpen: open === 'true' }),
      ...(overdue === undefined ? {} : { dueBefore: today }),
    };
    const page = { limit: Number(limit), ...(cursor === undefined ? {} : { cursor }) };
    const { rows, next, asOfLogIndex } = await this.queries.execute(new ListRelationTransfers(filter, page));
    return { rows: rows.map((row) => inYuan(row)), next, asOfLogIndex };
  }

  private async run(asked: IncomingOrder, { tracing }: Caller, reply: Reply): Promise<object> {
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(new TakeRelationIn(asked, tracing)));
    void reply.status(replayed ? 200 : 201);
    return { ...(inYuan(value) as object), replayed };
  }
}
