import { Body, Controller, Inject, Param, Post, Res } from '@nestjs/common';
import { type Command, CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { mayAct } from '#libs/access';
import type { Accounts, ActAnswer, Answer, Engine } from '#libs/application';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { ENABLEMENT_CHANNELS } from '../form/words-of-the-domain';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, doorProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { AccountPathDto, CardPathDto, EnablementDto, ReasonedActDto, RegisterCardDto } from './account.dto';
import { ActOnCard, EnableCard, RegisterCard } from './account-commands';
import { actText } from './account-text';
import { toRegisterCardOrder } from './orders';

const ENABLE = ENABLEMENT_CHANNELS.map((channel) => `enableCard:${channel}` as const);
type CardAct = Parameters<Accounts['actOnCard']>[2]['act'];
const reasonedAct = (summary: string) =>
  ({ summary, schema: 'Act', created: true, body: ReasonedActDto, absent: true, write: true }) as const;

@ApiTags('cards')
@Controller('v1/accounts/:id/cards')
export class CardsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post()
  @May('registerCard')
  @Answers({
    summary: 'Register a card',
    schema: 'Act',
    created: true,
    body: RegisterCardDto,
    example: example.card,
    absent: true,
    write: true,
  })
  register(
    @Param() { id }: AccountPathDto,
    @Body() form: RegisterCardDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.run(new RegisterCard(id, toRegisterCardOrder(form), tracing), reply);
  }

  @Post(':cardId/enablement')
  @May(...ENABLE)
  @Answers({ summary: 'Enable a card (启用)', schema: 'Act', created: true, body: EnablementDto, absent: true, write: true })
  async enable(
    @Param() { id, cardId }: CardPathDto,
    @Body() { reference, channel, financialAreaActivated, proxy = null }: EnablementDto,
    @CallerOf() { principal, tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    if (!mayAct(principal, `enableCard:${channel}`)) throw doorProblem('right-missing');
    return this.run(new EnableCard({ accountId: id, cardId }, { reference, channel, financialAreaActivated, proxy }, tracing), reply);
  }

  @Post(':cardId/stop')
  @May('stopCard')
  @Answers(reasonedAct('Stop a card (停用)'))
  stop(@Param() path: CardPathDto, @Body() form: ReasonedActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('stop', path, form, [caller, reply]);
  }

  @Post(':cardId/cancellation')
  @May('cancelCard')
  @Answers(reasonedAct('Cancel a card (注销)'))
  cancel(@Param() path: CardPathDto, @Body() form: ReasonedActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('cancel', path, form, [caller, reply]);
  }

  @Post(':cardId/loss')
  @May('reportLoss')
  @Answers(reasonedAct('Report a temporary loss (临时挂失)'))
  reportLoss(
    @Param() path: CardPathDto,
    @Body() form: ReasonedActDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.act('reportLoss', path, form, [caller, reply]);
  }

  @Post(':cardId/loss-lifting')
  @May('liftLoss')
  @Answers(reasonedAct('Lift a temporary loss (解除挂失)'))
  liftLoss(@Param() path: CardPathDto, @Body() form: ReasonedActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('liftLoss', path, form, [caller, reply]);
  }

  @Post(':cardId/seal')
  @May('seal')
  @Answers(reasonedAct('Seal the sub-account of a card (封存)'))
  seal(@Param() path: CardPathDto, @Body() form: ReasonedActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('seal', path, form, [caller, reply]);
  }

  @Post(':cardId/unseal')
  @May('unseal')
  @Answers(reasonedAct('Unseal the sub-account of a card'))
  unseal(@Param() path: CardPathDto, @Body() form: ReasonedActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('unseal', path, form, [caller, reply]);
  }

  private act(
    act: CardAct,
    { id, cardId }: CardPathDto,
    { reference, reason }: ReasonedActDto,
    [{ tracing }, reply]: readonly [Caller, Reply],
  ): Promise<object> {
    return this.run(new ActOnCard({ accountId: id, cardId }, { reference, act, reason }, tracing), reply);
  }

  private async run(command: Command<Answer<ActAnswer>>, reply: Reply): Promise<object> {
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(command));
    void reply.status(replayed ? 200 : 201);
    return { ...actText(value), replayed };
  }
}
