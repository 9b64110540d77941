import type { Decider, Decision, NonEmpty, Recorded } from '#libs/kernel';
import type {
  ReceiveRelationMoney,
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

const standing = (
  what: 'file' | 'money',
  told: RegisterRelationFile | ReceiveRelationMoney,
  original: Recorded<RelationFileRegistered> | Recorded<RelationMoneyReceived>,
): Outcome => {
  const differs = differing(told.data, original.data);
  if (differs.length === 0) return { kind: 'replayed', original };
  const fenOf = (data: typeof told.data | typeof original.data) =>
    'amountFen' in data ? data.amountFen : fileFen({ data } as RelationFileRegistered);
  const { decidedAt: firstAt } = original;
  return refuseIn([
    { code: 'relation-in-told-otherwise', what, firstAt, recordedFen: fenOf(original.data), toldFen: fenOf(told.data), differs },
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
  const { money } = state;
  const file: RelationFileRegistered = { type: 'RelationFileRegistered.v1', decidedAt: facts.decidedAt, data };
  if (!money) return accept(file);
  const moneyFen = money.data.amountFen;
  if (fileFen(file) !== moneyFen)
    return refuseIn([{ code: 'relation-in-amounts-differ', fileFen: fileFen(file), moneyFen, firstAt: money.decidedAt }]);
  return accept(file, matched(data.transferInId, moneyFen, facts));
};

const receiveMoney = (command: ReceiveRelationMoney, state: RelationInState, facts: RelationInFacts): Outcome => {
  const { data } = command;
  if (state.money) return standing('money', command, state.money);
  const { file } = state;
  const money: RelationMoneyReceived = { type: 'RelationMoneyReceived.v1', decidedAt: facts.decidedAt, data };
  if (!file) return accept(money);
  if (fileFen(file) !== data.amountFen)
    return refuseIn([{ code: 'relation-in-amounts-differ', fileFen: fileFen(file), moneyFen: data.amountFen, firstAt: file.decidedAt }]);
  return accept(money, matched(data.transferInId, data.amountFen, facts));
};

const takeBack = ({ type, data }: WithdrawRelationFile | SendBackRelationMoney, state: RelationInState, decidedAt: string): Outcome => {
  if (state.ordered) return refuseIn([{ code: 'relation-in-crediting', orderedAt: state.ordered.at, accountId: state.ordered.accountId }]);
  const what = type === 'WithdrawRelationFile' ? 'file' : 'money';
  if (!state[what]) return refuseIn([{ code: 'relation-in-nothing-there', what }]);
  return accept(
    type === 'WithdrawRelationFile'
      ? { type: 'RelationFileWithdrawn.v1', decidedAt, data }
      : { type: 'RelationMoneySentBack.v1', decidedAt, data },
  );
};

const decide = (command: RelationInCommand, state: RelationInState, facts: RelationInFacts): Outcome => {
  const { decidedAt } = facts;
  const earlier = before(command, state);
  if (earlier) return earlier;
  const { credited, ordered } = state;
  const isNews = command.type === 'RegisterRelationFile' || command.type === 'ReceiveRelationMoney';
  if (credited && !isNews) return refuseIn([{ code: 'relation-in-credited', creditedAt: credited.at, accountId: credited.accountId }]);
  if (isNews && facts.credit === null) return refuseIn([{ code: 'relation-in-not-offered', poolingArea: command.data.poolingArea }]);
  switch (command.type) {
    case 'RegisterRelationFile':
      return registerFile(command, state, facts);
    case 'ReceiveRelationMoney':
      return receiveMoney(command, state, facts);
    case 'WithdrawRelationFile':
    case 'SendBackRelationMoney':
      return takeBack(command, state, decidedAt);
    case 'OrderRelationCredit': {
      const { transferInId, accountId } = command.data;
      if (!state.matched) return refuseIn([{ code: 'relation-in-not-matched', missing: missing(state) }]);
      if (ordered) return refuseIn([{ code: 'relation-in-crediting', orderedAt: ordered.at, accountId: ordered.accountId }]);
      return accept({ type: 'RelationCreditOrdered.v1', decidedAt, data: { transferInId, accountId } });
    }
    case 'HoldRelationCredit': {
      const { transferInId, accountId, reasons } = command.data;
      if (!ordered) return refuseIn([{ code: 'relation-in-not-matched', missing: missing(state) }]);
      return accept({ type: 'RelationCreditHeld.v1', decidedAt, data: { transferInId, accountId, reasons } });
    }
    case 'RecordRelationCredit': {
      const { transferInId, accountId, revision } = command.data;
      if (ordered?.accountId !== accountId) return refuseIn([{ code: 'relation-in-not-matched', missing: missing(state) }]);
      return accept({ type: 'RelationCredited.v1', decidedAt, data: { transferInId, accountId, revision } });
    }
  }
};

const missing = ({ file, money }: RelationInState): ('file' | 'money')[] => [
  ...(file ? [] : (['file'] as const)),
  ...(money ? [] : (['money'] as const)),
];

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
