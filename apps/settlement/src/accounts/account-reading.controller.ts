import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Engine, StatementRow } from '#libs/application';
import { instantOf } from '#libs/kernel';
import { CallerOf, demandOwn } from '../auth/caller';
import { May } from '../auth/rights';
import { utcInstant } from '../form/rules';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, doorProblem, formProblem } from '../problem/problem';
import { yuanOf } from '../problem/yuan-text';
import type { Caller, Reply } from '../request';
import type { EngineClock } from '../simulation/clock';
import { CLOCK, ENGINE } from '../tokens';
import { AccountPathDto, AsOfDto, BalanceDto, MonthQueryDto, StatementQueryDto } from './account.dto';
import { AskBalance, ReadHolder, ReadStatement, ViewAccount } from './account-queries';
import { accountText, statementText } from './account-text';
import { holderStatementHtml } from './holder-statement';

const PAGE_ROWS = 500;

@ApiTags('accounts')
@Controller('v1/accounts')
export class AccountReadingController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(CLOCK) private readonly clock: EngineClock,
  ) {}

  @Get(':id')
  @May('readAccount')
  @Answers({ summary: 'The account from its events, as of an instant or revision', schema: 'Account', absent: true })
  async view(@Param() { id }: AccountPathDto, @Query() { asOf }: AsOfDto): Promise<object> {
    const point = asOf === undefined ? null : pointOf(asOf);
    if (point && 'instant' in point && point.instant > instantOf(this.clock.nowMs())) throw notYet(); // What has not happened is no fact.
    const view = await this.queries.execute(new ViewAccount(id, point));
    if (!view) throw doorProblem('account-not-found');
    if (point && 'revision' in point && point.revision > view.revision) throw notYet();
    return accountText(view);
  }

  @Get(':id/statement')
  @May('readAccount')
  @Answers({ summary: 'Every event with its effect on the balance, by cursor', schema: 'Statement', absent: true })
  async statement(@Param() { id }: AccountPathDto, @Query() { from = '0', limit = '100' }: StatementQueryDto): Promise<object> {
    const page = await this.queries.execute(new ReadStatement(id, Number(from), Number(limit)));
    if (!page) throw doorProblem('account-not-found');
    return statementText(page);
  }

  @Get(':id/statement/print')
  @May('readPerson')
  @Answers({ summary: "The holder's monthly statement, to print on A4; the reading of the name is logged", print: true, absent: true })
  async print(
    @Param() { id }: AccountPathDto,
    @Query() { month }: MonthQueryDto,
    @CallerOf() { principal }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const rows = await this.rowsThrough(id, month);
    const holder = await this.queries.execute(new ReadHolder(id, { principal: principal.keyId, purpose: `statement ${month}` }));
    void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
    return holderStatementHtml({ accountId: id, month, holderName: holder?.name ?? null, rows });
  }

  /** Whoever holds the card in the hand may know what is on it; nothing else about its person is told. */
  @Post('balance')
  @HttpCode(200)
  @May('readBalanceByCredential')
  @Answers({ summary: 'The balance of the card presented', schema: 'Balance', body: BalanceDto, example: example.balance })
  async balance(@Body() { institutionCode, credential }: BalanceDto, @CallerOf() caller: Caller): Promise<object> {
    demandOwn(caller, institutionCode);
    const answer = await this.queries.execute(new AskBalance(institutionCode, { kind: credential.kind, number: credential.number }));
    const { balanceFen, cardTail, asOf } = doneOr(this.engine.catalogue, answer).value;
    return { balance: yuanOf(balanceFen), cardTail, asOf };
  }

  /** All rows up to the end of the month: the statement needs the balance before it, too. */
  private async rowsThrough(accountId: string, month: string): Promise<readonly StatementRow[]> {
    const rows: StatementRow[] = [];
    for (let next: number | null = 0; next !== null; ) {
      const page: Awaited<ReturnType<Engine['accounts']['statement']>> = await this.queries.execute(
        new ReadStatement(accountId, next, PAGE_ROWS),
      );
      if (!page) throw doorProblem('account-not-found');
      rows.push(...page.rows.filter(({ businessDate }) => businessDate.slice(0, 7) <= month));
      next = page.rows.some(({ businessDate }) => businessDate.slice(0, 7) > month) ? null : page.next;
    }
    return rows;
  }
}

const notYet = () =>
  formProblem([
    {
      code: 'field-malformed',
      field: 'asOf',
      expectedZh: '不晚于当前的时点或版本',
      expectedEn: 'no later than now, or than the newest revision',
    },
  ]);

const pointOf = (asOf: string): Readonly<{ instant: string } | { revision: number }> =>
  /^\d+$/.test(asOf) ? { revision: Number(asOf) } : { instant: utcInstant(asOf) };
