import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ActAnswer, Answer, Engine, Tracing } from '#libs/application';
import { ENGINE } from '../tokens';
import type { InstitutionAct } from './read-act';

export class ActOnInstitution extends Command<Answer<ActAnswer>> {
  constructor(
    readonly institutionCode: string,
    readonly act: InstitutionAct,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ViewInstitution extends Query<Readonly<Record<string, unknown>> | undefined> {
  constructor(readonly institutionCode: string) {
    super();
  }
}

@CommandHandler(ActOnInstitution)
export class ActOnInstitutionHandler implements ICommandHandler<ActOnInstitution> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ institutionCode, act, tracing }: ActOnInstitution): Promise<Answer<ActAnswer>> {
    return this.engine.institutions.act(institutionCode, act.reference, act.order, tracing);
  }
}
@QueryHandler(ViewInstitution)
export class ViewInstitutionHandler implements IQueryHandler<ViewInstitution> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ institutionCode }: ViewInstitution): Promise<Readonly<Record<string, unknown>> | undefined> {
    return this.engine.institutions.view(institutionCode);
  }
}
export const INSTITUTION_HANDLERS = [ActOnInstitutionHandler, ViewInstitutionHandler];
