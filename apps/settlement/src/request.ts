import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal, Tracing } from '#libs/application';

/**
 * What the door knows of a caller once the key is checked. `local`: through the admin socket. `inForce`: asked again for whatever goes on
 * after the first answer, a batch or a followed log: a key revoked meanwhile ends it. `turn`: settles when the key's rate allows one more,
 * which a line of a batch waits for as a request of its own is turned away for.
 */
export type Caller = Readonly<{
  principal: Principal;
  local: boolean;
  operatorNamed: boolean;
  tracing: Tracing;
  inForce: () => Promise<boolean>;
  turn: () => Promise<void>;
}>;
export type Request = FastifyRequest & { caller?: Caller; correlationId?: string };
export type Reply = FastifyReply;

const local = new WeakSet<IncomingMessage>();
/** Marks a request as one of the admin socket. Nothing that a client can send makes this mark. */
export const markLocal = (raw: IncomingMessage): void => void local.add(raw);
export const isLocal = (raw: IncomingMessage): boolean => local.has(raw);
