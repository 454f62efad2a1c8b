import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { type Step, stepTo } from '../authorize/authorizations.js';
import { errorPage, loggedOutPage, logoutConsentPage } from '../authorize/page-urls.js';
import { isRedirectUri } from '../authorize/redirect-back.js';
import { isCallbackAllowed } from '../clients/callback-rule.js';
import { isReachedThrough } from '../clients/client-tenant.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { type OAuthParameters, single } from '../edge/oauth-body.js';
import { EngineRecords } from '../engine/engine-records.js';
import { type Engine, Engines } from '../engine/engines.js';
import { LOGOUT_REFUSALS } from '../pages/refusals.js';
import { cookieOf } from '../sessions/cookies.js';
import { type LoginSession, noSessionCookies, SESSION_COOKIE } from '../sessions/login-session.js';
import { LoginSessions } from '../sessions/login-sessions.js';
import { type IdTokenHint, IdTokenHints } from './id-token-hints.js';
import { postLogoutUrl } from './post-logout-url.js';

/** A logout that a client asks for, its redirect URI checked; without a client there is none. */
interface Asked {
  readonly client: OAuthClient | undefined;
  readonly hint: IdTokenHint | undefined;
  /** Where the browser goes afterwards; undefined for our own page. */
  readonly target: string | undefined;
}

interface Browser {
  readonly engine: Engine;
  readonly session: LoginSession;
}

const refused = (text: string): Step => stepTo(errorPage('access_denied', text));

/**
 * Single logout at a client's request (`reference/identity.md` §6). Whoever brings an ID token of the user who is logged in is taken at its word; anyone
 * else's visitor is asked first. Nothing is redirected to a URI that the client did not register. Tokens live on: clients give them back.
 */
@Injectable()
export class Logouts {
  constructor(
    private readonly clients: OAuthClientsService,
    private readonly hints: IdTokenHints,
    private readonly engines: Engines,
    private readonly records: EngineRecords,
    private readonly sessions: LoginSessions,
    private readonly config: OauthConfig,
  ) {}

  async leave(tenant: string | undefined, request: IncomingMessage, parameters: OAuthParameters): Promise<Step> {
    const asked = await this.asked(tenant, parameters);
    if ('departure' in asked) return asked;
    const consent = single(parameters, 'consent');
    if (consent === 'deny') return refused(LOGOUT_REFUSALS.user);
    const browser = await this.browser(asked, request);
    // A second logout: portals that share a session ask one after the other.
    if (!browser) return stepTo(asked.target ?? loggedOutPage());
    const { engine, session } = browser;
    const isTheUsers = asked.hint?.subject === session.account.id;
    if (!isTheUsers && !(consent === 'approve' && isFromOurPage(request))) return stepTo(this.question(asked, parameters));
    await this.sessions.end(engine, session);
    return stepTo(asked.target ?? loggedOutPage(), ...noSessionCookies());
  }

  private async asked(tenant: string | undefined, parameters: OAuthParameters): Promise<Asked | Step> {
    const [token, named, uri] = ['id_token_hint', 'client_id', 'post_logout_redirect_uri'].map(
      (name) => single(parameters, name) || undefined,
    );
    const hint = token === undefined ? undefined : await this.hints.read(token);
    if (token !== undefined && !hint) return refused(LOGOUT_REFUSALS.token);
    if (hint && named !== undefined && named !== hint.clientId) return refused(LOGOUT_REFUSALS.audience);
    const clientId = hint?.clientId ?? named;
    const client = clientId === undefined ? undefined : await this.clients.byClientId(clientId);
    if (clientId !== undefined && !(client && isReachedThrough(tenant, client))) return refused(LOGOUT_REFUSALS.client);
    if (!client || uri === undefined) return { client, hint, target: undefined };
    if (!this.mayReceive(client, uri)) return refused(LOGOUT_REFUSALS.uri);
    return { client, hint, target: postLogoutUrl(uri, single(parameters, 'state')) };
  }

  private mayReceive({ callbackUrl }: OAuthClient, uri: string): boolean {
    return isRedirectUri(uri) && isCallbackAllowed(callbackUrl, uri, this.config.callback.enforceLiteralCharacters);
  }

  /** Who is logged in in this browser, at the client's tenant or, where none is named, at any. */
  private async browser({ client }: Asked, request: IncomingMessage): Promise<Browser | undefined> {
    const id = cookieOf(request, SESSION_COOKIE);
    const organization = client?.organization ?? (id ? (await this.records.find('Session', id))?.organization : undefined);
    const engine = organization === undefined ? undefined : await this.engines.of(organization);
    const session = engine && (await this.sessions.of(engine, request));
    return session && { engine, session };
  }

  /** The page that asks the user; what it posts is checked again. */
  private question({ client }: Asked, parameters: OAuthParameters): string {
    const kept = ['post_logout_redirect_uri', 'state'].flatMap((name): [string, string][] => {
      const value = single(parameters, name);
      return client && value !== undefined ? [[name, value]] : [];
    });
    return logoutConsentPage({ ...(client && { client_id: client.clientId }), ...Object.fromEntries(kept) });
  }
}

/** Other sites cannot send the session's cookie with a form; a neighbour on the same site could. Clients that are no browsers say nothing. */
const isFromOurPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && [undefined, 'same-origin', 'none'].includes(headers['sec-fetch-site'] as string | undefined);
