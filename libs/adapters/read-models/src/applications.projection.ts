import type { ApplicationRow } from '#libs/application';
import { businessDateOf } from '#libs/kernel';
import { type ProjectedApplication, type Projection, type Rows, standing } from './projection';

/** `isPending`: something is still to be done by the deadline, if there is one. */
export type StoredApplication = ApplicationRow & Readonly<{ isPending: boolean; logIndex: number }>;

/** Every application for a card, as far as it has come, and what is to be done by when. */
export const applications: Projection<StoredApplication> = {
  name: 'applications',
  version: 1,
  shape: {
    columns: {
      applicationId: 'text',
      accountId: 'text',
      kind: 'text',
      applicant: 'text',
      outletCode: 'text',
      unitCode: 'text?',
      pickUpOutletCode: 'text?',
      bankCode: 'text?',
      batchNo: 'text?',
      stage: 'text',
      acceptedOn: 'text',
      waitsFor: 'text?',
      deadline: 'text?',
      deadlineIsProvisional: 'boolean',
      isPending: 'boolean',
      logIndex: 'integer',
    },
    key: ['applicationId'],
    indexes: [{ on: ['deadline', 'applicationId'], only: 'isPending' }],
  },
  apply: () => undefined,
  applyApplication(rows, event) {
    const { applicationId, logIndex } = event;
    const row = event.type === 'CardApplicationAccepted.v1' ? acceptedRow(rows, event) : laterRow(rows, event);
    rows.put({ ...row, applicationId, isPending: row.waitsFor !== null, logIndex });
  },
};

type Row = Omit<StoredApplication, 'isPending'>;
type Of<T extends ProjectedApplication['type']> = Extract<ProjectedApplication, { type: T }>;

const acceptedRow = (
  rows: Rows<StoredApplication>,
  { applicationId, decidedAt, data, logIndex }: Of<'CardApplicationAccepted.v1'>,
): Row => {
  if (rows.get(applicationId) !== undefined) throw new Error(`application ${applicationId} is accepted twice`);
  const { accountId, kind, applicant, outletCode, unitCode = null, pickUpOutletCode = null, bankCode, batchNo } = data;
  const { dueOn: deadline, dueOnIsProvisional: deadlineIsProvisional } = data;
  return {
    ...{ applicationId, accountId, kind, applicant, outletCode, unitCode, pickUpOutletCode, bankCode, batchNo, logIndex },
    ...{ stage: 'accepted', acceptedOn: businessDateOf(decidedAt), waitsFor: 'card', deadline, deadlineIsProvisional },
  };
};

const laterRow = (rows: Rows<StoredApplication>, event: ProjectedApplication): Row => {
  const row = standing(rows.get(event.applicationId), `application ${event.applicationId}`);
  const ended = { waitsFor: null, deadline: null, deadlineIsProvisional: false };
  switch (event.type) {
    case 'CardProductionStarted.v1':
      return { ...row, stage: 'inProduction' };
    case 'CardProduced.v1':
      return { ...row, stage: 'produced' };
    case 'CardReadyForPickUp.v1':
      return { ...row, stage: 'readyForPickUp' };
    case 'CardIssued.v1': {
      const { handOutBy } = event.data;
      const isHeld = UNITS.has(event.data.receivedBy);
      return { ...row, stage: 'issued', ...ended, ...(isHeld ? { waitsFor: 'handOut' as const, deadline: handOutBy } : {}) };
    }
    case 'CardHandedOut.v1':
      return { ...row, stage: 'handedOut', ...ended };
    case 'CardLinked.v1':
      return { ...row, stage: 'linked', ...ended };
    case 'CardApplicationFailed.v1':
      return { ...row, stage: 'failed', ...ended };
    case 'CardApplicationAccepted.v1':
      throw new Error('an acceptance is no later step');
  }
};

const UNITS: ReadonlySet<string> = new Set(['employer', 'school', 'committee']);
