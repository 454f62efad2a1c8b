import { XMLParser } from 'fast-xml-parser';
import type { Actor } from './actor.js';
import { type Credential, management } from './client.js';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const NAMESPACES = {
  RemoteUserStoreManagerService: 'http://service.ws.um.carbon.wso2.org',
  UserAdmin: 'http://org.apache.axis2/xsd',
  OAuthAdminService: 'http://org.apache.axis2/xsd',
  TenantMgtAdminService: 'http://services.mgt.tenant.carbon.wso2.org',
} as const;

export type ServiceName = keyof typeof NAMESPACES;
/** Null is sent as `xsi:nil`, a list as elements of one name, an object with its parts in another namespace. */
export type Part = string | number | boolean | null | Parts | readonly Part[];
export interface Parts {
  readonly [name: string]: Part;
}

export interface SoapAnswer {
  readonly status: number;
  /** The body as it came; empty where there is none. */
  readonly text: string;
  /** Each `return`, its texts unprefixed by name; a nil one is null. */
  readonly returned: readonly unknown[];
  readonly fault: { readonly faultcode: string; readonly faultstring: string; readonly detail?: object } | undefined;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const element = (name: string, part: Part): string => {
  if (Array.isArray(part)) return part.map((one: Part) => element(name, one)).join('');
  if (part === null) return `<ser:${name} xsi:nil="true"/>`;
  if (typeof part !== 'object') return `<ser:${name}>${escaped(String(part))}</ser:${name}>`;
  return `<ser:${name}>${Object.entries(part)
    .map(([key, value]) => element(key, value as Part))
    .join('')
    .replaceAll('ser:', 'xsd:')}</ser:${name}>`;
};

export const envelopeOf = (service: ServiceName, operation: string, parts: Parts = {}): string =>
  `<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv="${SOAP}" xmlns:ser="${NAMESPACES[service]}"
    xmlns:xsd="http://other.example.com/xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header/><soapenv:Body>
    <ser:${operation}>${Object.entries(parts)
      .map(([name, part]) => element(name, part))
      .join('')}</ser:${operation}></soapenv:Body></soapenv:Envelope>`;

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
});

/** Without what the parser keeps of attributes; nil is null. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('@nil' in value) return null;
  const parts = Object.entries(value).filter(([name]) => !name.startsWith('@'));
  return Object.fromEntries(parts.map(([name, part]) => [name, plain(part)]));
};

/** What an answer says, by its text alone. */
export const readAnswer = (status: number, text: string): SoapAnswer => {
  const body: Record<string, unknown> = text === '' ? {} : parser.parse(text).Envelope.Body;
  const [[name, content] = ['', {}]] = Object.entries(body).filter(([key]) => !key.startsWith('@'));
  const { return: value } = plain(content) as { return?: unknown };
  return {
    ...{ status, text },
    returned: value === undefined ? [] : [value].flat(),
    fault: name === 'Fault' ? (plain(content) as SoapAnswer['fault']) : undefined,
  };
};

export interface SendOptions {
  readonly as?: Credential;
  readonly path?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a message as it is. */
export const sendSoap = async (
  service: string,
  message: string | Uint8Array,
  { as, path, type, headers }: SendOptions = {},
): Promise<SoapAnswer> => {
  const answer = await management.request<string | undefined>(`POST ${path ?? '/services/'}${service}`, {
    raw: message,
    headers: { 'content-type': type ?? 'text/xml; charset=UTF-8', soapaction: '"urn:any"', ...headers },
    ...(as && { as }),
  });
  return readAnswer(answer.status, answer.body ?? '');
};

/** Calls operations of a service as somebody: `await users(admin)('isExistingUser', { userName })`. */
export const serviceOf =
  (service: ServiceName) =>
  (by: Pick<Actor, 'basic'>, path?: string) =>
  (operation: string, parts: Parts = {}): Promise<SoapAnswer> =>
    sendSoap(service, envelopeOf(service, operation, parts), { as: by.basic, ...(path !== undefined && { path }) });

export const remoteUserStore = serviceOf('RemoteUserStoreManagerService');
export const userAdmin = serviceOf('UserAdmin');
export const oauthAdmin = serviceOf('OAuthAdminService');
export const tenantAdmin = serviceOf('TenantMgtAdminService');

/** Done, with nothing said. */
export const ACCEPTED = { status: 202, text: '' };
