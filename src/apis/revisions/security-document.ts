import type { EndpointConfig } from '../../domain/api.js';
import type { EndpointSecurityDocument, OAuthSecurityDocument } from '../../domain/gateway-documents.js';
import { type JsonObject, objectAt } from '../definitions/json-document.js';
import type { EndpointKind } from '../endpoint-address.js';
import { isSecured, parametersOf } from '../endpoint-secrets.js';

const textAt = (entry: JsonObject, name: string): string => {
  const value = entry[name];
  return typeof value === 'string' ? value : '';
};

/** The credentials of the kind's endpoints, the secrets sealed as they are stored; undefined when there are none or they are switched off. */
export const securityOf = (config: EndpointConfig, kind: EndpointKind): EndpointSecurityDocument | undefined => {
  const entry = objectAt(objectAt(config, 'endpoint_security'), kind);
  if (String(entry['enabled']) === 'false') return undefined;
  const secretAt = (name: string): Record<string, string> => ({ [name]: textAt(entry, name) });
  switch (textAt(entry, 'type').toLowerCase()) {
    case 'basic':
      return { type: 'basic', username: textAt(entry, 'username'), secrets: secretAt('password') };
    case 'digest':
      return { type: 'digest', username: textAt(entry, 'username'), secrets: secretAt('password') };
    case 'apikey': {
      const place = textAt(entry, 'apiKeyIdentifierType').toUpperCase() === 'QUERY_PARAMETER' ? 'query' : 'header';
      return { type: 'apikey', name: textAt(entry, 'apiKeyIdentifier'), place, secrets: secretAt('apiKeyValue') };
    }
    case 'oauth':
      return oauthOf(entry, { ...secretAt('clientSecret'), ...secretAt('password') });
    case 'aws':
      return {
        type: 'aws',
        region: textAt(entry, 'region').trim(),
        service: textAt(entry, 'service').trim(),
        accessKey: textAt(entry, 'accessKey'),
        secrets: secretAt('secretKey'),
      };
    default:
      return undefined;
  }
};

const oauthOf = (entry: JsonObject, credentials: Record<string, string>): OAuthSecurityDocument & { secrets: Record<string, string> } => {
  const parameters: Record<string, string> = {};
  const secrets = credentials;
  for (const [name, parameter] of Object.entries(parametersOf(entry['customParameters']) ?? {})) {
    if (isSecured(parameter)) secrets[`parameter:${name}`] = textAt(parameter, 'value');
    else
      parameters[name] = String(
        typeof parameter === 'object' && parameter !== null ? objectAt({ parameter }, 'parameter')['value'] : parameter,
      );
  }
  const hasTimes = isEndpointSpecific(entry['connectionTimeoutConfigType']);
  const proxy = proxyOf(entry, secrets);
  return {
    type: 'oauth',
    grant: textAt(entry, 'grantType').toUpperCase() === 'PASSWORD' ? 'password' : 'client_credentials',
    tokenUrl: textAt(entry, 'tokenUrl').trim(),
    clientId: textAt(entry, 'clientId'),
    username: textAt(entry, 'username'),
    parameters,
    connectMs: hasTimes ? durationOf(entry['connectionTimeoutDuration']) : null,
    answerMs: hasTimes ? durationOf(entry['socketTimeoutDuration']) : null,
    ...(proxy && { proxy }),
    secrets,
  };
};

/** `GLOBAL` and `NONE` leave it to the gateway; nothing at all counts what the endpoint says. */
const isEndpointSpecific = (type: unknown): boolean => !['GLOBAL', 'NONE'].includes(String(type).toUpperCase());

/** The proxy on the way to the token endpoint; its password is added to the secrets. */
const proxyOf = (entry: JsonObject, secrets: Record<string, string>): OAuthSecurityDocument['proxy'] => {
  const proxy = objectAt(entry, 'proxyConfigs');
  const isUsed = String(proxy['proxyEnabled']) === 'true' && isEndpointSpecific(entry['proxyConfigType']);
  const host = textAt(proxy, 'proxyHost').trim();
  if (!isUsed || host === '') return undefined;
  const protocol = textAt(proxy, 'proxyProtocol').toLowerCase() === 'https' ? 'https' : 'http';
  secrets['proxyPassword'] = textAt(proxy, 'proxyPassword');
  return { url: `${protocol}://${host}:${String(proxy['proxyPort'])}`, username: textAt(proxy, 'proxyUsername') };
};

const durationOf = (value: unknown): number | null => {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : null;
};
