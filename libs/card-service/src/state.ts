import type { Instant, Recorded } from '#libs/kernel';
import type { ApplicationEvent, ApplicationEventData } from './events';
import type { Applicant, ApplicationStage, ObstacleFound } from './words';

export type Step = Readonly<{ stage: ApplicationStage; at: Instant; revision: number }>;
export type ApplicationState = Readonly<{
  accepted: Readonly<ApplicationEventData['CardApplicationAccepted.v1']> | null;
  /** Oldest first; the last is where it stands. */
  steps: Step[];
  place: string | null;
  cardId: string | null;
  receivedBy: Applicant | null;
  handOutBy: string | null;
  obstacles: readonly ObstacleFound[];
  answers: Map<string, Recorded<ApplicationEvent>>; // By key: an application is a handful of events.
}>;

export const initialState = (): ApplicationState => ({
  accepted: null,
  steps: [],
  place: null,
  cardId: null,
  receivedBy: null,
  handOutBy: null,
  obstacles: [],
  answers: new Map(),
});

export const stageOf = ({ steps }: ApplicationState): ApplicationStage | null => steps.at(-1)?.stage ?? null;
const CLOSED: ReadonlySet<ApplicationStage | null> = new Set(['issued', 'handedOut', 'linked', 'failed'] as const);
export const isOpen = (state: ApplicationState): boolean => state.accepted !== null && !CLOSED.has(stageOf(state));

const STAGES = {
  'CardApplicationAccepted.v1': 'accepted',
  'CardProductionStarted.v1': 'inProduction',
  'CardProduced.v1': 'produced',
  'CardReadyForPickUp.v1': 'readyForPickUp',
  'CardIssued.v1': 'issued',
  'CardHandedOut.v1': 'handedOut',
  'CardLinked.v1': 'linked',
  'CardApplicationFailed.v1': 'failed',
} as const satisfies Record<ApplicationEvent['type'], ApplicationStage>;

/** Applies one recorded event, in place. @throws Error when the stream is impossible (before the acceptance, or accepted twice): damage. */
export const evolve = (state: ApplicationState, event: Recorded<ApplicationEvent>): ApplicationState => {
  const { type, decidedAt: at, revision } = event;
  const isFirst = type === 'CardApplicationAccepted.v1';
  if (isFirst !== (state.accepted === null)) throw new Error(`${type} ${isFirst ? 'twice' : 'before the acceptance'}`);
  state.steps.push({ stage: STAGES[type], at, revision });
  state.answers.set(event.data.key, event);
  return folded(state, event);
};

const folded = (state: ApplicationState, { type, data }: ApplicationEvent): ApplicationState => {
  switch (type) {
    case 'CardApplicationAccepted.v1':
      return { ...state, accepted: data, place: data.pickUp.place };
    case 'CardReadyForPickUp.v1':
      return { ...state, place: data.place };
    case 'CardIssued.v1':
      return { ...state, cardId: data.cardId, receivedBy: data.receivedBy, handOutBy: data.handOutBy };
    case 'CardHandedOut.v1':
      return { ...state, receivedBy: data.receivedBy };
    case 'CardLinked.v1':
      return { ...state, cardId: data.cardId };
    case 'CardApplicationFailed.v1':
      return { ...state, obstacles: data.obstacles };
    case 'CardProductionStarted.v1':
    case 'CardProduced.v1':
      return state;
  }
};
