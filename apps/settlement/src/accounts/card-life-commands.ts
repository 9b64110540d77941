import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Accounts, ActAnswer, Answer, Credential, Engine, Tracing } from '#libs/application';
import { ENGINE } from '../tokens';

type CardPath = Readonly<{ accountId: string; cardId: string }>;
type Order<Act extends 'checkedActOnCard' | 'handleCard' | 'reportFinancialArea' | 'reportPinVerdict'> = Parameters<Accounts[Act]>[2];
type Acted = Promise<Answer<ActAnswer>>;

export class CheckedActOnCard extends Command<Answer<ActAnswer>> {
  constructor(
    readonly card: CardPath,
    readonly order: Order<'checkedActOnCard'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class HandleCard extends Command<Answer<ActAnswer>> {
  constructor(
    readonly card: CardPath,
    readonly order: Order<'handleCard'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ReportFinancialArea extends Command<Answer<ActAnswer>> {
  constructor(
    readonly card: CardPath,
    readonly order: Order<'reportFinancialArea'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
/** Of a card by its number, as it was presented, or by its account. */
export class ReportPinVerdict extends Command<Answer<ActAnswer>> {
  constructor(
    readonly card: CardPath | Credential,
    readonly order: Order<'reportPinVerdict'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}

@CommandHandler(CheckedActOnCard)
export class CheckedActOnCardHandler implements ICommandHandler<CheckedActOnCard> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ card, order, tracing }: CheckedActOnCard): Acted {
    return this.engine.accounts.checkedActOnCard(card.accountId, card.cardId, order, tracing);
  }
}
@CommandHandler(HandleCard)
export class HandleCardHandler implements ICommandHandler<HandleCard> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ card, order, tracing }: HandleCard): Acted {
    return this.engine.accounts.handleCard(card.accountId, card.cardId, order, tracing);
  }
}
@CommandHandler(ReportFinancialArea)
export class ReportFinancialAreaHandler implements ICommandHandler<ReportFinancialArea> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ card, order, tracing }: ReportFinancialArea): Acted {
    return this.engine.accounts.reportFinancialArea(card.accountId, card.cardId, order, tracing);
  }
}
@CommandHandler(ReportPinVerdict)
export class ReportPinVerdictHandler implements ICommandHandler<ReportPinVerdict> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ card, order, tracing }: ReportPinVerdict): Acted {
    const { accounts } = this.engine;
    if ('kind' in card) return accounts.reportPinVerdictByCredential(card, order, tracing);
    return accounts.reportPinVerdict(card.accountId, card.cardId, order, tracing);
  }
}

export const CARD_LIFE_COMMAND_HANDLERS = [CheckedActOnCardHandler, HandleCardHandler, ReportFinancialAreaHandler, ReportPinVerdictHandler];
