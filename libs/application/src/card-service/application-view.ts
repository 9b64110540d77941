import { type ApplicationState, applicationStream, isOpen, stageOf } from '#libs/card-service';
import { businessDateOf, instantOf } from '#libs/kernel';
import type { ApplicationView } from '../engine';
import { noticeKeyOf, voucherKeyOf } from './keys-of-papers';
import { noticeIdOf } from './notices';

type Source = Readonly<{
  state: ApplicationState;
  head: number;
  numberUnder: (key: string) => Promise<string | undefined>;
  nowMs: number;
}>;

/** An application as it stands, with the papers that went with it; undefined when there is none. Throws: on outage. */
export const applicationView = async ({ state, head, numberUnder, nowMs }: Source): Promise<ApplicationView | undefined> => {
  const { accepted, steps, place, cardId, receivedBy, handOutBy, obstacles, answers } = state;
  const stage = stageOf(state);
  if (accepted === null || stage === null) return undefined;
  const { applicationId, accountId, kind, reason, cardKind, replacesCardId, applicant, outletCode, bankCode, batchNo } = accepted;
  const { dueOn, dueOnIsProvisional, pickUp, packId: policy } = accepted;
  const numbers = await Promise.all([...answers.keys()].map((key) => numberUnder(voucherKeyOf(key))));
  const failure = [...answers.values()].find(({ type }) => type === 'CardApplicationFailed.v1');
  const today = businessDateOf(instantOf(nowMs));
  const overdue = isOpen(state) && dueOn !== null && today > dueOn;
  const asked = { applicationId, accountId, kind, reason, cardKind, replacesCardId, applicant, outletCode, bankCode, batchNo };
  const { unitCode = null, pickUpOutletCode = null } = accepted;
  return {
    ...asked,
    unitCode,
    pickUpOutletCode,
    stage,
    steps: steps.map(({ stage: reached, at }) => ({ stage: reached, at })),
    dueOn,
    dueOnIsProvisional,
    overdue,
    pickUp: { ...pickUp, place: place ?? pickUp.place },
    cardId,
    receivedBy,
    handOutBy,
    handOutOverdue: stage === 'issued' && handOutBy !== null && today > handOutBy,
    obstacles,
    vouchers: numbers.flatMap((number) => number ?? []),
    noticeId: failure ? noticeIdOf(noticeKeyOf(failure.data.key)) : null,
    policy,
    stream: applicationStream(applicationId),
    revision: head,
  };
};
