import type { EndpointSecurityDocument } from '../../../domain/gateway-documents.js';
import type { Exchange } from '../exchange.js';
import { setHeader } from '../front/headers.js';
import type { LinkedEndpoint, Warn } from '../link.js';
import type { Refusal } from '../refusal.js';
import { AwsSecurity } from './endpoint-aws.js';
import { DigestSecurity } from './endpoint-digest.js';
import { OAuthSecurity } from './endpoint-oauth.js';

/** What a request needs so that a backend takes it (`reference/gateway.md` §9). */
export interface EndpointSecurity {
  /** Whether a request may be sent a second time. */
  readonly mayRetry: boolean;
  /** Whether the credentials depend on the body, which then has to be there as a whole. */
  readonly readsBody: boolean;
  /** Puts the credentials on the request. A promise only where they must be fetched. */
  apply(exchange: Exchange, endpoint: LinkedEndpoint): undefined | Promise<Refusal | undefined>;
  /**
   * After a 401, whose raw headers are given: puts other credentials on the request, so that it is sent again, or comes to a refusal. Null when the
   * backend's answer stands.
   */
  retry(exchange: Exchange, endpoint: LinkedEndpoint, raw: readonly (Buffer | string)[]): Promise<Refusal | undefined> | null;
}

export interface SecuritySettings {
  readonly warn: Warn;
  /** Whether a backend's 401 is answered with one more try, with a new token. */
  readonly retriesWithNewToken: boolean;
  /** Where AWS gives out the credentials of a role; empty: where it does so for everybody. */
  readonly awsStsUrl: string;
}

/** @throws Error when the credentials could not be opened. */
export const linkSecurity = (document: EndpointSecurityDocument, settings: SecuritySettings): EndpointSecurity => {
  const { secrets } = document;
  if (secrets === null)
    throw new Error('the credentials of the endpoint cannot be opened: they are encrypted with a key that is not at hand');
  switch (document.type) {
    case 'basic':
      return basic(document.username, secrets['password'] ?? '');
    case 'digest':
      return new DigestSecurity(document.username, secrets['password'] ?? '');
    case 'apikey':
      return document.place === 'header' ? keyHeader(document.name, secrets['apiKeyValue'] ?? '') : keyParameter(document.name);
    case 'oauth':
      return new OAuthSecurity(document, secrets, settings);
    case 'aws':
      return new AwsSecurity(document, secrets, settings);
  }
};

/** The query that an API key adds to its endpoint's; empty without one. */
export const searchOf = (document: EndpointSecurityDocument | undefined): string =>
  document?.type === 'apikey' && document.place === 'query'
    ? `${encodeURIComponent(document.name)}=${encodeURIComponent(document.secrets?.['apiKeyValue'] ?? '')}`
    : '';

const header = (name: string, value: string): EndpointSecurity => {
  const lower = name.toLowerCase();
  return {
    mayRetry: false,
    readsBody: false,
    apply: ({ outbound }) => {
      setHeader(outbound, name, lower, value);
      return undefined;
    },
    retry: () => null,
  };
};

const basic = (username: string, password: string): EndpointSecurity =>
  header('Authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);

const keyHeader = (name: string, value: string): EndpointSecurity => header(name, value);

/** The key itself is part of the endpoint's query; a client's parameter of the same name must not stand beside it. */
const keyParameter = (name: string): EndpointSecurity => ({
  mayRetry: false,
  readsBody: false,
  apply: (exchange) => {
    exchange.rest = withoutParameter(exchange.rest, name);
    return undefined;
  },
  retry: () => null,
});

const withoutParameter = (rest: string, name: string): string => {
  const query = rest.indexOf('?');
  if (query < 0) return rest;
  const kept = rest
    .slice(query + 1)
    .split('&')
    .filter((pair) => !new URLSearchParams(pair).has(name));
  return kept.length === 0 ? rest.slice(0, query) : `${rest.slice(0, query)}?${kept.join('&')}`;
};
