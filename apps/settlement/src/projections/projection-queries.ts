import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { AtLeast, CardTransferRow, FreezeRow, InstitutionDay, Page, PageRequest, ReadModels } from '#libs/application';
import { READ_MODELS } from '../tokens';

type FreezeFilter = Parameters<ReadModels['freezes']>[0];
type TransferFilter = Parameters<ReadModels['cardTransfers']>[0];

/** A numeral of the form, as queries take it. */
export const toAtLeast = (minLogIndex: string | undefined): AtLeast =>
  minLogIndex === undefined ? {} : { minLogIndex: Number.parseInt(minLogIndex, 10) };

export class ListFreezes extends Query<Page<FreezeRow>> {
  constructor(
    readonly filter: FreezeFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}
export class ListCardTransfers extends Query<Page<CardTransferRow>> {
  constructor(
    readonly filter: TransferFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}
export class ReadInstitutionDay extends Query<InstitutionDay> {
  constructor(
    readonly institutionCode: string,
    readonly businessDate: string,
    readonly atLeast: AtLeast = {},
  ) {
    super();
  }
}

@QueryHandler(ListFreezes)
export class ListFreezesHandler implements IQueryHandler<ListFreezes> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}
  execute({ filter, page }: ListFreezes): Promise<Page<FreezeRow>> {
    return this.readModels.freezes(filter, page);
  }
}
@QueryHandler(ListCardTransfers)
export class ListCardTransfersHandler implements IQueryHandler<ListCardTransfers> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}
  execute({ filter, page }: ListCardTransfers): Promise<Page<CardTransferRow>> {
    return this.readModels.cardTransfers(filter, page);
  }
}
@QueryHandler(ReadInstitutionDay)
export class ReadInstitutionDayHandler implements IQueryHandler<ReadInstitutionDay> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}
  execute({ institutionCode, businessDate, atLeast }: ReadInstitutionDay): Promise<InstitutionDay> {
    return this.readModels.institutionDay(institutionCode, businessDate, atLeast);
  }
}
export const PROJECTION_HANDLERS = [ListFreezesHandler, ListCardTransfersHandler, ReadInstitutionDayHandler];
