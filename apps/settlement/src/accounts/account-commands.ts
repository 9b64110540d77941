import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type {
  Accounts,
  ActAnswer,
  Answer,
  CreditOrder,
  Engine,
  FreezeOrder,
  OpenAccountOrder,
  RegisterCardOrder,
  Tracing,
} from '#libs/application';
import { ENGINE } from '../tokens';

type Order<Act extends 'correct' | 'transfer'> = Parameters<Accounts[Act]>[1];
type CardOrder<Act extends 'enableCard' | 'actOnCard' | 'liftFreeze'> = Parameters<Accounts[Act]>[2];
type CardPath = Readonly<{ accountId: string; cardId: string }>;
type FreezePath = Readonly<{ accountId: string; freezeId: string }>;
type Acted = Promise<Answer<ActAnswer>>;

export class OpenAccount extends Command<Answer<ActAnswer>> {
  constructor(
    readonly order: OpenAccountOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class CreditAccount extends Command<Answer<ActAnswer>> {
  constructor(
    readonly accountId: string,
    readonly order: CreditOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class CorrectAccount extends Command<Answer<ActAnswer>> {
  constructor(
    readonly accountId: string,
    readonly order: Order<'correct'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class RegisterCard extends Command<Answer<ActAnswer>> {
  constructor(
    readonly accountId: string,
    readonly order: RegisterCardOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class EnableCard extends Command<Answer<ActAnswer>> {
  constructor(
    readonly card: CardPath,
    readonly order: CardOrder<'enableCard'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ActOnCard extends Command<Answer<ActAnswer>> {
  constructor(
    readonly card: CardPath,
    readonly order: CardOrder<'actOnCard'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class TransferBalance extends Command<Answer<ActAnswer>> {
  constructor(
    readonly accountId: string,
    readonly order: Order<'transfer'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class PlaceFreeze extends Command<Answer<ActAnswer>> {
  constructor(
    readonly accountId: string,
    readonly order: FreezeOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class LiftFreeze extends Command<Answer<ActAnswer>> {
  constructor(
    readonly freeze: FreezePath,
    readonly order: CardOrder<'liftFreeze'>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class SettleDue extends Command<Answer<ActAnswer>> {
  constructor(
    readonly accountId: string,
    readonly tracing: Tracing,
  ) {
    super();
  }
}

@CommandHandler(OpenAccount)
export class OpenAccountHandler implements ICommandHandler<OpenAccount> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ order, tracing }: OpenAccount): Acted {
    return this.engine.accounts.open(order, tracing);
  }
}
@CommandHandler(CreditAccount)
export class CreditAccountHandler implements ICommandHandler<CreditAccount> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, order, tracing }: CreditAccount): Acted {
    return this.engine.accounts.credit(accountId, order, tracing);
  }
}
@CommandHandler(CorrectAccount)
export class CorrectAccountHandler implements ICommandHandler<CorrectAccount> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, order, tracing }: CorrectAccount): Acted {
    return this.engine.accounts.correct(accountId, order, tracing);
  }
}
@CommandHandler(RegisterCard)
export class RegisterCardHandler implements ICommandHandler<RegisterCard> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, order, tracing }: RegisterCard): Acted {
    return this.engine.accounts.registerCard(accountId, order, tracing);
  }
}
@CommandHandler(EnableCard)
export class EnableCardHandler implements ICommandHandler<EnableCard> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ card, order, tracing }: EnableCard): Acted {
    return this.engine.accounts.enableCard(card.accountId, card.cardId, order, tracing);
  }
}
@CommandHandler(ActOnCard)
export class ActOnCardHandler implements ICommandHandler<ActOnCard> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ card, order, tracing }: ActOnCard): Acted {
    return this.engine.accounts.actOnCard(card.accountId, card.cardId, order, tracing);
  }
}
@CommandHandler(TransferBalance)
export class TransferBalanceHandler implements ICommandHandler<TransferBalance> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, order, tracing }: TransferBalance): Acted {
    return this.engine.accounts.transfer(accountId, order, tracing);
  }
}
@CommandHandler(PlaceFreeze)
export class PlaceFreezeHandler implements ICommandHandler<PlaceFreeze> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, order, tracing }: PlaceFreeze): Acted {
    return this.engine.accounts.placeFreeze(accountId, order, tracing);
  }
}
@CommandHandler(LiftFreeze)
export class LiftFreezeHandler implements ICommandHandler<LiftFreeze> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ freeze, order, tracing }: LiftFreeze): Acted {
    return this.engine.accounts.liftFreeze(freeze.accountId, freeze.freezeId, order, tracing);
  }
}
@CommandHandler(SettleDue)
export class SettleDueHandler implements ICommandHandler<SettleDue> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, tracing }: SettleDue): Acted {
    return this.engine.accounts.settleDue(accountId, tracing);
  }
}

export const ACCOUNT_COMMAND_HANDLERS = [
  OpenAccountHandler,
  CreditAccountHandler,
  CorrectAccountHandler,
  RegisterCardHandler,
  EnableCardHandler,
  ActOnCardHandler,
  TransferBalanceHandler,
  PlaceFreezeHandler,
  LiftFreezeHandler,
  SettleDueHandler,
];
