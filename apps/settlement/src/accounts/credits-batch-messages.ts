import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Answer, CreditedLine, CreditLine, Engine, Tracing } from '#libs/application';
import { ENGINE } from '../tokens';

export class PostCreditLine extends Command<Answer<CreditedLine>> {
  constructor(
    readonly line: CreditLine,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class QuoteCreditLine extends Query<Answer<CreditedLine>> {
  constructor(
    readonly line: CreditLine,
    readonly tracing: Tracing,
  ) {
    super();
  }
}

@CommandHandler(PostCreditLine)
export class PostCreditLineHandler implements ICommandHandler<PostCreditLine> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ line, tracing }: PostCreditLine) {
    return this.engine.credits.post(line, tracing);
  }
}
@QueryHandler(QuoteCreditLine)
export class QuoteCreditLineHandler implements IQueryHandler<QuoteCreditLine> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ line, tracing }: QuoteCreditLine) {
    return this.engine.credits.quote(line, tracing);
  }
}
export const CREDIT_LINE_HANDLERS = [PostCreditLineHandler, QuoteCreditLineHandler];
