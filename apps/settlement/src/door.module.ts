import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { Engine, ReadModels } from '#libs/application';
import { ACCOUNT_COMMAND_HANDLERS } from './accounts/account-commands';
import { ACCOUNT_QUERY_HANDLERS } from './accounts/account-queries';
import { AccountReadingController } from './accounts/account-reading.controller';
import { AccountsController } from './accounts/accounts.controller';
import { CardLifeController } from './accounts/card-life.controller';
import { CARD_LIFE_COMMAND_HANDLERS } from './accounts/card-life-commands';
import { CardsController } from './accounts/cards.controller';
import { CreditsBatchController } from './accounts/credits-batch.controller';
import { CREDIT_LINE_HANDLERS } from './accounts/credits-batch-messages';
import { CreditsControlController } from './accounts/credits-control.controller';
import { AdminController } from './admin/admin.controller';
import { ADMIN_HANDLERS } from './admin/admin-messages';
import { ImportsController } from './admin/imports.controller';
import { JobsController } from './admin/jobs.controller';
import { RightsGuard } from './auth/rights.guard';
import { CampaignsController } from './campaigns/campaigns.controller';
import { EnablementBatchController } from './campaigns/enablement-batch.controller';
import { EnableCardLineHandler } from './campaigns/enablement-batch-messages';
import { CardApplicationsController } from './card-service/card-applications.controller';
import { CardApplicationsBatchController } from './card-service/card-applications-batch.controller';
import { CARD_SERVICE_HANDLERS } from './card-service/card-service-messages';
import { DisposalBatchController } from './card-service/disposal-batch.controller';
import { InquiriesController } from './card-service/inquiries.controller';
import { NoticesController } from './card-service/notices.controller';
import { OwedVouchers } from './card-service/owed-vouchers';
import { PendingApplicationsController } from './card-service/pending-applications.controller';
import { VouchersController } from './card-service/vouchers.controller';
import { type DoorLog, LOG } from './door-log';
import { FormPipe } from './form/form.pipe';
import { HealthController } from './health/health.controller';
import { DoorMetrics } from './health/metrics';
import { INSTITUTION_HANDLERS } from './institutions/institution-messages';
import { InstitutionsController } from './institutions/institutions.controller';
import { LogController } from './log/log.controller';
import { LineByLine } from './ndjson/line-by-line';
import { Streams } from './ndjson/streams';
import { PersonListsController } from './persons/person-lists.controller';
import { PERSON_HANDLERS } from './persons/person-messages';
import { PersonsController } from './persons/persons.controller';
import { ProblemFilter } from './problem/problem.filter';
import { ProblemsController } from './problem/problems.controller';
import { PROJECTION_HANDLERS } from './projections/projection-queries';
import { ProjectionsController } from './projections/projections.controller';
import { RELATION_TRANSFER_HANDLERS } from './relation-transfers/relation-transfer-messages';
import { RelationTransfersController } from './relation-transfers/relation-transfers.controller';
import { RelationsInController } from './relation-transfers/relations-in.controller';
import { WaitingTransfers } from './relation-transfers/waiting-transfers';
import { ROUTES, RouteTable } from './route-table';
import { BatchController } from './settlements/batch.controller';
import { ReceiptController } from './settlements/receipt.controller';
import { SETTLEMENT_HANDLERS } from './settlements/settlement-messages';
import { SettlementsController } from './settlements/settlements.controller';
import type { EngineClock } from './simulation/clock';
import { ClockController } from './simulation/clock.controller';
import { CLOCK, ENGINE, READ_MODELS } from './tokens';
import { LIMITS, type Limits } from './wire/limits';

/** What the door stands on. It asks the engine and the read models, and nothing behind them. */
export type DoorParts = Readonly<{
  engine: Engine;
  readModels: ReadModels;
  log: DoorLog;
  routes: RouteTable;
  limits: Limits;
  metrics: DoorMetrics;
  clock: EngineClock;
}>;

@Module({})
export class DoorModule {
  static of({ engine, readModels, log, routes, limits, metrics, clock }: DoorParts): DynamicModule {
    return {
      module: DoorModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        SettlementsController,
        BatchController,
        ReceiptController,
        AccountsController,
        CardsController,
        CardLifeController,
        CreditsBatchController,
        CreditsControlController,
        AccountReadingController,
        CardApplicationsBatchController,
        PendingApplicationsController,
        CardApplicationsController,
        InquiriesController,
        DisposalBatchController,
        VouchersController,
        NoticesController,
        RelationTransfersController,
        RelationsInController,
        InstitutionsController,
        PersonsController,
        PersonListsController,
        ProjectionsController,
        LogController,
        HealthController,
        ProblemsController,
        AdminController,
        JobsController,
        ImportsController,
        CampaignsController,
        EnablementBatchController,
        ClockController,
      ],
      providers: [
        { provide: ENGINE, useValue: engine },
        { provide: READ_MODELS, useValue: readModels },
        { provide: LOG, useValue: log },
        { provide: ROUTES, useValue: routes },
        { provide: LIMITS, useValue: limits },
        { provide: DoorMetrics, useValue: metrics },
        { provide: CLOCK, useValue: clock },
        { provide: APP_PIPE, useClass: FormPipe },
        { provide: APP_GUARD, useClass: RightsGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        Streams,
        LineByLine,
        OwedVouchers,
        WaitingTransfers,
        ...SETTLEMENT_HANDLERS,
        ...ACCOUNT_COMMAND_HANDLERS,
        ...CARD_LIFE_COMMAND_HANDLERS,
        ...ACCOUNT_QUERY_HANDLERS,
        ...CREDIT_LINE_HANDLERS,
        ...CARD_SERVICE_HANDLERS,
        EnableCardLineHandler,
        ...RELATION_TRANSFER_HANDLERS,
        ...INSTITUTION_HANDLERS,
        ...PERSON_HANDLERS,
        ...PROJECTION_HANDLERS,
        ...ADMIN_HANDLERS,
      ],
    };
  }
}
