import type { Instant } from '#libs/kernel';
import type { AccountPolicy } from './commands';

/**
 * The pack in force at an instant; before the first pack, the first one: what a city stopped years ago is told by the oldest pack we have.
 * @throws Error when the pooling area has no pack at all: the engine must not start without one.
 */
export const policyAt = (policies: readonly AccountPolicy[], instant: Instant): AccountPolicy => {
  const policy = policies.findLast(({ effectiveFrom }) => effectiveFrom <= instant) ?? policies[0];
  if (policy === undefined) throw new Error('no policy pack for this pooling area');
  return policy;
};
