import {
  type AcceptanceFacts,
  type ApplicationCommand,
  type ApplicationCommandData,
  type ApplicationEvent,
  type ApplicationEventData,
  type ApplicationFacts,
  cardApplication,
  type ObstacleFound,
} from '#libs/card-service';
import type { Recorded } from '#libs/kernel';
import { deciderSpec, recordedFrom } from './decider-spec';

export const { given } = deciderSpec(cardApplication);
export const T0 = '2026-03-02T02:00:00.000Z';
export const NOW = '2026-03-10T04:00:00.000Z';
export const FACTS: AcceptanceFacts = {
  identityIsWrong: false,
  dataDiffer: false,
  cards: [],
  mayBeWithoutPhoto: false,
  underWay: null,
  due: { on: '2026-04-14', isProvisional: false },
  packId: 'qingdao@2',
  enquiryTelephone: '12333',
  complaintTelephone: '12345',
};
export const facts: ApplicationFacts = { decidedAt: NOW, acceptance: FACTS, handOutBy: '2026-03-20' };
export const knowing = (over: Partial<AcceptanceFacts>): ApplicationFacts => ({ ...facts, acceptance: { ...FACTS, ...over } });
export const DATA: ApplicationCommandData['AcceptApplication'] = {
  applicationId: 'ap1',
  accountId: 'a1',
  kind: 'firstIssue',
  reason: null,
  cardKind: 'socialSecurity3',
  replacesCardId: null,
  applicant: 'holder',
  organisation: 'bank',
  outletCode: 'B0101',
  bankCode: '102',
  batchNo: null,
  photoReference: 'photo-1',
  approved: false,
  onTheSpot: false,
  pickUpPlace: '香港中路网点',
  obstacles: [],
};
export const keyed = { key: 'K', commandHash: 'h' };
export const accept = (over: Partial<typeof DATA & { commandHash: string }> = {}): ApplicationCommand => ({
  type: 'AcceptApplication',
  data: { ...keyed, ...DATA, ...over },
});
export const ACCEPTED: ApplicationEventData['CardApplicationAccepted.v1'] = (() => {
  const { obstacles: _none, pickUpPlace: place, ...same } = DATA;
  const pickUp = { place, enquiryTelephone: '12333', complaintTelephone: '12345' };
  return { ...same, packId: 'qingdao@2', dueOn: '2026-04-14', dueOnIsProvisional: false, pickUp };
})();
let keys = 0;
export const did = <T extends ApplicationEvent['type']>(type: T, data: ApplicationEventData[T], decidedAt = T0, key = `B${keys++}`) =>
  ({ type, decidedAt, data: { key, commandHash: 'h', ...data } }) as unknown as ApplicationEvent;
export const now = <T extends ApplicationEvent['type']>(type: T, data: ApplicationEventData[T]) => did(type, data, NOW, 'K');
export const does = <T extends ApplicationCommand['type']>(type: T, data: ApplicationCommandData[T]) =>
  ({ type, data: { ...keyed, ...data } }) as unknown as ApplicationCommand;

export const accepted = did('CardApplicationAccepted.v1', ACCEPTED);
export const started = did('CardProductionStarted.v1', { productionBatchNo: null });
export const produced = did('CardProduced.v1', {});
export const ready = did('CardReadyForPickUp.v1', { place: 'x' });
export const issued = did('CardIssued.v1', { cardId: 'c2', receivedBy: 'holder', handOutBy: null });
export const failed = (...obstacles: ObstacleFound[]) => did('CardApplicationFailed.v1', { obstacles });
export const originalOf = (event: ApplicationEvent) => recordedFrom(0)([event])[0] as Recorded<ApplicationEvent>;
export const works = { cardId: 'c1', kind: 'socialSecurity3', isNew: true, state: 'inUse' };
