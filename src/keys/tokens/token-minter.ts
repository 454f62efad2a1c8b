import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApimOauthConfig, OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { Revocations } from '../revocations/revocations.service.js';
import { signJwt } from '../signing/jwt.js';
import { SigningKeys } from '../signing/signing-keys.js';
import { epochSeconds, NEVER_SECONDS } from './lifetimes.js';
import { OpaqueTokens } from './opaque-tokens.js';
import { type StoredToken, StoredTokens } from './stored-tokens.js';
import { accessTokenClaims, refreshTokenClaims, type TokenUser } from './token-claims.js';
import { newFamily, newMember, pairedJti } from './token-family.js';

export interface WantedTokens {
  readonly holder: TokenUser;
  readonly subject: string;
  /** The id of whom the token acts for; differs from the subject for users of outside identity providers. */
  readonly entityId: string;
  /** Further claims, which only a signed token carries. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  readonly scope: string;
  /** Life of the access token. */
  readonly accessSeconds: number;
  /** Life of the refresh token; undefined for none. */
  readonly refreshSeconds: number | undefined;
  /** The family that a refresh goes on with. */
  readonly family?: string | undefined;
  /** Whether a live token may be handed out once more, where that is done at all. */
  readonly mayRepeat: boolean;
}

export interface MintedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresIn: number;
}

type Text = StoredToken & { readonly text: string };

/** Whether the client's tokens mean nothing to anybody but us (`reference/key-manager.md` §4). */
export const isOpaqueFor = (client: Pick<OAuthClient, 'tokenType'>, config: ApimOauthConfig): boolean =>
  client.tokenType === 'OAUTH' || config.setJwtAsOpaqueToken;

/** Makes access tokens and their refresh tokens: signed ones, or opaque ones with a row each. */
@Injectable()
export class TokenMinter {
  constructor(
    private readonly keys: SigningKeys,
    private readonly urls: KeyManagerUrls,
    private readonly opaque: OpaqueTokens,
    private readonly stored: StoredTokens,
    private readonly revocations: Revocations,
    private readonly transactions: Transactions,
    private readonly config: OauthConfig,
    private readonly apimConfig: ApimOauthConfig,
  ) {}

  async mint(client: OAuthClient, wanted: WantedTokens): Promise<MintedTokens> {
    const isKept = this.config.tokenPersistence.enable;
    if (!isOpaqueFor(client, this.apimConfig)) {
      const texts = await this.signed(client, wanted);
      if (isKept) await this.stored.save(texts);
      return answerOf(texts, wanted.accessSeconds);
    }
    if (!(isKept && wanted.mayRepeat)) {
      const texts = this.unsigned(client, wanted, isKept);
      await this.stored.save(texts);
      return answerOf(texts, wanted.accessSeconds);
    }
    return (await this.again(client, wanted)) ?? this.firstOrAgain(client, wanted);
  }

  /** One of several requests at once makes the tokens, the others find them. */
  private firstOrAgain(client: OAuthClient, wanted: WantedTokens): Promise<MintedTokens> {
    return this.transactions.run(async ({ em }) => {
      const holder = [client.clientId, wanted.entityId, sorted(wanted.scope)].join('\n');
      await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`oauth-tokens ${holder}`]);
      const known = await this.again(client, wanted, em);
      if (known) return known;
      const texts = this.unsigned(client, wanted, true);
      await this.stored.save(texts, em);
      return answerOf(texts, wanted.accessSeconds);
    });
  }

  /** The live tokens that were handed out before; undefined when there are none, or the refresh token that belongs to them is used up. */
  private async again(client: OAuthClient, wanted: WantedTokens, em?: EntityManager): Promise<MintedTokens | undefined> {
    const known = await this.stored.reusable(client.clientId, wanted.entityId, scopeSet(wanted.scope), em);
    for (const access of known) {
      if (access.kind !== 'access' || !(await this.isUsable(access))) continue;
      const refresh = known.find(({ kind, jti }) => kind === 'refresh' && pairedJti(jti) === access.jti);
      if (wanted.refreshSeconds !== undefined && !(refresh && (await this.isUsable(refresh)))) continue;
      const left = access.expiresAt === undefined ? NEVER_SECONDS : access.expiresAt - epochSeconds();
      const texts = [access, ...(wanted.refreshSeconds === undefined || !refresh ? [] : [refresh])];
      return answerOf(
        texts.map((token) => ({ ...token, text: this.opaque.again(token.seed ?? '') })),
        left,
      );
    }
    return undefined;
  }

  private async isUsable({ organization, jti, issuedAt, clientId, entityId, seed }: StoredToken): Promise<boolean> {
    if (await this.revocations.isRevoked(organization, { jti, iat: issuedAt, azp: clientId, entity_id: entityId })) return false;
    // After a change of the installation's key the seed gives another text, which nobody would know.
    return seed !== null && (await this.stored.find(this.opaque.again(seed)))?.jti === jti;
  }

  private unsigned(client: OAuthClient, wanted: WantedTokens, isKept: boolean): readonly Text[] {
    return factsOf(client, wanted).map((facts) => {
      const { text, seed } = this.opaque.create();
      return { ...facts, text, seed: isKept && wanted.mayRepeat ? seed : null };
    });
  }

  private async signed(client: OAuthClient, wanted: WantedTokens): Promise<readonly Text[]> {
    const { organization } = client;
    const facts = factsOf(client, wanted);
    const lastEnd = facts.reduce<number | undefined>((end, { expiresAt }) => later(end, expiresAt), 0);
    const key = await this.keys.signerOf(organization, lastEnd);
    const issuer = this.urls.issuer(organization);
    return facts.map((token) => {
      const { kind, holder } = token;
      const claims =
        kind === 'access'
          ? accessTokenClaims({ ...token, issuer, kind: holder, claims: wanted.claims })
          : refreshTokenClaims({ ...token, issuer });
      const text = signJwt({ typ: kind === 'access' ? 'at+jwt' : 'rt+jwt', kid: key.kid, ...key.thumbprint }, claims, key.privateKey);
      return { ...token, text };
    });
  }
}

const factsOf = (client: OAuthClient, wanted: WantedTokens): readonly StoredToken[] => {
  const issuedAt = epochSeconds();
  const member = newMember(wanted.family ?? newFamily());
  const shared = {
    ...{
      organization: client.organization,
      clientId: client.clientId,
      holder: wanted.holder,
      subject: wanted.subject,
      entityId: wanted.entityId,
    },
    ...{ scope: wanted.scope, issuedAt, seed: null },
  };
  const endOf = (seconds: number) => (seconds >= NEVER_SECONDS ? undefined : issuedAt + seconds);
  const audiences = client.audiences ?? [];
  if (wanted.refreshSeconds === undefined)
    return [{ ...shared, kind: 'access', audiences, jti: member, expiresAt: endOf(wanted.accessSeconds) }];
  return [
    { ...shared, kind: 'access', audiences, jti: pairedJti(member), expiresAt: endOf(wanted.accessSeconds) },
    { ...shared, kind: 'refresh', audiences: [], jti: member, expiresAt: endOf(wanted.refreshSeconds) },
  ];
};

const answerOf = (texts: readonly Text[], expiresIn: number): MintedTokens => ({
  accessToken: texts[0]?.text ?? '',
  refreshToken: texts[1]?.text,
  expiresIn,
});

const later = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : Math.max(a, b);

const scopeSet = (scope: string): readonly string[] => [...new Set(scope.split(' '))];
const sorted = (scope: string): string => [...scopeSet(scope)].sort().join(' ');
