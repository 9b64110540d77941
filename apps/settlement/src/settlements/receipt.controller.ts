import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { CallerOf, has } from '../auth/caller';
import { May } from '../auth/rights';
import { demandOwnOrSuccessor } from '../auth/succession';
import { Answers } from '../openapi/answers';
import { doneOr, doorProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { receiptHtml, receiptText } from './receipt';
import { CountReceiptPrint, FindSettlement, ReadBillLines } from './settlement-messages';
import { swipeOf } from './settlement-text';
import { ReceiptQueryDto, SettlementKeyDto } from './undo.dto';

@ApiTags('settlements')
@Controller('v1/settlements')
export class ReceiptController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  /** Every call of who gives out receipts is a print and is counted, so that a second paper says that it is one; an auditor only looks. */
  @Get(':institutionCode/:serial/receipt')
  @May('printReceipt')
  @Answers({ summary: "The receipt, for 80 mm or A4 paper; every call counts as a print, but an auditor's", print: true, absent: true })
  async receipt(
    @Param() key: SettlementKeyDto,
    @Query() { format = 'text', paper = '80mm' }: ReceiptQueryDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    if (!has(caller, 'agency') && !has(caller, 'auditor')) await demandOwnOrSuccessor(caller, key.institutionCode, this.engine);
    const view = await this.queries.execute(new FindSettlement(key));
    if (view.kind === 'absent') throw doorProblem('settlement-not-found');
    if (view.kind === 'undo') throw doorProblem('receipt-not-available');
    const lines = await this.queries.execute(new ReadBillLines(swipeOf(view).linesHash));
    const institutionName = await this.nameOf(key.institutionCode);
    const looksOnly = has(caller, 'auditor') && !caller.local;
    const print = looksOnly
      ? null
      : doneOr(this.engine.catalogue, await this.commands.execute(new CountReceiptPrint(key, caller.tracing))).value;
    void reply.type(format === 'html' ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8').header('cache-control', 'no-store');
    const source = { view, institutionName, lines, print };
    return format === 'html' ? receiptHtml(source, paper) : receiptText(source, paper);
  }

  private async nameOf(institutionCode: string): Promise<string> {
    const name = (await this.engine.institutions.view(institutionCode))?.name;
    return typeof name === 'string' ? name : institutionCode;
  }
}
