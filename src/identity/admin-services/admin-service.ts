import type { User } from '../../domain/user.js';
import type { Parameters } from './parameters.js';
import type { ServiceName } from './service-names.js';
import type { SoapValue } from './soap-message.js';

/** Whether the scopes of a caller open an operation. */
export type Needs = (held: ReadonlySet<string>) => boolean;

export const all =
  (...scopes: readonly string[]): Needs =>
  (held) =>
    scopes.every((scope) => held.has(scope));

export const anyOf =
  (...scopes: readonly string[]): Needs =>
  (held) =>
    scopes.some((scope) => held.has(scope));

/** Open to whoever is logged in. */
export const ANYBODY: Needs = () => true;

export interface Operation {
  readonly needs: Needs;
  /** Answered with 202 and nothing else, also when it is refused (`reference/identity.md` §4). */
  readonly isOneWay: boolean;
  run(caller: User, parameters: Parameters): Promise<SoapValue>;
}

type Work<T> = (caller: User, parameters: Parameters) => Promise<T>;

/** An operation that answers with a value. */
export const answers = (needs: Needs, work: Work<SoapValue>): Operation => ({ needs, isOneWay: false, run: work });

/** An operation that answers with nil when it is done. */
export const does = (needs: Needs, work: Work<void>): Operation =>
  answers(needs, async (caller, parameters) => {
    await work(caller, parameters);
    return null;
  });

export const oneWay = (needs: Needs, work: Work<void>): Operation => ({ ...does(needs, work), isOneWay: true });

/** One SOAP service, as clients of the product call it. */
export abstract class AdminService {
  abstract readonly name: ServiceName;
  /** Of its operations and answers. */
  abstract readonly namespace: string;
  /** The local name of the element in the detail of a fault. */
  abstract readonly exception: string;
  /** Whether it is closed to users of other tenants than the super tenant. */
  readonly isForSuperTenant: boolean = false;
  abstract readonly operations: Readonly<Record<string, Operation>>;
}
