import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Page, PageRequest } from '#libs/application';
import { May } from '../auth/rights';
import { utcInstant } from '../form/rules';
import { Answers } from '../openapi/answers';
import { inYuan } from '../problem/yuan-text';
import { CardTransfersQueryDto, FreezesQueryDto } from './projection.dto';
import { ListCardTransfers, ListFreezes, toAtLeast } from './projection-queries';

@ApiTags('projections')
@Controller('v1')
export class ProjectionsController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get('freezes')
  @May('readProjections')
  @Answers({ summary: 'Freezes, filtered, by cursor', schema: 'FreezePage' })
  async freezes(@Query() { accountId, cause, inForceAt, ...page }: FreezesQueryDto): Promise<object> {
    const filter = { ...given({ accountId, cause }), ...given({ inForceAt: inForceAt && utcInstant(inForceAt) }) };
    return pageText(await this.queries.execute(new ListFreezes(filter, toPageRequest(page))));
  }

  @Get('card-transfers')
  @May('readProjections')
  @Answers({ summary: 'Balances that moved from old cards to new ones, filtered, by cursor', schema: 'CardTransferPage' })
  async cardTransfers(@Query() { accountId, cardId, from, until, ...page }: CardTransfersQueryDto): Promise<object> {
    const filter = given({ accountId, cardId, from: from && utcInstant(from), until: until && utcInstant(until) });
    return pageText(await this.queries.execute(new ListCardTransfers(filter, toPageRequest(page))));
  }
}

type PageForm = Readonly<{ cursor?: string; limit?: string; minLogIndex?: string }>;
const toPageRequest = ({ cursor, limit = '100', minLogIndex }: PageForm): PageRequest => ({
  limit: Number.parseInt(limit, 10),
  ...toAtLeast(minLogIndex),
  ...given({ cursor }),
});
const pageText = ({ rows, next, asOfLogIndex }: Page<object>): object => ({ rows: rows.map((row) => inYuan(row)), next, asOfLogIndex });

/** Leaves out what was not asked for. */
const given = (filter: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined));
