/** What is to be signed with the tenant's key: a JSON object, and members of the header besides `alg` and `kid`. */
export interface SignRequest {
  readonly organization: string;
  readonly header: Readonly<Record<string, string>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Until when the key must be known to whoever checks the signature, epoch seconds. */
  readonly knownUntil: number;
  /** How its parts are written; base64url without padding (RFC 7515) unless it says otherwise. */
  readonly encoding?: 'base64' | 'base64url';
  /** A member of the header for the key's certificate. */
  readonly thumbprint?: 'x5t' | 'x5t#S256';
  /** Leaves the key's id out of the header. */
  readonly isAnonymous?: boolean;
  /** Adds what is stored of this user, under the dialect: `<dialect>/<claim>`. */
  readonly user?: { readonly id: string; readonly dialect: string; readonly excluded: readonly string[] };
  /** Adds the number of this organization as a claim of this name. */
  readonly tenant?: { readonly organization: string; readonly claim: string };
  /** Writes the token without a signature (`alg` `none`). */
  readonly isUnsigned?: boolean;
  /** Whether calls wait for it; others are signed up to some hundreds a second. */
  readonly isUrgent?: boolean;
}

const PENDING_MAX = 1_000;
const TIMEOUT_MS = 2_000;

interface Pending {
  readonly resolve: (jws: string | null) => void;
  readonly timer: NodeJS.Timeout;
}

/** A worker's requests for signatures: the tenants' private keys are the main thread's alone. */
export class Signatures {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  constructor(private readonly ask: (id: number, request: SignRequest) => void) {}

  /** The compact JWS; null when nobody could sign in time. Never rejects. */
  sign(request: SignRequest): Promise<string | null> {
    if (this.pending.size >= PENDING_MAX) return Promise.resolve(null);
    this.lastId += 1;
    const id = this.lastId;
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const timer = setTimeout(() => this.signed(id, null), TIMEOUT_MS).unref();
    this.pending.set(id, { resolve, timer });
    this.ask(id, request);
    return promise;
  }

  signed(id: number, jws: string | null): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.pending.delete(id);
    pending.resolve(jws);
  }
}
