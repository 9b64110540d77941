import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type {
  Answer,
  Engine,
  Page,
  PageRequest,
  PersonCaseAnswer,
  PersonCaseRow,
  Persons,
  PersonVersion,
  ReadModels,
  ReissueRow,
  Tracing,
  VaultReader,
} from '#libs/application';
import { ENGINE, READ_MODELS } from '../tokens';

type Acted = Promise<Answer<PersonCaseAnswer>>;

/** One step of a case, sent to the door of persons with its tracing. */
export class ActOnPerson extends Command<Answer<PersonCaseAnswer>> {
  constructor(
    readonly step: (persons: Persons, tracing: Tracing) => Acted,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ReadPersonHistory extends Query<readonly PersonVersion[] | undefined> {
  constructor(
    readonly accountId: string,
    readonly reader: VaultReader,
  ) {
    super();
  }
}
export class ListPersonCases extends Query<Page<PersonCaseRow>> {
  constructor(
    readonly filter: Parameters<ReadModels['personCases']>[0],
    readonly page: PageRequest,
  ) {
    super();
  }
}
export class ListReissues extends Query<Page<ReissueRow>> {
  constructor(
    readonly filter: Parameters<ReadModels['reissues']>[0],
    readonly page: PageRequest,
  ) {
    super();
  }
}

@CommandHandler(ActOnPerson)
export class ActOnPersonHandler implements ICommandHandler<ActOnPerson> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ step, tracing }: ActOnPerson): Acted {
    return step(this.engine.persons, tracing);
  }
}
@QueryHandler(ReadPersonHistory)
export class ReadPersonHistoryHandler implements IQueryHandler<ReadPersonHistory> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, reader }: ReadPersonHistory): Promise<readonly PersonVersion[] | undefined> {
    return this.engine.persons.history(accountId, reader);
  }
}
@QueryHandler(ListPersonCases)
export class ListPersonCasesHandler implements IQueryHandler<ListPersonCases> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}
  execute({ filter, page }: ListPersonCases): Promise<Page<PersonCaseRow>> {
    return this.readModels.personCases(filter, page);
  }
}
@QueryHandler(ListReissues)
export class ListReissuesHandler implements IQueryHandler<ListReissues> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}
  execute({ filter, page }: ListReissues): Promise<Page<ReissueRow>> {
    return this.readModels.reissues(filter, page);
  }
}

export const PERSON_HANDLERS = [ActOnPersonHandler, ReadPersonHistoryHandler, ListPersonCasesHandler, ListReissuesHandler];
