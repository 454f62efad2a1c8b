import type { TenantConfig } from './tenant-config.js';

type Section = Readonly<Record<string, unknown>>;

/** A token by which a tenant uses an outside service. */
interface ServiceToken {
  /** The key of the document that describes the service. */
  readonly service: string;
  readonly token: string;
  /** The field that says where the token is sent to; none where nothing is sent. */
  readonly address?: string;
}

const TOKENS: readonly ServiceToken[] = [
  { service: 'SecurityAuditConfig', token: 'apiToken', address: 'baseUrl' },
  { service: 'MonetizationInfo', token: 'BillingEnginePlatformKey' },
];

/** The document as administrators read it: no token of an outside service is shown. */
export const withoutTokens = (config: TenantConfig): TenantConfig => withTokens(config, () => '');

/** The document as it is stored. An empty token means the one that the same service had before. */
export const withSealedTokens = (config: TenantConfig, before: TenantConfig, seal: (token: string) => string): TenantConfig =>
  withTokens(config, (token, section, one) => {
    if (token !== '') return seal(token);
    const kept = keptToken(section, one, before);
    return kept === '' || isSealed(kept) ? kept : seal(kept);
  });

/** The first service whose address changed without its token being said again, so that nobody learns it by having it sent elsewhere. */
export const movedService = (config: TenantConfig, before: TenantConfig): string | undefined =>
  TOKENS.find((one) => {
    const section = sectionOf(config, one);
    const hadToken = textIn(sectionOf(before, one), one.token) !== '';
    return section?.[one.token] === '' && hadToken && keptToken(section, one, before) === '';
  })?.service;

/** A stored token in clear. Documents of older releases hold it as it is. */
export const openedToken = (stored: string, decrypt: (sealed: string) => string): string => (isSealed(stored) ? decrypt(stored) : stored);

/** As {@link Secrets} writes them. */
const isSealed = (token: string): boolean => /^v[12]:(?:[0-9a-f]{8}:)?[\w-]{38,}$/.test(token);

const withTokens = (config: TenantConfig, change: (token: string, section: Section, one: ServiceToken) => string): TenantConfig => {
  const changed = TOKENS.flatMap((one): (readonly [string, Section])[] => {
    const section = sectionOf(config, one);
    const token = section?.[one.token];
    return section !== undefined && typeof token === 'string'
      ? [[one.service, { ...section, [one.token]: change(token, section, one) }]]
      : [];
  });
  return { ...config, ...Object.fromEntries(changed) };
};

const keptToken = (section: Section, one: ServiceToken, before: TenantConfig): string => {
  const known = sectionOf(before, one);
  const isSame = one.address === undefined || known?.[one.address] === section[one.address];
  return isSame ? textIn(known, one.token) : '';
};

const sectionOf = (config: TenantConfig, { service }: ServiceToken): Section | undefined => {
  const section = config[service];
  return typeof section === 'object' && section !== null ? (section as Section) : undefined; // any object is one of names and values
};

const textIn = (section: Section | undefined, name: string): string => {
  const value = section?.[name];
  return typeof value === 'string' ? value : '';
};
