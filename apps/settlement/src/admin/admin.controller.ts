import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { CallerOf } from '../auth/caller';
import { LocalOperator } from '../auth/rights';
import { doneOr, doorProblem } from '../problem/problem';
import type { Caller } from '../request';
import { ENGINE } from '../tokens';
import { ApprovePackDto, CreateKeyDto, KeyPathDto, ProposePackDto, RevokeKeyDto } from './admin.dto';
import { ApprovePack, CreateKey, ProposePack, RevokeKey } from './admin-messages';

/** Keys and packs, for who may open the admin socket. */
@ApiExcludeController()
@Controller('admin/v1')
export class AdminController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Post('keys')
  @LocalOperator()
  async createKey(@Body() form: CreateKeyDto, @CallerOf() { tracing }: Caller): Promise<object> {
    const { organisation, rights, institutionCodes, note, outletCodes, bankCode } = form;
    const scope = { institutionCodes, outletCodes: outletCodes ?? [], ...(bankCode == null ? {} : { bankCode }) };
    const answer = await this.commands.execute(new CreateKey({ organisation, rights, note, ...scope }, tracing));
    return doneOr(this.engine.catalogue, answer).value;
  }

  @Get('keys')
  @LocalOperator()
  async listKeys(): Promise<object> {
    return { keys: await this.engine.keys.list() };
  }

  @Post('keys/:keyId/revocation')
  @LocalOperator()
  async revokeKey(@Param() { keyId }: KeyPathDto, @Body() { reason }: RevokeKeyDto, @CallerOf() { tracing }: Caller): Promise<object> {
    return doneOr(this.engine.catalogue, await this.commands.execute(new RevokeKey(keyId, reason, tracing))).value;
  }

  @Post('packs')
  @LocalOperator()
  async proposePack(@Body() { yaml, file }: ProposePackDto, @CallerOf() caller: Caller): Promise<object> {
    demandNamedOperator(caller);
    return doneOr(this.engine.catalogue, await this.commands.execute(new ProposePack({ yaml, file }, caller.tracing))).value;
  }

  @Post('packs/approvals')
  @LocalOperator()
  async approvePack(@Body() { packId, hash }: ApprovePackDto, @CallerOf() caller: Caller): Promise<object> {
    demandNamedOperator(caller);
    return doneOr(this.engine.catalogue, await this.commands.execute(new ApprovePack({ packId, hash }, caller.tracing))).value;
  }

  @Get('packs')
  @LocalOperator()
  async listPacks(): Promise<object> {
    return { packs: await this.engine.packs.list() };
  }
}

/** Two unnamed operators would be one and the same to the four-eyes rule. Throws: Problem 400. */
const demandNamedOperator = ({ operatorNamed }: Caller): void => {
  if (!operatorNamed) throw doorProblem('operator-name-missing');
};
