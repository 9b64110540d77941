import { Body, Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { type Command, CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { mayAct } from '#libs/access';
import type { ActAnswer, Answer, Engine } from '#libs/application';
import { parseYuan } from '#libs/kernel';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { atCounter } from '../card-service/at-counter';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, doorProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import {
  AccountPathDto,
  CorrectionDto,
  CreditDto,
  FreezeDto,
  FreezePathDto,
  OpenAccountDto,
  ReasonedActDto,
  TransferDto,
} from './account.dto';
import * as act from './account-commands';
import { actText } from './account-text';
import { toCreditOrder, toFreezeOrder, toOpenAccountOrder } from './orders';

@ApiTags('accounts')
@Controller('v1/accounts')
export class AccountsController {
  constructor(
    @Inject(CommandBus) readonly commands: CommandBus,
    @Inject(ENGINE) readonly engine: Engine,
  ) {}

  @Post()
  @May('openAccount')
  @Answers({ summary: 'Open an account', schema: 'Act', created: true, body: OpenAccountDto, example: example.account, write: true })
  open(@Body() form: OpenAccountDto, @CallerOf() { tracing }: Caller, @Res({ passthrough: true }) reply: Reply): Promise<object> {
    return this.run(new act.OpenAccount(toOpenAccountOrder(form), tracing), reply);
  }

  @Post(':id/credits')
  @May('credit')
  @Answers({
    summary: 'Credit the account',
    schema: 'Act',
    created: true,
    body: CreditDto,
    example: example.credit,
    absent: true,
    write: true,
  })
  credit(
    @Param() { id }: AccountPathDto,
    @Body() form: CreditDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.run(new act.CreditAccount(id, toCreditOrder(form), tracing), reply);
  }

  @Post(':id/corrections')
  @May('correct')
  @Answers({
    summary: 'Correct by a debit with its legal basis',
    schema: 'Act',
    created: true,
    body: CorrectionDto,
    absent: true,
    write: true,
  })
  correct(
    @Param() { id }: AccountPathDto,
    @Body() { reference, amount, legalBasis, reason }: CorrectionDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const order = { reference, amountFen: parseYuan<'medical'>(amount), legalBasis, reason };
    return this.run(new act.CorrectAccount(id, order, tracing), reply);
  }

  @Post(':id/transfers')
  @May('transfer', 'transferOnApplication')
  @Answers({
    summary: 'Move a balance from an old card to a new one',
    schema: 'Act',
    created: true,
    body: TransferDto,
    absent: true,
    write: true,
  })
  transfer(
    @Param() { id }: AccountPathDto,
    @Body() form: TransferDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const { reference, fromCardId, toCardId, place = null } = form;
    const { principal } = caller;
    // Places are named as the rights of who sits there: nobody applies in another's name.
    if (place === null ? !mayAct(principal, 'transfer') : !principal.rights.includes(place)) throw doorProblem('right-missing');
    const order = { reference, fromCardId, toCardId, place };
    const errand = { accountId: id, business: 'transfer', form } as const;
    return atCounter(this, errand, (tracing) => new act.TransferBalance(id, order, tracing), [caller, reply]);
  }

  @Post(':id/freezes')
  @May('freeze')
  @Answers({ summary: 'Place a freeze', schema: 'Act', created: true, body: FreezeDto, example: example.freeze, absent: true, write: true })
  placeFreeze(
    @Param() { id }: AccountPathDto,
    @Body() form: FreezeDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.run(new act.PlaceFreeze(id, toFreezeOrder(form), tracing), reply);
  }

  @Post(':id/freezes/:freezeId/lifting')
  @May('liftFreeze')
  @Answers({ summary: 'Lift a freeze', schema: 'Act', created: true, body: ReasonedActDto, absent: true, write: true })
  liftFreeze(
    @Param() { id, freezeId }: FreezePathDto,
    @Body() { reference, reason }: ReasonedActDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.run(new act.LiftFreeze({ accountId: id, freezeId }, { reference, reason }, tracing), reply);
  }

  /** Asks for nothing but what time has brought about; balances are the same whether it is ever called. */
  @Post(':id/due')
  @HttpCode(200)
  @May('settleDue')
  @Answers({ summary: 'Record what is due by time', schema: 'Act', absent: true })
  async due(@Param() { id }: AccountPathDto, @CallerOf() { tracing }: Caller): Promise<object> {
    const { value } = doneOr(this.engine.catalogue, await this.commands.execute(new act.SettleDue(id, tracing)));
    return actText(value);
  }

  private async run(command: Command<Answer<ActAnswer>>, reply: Reply): Promise<object> {
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(command));
    void reply.status(replayed ? 200 : 201);
    return { ...actText(value), replayed };
  }
}
