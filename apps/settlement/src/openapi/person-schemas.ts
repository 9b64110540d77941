import { instant, instantOrNull, list, object, ref, type Schema, text, textOrNull, whole } from './schema-parts';

const kind: Schema = { enum: ['merge', 'undoMerge', 'change'] };
const page = (row: Readonly<Record<string, Schema>>): Schema => object({ rows: list(object(row)), next: textOrNull, asOfLogIndex: whole });

/** Answers about who somebody is. */
export const PERSON_SCHEMAS = {
  PersonCase: {
    allOf: [object({ caseId: text, state: { enum: ['proposed', 'underWay', 'done', 'withdrawn'] } }), ref('Act')],
  },
  PersonHistory: object({
    versions: list(
      object(
        {
          identityKind: text,
          identityNumber: text,
          name: text,
          from: instantOrNull,
          until: instantOrNull,
          grounds: textOrNull,
          document: textOrNull,
        },
        { additionalProperties: true },
      ),
    ),
  }),
  PersonCasePage: page({
    caseId: text,
    accountId: text,
    kind,
    absorbedAccountId: textOrNull,
    mergeId: textOrNull,
    grounds: textOrNull,
    reason: text,
    document: text,
    proposedBy: text,
    proposedAt: instant,
    state: { enum: ['proposed', 'underWay', 'done', 'withdrawn', 'undone'] },
    endedBy: textOrNull,
    endedAt: instantOrNull,
  }),
  ReissuePage: page({
    accountId: text,
    cardId: text,
    reason: { enum: ['merged', 'upgrade', 'correction', 'duplicateNumber', 'nameChanged'] },
    caseId: text,
    since: instant,
    replacedAt: { type: 'null' },
    replacedByCardId: { type: 'null' },
  }),
} satisfies Readonly<Record<string, Schema>>;
