import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import type { UserName } from '../../domain/organization.js';

/** Where the work at hand comes from: a request's client address and, once it is known, its caller. */
export interface Origin {
  readonly address: string;
  user?: UserName;
  /** Statements sent to the database so far. */
  statements?: number;
  /** The path of the operation as documents spell it, `/t/{tenant}/oauth2/token`, of what is answered ahead of the controllers. */
  route?: string;
  /** What the correlation log calls the request; absent while nothing is written there. */
  correlationId?: string;
}

const origins = new AsyncLocalStorage<Origin>();

/** The origin of the work at hand; undefined for what the server does by itself. */
export const originNow = (): Origin | undefined => origins.getStore();

/** Notes who makes the request at hand. */
export const notesCaller = (user: UserName): void => {
  const origin = origins.getStore();
  if (origin) origin.user = { name: user.name, organization: user.organization };
};

/** Notes which operation answers the request at hand, where that is not a controller's. */
export const notesRoute = (route: string): void => {
  const origin = origins.getStore();
  if (origin) origin.route = route;
};

/** Counts a statement that the work at hand sends to the database. */
export const countsStatement = (): void => {
  const origin = origins.getStore();
  if (origin) origin.statements = (origin.statements ?? 0) + 1;
};

/** Runs the work as coming from an address. */
export const withOrigin = <T>(origin: Origin, work: () => T): T => origins.run(origin, work);

/** Middleware, first in the chain: everything done for a request knows the client's address. */
export const originOf =
  (addressOf: (request: IncomingMessage) => string) =>
  (request: IncomingMessage, _: unknown, next: () => void): void =>
    withOrigin({ address: addressOf(request) }, next);
