import type { Decider, Decision, Recorded } from '#libs/kernel';
import { acceptedFact, againstAcceptance } from './acceptance';
import type { ApplicationCommand, ApplicationFacts } from './commands';
import type { ApplicationEvent, ApplicationEventData, ApplicationEventType } from './events';
import type { CardServiceRefusal } from './refusals';
import { refuse } from './refuse';
import { type ApplicationState, evolve, initialState, isOpen, stageOf } from './state';
import { type ApplicationStage, eachOnce, isUnit } from './words';

type Outcome = Decision<ApplicationEvent, CardServiceRefusal>;
type Fact = { [T in ApplicationEventType]: Readonly<{ type: T; data: ApplicationEventData[T] }> }[ApplicationEventType];
type Ruling = Readonly<{ fact: Fact; refusals: readonly CardServiceRefusal[] }>;

/** What an order says and no event keeps: of these only the hash can tell that something differs. */
const UNSEEN: Readonly<Record<ApplicationCommand['type'], readonly string[]>> = {
  AcceptApplication: ['person', 'signedBy'],
  StartProduction: [],
  RecordProduced: ['applicationId'],
  MakeReady: [],
  IssueCard: ['cardNumber', 'outletCode', 'signedBy'],
  HandOutCard: ['outletCode', 'signedBy'],
  LinkCard: ['cardNumber', 'cardKind', 'outletCode', 'signedBy'],
  FailApplication: ['outletCode'],
};
const NOBODYS_WORD: ReadonlySet<string> = new Set(['commandHash', 'cardId']);

/** The names of what a repeat says otherwise; where no event shows it, of what it can only be; `act` where it is another act altogether. */
const differences = ({ type, data }: ApplicationCommand, original: Recorded<ApplicationEvent>): readonly string[] => {
  // A hand-over that found another card instead has ended the application under its own key.
  if (type === 'IssueCard' && original.type === 'CardApplicationFailed.v1') return UNSEEN.IssueCard;
  if (EVENT_OF[type] !== original.type) return ['act'];
  const said = data as unknown as Words;
  const recorded = toldBy(original);
  const names = new Set([
    ...Object.keys(said),
    ...MAY_BE_LEFT_OUT.filter((name) => type === 'AcceptApplication' && Object.hasOwn(recorded, name)),
  ]);
  const shown = [...names].filter(
    (name) => !NOBODYS_WORD.has(name) && Object.hasOwn(recorded, name) && JSON.stringify(said[name]) !== JSON.stringify(recorded[name]),
  );
  return shown.length > 0 ? shown.flatMap((name) => (name === 'accountId' ? WHO_AND_WHERE : [name])) : UNSEEN[type];
};

type Words = Readonly<Record<string, unknown>>;
const MAY_BE_LEFT_OUT: readonly string[] = ['unitCode', 'pickUpOutletCode'];
/** Another account is found for another person, or in another area. */
const WHO_AND_WHERE: readonly string[] = ['person', 'poolingArea'];
/** What an order had said, as far as its event tells: nothing stood against what was accepted, and what was left out was not said. */
const toldBy = ({ type, data }: Recorded<ApplicationEvent>): Words =>
  type === 'CardApplicationAccepted.v1'
    ? { unitCode: undefined, pickUpOutletCode: undefined, ...data, pickUpPlace: data.pickUp.place, obstacles: [] }
    : data;

const EVENT_OF: Readonly<Record<ApplicationCommand['type'], ApplicationEventType>> = {
  AcceptApplication: 'CardApplicationAccepted.v1',
  StartProduction: 'CardProductionStarted.v1',
  RecordProduced: 'CardProduced.v1',
  MakeReady: 'CardReadyForPickUp.v1',
  IssueCard: 'CardIssued.v1',
  HandOutCard: 'CardHandedOut.v1',
  LinkCard: 'CardLinked.v1',
  FailApplication: 'CardApplicationFailed.v1',
};

/** Idempotency: by key, before any other check. */
const answerAgain = (original: Recorded<ApplicationEvent>, command: ApplicationCommand): Outcome => {
  if (original.data.commandHash === command.data.commandHash) return { kind: 'replayed', original };
  const differs = differences(command, original);
  return refuse([{ code: 'card-service-key-used-with-other-content', firstAt: original.decidedAt, differs }]);
};

const atStep = (state: ApplicationState, ...wanted: readonly ApplicationStage[]): readonly CardServiceRefusal[] => {
  const last = state.steps.at(-1);
  if (last === undefined || wanted.includes(last.stage)) return [];
  return isOpen(state)
    ? [{ code: 'application-not-at-this-step', stage: last.stage, wanted }]
    : [{ code: 'application-closed', stage: last.stage, closedAt: last.at }];
};

/** On the spot nothing is sent to the maker: a temporary card, or a card that the outlet prints itself. Source: Q7, J5, S7. */
const issuableFrom = ({ accepted }: ApplicationState): readonly ApplicationStage[] =>
  accepted?.onTheSpot || accepted?.kind === 'temporary'
    ? ['accepted', 'inProduction', 'produced', 'readyForPickUp']
    : ['produced', 'readyForPickUp'];

/** A card that works is linked instead of the new one, also after the application failed for that very reason. Source: J8. */
const linkableFrom = ({ obstacles }: ApplicationState): readonly ApplicationStage[] =>
  obstacles.some(({ code }) => code === 'working-card-exists') ? ['accepted', 'inProduction', 'failed'] : ['accepted', 'inProduction'];

/** Only what a unit has fetched is still to be handed out. Source: J9. */
const againstHandOut = ({ receivedBy, steps }: ApplicationState): readonly CardServiceRefusal[] => {
  const last = steps.at(-1);
  if (last === undefined) return [];
  if (last.stage !== 'issued') return [{ code: 'application-not-at-this-step', stage: last.stage, wanted: ['issued'] }];
  return receivedBy !== null && isUnit(receivedBy) ? [] : [{ code: 'card-already-with-holder', receivedAt: last.at }];
};

type Later = Exclude<ApplicationCommand, { type: 'AcceptApplication' }>;
const ruling = (command: Later, state: ApplicationState, facts: ApplicationFacts): Ruling => {
  switch (command.type) {
    case 'StartProduction': {
      const { productionBatchNo } = command.data;
      return { fact: { type: 'CardProductionStarted.v1', data: { productionBatchNo } }, refusals: atStep(state, 'accepted') };
    }
    case 'RecordProduced':
      return { fact: { type: 'CardProduced.v1', data: {} }, refusals: atStep(state, 'accepted', 'inProduction') };
    case 'MakeReady':
      return { fact: { type: 'CardReadyForPickUp.v1', data: { place: command.data.place } }, refusals: atStep(state, 'produced') };
    case 'IssueCard': {
      const { cardId, receivedBy } = command.data;
      const handOutBy = receivedBy === 'employer' ? facts.handOutBy : null;
      return { fact: { type: 'CardIssued.v1', data: { cardId, receivedBy, handOutBy } }, refusals: atStep(state, ...issuableFrom(state)) };
    }
    case 'HandOutCard': {
      const { receivedBy } = command.data;
      return { fact: { type: 'CardHandedOut.v1', data: { receivedBy } }, refusals: againstHandOut(state) };
    }
    case 'LinkCard':
      return { fact: { type: 'CardLinked.v1', data: { cardId: command.data.cardId } }, refusals: atStep(state, ...linkableFrom(state)) };
    case 'FailApplication': {
      const obstacles = eachOnce(command.data.obstacles);
      const none: readonly CardServiceRefusal[] = obstacles.length === 0 ? [{ code: 'failure-without-reason' }] : [];
      const open = atStep(state, 'accepted', 'inProduction', 'produced', 'readyForPickUp');
      return { fact: { type: 'CardApplicationFailed.v1', data: { obstacles } }, refusals: [...none, ...open] };
    }
  }
};

/** @throws Error when an acceptance comes without its facts: a bug. */
const firstRuling = (
  { data }: Extract<ApplicationCommand, { type: 'AcceptApplication' }>,
  state: ApplicationState,
  facts: ApplicationFacts,
): Ruling => {
  const { key: _key, commandHash: _hash, ...said } = data;
  const { acceptance } = facts;
  if (acceptance === null) throw new Error('an acceptance without its facts');
  const taken: readonly CardServiceRefusal[] =
    state.accepted === null
      ? []
      : [{ code: 'application-under-way', applicationId: state.accepted.applicationId, dueOn: state.accepted.dueOn }];
  return {
    fact: { type: 'CardApplicationAccepted.v1', data: acceptedFact(said, acceptance) },
    refusals: [...taken, ...againstAcceptance(said, acceptance)],
  };
};

const decide = (command: ApplicationCommand, state: ApplicationState, facts: ApplicationFacts): Outcome => {
  const { key, commandHash } = command.data;
  const earlier = state.answers.get(key);
  if (earlier !== undefined) return answerAgain(earlier, command);
  if (stageOf(state) === null && command.type !== 'AcceptApplication') return refuse([{ code: 'card-application-unknown' }]);
  const { fact, refusals } = command.type === 'AcceptApplication' ? firstRuling(command, state, facts) : ruling(command, state, facts);
  if (refusals.length > 0) return refuse(refusals);
  const event = { type: fact.type, decidedAt: facts.decidedAt, data: { key, commandHash, ...fact.data } };
  return { kind: 'accepted', events: [event as ApplicationEvent] };
};

/** One application for a card. A term that runs out is shown, and nothing is recorded of it: the holder still gets the card. */
export const cardApplication: Decider<ApplicationCommand, ApplicationEvent, ApplicationState, CardServiceRefusal, ApplicationFacts> = {
  decide,
  due: () => [],
  evolve,
  initialState,
  isClosing: () => false,
};
