import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Page, PageRequest } from '#libs/application';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import { PersonCasesQueryDto, ReissuesQueryDto } from './person.dto';
import { ListPersonCases, ListReissues } from './person-messages';

@ApiTags('persons')
@Controller('v1')
export class PersonListsController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get('person-cases')
  @May('readPersonCases')
  @Answers({ summary: 'Merges, undone merges and changes of persons, by state or account; by cursor', schema: 'PersonCasePage' })
  async cases(@Query() { state, accountId, ...page }: PersonCasesQueryDto): Promise<object> {
    return pageText(await this.queries.execute(new ListPersonCases(given({ state, accountId }), toPageRequest(page))));
  }

  @Get('reissues')
  @May('readPersonCases')
  @Answers({
    summary: 'Cards to be reissued: which, why, since when; a card drops out when another takes its place',
    schema: 'ReissuePage',
  })
  async reissues(@Query() { accountId, ...page }: ReissuesQueryDto): Promise<object> {
    return pageText(await this.queries.execute(new ListReissues(given({ accountId }), toPageRequest(page))));
  }
}

const toPageRequest = ({ cursor, limit = '100' }: Readonly<{ cursor?: string; limit?: string }>): PageRequest => ({
  limit: Number(limit),
  ...given({ cursor }),
});
const pageText = ({ rows, next, asOfLogIndex }: Page<object>): object => ({ rows, next, asOfLogIndex });
/** Leaves out what was not asked for. */
const given = (filter: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined));
