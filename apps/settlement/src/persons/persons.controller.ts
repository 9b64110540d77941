import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { AccountPathDto } from '../accounts/account.dto';
import { actText } from '../accounts/account-text';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import { doneOr, doorProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { CaseApprovalDto, CasePathDto, CaseWithdrawalDto, MergeDto, PersonChangeDto, UndoMergeDto } from './person.dto';
import { ActOnPerson, ReadPersonHistory } from './person-messages';

const step = (summary: string, body: new () => object) =>
  ({ summary, schema: 'PersonCase', created: true, body, absent: true, write: true }) as const;

@ApiTags('persons')
@Controller('v1/accounts/:id')
export class PersonsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post('merges')
  @May('proposePersonCase')
  @Answers(step('Propose that another account of the same person is merged into this one (同人合并)', MergeDto))
  merge(
    @Param() { id }: AccountPathDto,
    @Body() form: MergeDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.run(new ActOnPerson((persons, by) => persons.proposeMerge(id, form, by), tracing), reply);
  }

  @Post('merges/:caseId/undo')
  @May('proposePersonCase')
  @Answers(step('Propose that a merge is undone (撤销合并)', UndoMergeDto))
  undo(
    @Param() { id, caseId }: CasePathDto,
    @Body() form: UndoMergeDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.run(new ActOnPerson((persons, by) => persons.proposeUndo(id, caseId, form, by), tracing), reply);
  }

  @Post('person-changes')
  @May('proposePersonCase')
  @Answers(step('Propose a change of name or identity number, or that a duplicate number is split (重号)', PersonChangeDto))
  change(
    @Param() { id }: AccountPathDto,
    @Body() form: PersonChangeDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const { name = null, identityKind = null, identityNumber = null, ...grounded } = form;
    const order = { ...grounded, name, identityKind, identityNumber };
    return this.run(new ActOnPerson((persons, by) => persons.proposeChange(id, order, by), tracing), reply);
  }

  @Post('person-cases/:caseId/approval')
  @May('approvePersonCase')
  @Answers(step('Approve what another operator has proposed; it is carried out before the answer (双人复核)', CaseApprovalDto))
  approve(
    @Param() { id, caseId }: CasePathDto,
    @Body() { reference }: CaseApprovalDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.run(new ActOnPerson((persons, by) => persons.approve(id, caseId, { reference }, by), tracing), reply);
  }

  @Post('person-cases/:caseId/withdrawal')
  @May('proposePersonCase')
  @Answers(step('Take a proposal back', CaseWithdrawalDto))
  withdraw(
    @Param() { id, caseId }: CasePathDto,
    @Body() { reference, reason }: CaseWithdrawalDto,
    @CallerOf() { tracing }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.run(new ActOnPerson((persons, by) => persons.withdraw(id, caseId, { reference, reason }, by), tracing), reply);
  }

  @Get('person-history')
  @May('readPerson')
  @Answers({ summary: 'Present and former names and numbers, newest first; the look is logged', schema: 'PersonHistory', absent: true })
  async history(
    @Param() { id }: AccountPathDto,
    @CallerOf() { principal }: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const versions = await this.queries.execute(new ReadPersonHistory(id, { principal: principal.keyId, purpose: 'person history' }));
    if (!versions) throw doorProblem('account-not-found');
    void reply.header('cache-control', 'no-store');
    return { versions: versions.map(({ record, ...when }) => ({ ...when, ...record })) };
  }

  private async run(command: ActOnPerson, reply: Reply): Promise<object> {
    const { value, replayed } = doneOr(this.engine.catalogue, await this.commands.execute(command));
    void reply.status(replayed ? 200 : 201);
    return { caseId: value.caseId, state: value.state, ...actText({ ...value, id: null }), replayed };
  }
}
