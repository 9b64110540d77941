import { Body, Controller, Inject, Param, Post, Res, type Type } from '@nestjs/common';
import { type Command, CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Accounts, ActAnswer, Answer, Engine, Tracing } from '#libs/application';
import { CallerOf, demandOwn } from '../auth/caller';
import { May } from '../auth/rights';
import { atCounter, type CounterBusiness, holderWith } from '../card-service/at-counter';
import { Answers } from '../openapi/answers';
import { doneOr } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { CardPathDto } from './account.dto';
import { actText } from './account-text';
import { CheckedActDto, FinancialAreaDto, HandledCardDto, OwnPinVerdictDto, PinVerdictDto } from './card-life.dto';
import { CheckedActOnCard, HandleCard, ReportFinancialArea, ReportPinVerdict } from './card-life-commands';

const act = (body: Type<object>, summary: string) => ({ summary, schema: 'Act', created: true, body, absent: true, write: true }) as const;
type CheckedAct = Parameters<Accounts['checkedActOnCard']>[2]['act'];
type Handling = Parameters<Accounts['handleCard']>[2]['act'];
const BUSINESS: Readonly<Record<CheckedAct | Handling, CounterBusiness>> = {
  formalLoss: 'formalLoss',
  liftFormalLoss: 'formalLossLifting',
  returnCard: 'cardReturn',
  unlockPin: 'pinUnlocking',
  resetPin: 'pinReset',
  retain: 'retention',
  collect: 'collection',
  destroy: 'destruction',
};

/** What becomes of a card after it was made: lost and found, kept by a machine, its PIN, its financial area, its end. */
@ApiTags('cards')
@Controller('v1/accounts')
export class CardLifeController {
  constructor(
    @Inject(CommandBus) readonly commands: CommandBus,
    @Inject(ENGINE) readonly engine: Engine,
  ) {}

  @Post(':id/cards/:cardId/formal-loss')
  @May('reportFormalLoss')
  @Answers(act(CheckedActDto, 'Report a formal loss (正式挂失)'))
  formalLoss(
    @Param() path: CardPathDto,
    @Body() form: CheckedActDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.checked('formalLoss', path, form, [caller, reply]);
  }

  @Post(':id/cards/:cardId/formal-loss-lifting')
  @May('liftFormalLoss')
  @Answers(act(CheckedActDto, 'Withdraw a formal loss: the card was found'))
  liftFormalLoss(
    @Param() path: CardPathDto,
    @Body() form: CheckedActDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.checked('liftFormalLoss', path, form, [caller, reply]);
  }

  @Post(':id/cards/:cardId/return')
  @May('returnCard')
  @Answers(act(CheckedActDto, 'Hand back a card that a machine had kept'))
  returnCard(
    @Param() path: CardPathDto,
    @Body() form: CheckedActDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.checked('returnCard', path, form, [caller, reply]);
  }

  @Post(':id/cards/:cardId/pin-unlocking')
  @May('unlockPin')
  @Answers(act(CheckedActDto, 'Unlock the social security PIN'))
  unlockPin(@Param() path: CardPathDto, @Body() form: CheckedActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.checked('unlockPin', path, form, [caller, reply]);
  }

  @Post(':id/cards/:cardId/pin-reset')
  @May('unlockPin')
  @Answers(act(CheckedActDto, 'Reset the social security PIN: the count begins anew'))
  resetPin(@Param() path: CardPathDto, @Body() form: CheckedActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.checked('resetPin', path, form, [caller, reply]);
  }

  @Post(':id/cards/:cardId/retention')
  @May('retainCard')
  @Answers(act(HandledCardDto, 'A machine has kept the card (吞卡)'))
  retain(@Param() path: CardPathDto, @Body() form: HandledCardDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.handled('retain', path, form, [caller, reply]);
  }

  @Post(':id/cards/:cardId/collection')
  @May('collectCard')
  @Answers(act(HandledCardDto, 'Take back a card that is out of use (回收)'))
  collect(@Param() path: CardPathDto, @Body() form: HandledCardDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.handled('collect', path, form, [caller, reply]);
  }

  @Post(':id/cards/:cardId/destruction')
  @May('destroyCard')
  @Answers(act(HandledCardDto, 'Destroy a card that was taken back (销毁)'))
  destroy(@Param() path: CardPathDto, @Body() form: HandledCardDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.handled('destroy', path, form, [caller, reply]);
  }

  @Post(':id/cards/:cardId/financial-area')
  @May('reportFinancialArea')
  @Answers(act(FinancialAreaDto, 'The bank reports whether the financial area is active (激活)'))
  financialArea(
    @Param() { id, cardId }: CardPathDto,
    @Body() form: FinancialAreaDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const { reference, active } = form;
    const errand = { accountId: id, business: 'financialArea', form, isFinancial: true } as const;
    const make = (tracing: Tracing) => new ReportFinancialArea({ accountId: id, cardId }, { reference, active }, tracing);
    return atCounter(this, errand, make, [caller, reply]);
  }

  @Post(':id/cards/:cardId/pin-verdicts')
  @May('reportPinVerdict')
  @Answers(act(PinVerdictDto, 'Count the verdict of a security module on a PIN'))
  pinVerdict(
    @Param() { id, cardId }: CardPathDto,
    @Body() { reference, verdict, verdictReference }: PinVerdictDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.run(new ReportPinVerdict({ accountId: id, cardId }, { reference, verdict, verdictReference }, tracing), reply);
  }

  /** From where the card was presented; whose it is, is not told. */
  @Post('pin-verdicts')
  @May('reportOwnPinVerdict')
  @Answers({
    summary: 'Count the verdict of a terminal on a PIN',
    schema: 'PinVerdict',
    created: true,
    body: OwnPinVerdictDto,
    write: true,
  })
  async ownPinVerdict(
    @Body() { institutionCode, credential, reference, verdict, verdictReference }: OwnPinVerdictDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    demandOwn(caller, institutionCode);
    const { kind, number } = credential;
    const command = new ReportPinVerdict({ kind, number }, { reference, verdict, verdictReference }, caller.tracing);
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(command));
    void reply.status(replayed ? 200 : 201);
    return { verdict, locked: value.events.some(({ type }) => type === 'PinLocked.v1'), decidedAt: value.decidedAt, replayed };
  }

  private checked(kind: CheckedAct, { id, cardId }: CardPathDto, form: CheckedActDto, who: readonly [Caller, Reply]): Promise<object> {
    const { reference, identityCheck } = form;
    const errand = { accountId: id, business: BUSINESS[kind], form, signedBy: holderWith(identityCheck) };
    const order = { reference, act: kind, identityCheck };
    return atCounter(this, errand, (tracing) => new CheckedActOnCard({ accountId: id, cardId }, order, tracing), who);
  }

  private handled(kind: Handling, { id, cardId }: CardPathDto, form: HandledCardDto, who: readonly [Caller, Reply]): Promise<object> {
    const { reference, place } = form;
    const errand = { accountId: id, business: BUSINESS[kind], form };
    return atCounter(this, errand, (tracing) => new HandleCard({ accountId: id, cardId }, { reference, act: kind, place }, tracing), who);
  }

  private async run(command: Command<Answer<ActAnswer>>, reply: Reply): Promise<object> {
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(command));
    void reply.status(replayed ? 200 : 201);
    return { ...actText(value), replayed };
  }
}
