import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type Account, Accounts } from '../../platform/auth/accounts.js';
import type { Engine } from '../engine/engines.js';
import { Revocations } from '../revocations/revocations.service.js';
import { epochSeconds } from '../tokens/lifetimes.js';
import { cookieOf } from './cookies.js';
import { LOGIN_METHODS, type LoginMethod, type LoginSession, SESSION_COOKIE, sessionSeconds } from './login-session.js';

type EngineSession = NonNullable<Awaited<ReturnType<typeof stored>>>;

export interface Login {
  readonly method: LoginMethod;
  /** Whether the session outlives the browser. */
  readonly isRemembered: boolean;
}

/**
 * Login sessions of browsers, kept as the engine keeps them and each valid at one tenant's engine only. A session dies with what kills the user's
 * tokens: another password, a lock, a disabling, the removal.
 */
@Injectable()
export class LoginSessions {
  constructor(
    private readonly accounts: Accounts,
    private readonly revocations: Revocations,
  ) {}

  /** The session of the browser that sends this request. */
  async of(engine: Engine, request: IncomingMessage): Promise<LoginSession | undefined> {
    const id = cookieOf(request, SESSION_COOKIE);
    const session = id ? await stored(engine, id) : undefined;
    return session && this.live(session);
  }

  /** The session of this uid, as a code or a token names the one it came from. */
  async byUid(engine: Engine, uid: string): Promise<LoginSession | undefined> {
    const session = await engine.provider.Session.findByUid(uid);
    return session && this.live(session);
  }

  /**
   * Logs a user in, who has proved who it is. The browser's session gets a new id, so that an id planted before is worth nothing; one of another
   * user ends.
   */
  async begin(engine: Engine, request: IncomingMessage, account: Account, { method, isRemembered }: Login): Promise<LoginSession> {
    const id = cookieOf(request, SESSION_COOKIE);
    const before = id ? await stored(engine, id) : undefined;
    // Times have no fractions: a session of the second in which the user's sessions were killed would be dead.
    await this.revocations.settle('', account.id);
    const isSame = before?.accountId === account.id && (await this.live(before)) !== undefined;
    if (before && !isSame) await before.destroy();
    const session = before && isSame ? before : new engine.provider.Session();
    session.loginAccount({ accountId: account.id, loginTs: epochSeconds(), amr: [LOGIN_METHODS[method]] });
    session.transient = isRemembered ? undefined : true;
    if (isSame) session.resetIdentifier();
    await session.save(sessionSeconds(session));
    return describe(session, account);
  }

  /** Ends the session; its id is worth nothing from then on. */
  async end(engine: Engine, { id }: LoginSession): Promise<void> {
    await (await stored(engine, id))?.destroy();
  }

  private async live(session: EngineSession): Promise<LoginSession | undefined> {
    const { accountId, loginTs } = session;
    if (accountId === undefined || loginTs === undefined) return undefined;
    const account = await this.accounts.byId(accountId);
    const isDead = !account || (await this.revocations.isRevoked(account.organization, { jti: '', iat: loginTs, entity_id: accountId }));
    return isDead ? undefined : describe(session, account);
  }
}

const stored = ({ provider }: Engine, id: string) => provider.Session.find(id);

const describe = (session: EngineSession, account: Account): LoginSession => ({
  id: session.jti,
  uid: session.uid,
  account,
  loggedInAt: session.loginTs ?? 0,
  isRemembered: session.transient !== true,
  methods: session.amr ?? [LOGIN_METHODS.password], // sessions from before it was noted
});
