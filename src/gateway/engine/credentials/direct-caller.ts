import type { KeyType } from '../../../domain/gateway-documents.js';
import type { Grant, Grantee } from '../throttling/grants.js';

/** A caller that no application stands for: a user with a password, or a client with a certificate. */
export abstract class DirectCaller implements Grantee {
  readonly grants = new Map<string, Grant>();
  lastGrant: Grant | null = null;

  /** The application that it counts as (`reference/key-manager.md` §6.3, §6.4). */
  abstract readonly applicationName: string;
  abstract readonly keyType: KeyType;
  /** The subscription policy that its calls are under. */
  abstract readonly plan: string;
  /** Whose calls are counted together. */
  abstract readonly counted: string;
  /** Whether the limits of operations hold for it. */
  abstract readonly isLimitedByOperation: boolean;
}

/** A user whose password was found right. */
export class LoggedInUser extends DirectCaller {
  readonly applicationName = 'BasicAuthApplication';
  readonly keyType = 'PRODUCTION';
  readonly plan = 'Unauthenticated';
  readonly isLimitedByOperation = true;

  constructor(
    /** Keyed hash of the credentials: what they are remembered by. */
    readonly presented: string,
    readonly organization: string,
    /** Without the tenant. */
    readonly name: string,
    /** In lower case. */
    readonly roles: ReadonlySet<string>,
    /** State of the tenant's accounts when the password was checked. */
    readonly epoch: number,
    /** Epoch milliseconds. */
    readonly until: number,
  ) {
    super();
  }

  get counted(): string {
    return `${this.name.toLowerCase()}@${this.organization}`;
  }
}
