import { Body, Controller, Inject, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { mayAct } from '#libs/access';
import type { Accounts, Engine, Signing } from '#libs/application';
import { CallerOf, mayDo } from '../auth/caller';
import { May } from '../auth/rights';
import { atCounter, type CounterBusiness, holderWith } from '../card-service/at-counter';
import { ENABLEMENT_CHANNELS, PROXY_RELATIONS } from '../form/words-of-the-domain';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doorProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import { ENGINE } from '../tokens';
import { AccountPathDto, CardActDto, CardPathDto, EnablementDto, LossDto, type ProxyDto, RegisterCardDto } from './account.dto';
import { ActOnCard, EnableCard, RegisterCard } from './account-commands';
import { toRegisterCardOrder } from './orders';

const ENABLE = ENABLEMENT_CHANNELS.map((channel) => `enableCard:${channel}` as const);
type CardAct = Parameters<Accounts['actOnCard']>[2]['act'];
const reasonedAct = (summary: string) => ({ summary, schema: 'Act', created: true, body: CardActDto, absent: true, write: true }) as const;
const lossAct = (summary: string) => ({ ...reasonedAct(summary), body: LossDto }) as const;

@ApiTags('cards')
@Controller('v1/accounts/:id/cards')
export class CardsController {
  constructor(
    @Inject(CommandBus) readonly commands: CommandBus,
    @Inject(ENGINE) readonly engine: Engine,
  ) {}

  @Post()
  @May('registerCard')
  @Answers({
    summary: 'Register a card',
    schema: 'Act',
    created: true,
    body: RegisterCardDto,
    example: example.card,
    absent: true,
    write: true,
  })
  register(
    @Param() { id }: AccountPathDto,
    @Body() form: RegisterCardDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const taken = takenOver(form);
    if (taken.length > 0 && !mayDo(caller, 'takeOverCard')) throw doorProblem('take-over-by-agency-only', { fields: taken.join(', ') });
    const errand = { accountId: id, business: 'registration', form } as const;
    return atCounter(this, errand, (tracing) => new RegisterCard(id, toRegisterCardOrder(form), tracing), [caller, reply]);
  }

  @Post(':cardId/enablement')
  @May(...ENABLE)
  @Answers({ summary: 'Enable a card (启用)', schema: 'Act', created: true, body: EnablementDto, absent: true, write: true })
  async enable(
    @Param() { id, cardId }: CardPathDto,
    @Body() form: EnablementDto,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const { reference, channel, financialAreaActivated } = form;
    const proxy = form.proxy ?? proxyOf(form);
    if (!mayAct(caller.principal, `enableCard:${channel}`)) throw doorProblem('right-missing');
    const order = { reference, channel, financialAreaActivated, proxy };
    const judging = { judgesItself: proxy !== null, isFinancial: financialAreaActivated };
    const errand = { accountId: id, business: 'enablement', form, signedBy: signerOf(channel, proxy), ...judging } as const;
    return atCounter(this, errand, (tracing) => new EnableCard({ accountId: id, cardId }, order, tracing), [caller, reply]);
  }

  @Post(':cardId/stop')
  @May('stopCard')
  @Answers(reasonedAct('Stop a card (停用)'))
  stop(@Param() path: CardPathDto, @Body() form: CardActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('stop', path, form, [caller, reply]);
  }

  @Post(':cardId/cancellation')
  @May('cancelCard')
  @Answers(reasonedAct('Cancel a card (注销)'))
  cancel(@Param() path: CardPathDto, @Body() form: CardActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('cancel', path, form, [caller, reply]);
  }

  @Post(':cardId/loss')
  @May('reportLoss')
  @Answers(lossAct('Report a temporary loss (临时挂失), of the social security area or of the financial area'))
  reportLoss(@Param() path: CardPathDto, @Body() form: LossDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('reportLoss', path, form, [caller, reply]);
  }

  @Post(':cardId/loss-lifting')
  @May('liftLoss')
  @Answers(lossAct('Lift a temporary loss (解除挂失) of an area'))
  liftLoss(@Param() path: CardPathDto, @Body() form: LossDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('liftLoss', path, form, [caller, reply]);
  }

  @Post(':cardId/seal')
  @May('seal')
  @Answers(reasonedAct('Seal the sub-account of a card (封存)'))
  seal(@Param() path: CardPathDto, @Body() form: CardActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('seal', path, form, [caller, reply]);
  }

  @Post(':cardId/unseal')
  @May('unseal')
  @Answers(reasonedAct('Unseal the sub-account of a card'))
  unseal(@Param() path: CardPathDto, @Body() form: CardActDto, @CallerOf() caller: Caller, @Res({ passthrough: true }) reply: Reply) {
    return this.act('unseal', path, form, [caller, reply]);
  }

  private act(act: CardAct, { id, cardId }: CardPathDto, form: ActForm, who: readonly [Caller, Reply]): Promise<object> {
    const { reference, reason, area } = form;
    const order = { reference, act, reason, ...(area ? { area } : {}) };
    const isFinancial = act === 'liftLoss' && area === 'financial'; // To bar it anybody may help; to open it is the holder's.
    const errand = { accountId: id, business: BUSINESS[act], form, isFinancial };
    return atCounter(this, errand, (tracing) => new ActOnCard({ accountId: id, cardId }, order, tracing), who);
  }
}

type ActForm = Pick<LossDto, keyof LossDto>;
type Proxy = Pick<ProxyDto, keyof ProxyDto>;

const BUSINESS: Readonly<Record<CardAct, CounterBusiness>> = {
  stop: 'stop',
  cancel: 'cancellation',
  reportLoss: 'lossReport',
  liftLoss: 'lossLifting',
  seal: 'seal',
  unseal: 'unseal',
};

/** What of a card is known from a legacy system only: of one that was just made there is none of it. */
const takenOver = ({ state, lastSwipedOn, opening }: RegisterCardDto): readonly string[] => [
  ...(state == null || state === 'registered' ? [] : ['state']),
  ...(lastSwipedOn == null ? [] : ['lastSwipedOn']),
  ...(opening == null ? [] : ['opening']),
];

/** Who signs for the holder enables for him: the account is told, and judges him. */
const proxyOf = ({ signedBy }: EnablementDto): Proxy | null => {
  if (signedBy == null || signedBy.signer === 'holder') return null;
  const { relation, proxyCheck, holderCheck } = signedBy;
  const known = PROXY_RELATIONS.find((one) => one === relation);
  return known === undefined || proxyCheck == null || holderCheck == null ? null : { relation: known, proxyCheck, holderCheck };
};

/** Who enables for the holder signs for him. */
const signerOf = (channel: EnablementDto['channel'], proxy: Proxy | null): Signing =>
  proxy ? { signer: channel === 'guardian' ? 'guardian' : 'proxy', ...proxy } : holderWith();
