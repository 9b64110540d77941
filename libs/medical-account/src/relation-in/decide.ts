import { businessDateOf, type Decider, type Decision, type NonEmpty, type Recorded } from '#libs/kernel';
import type {
  HoldRelationCredit,
  OrderRelationCredit,
  ReceiveRelationMoney,
  RecordRelationCredit,
  RegisterRelationFile,
  RelationInCommand,
  RelationInFacts,
  SendBackRelationMoney,
  WithdrawRelationFile,
} from './commands';
import type { RelationFileRegistered, RelationInEvent, RelationMatched, RelationMoneyReceived } from './events';
import { type RelationInRefusal, refuseIn } from './refusals';
import { evolveRelationIn, fileFen, initialRelationIn, type RelationInState } from './state';

type Outcome = Decision<RelationInEvent, RelationInRefusal>;
const accept = (...events: NonEmpty<RelationInEvent>): Outcome => ({ kind: 'accepted', events });

/** One space of streams, found by the sending area and its number whichever message comes first. */
export const relationInStream = (transferInId: string): string => `relationTransferIn-${transferInId}`;

const MESSAGES = new Set(['key', 'commandHash']);
const differing = (said: object, recorded: object): readonly string[] => {
  const [a, b] = [said, recorded] as readonly Readonly<Record<string, unknown>>[];
  return Object.keys(said).filter((name) => !MESSAGES.has(name) && a?.[name] !== b?.[name]);
};

/**
 * The same message again is answered as it was, under whatever number it comes; one that says otherwise is told what.
 * Idempotency: by business number, and by content while it stands.
 */
const before = (command: RelationInCommand, state: RelationInState): Outcome | undefined => {
  if (!('commandHash' in command.data)) return undefined;
  const earlier = state.answers.get(command.data.key);
  if (!earlier) return undefined;
  const isSame = 'commandHash' in earlier.data && earlier.data.commandHash === command.data.commandHash;
  if (isSame) return { kind: 'replayed', original: earlier };
  return refuseIn([{ code: 'relation-in-key-used-otherwise', firstAt: earlier.decidedAt, act: earlier.type }]);
};

type Message = RelationFileRegistered['data'] | RelationMoneyReceived['data'];
const amountIn = (data: Message) => ('amountFen' in data ? data.amountFen : fileFen({ data } as RelationFileRegistered));

const standing = (
  what: 'file' | 'money',
  told: RegisterRelationFile | ReceiveRelationMoney,
  original: Recorded<RelationFileRegistered> | Recorded<RelationMoneyReceived>,
): Outcome => {
  const differs = differing(told.data, original.data);
  if (differs.length === 0) return { kind: 'replayed', original };
  const { decidedAt: firstAt } = original;
  return refuseIn([
    { code: 'relation-in-told-otherwise', what, firstAt, recordedFen: amountIn(original.data), toldFen: amountIn(told.data), differs },
  ]);
};

/** What is there by the second message: the days of the receiving side begin with it. Source: 医保办发〔2021〕43号. */
const matched = (
  transferInId: string,
  amountFen: RelationMatched['data']['amountFen'],
  { decidedAt, credit }: RelationInFacts,
): RelationMatched => {
  if (credit === null) throw new Error('a match without the days of the pack');
  const { by: creditBy, isProvisional, packId } = credit;
  return { type: 'RelationMatched.v1', decidedAt, data: { transferInId, amountFen, creditBy, isProvisional, packId } };
};

const registerFile = (command: RegisterRelationFile, state: RelationInState, facts: RelationInFacts): Outcome => {
  const { data } = command;
  if (state.file) return standing('file', command, state.file);
  const file: RelationFileRegistered = { type: 'RelationFileRegistered.v1', decidedAt: facts.decidedAt, data };
  return state.money ? accept(file, matched(data.transferInId, amountIn(data), facts)) : accept(file);
};

const receiveMoney = (command: ReceiveRelationMoney, state: RelationInState, facts: RelationInFacts): Outcome => {
  const { data } = command;
  if (state.money) return standing('money', command, state.money);
  const money: RelationMoneyReceived = { type: 'RelationMoneyReceived.v1', decidedAt: facts.decidedAt, data };
  return state.file ? accept(money, matched(data.transferInId, data.amountFen, facts)) : accept(money);
};

const notMatched = ({ file, money }: RelationInState): Outcome =>
  refuseIn([{ code: 'relation-in-not-matched', missing: [...(file ? [] : (['file'] as const)), ...(money ? [] : (['money'] as const))] }]);
const crediting = ({ accountId, at: orderedAt }: NonNullable<RelationInState['ordered']>): Outcome =>
  refuseIn([{ code: 'relation-in-crediting', orderedAt, accountId }]);

const withdrawFile = ({ data }: WithdrawRelationFile, { ordered, file }: RelationInState, { decidedAt }: RelationInFacts): Outcome => {
  if (ordered) return crediting(ordered);
  if (!file) return refuseIn([{ code: 'relation-in-nothing-there', what: 'file' }]);
  return accept({ type: 'RelationFileWithdrawn.v1', decidedAt, data });
};

const sendMoneyBack = ({ data }: SendBackRelationMoney, { ordered, money }: RelationInState, { decidedAt }: RelationInFacts): Outcome => {
  if (ordered) return crediting(ordered);
  if (!money) return refuseIn([{ code: 'relation-in-nothing-there', what: 'money' }]);
  return accept({ type: 'RelationMoneySentBack.v1', decidedAt, data });
};

const orderCredit = ({ data }: OrderRelationCredit, state: RelationInState, { decidedAt }: RelationInFacts): Outcome => {
  if (!state.matched) return notMatched(state);
  if (state.ordered) return crediting(state.ordered);
  const { transferInId, accountId } = data;
  return accept({ type: 'RelationCreditOrdered.v1', decidedAt, data: { transferInId, accountId } });
};

const holdCredit = ({ data }: HoldRelationCredit, state: RelationInState, { decidedAt }: RelationInFacts): Outcome => {
  if (!state.ordered) return notMatched(state);
  const { transferInId, accountId, reasons } = data;
  return accept({ type: 'RelationCreditHeld.v1', decidedAt, data: { transferInId, accountId, reasons } });
};

const recordCredit = ({ data }: RecordRelationCredit, state: RelationInState, { decidedAt }: RelationInFacts): Outcome => {
  const { transferInId, accountId, revision } = data;
  if (state.ordered?.accountId !== accountId) return notMatched(state);
  return accept({ type: 'RelationCredited.v1', decidedAt, data: { transferInId, accountId, revision } });
};

const isMessage = (command: RelationInCommand): command is RegisterRelationFile | ReceiveRelationMoney =>
  command.type === 'RegisterRelationFile' || command.type === 'ReceiveRelationMoney';

/** All that is wrong with a message by itself and beside the other one; one that has come already is told what differs, and no more. */
const faultsOf = (command: RegisterRelationFile | ReceiveRelationMoney, state: RelationInState, facts: RelationInFacts) => {
  const { data, type } = command;
  const what = type === 'RegisterRelationFile' ? 'file' : 'money';
  const today = businessDateOf(facts.decidedAt);
  const faults: RelationInRefusal[] = [];
  if (facts.credit === null) faults.push({ code: 'relation-in-not-offered', poolingArea: data.poolingArea });
  if (state[what]) return faults;
  if (data.fromPoolingArea === data.poolingArea) faults.push({ code: 'relation-in-from-here', poolingArea: data.poolingArea });
  if ('receivedOn' in data && data.receivedOn > today)
    faults.push({ code: 'relation-in-received-later', receivedOn: data.receivedOn, today });
  const toldFen = amountIn(data);
  if (toldFen === 0) faults.push({ code: 'relation-in-without-money', what });
  const other = what === 'file' ? state.money : state.file;
  if (other === null || amountIn(other.data) === toldFen) return faults;
  const [fileFen, moneyFen] = what === 'file' ? [toldFen, amountIn(other.data)] : [amountIn(other.data), toldFen];
  return [...faults, { code: 'relation-in-amounts-differ', fileFen, moneyFen, firstAt: other.decidedAt } as const];
};

/** What stands before every rule: of a message, all that is wrong with it; of all else, that the transfer is at its end. */
const barred = (command: RelationInCommand, state: RelationInState, facts: RelationInFacts): Outcome | undefined => {
  if (isMessage(command)) {
    const faults = faultsOf(command, state, facts);
    return faults.length > 0 ? refuseIn(faults) : undefined;
  }
  const { credited } = state;
  return credited ? refuseIn([{ code: 'relation-in-credited', creditedAt: credited.at, accountId: credited.accountId }]) : undefined;
};

type Rules = {
  [T in RelationInCommand['type']]: (
    command: Extract<RelationInCommand, { type: T }>,
    state: RelationInState,
    facts: RelationInFacts,
  ) => Outcome;
};

const RULES: Rules = {
  RegisterRelationFile: registerFile,
  ReceiveRelationMoney: receiveMoney,
  WithdrawRelationFile: withdrawFile,
  SendBackRelationMoney: sendMoneyBack,
  OrderRelationCredit: orderCredit,
  HoldRelationCredit: holdCredit,
  RecordRelationCredit: recordCredit,
};

const decide = (command: RelationInCommand, state: RelationInState, facts: RelationInFacts): Outcome => {
  const rule = RULES[command.type] as (c: RelationInCommand, s: RelationInState, f: RelationInFacts) => Outcome;
  return before(command, state) ?? barred(command, state, facts) ?? rule(command, state, facts);
};

/**
 * A relation that comes from another pooling area: file and money, in either order; credited once both are there and agree.
 * Whatever is there without the other, or without an account, waits here and is not lost. Source: 医保办发〔2021〕43号.
 */
export const relationIn: Decider<RelationInCommand, RelationInEvent, RelationInState, RelationInRefusal, RelationInFacts> = {
  decide,
  due: () => [],
  evolve: evolveRelationIn,
  initialState: initialRelationIn,
  isClosing: () => false,
};
