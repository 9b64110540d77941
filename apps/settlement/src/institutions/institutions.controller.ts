import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { ActAnswer, Engine, InstitutionDay } from '#libs/application';
import { CallerOf, has } from '../auth/caller';
import { May } from '../auth/rights';
import { demandOwnOrSuccessor } from '../auth/succession';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, doorProblem } from '../problem/problem';
import { inYuan } from '../problem/yuan-text';
import { AtLeastDto } from '../projections/projection.dto';
import { ReadInstitutionDay, toAtLeast } from '../projections/projection-queries';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { InstitutionDayPathDto, InstitutionPathDto, RegisterInstitutionDto } from './institution.dto';
import { ActOnInstitution, ViewInstitution } from './institution-messages';
import { type InstitutionAct, readInstitutionAct } from './read-act';

@ApiTags('institutions')
@Controller('v1/institutions/:code')
export class InstitutionsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post()
  @May('manageInstitution')
  @Answers({
    summary: 'Register a designated institution',
    schema: 'InstitutionAct',
    created: true,
    body: RegisterInstitutionDto,
    example: example.institution,
    write: true,
  })
  register(
    @Param() { code }: InstitutionPathDto,
    @Body() { reference, name, kind, poolingArea, identityCheckEquipped }: RegisterInstitutionDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const order = { act: 'register', name, kind, poolingArea, identityCheckEquipped } as const;
    return this.run(code, { reference, order }, [caller, reply]);
  }

  @Post('acts')
  @May('manageInstitution')
  @Answers({
    summary: 'Act on an institution: agreement, name, succession, terminals, operators, declared months',
    schema: 'InstitutionAct',
    created: true,
    bodySchema: 'InstitutionOrder',
    example: example.institutionAct,
    absent: true,
    write: true,
  })
  act(
    @Param() { code }: InstitutionPathDto,
    @Body() body: unknown,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return this.run(code, readInstitutionAct(body), [caller, reply]);
  }

  @Get()
  @May('readInstitution')
  @Answers({ summary: 'An institution as it stands', schema: 'Institution', absent: true })
  async view(@Param() { code }: InstitutionPathDto, @CallerOf() caller: Caller): Promise<object> {
    await this.demandReader(caller, code);
    const view = await this.queries.execute(new ViewInstitution(code));
    if (!view) throw doorProblem('institution-not-found');
    return view;
  }

  @Get('days/:date')
  @May('readOwnDay', 'readProjections')
  @Answers({ summary: 'Settled and undone on one business date', schema: 'InstitutionDay', absent: true })
  async day(
    @Param() { code, date }: InstitutionDayPathDto,
    @Query() { minLogIndex }: AtLeastDto,
    @CallerOf() caller: Caller,
  ): Promise<object> {
    await this.demandReader(caller, code);
    if (!(await this.queries.execute(new ViewInstitution(code)))) throw doorProblem('institution-not-found');
    const day: InstitutionDay = await this.queries.execute(new ReadInstitutionDay(code, date, toAtLeast(minLogIndex)));
    return inYuan(day) as object;
  }

  private async demandReader(caller: Caller, institutionCode: string): Promise<void> {
    if (!has(caller, 'agency') && !has(caller, 'auditor')) await demandOwnOrSuccessor(caller, institutionCode, this.engine);
  }

  private async run(institutionCode: string, act: InstitutionAct, [{ tracing }, reply]: readonly [Caller, Reply]): Promise<object> {
    const answer = await this.commands.execute(new ActOnInstitution(institutionCode, act, tracing));
    const { value, replayed } = doneOr(this.engine.catalogue, answer);
    void reply.status(replayed ? 200 : 201);
    return { ...institutionActText(institutionCode, value), replayed };
  }
}

const institutionActText = (institutionCode: string, { events, decidedAt, stream }: ActAnswer): object => ({
  institutionCode,
  events: events.map(({ type, eventId, revision }) => ({ type, eventId, revision })),
  decidedAt,
  stream,
});
