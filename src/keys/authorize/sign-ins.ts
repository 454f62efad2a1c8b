import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { EngineRecords, type RecordPayload } from '../engine/engine-records.js';
import { cookieHeader, cookieNames, cookieOf } from '../sessions/cookies.js';
import type { LoginSession } from '../sessions/login-session.js';
import type { AuthorizationParameters } from './authorization-parameters.js';

/** An authorization request that waits for its user. */
interface Waiting {
  /** `sessionDataKey` or `sessionDataKeyConsent`. */
  readonly key: string;
  /** The tenant of the client. */
  readonly organization: string;
  readonly clientId: string;
  readonly parameters: AuthorizationParameters;
}

/** It waits for the password; later, for the browser to come back with its new session. */
export interface SignIn extends Waiting {
  readonly nonceHash: string;
  /** The session that the password opened. */
  readonly sessionUid: string | undefined;
}

/** It waits for the user to agree. */
export interface ConsentRequest extends Waiting {
  readonly sessionUid: string;
  readonly scopes: readonly string[];
}

const SIGN_IN = 'SignIn';
const CONSENT = 'Consent';
const NONCE_BYTES = 32;
/** How long a login or consent page may stay open. */
const LIFE_SECONDS = 20 * 60;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const NONCE_COOKIE = 'sessionNonceCookie-';
/** Sign-ins a browser may have open: their cookies travel with every request, and servers refuse long headers. */
const OPEN_MAX = 12;

const nonceCookieOf = (key: string): string => `${NONCE_COOKIE}${key}`;

const noNonceCookie = (name: string): string => cookieHeader(name, '', { isPrivate: true, maxAgeSeconds: 0 });

/** Takes the cookie of a sign-in from the browser. */
export const closingCookie = ({ key }: SignIn): string => noNonceCookie(nonceCookieOf(key));

/** Takes the cookies of all sign-ins from a browser that has too many. */
const closingCookies = (request: IncomingMessage): readonly string[] => {
  const names = cookieNames(request, NONCE_COOKIE);
  return names.length < OPEN_MAX ? [] : names.filter((name) => COOKIE_NAME.test(name)).map(noNonceCookie);
};

/** Ours: what a browser sends as a name is not written back as it is. */
const COOKIE_NAME = /^sessionNonceCookie-[0-9a-f-]{36}$/;

/** Authorization requests between their pages. The keys are single use, and a sign-in goes on in the browser that began it only. */
@Injectable()
export class SignIns {
  constructor(private readonly records: EngineRecords) {}

  /** Keeps the request until its user has logged in; the cookie ties it to this browser. */
  async begin(
    request: IncomingMessage,
    organization: string,
    clientId: string,
    parameters: AuthorizationParameters,
  ): Promise<{ readonly signIn: SignIn; readonly cookies: readonly string[] }> {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    const signIn = { key: randomUUID(), organization, clientId, parameters, nonceHash: hashOf(nonce), sessionUid: undefined };
    await this.write(SIGN_IN, signIn);
    const cookie = cookieHeader(nonceCookieOf(signIn.key), nonce, { isPrivate: true, maxAgeSeconds: LIFE_SECONDS });
    return { signIn, cookies: [...closingCookies(request), cookie] };
  }

  async find(key: string): Promise<SignIn | undefined> {
    return this.read<SignIn>(SIGN_IN, key);
  }

  /** The sign-in of this key, when this browser began it. */
  async ofBrowser(key: string, request: IncomingMessage): Promise<SignIn | undefined> {
    const signIn = await this.find(key);
    const nonce = cookieOf(request, nonceCookieOf(key));
    if (!signIn || nonce === undefined) return undefined;
    return timingSafeEqual(Buffer.from(hashOf(nonce)), Buffer.from(signIn.nonceHash)) ? signIn : undefined;
  }

  /** The user has logged in: the key leads on in this session only. */
  async loggedIn(signIn: SignIn, { uid }: LoginSession): Promise<SignIn> {
    const next = { ...signIn, sessionUid: uid };
    await this.write(SIGN_IN, next);
    return next;
  }

  /** Uses the key up; false when it was used meanwhile. */
  take({ organization, key }: SignIn): Promise<boolean> {
    return this.records.remove(organization, SIGN_IN, key);
  }

  /** Keeps the request until its user has agreed. */
  async askConsent(
    organization: string,
    clientId: string,
    parameters: AuthorizationParameters,
    session: LoginSession,
    scopes: readonly string[],
  ): Promise<ConsentRequest> {
    const consent = { key: randomUUID(), organization, clientId, parameters, sessionUid: session.uid, scopes };
    await this.write(CONSENT, consent);
    return consent;
  }

  async findConsent(key: string): Promise<ConsentRequest | undefined> {
    return this.read<ConsentRequest>(CONSENT, key);
  }

  /** Uses the key up; false when it was used meanwhile. */
  takeConsent({ organization, key }: ConsentRequest): Promise<boolean> {
    return this.records.remove(organization, CONSENT, key);
  }

  private write(kind: string, { key, organization, ...payload }: SignIn | ConsentRequest): Promise<void> {
    return this.records.put({ kind, id: key, organization, payload, lifeSeconds: LIFE_SECONDS });
  }

  private async read<T extends Waiting>(kind: string, key: string): Promise<T | undefined> {
    const record = await this.records.find(kind, key);
    return record && waiting<T>(key, record.organization, record.payload);
  }
}

/** Only this class writes these kinds, so the payload is what it wrote. */
const waiting = <T extends Waiting>(key: string, organization: string, payload: RecordPayload): T =>
  ({ ...payload, key, organization }) as T;
