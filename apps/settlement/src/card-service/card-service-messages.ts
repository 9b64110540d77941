import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type {
  Answer,
  ApplicationAct,
  ApplicationOrder,
  ApplicationView,
  Engine,
  Noticed,
  NoticeOrder,
  NoticeView,
  Tracing,
  VoucherKey,
  VoucherOrder,
  VoucherView,
} from '#libs/application';
import { ENGINE } from '../tokens';

export class ApplyForCard extends Command<Noticed<ApplicationView>> {
  constructor(
    readonly order: ApplicationOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ActOnApplication extends Command<Noticed<ApplicationView>> {
  constructor(
    readonly at: Readonly<{ applicationId: string; reference: string }>,
    readonly act: ApplicationAct,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class IssueVoucher extends Command<Answer<VoucherView>> {
  constructor(
    readonly order: VoucherOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class FileSignedCopy extends Command<Answer<VoucherView>> {
  constructor(
    readonly key: VoucherKey,
    readonly order: Readonly<{ reference: string; signedCopy: string }>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class GiveNotice extends Command<Answer<NoticeView>> {
  constructor(
    readonly order: NoticeOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class CountPaperPrint extends Command<Answer<number>> {
  constructor(
    readonly paper: Readonly<{ voucher: VoucherKey }> | Readonly<{ noticeId: string }>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ViewApplication extends Query<ApplicationView | undefined> {
  constructor(readonly applicationId: string) {
    super();
  }
}
export class FindVoucher extends Query<VoucherView | undefined> {
  constructor(readonly key: VoucherKey) {
    super();
  }
}
export class FindNotice extends Query<NoticeView | undefined> {
  constructor(readonly noticeId: string) {
    super();
  }
}

@CommandHandler(ApplyForCard)
export class ApplyForCardHandler implements ICommandHandler<ApplyForCard> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ order, tracing }: ApplyForCard): Promise<Noticed<ApplicationView>> {
    return this.engine.cardService.apply(order, tracing);
  }
}
@CommandHandler(ActOnApplication)
export class ActOnApplicationHandler implements ICommandHandler<ActOnApplication> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ at, act, tracing }: ActOnApplication): Promise<Noticed<ApplicationView>> {
    return this.engine.cardService.act(at.applicationId, at.reference, act, tracing);
  }
}
@CommandHandler(IssueVoucher)
export class IssueVoucherHandler implements ICommandHandler<IssueVoucher> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ order, tracing }: IssueVoucher): Promise<Answer<VoucherView>> {
    return this.engine.cardService.issueVoucher(order, tracing);
  }
}
@CommandHandler(FileSignedCopy)
export class FileSignedCopyHandler implements ICommandHandler<FileSignedCopy> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ key, order, tracing }: FileSignedCopy): Promise<Answer<VoucherView>> {
    return this.engine.cardService.fileSignedCopy(key, order, tracing);
  }
}
@CommandHandler(GiveNotice)
export class GiveNoticeHandler implements ICommandHandler<GiveNotice> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ order, tracing }: GiveNotice): Promise<Answer<NoticeView>> {
    return this.engine.cardService.giveNotice(order, tracing);
  }
}
@CommandHandler(CountPaperPrint)
export class CountPaperPrintHandler implements ICommandHandler<CountPaperPrint> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ paper, tracing }: CountPaperPrint): Promise<Answer<number>> {
    const { cardService } = this.engine;
    return 'voucher' in paper ? cardService.printVoucher(paper.voucher, tracing) : cardService.printNotice(paper.noticeId, tracing);
  }
}
@QueryHandler(ViewApplication)
export class ViewApplicationHandler implements IQueryHandler<ViewApplication> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ applicationId }: ViewApplication): Promise<ApplicationView | undefined> {
    return this.engine.cardService.application(applicationId);
  }
}
@QueryHandler(FindVoucher)
export class FindVoucherHandler implements IQueryHandler<FindVoucher> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ key }: FindVoucher): Promise<VoucherView | undefined> {
    return this.engine.cardService.voucher(key);
  }
}
@QueryHandler(FindNotice)
export class FindNoticeHandler implements IQueryHandler<FindNotice> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ noticeId }: FindNotice): Promise<NoticeView | undefined> {
    return this.engine.cardService.notice(noticeId);
  }
}
export const CARD_SERVICE_HANDLERS = [
  ApplyForCardHandler,
  ActOnApplicationHandler,
  IssueVoucherHandler,
  FileSignedCopyHandler,
  GiveNoticeHandler,
  CountPaperPrintHandler,
  ViewApplicationHandler,
  FindVoucherHandler,
  FindNoticeHandler,
];
