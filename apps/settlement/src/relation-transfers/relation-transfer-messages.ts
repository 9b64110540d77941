import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type {
  ActAnswer,
  Answer,
  Engine,
  Page,
  PageRequest,
  ReadModels,
  RelationFileOrder,
  RelationMoneyOrder,
  RelationTransferAct,
  RelationTransferIn,
  RelationTransferOrder,
  RelationTransferOut,
  RelationTransferRow,
  Tracing,
} from '#libs/application';
import { ENGINE, READ_MODELS } from '../tokens';

type Path = Readonly<{ accountId: string; transferId: string }>;
export class RequestRelationTransfer extends Command<Answer<ActAnswer>> {
  constructor(
    readonly accountId: string,
    readonly order: RelationTransferOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ActOnRelationTransfer extends Command<Answer<ActAnswer>> {
  constructor(
    readonly path: Path,
    readonly order: RelationTransferAct & { reference: string },
    readonly tracing: Tracing,
  ) {
    super();
  }
}
/** A message about a relation that comes from another area, or what is done to it. */
export type IncomingOrder =
  | Readonly<{ kind: 'file'; order: RelationFileOrder }>
  | Readonly<{ kind: 'money'; order: RelationMoneyOrder }>
  | Readonly<{ kind: 'fileWithdrawal'; transferInId: string; order: Readonly<{ reference: string; reason: string }> }>
  | Readonly<{
      kind: 'moneySentBack';
      transferInId: string;
      order: Readonly<{ reference: string; batchReference: string; reason: string }>;
    }>
  | Readonly<{ kind: 'crediting'; transferInId: string }>;
export class TakeRelationIn extends Command<Answer<RelationTransferIn>> {
  constructor(
    readonly asked: IncomingOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ViewRelationTransfers extends Query<readonly RelationTransferOut[] | undefined> {
  constructor(readonly accountId: string) {
    super();
  }
}
export class ViewRelationIn extends Query<RelationTransferIn | undefined> {
  constructor(readonly transferInId: string) {
    super();
  }
}
export type ListedTransfer = RelationTransferRow & Readonly<{ overdueWorkingDays: number }>;
export class ListRelationTransfers extends Query<Page<ListedTransfer>> {
  constructor(
    readonly filter: Parameters<ReadModels['relationTransfers']>[0],
    readonly page: PageRequest,
  ) {
    super();
  }
}

@CommandHandler(RequestRelationTransfer)
export class RequestRelationTransferHandler implements ICommandHandler<RequestRelationTransfer> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, order, tracing }: RequestRelationTransfer): Promise<Answer<ActAnswer>> {
    return this.engine.relationTransfers.request(accountId, order, tracing);
  }
}
@CommandHandler(ActOnRelationTransfer)
export class ActOnRelationTransferHandler implements ICommandHandler<ActOnRelationTransfer> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ path, order, tracing }: ActOnRelationTransfer): Promise<Answer<ActAnswer>> {
    return this.engine.relationTransfers.act(path.accountId, path.transferId, order, tracing);
  }
}
@CommandHandler(TakeRelationIn)
export class TakeRelationInHandler implements ICommandHandler<TakeRelationIn> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ asked, tracing }: TakeRelationIn): Promise<Answer<RelationTransferIn>> {
    const { relationTransfers } = this.engine;
    switch (asked.kind) {
      case 'file':
        return relationTransfers.registerFile(asked.order, tracing);
      case 'money':
        return relationTransfers.registerMoney(asked.order, tracing);
      case 'fileWithdrawal':
        return relationTransfers.withdrawFile(asked.transferInId, asked.order, tracing);
      case 'moneySentBack':
        return relationTransfers.sendMoneyBack(asked.transferInId, asked.order, tracing);
      case 'crediting':
        return relationTransfers.credit(asked.transferInId, tracing);
    }
  }
}
@QueryHandler(ViewRelationTransfers)
export class ViewRelationTransfersHandler implements IQueryHandler<ViewRelationTransfers> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId }: ViewRelationTransfers): Promise<readonly RelationTransferOut[] | undefined> {
    return this.engine.relationTransfers.ofAccount(accountId);
  }
}
@QueryHandler(ViewRelationIn)
export class ViewRelationInHandler implements IQueryHandler<ViewRelationIn> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ transferInId }: ViewRelationIn): Promise<RelationTransferIn | undefined> {
    return this.engine.relationTransfers.incoming(transferInId);
  }
}
@QueryHandler(ListRelationTransfers)
export class ListRelationTransfersHandler implements IQueryHandler<ListRelationTransfers> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  /** How late each is, by the calendar of its own area. */
  async execute({ filter, page }: ListRelationTransfers): Promise<Page<ListedTransfer>> {
    const { rows, ...rest } = await this.readModels.relationTransfers(filter, page);
    const late = (row: RelationTransferRow) => this.engine.relationTransfers.lateness(row.ownArea ?? '', row.dueOn);
    return { ...rest, rows: await Promise.all(rows.map(async (row) => ({ ...row, overdueWorkingDays: await late(row) }))) };
  }
}

export const RELATION_TRANSFER_HANDLERS = [
  RequestRelationTransferHandler,
  ActOnRelationTransferHandler,
  TakeRelationInHandler,
  ViewRelationTransfersHandler,
  ViewRelationInHandler,
  ListRelationTransfersHandler,
];
