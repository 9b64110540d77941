import { cardStateNow, type MedicalAccountEvent, medicalAccount, postingOf } from '#libs/medical-account';
import { legsIn, type Seen, sumOf } from './account-play';

type Of<T extends MedicalAccountEvent['type']> = Extract<MedicalAccountEvent, { type: T }>;

// eslint-disable-next-line complexity -- one flat list of names
const ofSwipe = ({ data }: Of<'SwipeSettled.v1'>, { command, state }: Seen): (string | false)[] => {
  const presented = command?.type === 'PostSwipe' ? command.data.cardId : null;
  const shown = presented === null ? undefined : state.cards.get(presented);
  const paid = data.legs.length > 0;
  return [
    data.entry === 'late' && 'late entry',
    data.entry === 'late' && shown !== undefined && cardStateNow(shown) !== 'inUse' && 'late entry on a card that is out of use since',
    data.entry === 'late' && shown !== undefined && paid && data.cardId !== presented && 'late entry paid by the successor',
    data.replacesKey !== null && 'settlement replaced',
    shown === undefined &&
      paid &&
      `${data.credentialKind} paid by ${data.cardId === 'cardless' ? 'the cardless sub-account' : 'the card in use'}`,
    data.presentedCardId !== null && 'swiped with a card that shares its balance',
    !data.hasPersonalAccount && 'resident pays in cash',
    data.fundPaidFen > 0 && paid && data.cashPaymentFen > 0 && 'fund, account and cash together',
  ];
};

const isBeforeClosing = (key: string, log: Seen['log']): boolean =>
  (postingOf(log, key)?.original.revision ?? Infinity) < log.findLastIndex(medicalAccount.isClosing);

const ofUndoing = (event: Of<'SettlementCancelled.v1'> | Of<'SettlementReversed.v1'>, { log }: Seen): (string | false)[] => {
  const { amountFen, fundReturnedFen, settlementKey } = event.data;
  const settled = postingOf(log, settlementKey);
  if (settled?.original.type !== 'SwipeSettled.v1') return [];
  const { totalFeeFen } = settled.original.data;
  const isRest = amountFen < totalFeeFen && settled.undone.amountFen === totalFeeFen;
  return [
    isBeforeClosing(settlementKey, log) && 'undone what was settled before a closing',
    isRest && 'the rest undone after a part',
    amountFen < totalFeeFen && fundReturnedFen > 0 && 'a part undone with a part of the fund',
  ];
};

// eslint-disable-next-line complexity -- one flat case a kind of event
const ofEvent = (event: MedicalAccountEvent, seen: Seen): (string | false)[] => {
  switch (event.type) {
    case 'SwipeSettled.v1':
      return ofSwipe(event, seen);
    case 'SettlementCancelled.v1':
    case 'SettlementReversed.v1':
      return ofUndoing(event, seen);
    case 'CancellationReversed.v1':
      return [
        event.data.receivableFen > 0 && 'cancellation reversed beyond the balance',
        event.data.key === null && 'a replaced settlement stands again',
      ];
    case 'AccountCorrected.v1':
      return [event.data.receivableFen > 0 && 'correction beyond the balance'];
    case 'AccountCredited.v1':
      return [sumOf([event], 'receivable') > 0 && 'credit offset what was owed'];
    case 'BalanceTransferred.v1':
      return [`money moved by ${event.data.cause}`, event.data.wasSealed && `sealed money moved by ${event.data.cause}`];
    case 'CardStopped.v1':
      return [event.data.cause === 'phase' && `stopped by phase ${event.data.phase}`];
    default:
      return [];
  }
};

/** Every case that a step is one of, in words. */
export const casesOf = (seen: Seen): string[] => {
  const { command, outcome, codes, added, step, account, log } = seen;
  const names = [
    command ? `${command.type} ${outcome}` : step.kind,
    step.kind === 'due' && legsIn(added).length > 0 && 'the job moved money',
    command !== null && account < 0 && outcome === 'accepted' && 'a key voided by a reversal',
    outcome === 'replayed' &&
      command !== null &&
      'key' in command.data &&
      isBeforeClosing(command.data.key, log) &&
      'repeat across a closing',
    ...codes,
    ...added.flatMap((event) => [event.type, ...ofEvent(event, seen)]),
  ];
  return names.filter((name) => name !== false);
};

const ACTS = [
  'OpenAccount CreditAccount CorrectAccount RegisterCard EnableCard StopCard CancelCard ReportTemporaryLoss LiftTemporaryLoss',
  'ReportFormalLoss LiftFormalLoss RetainCard ReturnCard CollectCard DestroyCard ReportPinVerdict UnlockPin',
  'SealSubAccount UnsealSubAccount TransferBalance PlaceFreeze LiftFreeze PostSwipe CancelSettlement ReverseSettlement',
].flatMap((line) => line.split(' '));

/** What must have come over all histories; a rule that no history reached is not held by them. */
export const WANTED: readonly string[] = [
  ...ACTS.map((act) => `${act} accepted`),
  ...ACTS.filter((act) => act !== 'OpenAccount').map((act) => `${act} refused`),
  ...['PostSwipe replayed', 'CancelSettlement replayed', 'ReverseSettlement replayed', 'CreditAccount replayed', 'repeat across a closing'],
  ...['YearRolledOver.v1', 'CardRestored.v1', 'FreezeEnded.v1', 'CancellationReversed.v1', 'SettlementReversed.v1', 'the job moved money'],
  ...['late entry', 'late entry on a card that is out of use since', 'late entry paid by the successor', 'settlement replaced'],
  ...['eCredential', 'identityCard'].flatMap((kind) => [`${kind} paid by the card in use`, `${kind} paid by the cardless sub-account`]),
  ...['resident pays in cash', 'fund, account and cash together', 'a key voided by a reversal'],
  ...['undone what was settled before a closing', 'the rest undone after a part', 'a part undone with a part of the fund'],
  ...[
    'cancellation reversed beyond the balance',
    'correction beyond the balance',
    'credit offset what was owed',
    'a replaced settlement stands again',
  ],
  ...['enablement', 'firstSwipe', 'agency'].flatMap((cause) => [`money moved by ${cause}`, `sealed money moved by ${cause}`]),
  ...['stopped by phase first', 'stopped by phase last', 'debit-frozen', 'credit-frozen', 'sub-account-sealed', 'balance-insufficient'],
  ...['PinLocked.v1', 'pin-locked', 'card-lost', 'card-retained', 'card-collected', 'TransferDeferred.v1', 'SubAccountShared.v1'],
  ...['money moved by batch', 'sealed money moved by batch', 'money moved by phase', 'swiped with a card that shares its balance'],
  ...['card-temporarily-lost', 'card-stopped', 'card-cancelled', 'card-not-enabled', 'late-entry-needs-approval', 'agreement-suspended'],
  ...['already-undone', 'amount-beyond-what-is-left', 'own-part-beyond-what-is-left', 'fund-beyond-what-is-left', 'not-reversible'],
  ...['settlement-key-voided', 'serial-used-for-other-act', 'settlement-exists-with-different-card', 'settlement-not-found'],
];
