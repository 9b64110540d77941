import { SetMetadata } from '@nestjs/common';
import { type Act, rightsFor } from '#libs/access';
import type { Right } from '#libs/application';

export const RIGHTS = 'yika:rights';
export type Demand = Readonly<{ open: true } | { open: false; rights: readonly Right[] }>;

/**
 * Who may come in: whoever may do one of these acts. A route without a demand lets nobody in. Where an act belongs to an institution,
 * the route asks once more, when it knows whose institution it is about.
 */
export const May = (...acts: readonly Act[]) => SetMetadata(RIGHTS, { open: false, rights: acts.flatMap(rightsFor) } satisfies Demand);
/** No key asked. */
export const Open = () => SetMetadata(RIGHTS, { open: true } satisfies Demand);
/** The admin socket only; over TCP there is nothing at such an address. */
export const LocalOperator = () => SetMetadata(RIGHTS, { open: false, rights: ['operator'] } satisfies Demand);
