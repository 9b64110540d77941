import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Answer, Engine, VoucherView } from '#libs/application';
import { CallerOf, demandOwnOutlet, has, mayDo } from '../auth/caller';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, refusalProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { PageQueryDto, SignedCopyDto, VoucherDto, VoucherPathDto } from './card-service.dto';
import { CountPaperPrint, FileSignedCopy, FindVoucher, IssueVoucher, ViewApplication } from './card-service-messages';
import { toVoucherKey, toVoucherOrder } from './card-service-orders';
import { voucherPage, voucherText } from './voucher-text';

const APPLICATION = 'cardApplication-';

@ApiTags('card service')
@Controller('v1/vouchers')
export class VouchersController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post()
  @May('issuePapers')
  @Answers({
    summary: 'A voucher for card business that this counter has done without one, numbered without gaps for outlet and year',
    schema: 'Voucher',
    created: true,
    body: VoucherDto,
    example: example.voucher,
    write: true,
  })
  async issue(@Body() form: VoucherDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<object> {
    demandOwnOutlet(caller, 'issuePapers', form.outletCode);
    return this.told(await this.commands.execute(new IssueVoucher(toVoucherOrder(form), caller.tracing)), reply);
  }

  @Get(':outletCode/:year/:number')
  @May('readPapers')
  @Answers({ summary: 'A voucher', schema: 'VoucherView', absent: true })
  async view(@Param() path: VoucherPathDto, @CallerOf() caller: Caller): Promise<object> {
    return voucherText(await this.found(path, caller));
  }

  @Post(':outletCode/:year/:number/signed-copy')
  @May('issuePapers')
  @Answers({
    summary: 'Where the signed voucher is kept',
    schema: 'Voucher',
    created: true,
    body: SignedCopyDto,
    absent: true,
    write: true,
  })
  async file(
    @Param() path: VoucherPathDto,
    @Body() { reference, signedCopy }: SignedCopyDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    demandOwnOutlet(caller, 'issuePapers', path.outletCode);
    const { tracing } = caller;
    return this.told(await this.commands.execute(new FileSignedCopy(toVoucherKey(path), { reference, signedCopy }, tracing)), reply);
  }

  /** Every call of who gives papers out is a print and is counted; an auditor only looks. */
  @Get(':outletCode/:year/:number/page')
  @May('readPapers')
  @Answers({ summary: "The voucher as a page to sign; every call counts as a print, but an auditor's", print: true, absent: true })
  async page(
    @Param() path: VoucherPathDto,
    @Query() { lang = 'zh' }: PageQueryDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const voucher = await this.found(path, caller);
    const { stream } = voucher.about;
    const application = stream.startsWith(APPLICATION)
      ? await this.queries.execute(new ViewApplication(stream.slice(APPLICATION.length)))
      : undefined;
    const looksOnly = has(caller, 'auditor') && !caller.local;
    const count = new CountPaperPrint({ voucher: toVoucherKey(path) }, caller.tracing);
    const print = looksOnly ? null : doneOr(this.engine.catalogue, await this.commands.execute(count)).value;
    void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
    return voucherPage({ voucher, application }, lang, print);
  }

  private async found(path: VoucherPathDto, caller: Caller): Promise<VoucherView> {
    const isOwn = mayDo(caller, 'readPapers', { outletCodes: [path.outletCode] });
    const voucher = isOwn ? await this.queries.execute(new FindVoucher(toVoucherKey(path))) : undefined;
    if (!voucher) throw refusalProblem(this.engine.catalogue, [{ code: 'voucher-unknown' }]);
    return voucher;
  }

  private told(answer: Answer<VoucherView>, reply: Reply): object {
    const { value, replayed } = doneOr(this.engine.catalogue, answer);
    void reply.status(replayed ? 200 : 201);
    return { ...voucherText(value), replayed };
  }
}
