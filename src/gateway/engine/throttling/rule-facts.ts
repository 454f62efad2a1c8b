import { isIP } from 'node:net';
import { isOwnProperty, type OwnProperty, type StreamField, type TemplateVariable } from '../../../domain/custom-rules.js';
import type { ApplicationDocument } from '../../../domain/gateway-documents.js';
import { UNLIMITED } from '../../../domain/throttling.js';
import type { FlatClaims } from '../credentials/caller-claims.js';
import type { DirectCaller } from '../credentials/direct-caller.js';
import type { Exchange } from '../exchange.js';
import type { ClientAddress } from '../front/client-address.js';
import type { Operation } from '../link.js';
import { JsonValue } from '../sequences/message.js';
import type { Snapshot } from '../snapshot.js';
import type { ConditionSettings } from './conditional-groups.js';
import { SUBSCRIPTIONLESS_PLAN, UNAUTHENTICATED_PLAN } from './grants.js';
import type { RuleFacts, RuleValue } from './rule-expressions.js';

/** What facts are made with. */
export interface FactDeps {
  readonly snapshot: Pick<Snapshot, 'application' | 'subscription'>;
  readonly addressOf: ClientAddress;
  /** What of a request is an entry of `propertiesMap`, as `[apim.throttling]` says. */
  readonly conditions: ConditionSettings;
}

/** The user of calls without a credential. */
const ANONYMOUS = 'anonymous';
/** Where policies leave properties for rules: an object, in the default scope. */
const CUSTOM_PROPERTIES = 'custom_property';

/** What custom rules may know of one request (`reference/throttling.md` §8). Values are worked out when they are first asked for. */
export class RequestFacts implements RuleFacts {
  private known: string | null = null;

  constructor(
    private readonly exchange: Exchange,
    private readonly operation: Operation,
    /** Null where nobody may ask for them. */
    private readonly claims: FlatClaims | null,
    private readonly deps: FactDeps,
  ) {}

  field(name: StreamField): string | null {
    return FIELDS[name](this);
  }

  property(name: string): RuleValue {
    if (isOwnProperty(name)) return OWN[name](this);
    // Whom the gateway believes more comes first: policies, then who issued the token, then the client.
    return this.customProperty(name) ?? this.claims?.get(name) ?? this.header(name) ?? this.queryParameter(name);
  }

  /** What a variable of a key template stands for; null where there is nothing. */
  variable(name: TemplateVariable): string | null {
    return name === 'clientIp' ? String(numberOfAddress(this.address)) : this.field(name);
  }

  /** What a policy has left under this name. */
  customProperty(name: string): string | number | boolean | null {
    const held = this.exchange.message?.get('default', CUSTOM_PROPERTIES);
    if (!(held instanceof JsonValue) || typeof held.json !== 'object' || held.json === null || !Object.hasOwn(held.json, name)) return null;
    const value: unknown = Reflect.get(held.json, name);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  }

  get document() {
    return this.operation.api.document;
  }

  get organization(): string {
    return this.operation.api.organization;
  }

  get application(): ApplicationDocument | undefined {
    const id = this.exchange.grant?.applicationId ?? null;
    return id === null ? undefined : this.deps.snapshot.application(id);
  }

  /** A client's certificate may come beside a token, which then says who calls. */
  get direct(): DirectCaller | null {
    const { token, apiKey, user, client } = this.exchange;
    return user ?? (token === null && apiKey === null ? client : null);
  }

  get address(): string {
    this.known ??= this.deps.addressOf(this.exchange);
    return this.known;
  }

  /** Who calls, with the API's tenant unless the name has one already. */
  get user(): string {
    const { token, apiKey, user, client } = this.exchange;
    const name = token?.subject ?? apiKey?.facts.owner ?? user?.name ?? client?.name ?? ANONYMOUS;
    const tenant = `@${user?.organization ?? this.organization}`;
    return name.endsWith(tenant) ? name : name + tenant;
  }

  /** What stands for the application where there is none (`reference/throttling.md` §1). */
  get appId(): string {
    const { application } = this;
    if (application !== undefined) return String(application.id);
    return this.direct?.counted ?? this.exchange.token?.consumerKey ?? this.exchange.apiKey?.facts.keyId ?? this.address;
  }

  get plan(): string | null {
    const { application } = this;
    if (this.direct !== null) return this.direct.plan;
    if (this.document.subscriptionless) return SUBSCRIPTIONLESS_PLAN;
    if (application === undefined) return UNAUTHENTICATED_PLAN;
    return this.deps.snapshot.subscription(this.document.apiId, application.uuid)?.policy ?? null;
  }

  get resource(): Operation {
    return this.operation;
  }

  get request(): Exchange {
    return this.exchange;
  }

  private header(name: string): string | null {
    if (!this.deps.conditions.headers) return null;
    const { headers } = this.exchange.request;
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  }

  private queryParameter(name: string): string | null {
    if (!this.deps.conditions.queryParameters) return null;
    const { url = '' } = this.exchange.request;
    const at = url.indexOf('?');
    return at < 0 ? null : new URLSearchParams(url.slice(at + 1)).get(name);
  }
}

/** Contexts are the product's: with the version in them. */
const FIELDS: Readonly<Record<StreamField, (facts: RequestFacts) => string | null>> = {
  messageID: ({ request }) => request.correlationId,
  appKey: (facts) => `${facts.appId}:${facts.user}`,
  appTier: ({ application }) => application?.policy ?? UNLIMITED,
  subscriptionKey: ({ appId, document, plan }) => `${appId}:${document.path}:${document.version}:${plan ?? ''}`,
  apiKey: ({ document }) => `${document.path}:${document.version}`,
  apiTier: ({ document }) => document.apiThrottlingPolicy,
  subscriptionTier: ({ plan }) => plan,
  resourceKey: ({ document, resource }) => `${document.path}/${document.version}${resource.target}:${resource.method}`,
  resourceTier: ({ resource }) => resource.throttlingPolicy ?? UNLIMITED,
  userId: ({ user }) => user,
  apiContext: ({ document }) => document.path,
  apiVersion: ({ document }) => document.version,
  appTenant: ({ application, organization }) => application?.organization ?? organization,
  apiTenant: ({ organization }) => organization,
  appId: ({ appId }) => appId,
  apiName: ({ document }) => document.name,
};

const OWN: Readonly<Record<OwnProperty, (facts: RequestFacts) => RuleValue>> = {
  ip: ({ address }) => (isIP(address) === 4 ? Number(numberOfAddress(address)) : null),
  ipv6: ({ address }) => (isIP(address) === 6 ? numberOfAddress(address) : null),
  // Of a body of unknown length nobody knows yet.
  messageSize: ({ request: { bodyBytes } }) => (bodyBytes < 0 ? null : bodyBytes),
  applicationName: ({ application, direct }) => application?.name ?? direct?.applicationName ?? null,
  subscriptionType: ({ request: { keyType } }) => keyType,
};

const BITS_OF_GROUP = 16n;
const GROUPS = 8;

/** An address as a number: of 32 bits, or of 128. What is no address is 0. */
export const numberOfAddress = (address: string): bigint => {
  switch (isIP(address)) {
    case 4:
      return BigInt(address.split('.').reduce((number, part) => number * 256 + Number(part), 0));
    case 6: {
      // A URL writes every address in the same way: groups of hexadecimal digits, the longest run of zeros left out.
      const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`);
      const [head = '', tail] = hostname.slice(1, -1).split('::');
      const first = head === '' ? [] : head.split(':');
      const last = tail === undefined || tail === '' ? [] : tail.split(':');
      const zeros = Array.from({ length: GROUPS - first.length - last.length }, () => '0');
      return [...first, ...zeros, ...last].reduce((number, group) => (number << BITS_OF_GROUP) | BigInt(`0x${group}`), 0n);
    }
    default:
      return 0n;
  }
};
