import type { Command, CommandBus } from '@nestjs/cqrs';
import { type Act, mayAct } from '#libs/access';
import type { ActAnswer, Answer, Engine, Signing, Tracing } from '#libs/application';
import { actText } from '../accounts/account-text';
import { mayDo } from '../auth/caller';
import { faultAt } from '../form/read-form';
import { doorProblem, formProblem } from '../problem/problem';
import type { Caller, Reply } from '../request';
import type { CounterDto } from './card-service.dto';
import { toSigning } from './card-service-orders';
import { doneOrNoticed } from './noticed';

/** What the account's acts are called on papers; those that nobody signs leave a voucher only where somebody did. */
const SIGNED = {
  registration: true,
  enablement: true,
  lossReport: true,
  lossLifting: true,
  formalLoss: true,
  formalLossLifting: true,
  cardReturn: true,
  pinUnlocking: true,
  pinReset: true,
  collection: true,
  cancellation: true,
  transfer: true,
  retention: false,
  destruction: false,
  stop: false,
  seal: false,
  unseal: false,
  financialArea: false,
} as const satisfies Record<string, boolean>;
export type CounterBusiness = keyof typeof SIGNED;

type Form = CounterDto & Readonly<{ reference: string }>;
export type Errand = Readonly<{
  accountId: string;
  business: CounterBusiness;
  form: Form;
  /** Who signs where the form does not say: by default the holder, with the number of his check. */
  signedBy?: Signing;
  judgesItself?: boolean;
  isFinancial?: boolean;
}>;
type Door = Readonly<{ engine: Engine; commands: CommandBus }>;

export const holderWith = (holderCheck: string | null = null): Signing => ({
  signer: 'holder',
  relation: null,
  proxyCheck: null,
  holderCheck,
});

/** An act on an account from a counter: with the voucher of what was done, or the notice of what was refused. Throws: Problem. */
export const atCounter = async (
  { engine, commands }: Door,
  { form, signedBy = holderWith(), judgesItself = false, isFinancial = false, ...errand }: Errand,
  make: (tracing: Tracing) => Command<Answer<ActAnswer>>,
  [caller, reply]: readonly [Caller, Reply],
): Promise<object> => {
  const counter = counterOf(caller, form);
  const signing = form.signedBy == null ? signedBy : toSigning(form.signedBy);
  if (signing.checkWay === 'homeVisit' && !mayDo(caller, 'checkAtHome')) throw doorProblem('right-missing');
  const leavesVoucher = counter.mayIssue && (SIGNED[errand.business] || form.signedBy != null);
  const order = { ...errand, reference: form.reference, outletCode: counter.outletCode, leavesVoucher, isFinancial, judgesItself };
  const act = (tracing: Tracing) => commands.execute(make(tracing));
  const isPlain = counter.outletCode === null && signing.signer === 'holder';
  const noticed = isPlain
    ? { answer: withoutPaper(await act(caller.tracing)), noticeId: null }
    : await engine.cardService.atCounter({ ...order, signedBy: signing }, act, caller.tracing);
  const { value, replayed } = doneOrNoticed(engine.catalogue, noticed);
  void reply.status(replayed ? 200 : 201);
  return { ...actText(value), voucherNo: value.voucherNo, replayed };
};

const withoutPaper = (answer: Answer<ActAnswer>): Answer<ActAnswer & Readonly<{ voucherNo: null }>> =>
  answer.kind === 'done' ? { ...answer, value: { ...answer.value, voucherNo: null } } : answer;

const ISSUE: Act = 'issuePapers';

/** The counter that a key stands for, when the form names none. Throws: Problem 400 where it stands for several, 403 for another's. */
const counterOf = (caller: Caller, { outletCode }: CounterDto): Readonly<{ outletCode: string | null; mayIssue: boolean }> => {
  const [only, second] = caller.principal.outletCodes ?? [];
  if (outletCode == null && second !== undefined)
    throw formProblem([faultAt('outletCode', 'field-missing', ['办理的网点编码', 'the code of the counter'])]);
  const code = outletCode ?? only ?? null;
  if (code === null) return { outletCode: null, mayIssue: false };
  const place = { outletCodes: [code] };
  if (!caller.local && !mayAct(caller.principal, 'readPapers', place)) throw doorProblem('outlet-not-own', { outletCode: code });
  return { outletCode: code, mayIssue: mayDo(caller, ISSUE, place) };
};
