import type { PersonCaseRow } from '#libs/application';
import { type ProjectedEvent, type Projection, type Rows, standing } from './projection';

export type StoredPersonCase = PersonCaseRow & Readonly<{ logIndex: number }>;

/** Every merge, undoing of one, and change of name or number: who proposed it, and what became of it. */
export const personCases: Projection<StoredPersonCase> = {
  name: 'personCases',
  version: 1,
  shape: {
    columns: {
      caseId: 'text',
      accountId: 'text',
      kind: 'text',
      absorbedAccountId: 'text?',
      mergeId: 'text?',
      grounds: 'text?',
      reason: 'text',
      document: 'text',
      proposedBy: 'text',
      proposedAt: 'text',
      state: 'text',
      endedBy: 'text?',
      endedAt: 'text?',
      logIndex: 'integer',
    },
    key: ['caseId'],
    indexes: [{ on: ['state', 'caseId'] }],
  },
  apply(rows, event) {
    if (event.type === 'PersonCaseProposed.v1') propose(rows, event);
    if (event.type === 'PersonCaseApproved.v1') end(rows, event, event.data.caseId, { state: 'underWay', endedBy: event.data.approvedBy });
    if (event.type === 'PersonCaseWithdrawn.v1') end(rows, event, event.data.caseId, { state: 'withdrawn' });
    if (event.type === 'AccountMerged.v1') end(rows, event, event.data.caseId, { state: 'done' });
    if (event.type === 'PersonChanged.v1') end(rows, event, event.data.caseId, { state: 'done', endedBy: event.data.approvedBy });
    if (event.type === 'MergeUndone.v1') {
      end(rows, event, event.data.caseId, { state: 'underWay', endedBy: event.data.approvedBy });
      end(rows, event, event.data.mergeId, { state: 'undone' });
    }
    if (event.type === 'AccountRestored.v1') end(rows, event, event.data.caseId, { state: 'done' });
  },
};

const propose = (rows: Rows<StoredPersonCase>, event: ProjectedEvent): void => {
  if (event.type !== 'PersonCaseProposed.v1') return;
  const { caseId, kind, absorbedAccountId, mergeId, change, reason, document, proposedBy } = event.data;
  rows.put({
    ...{ caseId, accountId: event.accountId, kind, absorbedAccountId, mergeId, grounds: change?.grounds ?? null, reason, document },
    ...{ proposedBy, proposedAt: event.decidedAt, state: 'proposed', endedBy: null, endedAt: null, logIndex: event.logIndex },
  });
};

const end = (
  rows: Rows<StoredPersonCase>,
  { decidedAt, logIndex }: ProjectedEvent,
  caseId: string,
  changed: Partial<StoredPersonCase>,
): void => rows.put({ ...standing(rows.get(caseId), `case ${caseId}`), ...changed, endedAt: decidedAt, logIndex });
