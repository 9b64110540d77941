import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { doorProblem } from '../problem/problem';
import type { Request } from '../request';
import { type Demand, RIGHTS } from './rights';

/** Asks each route's demand of the caller's rights. Throws: Problem 401 without a caller, 403 without the right. */
@Injectable()
export class RightsGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const demand = this.reflector.getAllAndOverride<Demand | undefined>(RIGHTS, [context.getHandler(), context.getClass()]);
    if (demand?.open) return true;
    const { caller } = context.switchToHttp().getRequest<Request>();
    if (!caller) throw doorProblem('key-missing', {}, { 'www-authenticate': 'Bearer' });
    if (!demand?.rights.some((right) => caller.principal.rights.includes(right))) throw doorProblem('right-missing');
    return true;
  }
}
