import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Answer, EnabledLine, EnablementLine, Engine, Tracing } from '#libs/application';
import { ENGINE } from '../tokens';

export class EnableCardLine extends Command<Answer<EnabledLine>> {
  constructor(
    readonly line: EnablementLine,
    readonly tracing: Tracing,
  ) {
    super();
  }
}

@CommandHandler(EnableCardLine)
export class EnableCardLineHandler implements ICommandHandler<EnableCardLine> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ line, tracing }: EnableCardLine) {
    return this.engine.campaigns.enable(line, tracing);
  }
}
