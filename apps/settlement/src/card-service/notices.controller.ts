import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Engine, NoticeView } from '#libs/application';
import { CallerOf, demandOwnOutlet, has, mayDo } from '../auth/caller';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, refusalProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { NoticeDto, NoticePathDto, PageQueryDto } from './card-service.dto';
import { CountPaperPrint, FindNotice, GiveNotice, ViewApplication } from './card-service-messages';
import { toNoticeOrder } from './card-service-orders';
import { type NoticeText, noticePage, noticeText } from './notice-text';
import { maySee } from './own-business';

@ApiTags('card service')
@Controller('v1/one-time-notices')
export class NoticesController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post()
  @May('issuePapers')
  @Answers({
    summary: 'A one-time notice for refused card or account business: all reasons by their codes',
    schema: 'OneTimeNotice',
    created: true,
    body: NoticeDto,
    example: example.notice,
    write: true,
  })
  async give(@Body() form: NoticeDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<object> {
    demandOwnOutlet(caller, 'issuePapers', form.outletCode);
    const { catalogue } = this.engine;
    const { tracing } = caller;
    const { value, replayed } = doneOr(catalogue, await this.commands.execute(new GiveNotice(toNoticeOrder(form), tracing)));
    void reply.status(replayed ? 200 : 201);
    return { ...noticeText(catalogue, value), replayed };
  }

  @Get(':noticeId')
  @May('readPapers')
  @Answers({
    summary: 'A one-time notice: all reasons, what to bring, how to go about it, the time limit',
    schema: 'OneTimeNoticeView',
    absent: true,
  })
  view(@Param() { noticeId }: NoticePathDto, @CallerOf() caller: Caller): Promise<NoticeText> {
    return this.found(noticeId, caller);
  }

  /** Every call of who gives papers out is a print and is counted; an auditor only looks. */
  @Get(':noticeId/page')
  @May('readPapers')
  @Answers({ summary: "The notice as a page; every call counts as a print, but an auditor's", print: true, absent: true })
  async page(
    @Param() { noticeId }: NoticePathDto,
    @Query() { lang = 'zh' }: PageQueryDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const notice = await this.found(noticeId, caller);
    const looksOnly = has(caller, 'auditor') && !caller.local;
    const count = new CountPaperPrint({ noticeId }, caller.tracing);
    const print = looksOnly ? null : doneOr(this.engine.catalogue, await this.commands.execute(count)).value;
    void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
    return noticePage(notice, lang, print);
  }

  private async found(noticeId: string, caller: Caller): Promise<NoticeText> {
    const notice = await this.queries.execute(new FindNotice(noticeId));
    if (!notice || !(await this.mayRead(notice, caller))) throw refusalProblem(this.engine.catalogue, [{ code: 'notice-unknown' }]);
    return noticeText(this.engine.catalogue, notice);
  }

  /** Whoever gave it out, and whoever may see the application that it is about. */
  private async mayRead({ outletCode, applicationId }: NoticeView, caller: Caller): Promise<boolean> {
    if (mayDo(caller, 'readPapers', { outletCodes: [outletCode] })) return true;
    return applicationId !== null && maySee(caller, await this.queries.execute(new ViewApplication(applicationId)));
  }
}
