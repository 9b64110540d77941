import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Act } from '#libs/access';
import type { ApplicationAct, ApplicationView, Engine } from '#libs/application';
import { CallerOf, demandOwnOutlet, mayDo } from '../auth/caller';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { refusalProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import {
  ApplicationPathDto,
  CardApplicationDto,
  FailApplicationDto,
  HandOutDto,
  IssueCardDto,
  LinkCardDto,
  ProducedDto,
  ReadyForPickUpDto,
  StartProductionDto,
} from './card-service.dto';
import { ActOnApplication, ApplyForCard, ViewApplication } from './card-service-messages';
import { toApplicationOrder, toFailure, toHandOut, toIssue, toLink } from './card-service-orders';
import { doneOrNoticed } from './noticed';
import { demandOwnApplication, demandUnitAsKnown, placeOf, withoutOthers } from './own-business';

const step = (summary: string, body: new () => object) =>
  ({ summary, schema: 'CardApplication', created: true, body, absent: true, write: true }) as const;

@ApiTags('card service')
@Controller('v1/card-applications')
export class CardApplicationsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post()
  @May('applyForCard')
  @Answers({
    summary: 'Apply for a card: accepted with a voucher and the day on which it is due, or refused with a one-time notice',
    schema: 'CardApplication',
    created: true,
    body: CardApplicationDto,
    example: example.cardApplication,
    write: true,
  })
  async apply(@Body() form: CardApplicationDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<object> {
    demandOwnApplication(caller, form);
    await demandUnitAsKnown(this.engine.keys, form);
    const answer = await this.commands.execute(new ApplyForCard(toApplicationOrder(form), caller.tracing));
    const own = await withoutOthers(caller, answer, (id) => this.queries.execute(new ViewApplication(id)));
    const { value, replayed } = doneOrNoticed(this.engine.catalogue, own);
    void reply.status(replayed ? 200 : 201);
    return { ...value, replayed };
  }

  @Get(':applicationId')
  @May('readApplication')
  @Answers({ summary: 'Progress of an application', schema: 'CardApplicationView', absent: true })
  view(@Param() { applicationId }: ApplicationPathDto, @CallerOf() caller: Caller): Promise<object> {
    return this.found(applicationId, caller, 'readApplication');
  }

  @Post(':applicationId/production')
  @May('handleApplication')
  @Answers(step('Production has begun (制卡中)', StartProductionDto))
  start(
    @Param() path: ApplicationPathDto,
    @Body() { reference, productionBatchNo = null }: StartProductionDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act(path, [reference, { act: 'startProduction', productionBatchNo }], [caller, reply]);
  }

  @Post(':applicationId/produced')
  @May('handleApplication')
  @Answers(step('The card is made (已制成)', ProducedDto))
  produced(
    @Param() path: ApplicationPathDto,
    @Body() { reference }: ProducedDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act(path, [reference, { act: 'produced' }], [caller, reply]);
  }

  @Post(':applicationId/ready')
  @May('handleApplication')
  @Answers(step('The card lies ready (可领取)', ReadyForPickUpDto))
  ready(
    @Param() path: ApplicationPathDto,
    @Body() { reference, place }: ReadyForPickUpDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act(path, [reference, { act: 'readyForPickUp', place }], [caller, reply]);
  }

  @Post(':applicationId/issue')
  @May('handleApplication')
  @Answers(step('Hand the card over (发放): it is registered on the account, not yet enabled', IssueCardDto))
  issue(
    @Param() path: ApplicationPathDto,
    @Body() form: IssueCardDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act(path, [form.reference, toIssue(form)], [caller, reply]);
  }

  @Post(':applicationId/hand-out')
  @May('handOutCard')
  @Answers(step('Hand out a card that employer, school or committee has fetched (转发)', HandOutDto))
  handOut(
    @Param() path: ApplicationPathDto,
    @Body() form: HandOutDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act(path, [form.reference, toHandOut(form)], [caller, reply]);
  }

  @Post(':applicationId/link')
  @May('handleApplication')
  @Answers(step('Link a card that works instead of making one (关联)', LinkCardDto))
  link(
    @Param() path: ApplicationPathDto,
    @Body() form: LinkCardDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act(path, [form.reference, toLink(form)], [caller, reply]);
  }

  @Post(':applicationId/failure')
  @May('handleApplication')
  @Answers(step('No card comes, for these reasons (未能制发); a one-time notice goes with it', FailApplicationDto))
  fail(
    @Param() path: ApplicationPathDto,
    @Body() form: FailApplicationDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.act(path, [form.reference, toFailure(form)], [caller, reply]);
  }

  private async act(
    { applicationId }: ApplicationPathDto,
    [reference, act]: readonly [string, ApplicationAct],
    [caller, reply]: readonly [Caller, Reply],
  ): Promise<object> {
    const may = act.act === 'handOut' ? 'handOutCard' : 'handleApplication';
    await this.found(applicationId, caller, may);
    if ('outletCode' in act) demandOwnOutlet(caller, may, act.outletCode);
    const answer = await this.commands.execute(new ActOnApplication({ applicationId, reference }, act, caller.tracing));
    const { value, replayed } = doneOrNoticed(this.engine.catalogue, answer);
    void reply.status(replayed ? 200 : 201);
    return { ...value, replayed };
  }

  /** Throws: Problem 404 also for what is somebody else's: whether it exists is nobody's business. */
  private async found(applicationId: string, caller: Caller, may: Act): Promise<ApplicationView> {
    const view = await this.queries.execute(new ViewApplication(applicationId));
    if (!view || !mayDo(caller, may, placeOf(view))) throw refusalProblem(this.engine.catalogue, [{ code: 'card-application-unknown' }]);
    return view;
  }
}
