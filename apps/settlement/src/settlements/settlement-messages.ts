import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type {
  Answer,
  BillLine,
  CancellationOrder,
  Engine,
  ReversalOrder,
  SettlementAnswer,
  SettlementView,
  SwipeOrder,
  Tracing,
  UndoAnswer,
} from '#libs/application';
import { DoorMetrics } from '../health/metrics';
import { ENGINE } from '../tokens';

// Messages give the bus a class to route on; the order inside is plain.
export class PostSettlement extends Command<Answer<SettlementAnswer>> {
  constructor(
    readonly order: SwipeOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class CancelSettlement extends Command<Answer<UndoAnswer>> {
  constructor(
    readonly order: CancellationOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ReverseSettlement extends Command<Answer<UndoAnswer>> {
  constructor(
    readonly order: ReversalOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class CountReceiptPrint extends Command<Answer<number>> {
  constructor(
    readonly key: Readonly<{ institutionCode: string; serial: string }>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class QuoteSettlement extends Query<Answer<SettlementAnswer>> {
  constructor(
    readonly order: SwipeOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class FindSettlement extends Query<SettlementView> {
  constructor(readonly key: Readonly<{ institutionCode: string; serial: string }>) {
    super();
  }
}
export class ReadBillLines extends Query<readonly BillLine[]> {
  constructor(readonly hash: string | null) {
    super();
  }
}

@CommandHandler(PostSettlement)
export class PostSettlementHandler implements ICommandHandler<PostSettlement> {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(DoorMetrics) private readonly metrics: DoorMetrics,
  ) {}
  async execute({ order, tracing }: PostSettlement): Promise<Answer<SettlementAnswer>> {
    const answer = await this.engine.settlements.post(order, tracing);
    this.metrics.countSettlement(answer);
    return answer;
  }
}
@CommandHandler(CancelSettlement)
export class CancelSettlementHandler implements ICommandHandler<CancelSettlement> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ order, tracing }: CancelSettlement): Promise<Answer<UndoAnswer>> {
    return this.engine.settlements.cancel(order, tracing);
  }
}
@CommandHandler(ReverseSettlement)
export class ReverseSettlementHandler implements ICommandHandler<ReverseSettlement> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ order, tracing }: ReverseSettlement): Promise<Answer<UndoAnswer>> {
    return this.engine.settlements.reverse(order, tracing);
  }
}
@CommandHandler(CountReceiptPrint)
export class CountReceiptPrintHandler implements ICommandHandler<CountReceiptPrint> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ key, tracing }: CountReceiptPrint): Promise<Answer<number>> {
    return this.engine.settlements.countPrint(key.institutionCode, key.serial, tracing);
  }
}
@QueryHandler(QuoteSettlement)
export class QuoteSettlementHandler implements IQueryHandler<QuoteSettlement> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ order, tracing }: QuoteSettlement): Promise<Answer<SettlementAnswer>> {
    return this.engine.settlements.quote(order, tracing);
  }
}
@QueryHandler(FindSettlement)
export class FindSettlementHandler implements IQueryHandler<FindSettlement> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ key }: FindSettlement): Promise<SettlementView> {
    return this.engine.settlements.find(key.institutionCode, key.serial);
  }
}
@QueryHandler(ReadBillLines)
export class ReadBillLinesHandler implements IQueryHandler<ReadBillLines> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  async execute({ hash }: ReadBillLines): Promise<readonly BillLine[]> {
    return hash === null ? [] : ((await this.engine.settlements.lines(hash)) ?? []);
  }
}
export const SETTLEMENT_HANDLERS = [
  PostSettlementHandler,
  CancelSettlementHandler,
  ReverseSettlementHandler,
  CountReceiptPrintHandler,
  QuoteSettlementHandler,
  FindSettlementHandler,
  ReadBillLinesHandler,
];
