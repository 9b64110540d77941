import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AccessKeys, Answer, Engine, Tracing } from '#libs/application';
import { ENGINE } from '../tokens';

type KeyOrder = Parameters<AccessKeys['create']>[0];
type PackPlace = Readonly<{ packId: string; hash: string }>;

export class CreateKey extends Command<Answer<Readonly<{ keyId: string; key: string }>>> {
  constructor(
    readonly order: KeyOrder,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class RevokeKey extends Command<Answer<Readonly<{ keyId: string }>>> {
  constructor(
    readonly keyId: string,
    readonly reason: string,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ProposePack extends Command<Answer<PackPlace>> {
  constructor(
    readonly pack: Readonly<{ yaml: string; file: string }>,
    readonly tracing: Tracing,
  ) {
    super();
  }
}
export class ApprovePack extends Command<Answer<PackPlace & Readonly<{ effectiveFrom: string }>>> {
  constructor(
    readonly pack: PackPlace,
    readonly tracing: Tracing,
  ) {
    super();
  }
}

@CommandHandler(CreateKey)
export class CreateKeyHandler implements ICommandHandler<CreateKey> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ order, tracing }: CreateKey) {
    return this.engine.keys.create(order, tracing);
  }
}
@CommandHandler(RevokeKey)
export class RevokeKeyHandler implements ICommandHandler<RevokeKey> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ keyId, reason, tracing }: RevokeKey) {
    return this.engine.keys.revoke(keyId, reason, tracing);
  }
}
@CommandHandler(ProposePack)
export class ProposePackHandler implements ICommandHandler<ProposePack> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ pack, tracing }: ProposePack) {
    return this.engine.packs.propose(pack.yaml, pack.file, tracing);
  }
}
@CommandHandler(ApprovePack)
export class ApprovePackHandler implements ICommandHandler<ApprovePack> {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}
  execute({ pack, tracing }: ApprovePack) {
    return this.engine.packs.approve(pack.packId, pack.hash, tracing);
  }
}
export const ADMIN_HANDLERS = [CreateKeyHandler, RevokeKeyHandler, ProposePackHandler, ApprovePackHandler];
