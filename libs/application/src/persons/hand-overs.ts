import { accountStream, type MedicalAccountCommand, type MergeRecord, mergesUnderWay } from '#libs/medical-account';
import type { FactsFor } from '../accounts/account-facts';
import { type AccountRunner, poolingAreaOf } from '../accounts/account-streams';
import type { Tracing } from '../envelope';
import { commandHash } from '../streams/command-identity';
import type { Vault } from '../vault.port';

export type HandOverParts = Readonly<{ accounts: AccountRunner; factsFor: FactsFor; vault: Vault }>;
/** Finishes what is under way between accounts. True: something was; throws on outage. Idempotency: by keys that name each step. */
export type SettleHandOvers = (accountId: string, tracing: Tracing) => Promise<boolean>;

/** What a change of name or number sends to the vault; it stays open until the vault has it. */
export const TO_VAULT = 'vault';

/**
 * Takes each merge and each sum in transit to its end, step by step: every step is an append of its own under a key that follows from the
 * act, so that whoever comes by (the next request, a job, another process) may take any of them again. Nothing is sent twice, nothing stays.
 */
export const handOvers = ({ accounts, factsFor, vault }: HandOverParts): SettleHandOvers => {
  const secret = vault.commandHashSecret();

  const run = async (
    accountId: string,
    key: string,
    step: (keyed: Readonly<{ key: string; commandHash: string }>) => MedicalAccountCommand,
    tracing: Tracing,
  ) => {
    const stream = accountStream(accountId);
    const command = step({ key, commandHash: commandHash(secret, [key]) });
    const gather = factsFor(command, { stream, poolingArea: poolingAreaOf((await accounts.load(stream)).state) ?? '' });
    return accounts.run({ stream, key, command, gather, tracing, lane: 'interactive' });
  };

  const absorb = async (survivor: string, caseId: string, { absorbedAccountId }: MergeRecord, tracing: Tracing): Promise<void> => {
    const names = { caseId, survivorAccountId: survivor };
    const step = (own: Readonly<{ key: string; commandHash: string }>) => ({ type: 'AbsorbAccount', data: { ...own, ...names } }) as const;
    const outcome = await run(absorbedAccountId, `merge-${caseId}`, step, tracing);
    if (outcome.kind === 'recorded' || outcome.kind === 'replayed') await settle(absorbedAccountId, tracing);
    if (outcome.kind !== 'refused') return;
    const reason = outcome.refusals.map(({ code }) => code).join(', ');
    await run(survivor, `merge-${caseId}/withdrawn`, (own) => ({ type: 'WithdrawPersonCase', data: { ...own, caseId, reason } }), tracing);
  };

  const deliver = async (from: string, handOverId: string, to: string, tracing: Tracing): Promise<void> => {
    if (to === TO_VAULT) await vault.applyPersonChange(handOverId);
    else if (!(await received(handOverId, to, tracing))) return;
    await run(from, `delivered-${handOverId}`, (own) => ({ type: 'ConfirmHandOver', data: { ...own, handOverId } }), tracing);
    if (to !== TO_VAULT) await passOn(to, tracing);
  };

  /** Where the account that it was sent to has been merged itself, it has sent it on. */
  const passOn = async (accountId: string, tracing: Tracing): Promise<void> => {
    const { handOvers: sent } = (await accounts.load(accountStream(accountId))).state.succession;
    for (const [handOverId, { toAccountId }] of sent) await deliver(accountId, handOverId, toAccountId, tracing);
  };

  const received = async (handOverId: string, to: string, tracing: Tracing): Promise<boolean> => {
    const step = (own: Readonly<{ key: string; commandHash: string }>) =>
      ({ type: 'ReceiveHandOver', data: { ...own, handOverId } }) as const;
    const outcome = await run(to, `received-${handOverId}`, step, tracing);
    return outcome.kind === 'recorded' || outcome.kind === 'replayed';
  };

  const settle: SettleHandOvers = async (accountId, tracing) => {
    const { state } = await accounts.load(accountStream(accountId));
    const { merges, handOvers: sent } = state.succession; // Replaced as a whole by each event: this list stays as it is.
    const waiting = mergesUnderWay(state);
    for (const [caseId, merge] of merges) if (waiting.includes(caseId)) await absorb(accountId, caseId, merge, tracing);
    for (const [handOverId, { toAccountId }] of sent) await deliver(accountId, handOverId, toAccountId, tracing);
    return waiting.length + sent.length > 0;
  };
  return settle;
};
