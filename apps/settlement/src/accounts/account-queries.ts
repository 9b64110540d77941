import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Accounts, AccountView, Credential, Engine, PersonRecord, VaultReader } from '#libs/application';
import { ENGINE } from '../tokens';

type AsOf = Parameters<Accounts['view']>[1];
type Page = Awaited<ReturnType<Accounts['statement']>>;
type BalanceAnswer = Awaited<ReturnType<Accounts['balanceByCredential']>>;

export class ViewAccount extends Query<AccountView | undefined> {
  constructor(
    readonly accountId: string,
    readonly asOf: AsOf,
  ) {
    super();
  }
}
export class ReadStatement extends Query<Page> {
  constructor(
    readonly accountId: string,
    readonly fromRevision: number,
    readonly limit: number,
  ) {
    super();
  }
}
export class ReadHolder extends Query<PersonRecord | undefined> {
  constructor(
    readonly accountId: string,
    readonly reader: VaultReader,
  ) {
    super();
  }
}
export class AskBalance extends Query<BalanceAnswer> {
  constructor(
    readonly institutionCode: string,
    readonly credential: Credential,
  ) {
    super();
  }
}

@QueryHandler(ViewAccount)
export class ViewAccountHandler implements IQueryHandler<ViewAccount> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, asOf }: ViewAccount): Promise<AccountView | undefined> {
    return this.engine.accounts.view(accountId, asOf);
  }
}
@QueryHandler(ReadStatement)
export class ReadStatementHandler implements IQueryHandler<ReadStatement> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, fromRevision, limit }: ReadStatement): Promise<Page> {
    return this.engine.accounts.statement(accountId, fromRevision, limit);
  }
}
@QueryHandler(ReadHolder)
export class ReadHolderHandler implements IQueryHandler<ReadHolder> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ accountId, reader }: ReadHolder): Promise<PersonRecord | undefined> {
    return this.engine.accounts.person(accountId, reader);
  }
}
@QueryHandler(AskBalance)
export class AskBalanceHandler implements IQueryHandler<AskBalance> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ institutionCode, credential }: AskBalance): Promise<BalanceAnswer> {
    return this.engine.accounts.balanceByCredential(institutionCode, credential);
  }
}
export const ACCOUNT_QUERY_HANDLERS = [ViewAccountHandler, ReadStatementHandler, ReadHolderHandler, AskBalanceHandler];
