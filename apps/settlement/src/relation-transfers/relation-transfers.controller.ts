import { Body, Controller, Get, Inject, Param, Post, Res, type Type } from '@nestjs/common';
import { type Command, CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { ActAnswer, Answer, Engine, RelationTransferAct } from '#libs/application';
import { parseYuan } from '#libs/kernel';
import { AccountPathDto } from '../accounts/account.dto';
import { actText } from '../accounts/account-text';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import { doneOr, refusalProblem } from '../problem/problem';
import { inYuan } from '../problem/yuan-text';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import {
  ConfirmationDto,
  ReasonDto,
  ReferenceDto,
  RelationTransferDto,
  RelationTransferPathDto,
  RemittanceDto,
  ReturnDto,
} from './relation-transfer.dto';
import { ActOnRelationTransfer, RequestRelationTransfer, ViewRelationTransfers } from './relation-transfer-messages';

const act = (body: Type<object>, summary: string) => ({ summary, schema: 'Act', created: true, body, absent: true, write: true }) as const;
type Asked = readonly [path: RelationTransferPathDto, caller: Caller, reply: Reply];

/** The insurance relation of who moves to another pooling area (关系转移): asked for, remitted, confirmed or returned. */
@ApiTags('relation transfers')
@Controller('v1/accounts')
export class RelationTransfersController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post(':id/relation-transfers')
  @May('requestRelationTransfer')
  @Answers(act(RelationTransferDto, 'Request the transfer of a relation to another pooling area'))
  request(
    @Param() { id }: AccountPathDto,
    @Body() form: RelationTransferDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.run(new RequestRelationTransfer(id, form, tracing), reply);
  }

  @Get(':id/relation-transfers')
  @May('readRelationTransfers')
  @Answers({
    summary: 'The relation transfers of an account, from its events, with their deadlines',
    schema: 'RelationTransfersOut',
    absent: true,
  })
  async ofAccount(@Param() { id }: AccountPathDto): Promise<object> {
    const transfers = await this.queries.execute(new ViewRelationTransfers(id));
    if (!transfers) throw refusalProblem(this.engine.catalogue, [{ code: 'account-not-found' }]);
    return { accountId: id, transfers: transfers.map((one) => inYuan(one)) };
  }

  @Post(':id/relation-transfers/:transferId/remittance')
  @May('handleRelationTransfer')
  @Answers(act(RemittanceDto, 'Remit all that stands on the account, interest included: it is in transit from here on'))
  remit(
    @Param() path: RelationTransferPathDto,
    @Body() { reference, batchReference }: RemittanceDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act([path, caller, reply], { reference, act: 'remit', batchReference });
  }

  @Post(':id/relation-transfers/:transferId/confirmation')
  @May('handleRelationTransfer')
  @Answers(act(ConfirmationDto, 'The receiving side confirms that it has the money'))
  confirm(
    @Param() path: RelationTransferPathDto,
    @Body() { reference, amount, confirmation }: ConfirmationDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act([path, caller, reply], { reference, act: 'confirm', amountFen: parseYuan<'medical'>(amount), confirmation });
  }

  @Post(':id/relation-transfers/:transferId/return')
  @May('handleRelationTransfer')
  @Answers(act(ReturnDto, 'The money came back, to the buckets that it left'))
  giveBack(
    @Param() path: RelationTransferPathDto,
    @Body() { reference, amount, reason }: ReturnDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act([path, caller, reply], { reference, act: 'return', amountFen: parseYuan<'medical'>(amount), reason });
  }

  @Post(':id/relation-transfers/:transferId/withdrawal')
  @May('requestRelationTransfer')
  @Answers(act(ReasonDto, 'Who asked for it withdraws it, before the money leaves'))
  withdraw(
    @Param() path: RelationTransferPathDto,
    @Body() { reference, reason }: ReasonDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act([path, caller, reply], { reference, act: 'withdraw', reason });
  }

  @Post(':id/relation-transfers/:transferId/rejection')
  @May('handleRelationTransfer')
  @Answers(act(ReasonDto, 'The agency does not carry it out'))
  reject(
    @Param() path: RelationTransferPathDto,
    @Body() { reference, reason }: ReasonDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act([path, caller, reply], { reference, act: 'reject', reason });
  }

  @Post(':id/relation-transfers/:transferId/follow-up')
  @May('handleRelationTransfer')
  @Answers(act(ReferenceDto, 'Send after a transfer what came in since: a transfer of its own, with a number of its own'))
  follow(
    @Param() path: RelationTransferPathDto,
    @Body() { reference }: ReferenceDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act([path, caller, reply], { reference, act: 'follow' });
  }

  @Post(':id/relation-transfers/:transferId/resumption')
  @May('handleRelationTransfer')
  @Answers(act(ReasonDto, 'Insured here again after a confirmed transfer'))
  resume(
    @Param() path: RelationTransferPathDto,
    @Body() { reference, reason }: ReasonDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act([path, caller, reply], { reference, act: 'resume', reason });
  }

  private act([{ id, transferId }, { tracing }, reply]: Asked, order: RelationTransferAct & { reference: string }): Promise<object> {
    return this.run(new ActOnRelationTransfer({ accountId: id, transferId }, order, tracing), reply);
  }

  private async run(command: Command<Answer<ActAnswer>>, reply: Reply): Promise<object> {
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(command));
    void reply.status(replayed ? 200 : 201);
    return { ...actText(value), replayed };
  }
}
