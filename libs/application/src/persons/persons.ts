import { instantOf } from '#libs/kernel';
import { type AccountState, absorbRefusals, type OtherAccount, type PersonCaseKind, type PersonChange } from '#libs/medical-account';
import type { Act, Keyed } from '../accounts/account-acts';
import { accountIdOf, personIdOf } from '../accounts/account-streams';
import { refused } from '../answers';
import type { ActAnswer, Answer, PersonCaseAnswer, Persons } from '../engine';
import type { Tracing } from '../envelope';
import { orUnavailable } from '../unavailable';
import type { SettleHandOvers } from './hand-overs';
import { type ChangeParts, caseIdOf, identityChanges } from './identity-changes';

export type PersonParts = ChangeParts & Readonly<{ settle: SettleHandOvers; nowMs: () => number }>;
type Case = Readonly<{ kind: PersonCaseKind; absorbedAccountId?: string; mergeId?: string; change?: PersonChange }>;
type Grounds = Readonly<{ own: Keyed; reason: string; document: string }>;
type Undone = Exclude<Answer<never>, { kind: 'done' }>;

/** Merges, their undoing and changes of who somebody is, each proposed by one operator and approved by another. */
export const personsOf = (parts: PersonParts): Persons => {
  const { acts, current, vault } = parts;
  const { propose, approve } = casesOf(parts);
  const worked = identityChanges(parts);
  return {
    proposeMerge: (survivor, { reference, absorbedAccountId, reason, document }, tracing) => {
      const own = acts.keyed(tracing, reference, 'ProposeMerge', survivor, absorbedAccountId, document);
      return orUnavailable(propose(survivor, { kind: 'merge', absorbedAccountId }, { own, reason, document }, tracing));
    },
    proposeUndo: (survivor, mergeId, { reference, reason, document }, tracing) => {
      const own = acts.keyed(tracing, reference, 'ProposeUndoMerge', survivor, mergeId, document);
      return orUnavailable(propose(survivor, { kind: 'undoMerge', mergeId }, { own, reason, document }, tracing));
    },
    proposeChange: async (accountId, order, tracing) => {
      const { reason, document } = order;
      const proposing = async () => {
        const found = await worked(accountId, order, tracing);
        if (!('own' in found)) return refused(found);
        return propose(accountId, { kind: 'change', change: found.change }, { own: found.own, reason, document }, tracing);
      };
      return orUnavailable(proposing());
    },
    approve: (...asked) => orUnavailable(approve(...asked)),
    withdraw: async (accountId, caseId, { reference, reason }, tracing) => {
      const own = acts.keyed(tracing, reference, 'WithdrawPersonCase', accountId, caseId);
      const command = { type: 'WithdrawPersonCase', data: { ...own, caseId, reason } } as const;
      return inCase(await acts.run({ accountId, command, tracing, id: caseId }), caseId, 'withdrawn');
    },
    history: async (accountId, reader) => {
      const personId = personIdOf((await current(accountId)).state);
      if (personId === null) return undefined;
      const asked = await acts.personOf(accountId); // Of an account that was merged: who was known there, too.
      const former = asked === null || asked === personId ? [] : await vault.personHistory(asked, reader);
      return [...(await vault.personHistory(personId, reader)), ...former];
    },
  };
};

const casesOf = ({ acts, current, settle, credentials, nowMs }: PersonParts) => {
  /** The other account as it is now: what keeps it from being absorbed goes into the decision, and is recorded with it. */
  const otherOf = async (accountId: string): Promise<OtherAccount | null> => {
    const { state, accountId: found } = await current(accountId);
    if (state.holder === null) return null;
    const { poolingArea, hasPersonalAccount } = state.holder;
    const refusals =
      found === accountId
        ? absorbRefusals(state, { decidedAt: instantOf(nowMs()) })
        : [{ code: 'account-merged', accountId, survivorAccountId: found }];
    return { accountId, poolingArea, hasPersonalAccount, refusals };
  };

  const propose = async (
    accountId: string,
    { kind, absorbedAccountId, mergeId, change }: Case,
    { own, reason, document }: Grounds,
    tracing: Tracing,
  ): Promise<Answer<PersonCaseAnswer>> => {
    const caseId = caseIdOf(own);
    const about = { absorbedAccountId: absorbedAccountId ?? null, mergeId: mergeId ?? null, change: change ?? null };
    const data = { ...own, caseId, kind, ...about, reason, document, proposedBy: tracing.actor.principal };
    const act: Act = { accountId, command: { type: 'ProposePersonCase', data }, tracing, id: caseId };
    const whole = absorbedAccountId === undefined ? act : { ...act, other: await otherOf(absorbedAccountId) };
    return inCase(await acts.run(whole), caseId, 'proposed');
  };

  /** What an account still has on its way belongs to what it brought, and arrives before it is parted. */
  const settleParting = async ({ succession }: AccountState, mergeId: string | null | undefined, tracing: Tracing): Promise<void> => {
    const merge = succession.merges.find(([id]) => id === mergeId)?.[1];
    if (merge) await settle(merge.absorbedAccountId, tracing);
  };

  const approve: Persons['approve'] = async (accountId, caseId, { reference }, tracing) => {
    const own = acts.keyed(tracing, reference, 'ApprovePersonCase', accountId, caseId);
    const { state } = await current(accountId);
    const open = state.succession.cases.find(([id]) => id === caseId)?.[1];
    const absorbed = open?.absorbedAccountId ?? null;
    const newClaim = open?.change?.newClaim ?? null;
    await settleParting(state, open?.mergeId, tracing);
    const command = { type: 'ApprovePersonCase', data: { ...own, caseId, approvedBy: tracing.actor.principal } } as const;
    const answer = await acts.run({
      ...{ accountId, command, tracing, id: caseId },
      ...(absorbed === null ? {} : { other: await otherOf(absorbed) }),
      ...(newClaim === null ? {} : { claims: [{ key: newClaim, commandHash: own.commandHash }] }),
    });
    if (answer.kind !== 'done') return newClaim === null ? answer : taken(answer, newClaim);
    await settle(answer.value.accountId, tracing);
    return inCase(answer, caseId, await stateAfter(answer.value.accountId, caseId));
  };

  /** Somebody else took the number between the two operators. */
  const taken = async (answer: Undone, claim: string): Promise<Answer<PersonCaseAnswer>> => {
    if (answer.kind !== 'refused' || answer.reasons[0].code !== 'serial-already-used') return answer;
    const { holder = '-' } = await credentials.seatOf(claim.replace(/#\d+$/, ''));
    return refused([{ code: 'identity-number-of-another-person', accountId: accountIdOf(holder) }]);
  };

  const stateAfter = async (accountId: string, caseId: string): Promise<PersonCaseAnswer['state']> => {
    const { merges, handOvers } = await acts.successionOf(accountId);
    const merge = merges.find(([id]) => id === caseId)?.[1];
    if (merge !== undefined) return merge.mergedAt === null ? 'underWay' : 'done';
    if (handOvers.length > 0) return 'underWay';
    return (await acts.isKnown(`merge-${caseId}/withdrawn`)) ? 'withdrawn' : 'done';
  };
  return { propose, approve };
};

const inCase = (answer: Answer<ActAnswer>, caseId: string, state: PersonCaseAnswer['state']): Answer<PersonCaseAnswer> =>
  answer.kind === 'done' ? { ...answer, value: { ...answer.value, caseId, state } } : answer;
