import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Act, mayAct, type Place } from '#libs/access';
import type { Right, Tracing } from '#libs/application';
import { doorProblem } from '../problem/problem';
import type { Caller, Request } from '../request';

/** The caller of a route that demands a right. */
export const CallerOf = createParamDecorator((_unused: undefined, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<Request>();
  if (!caller) throw new Error('a route without a demand of rights asked for its caller');
  return caller;
});

export const has = ({ principal }: Caller, right: Right): boolean => principal.rights.includes(right);

/** Whether the caller acts for the institution itself: its code is on the key. The local operator acts for any. */
export const ownsInstitution = ({ principal, local }: Caller, institutionCode: string): boolean =>
  local || (principal.rights.includes('institution') && principal.institutionCodes.includes(institutionCode));

/** Throws: Problem 403 `institution-not-own`, before anything is looked up: whether a serial exists is nobody else's business. */
export const demandOwn = (caller: Caller, institutionCode: string): void => {
  if (!ownsInstitution(caller, institutionCode)) throw doorProblem('institution-not-own');
};

/** Whether the caller may do this there. The local operator may anywhere. */
export const mayDo = ({ principal, local }: Caller, act: Act, place?: Place): boolean => local || mayAct(principal, act, place);

/** Throws: Problem 403 `outlet-not-own`: nobody does business in the name of another counter. */
export const demandOwnOutlet = (caller: Caller, act: Act, outletCode: string): void => {
  if (!mayDo(caller, act, { outletCodes: [outletCode] })) throw doorProblem('outlet-not-own', { outletCode });
};

export const tracingOfLine = ({ tracing }: Caller, lineNo: number): Tracing => ({
  ...tracing,
  actor: { ...tracing.actor, door: 'batch' },
  causationId: `${tracing.causationId}#${lineNo}`,
});
