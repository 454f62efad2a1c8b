import { shownName } from '../../domain/organization.js';
import type { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { callbackOf, callbacksIn } from '../clients/callback-list.js';
import { type ClientRegistration, type ClientSecret, type OAuthClient, ownerOf, type TokenLifetimes } from '../clients/oauth-client.js';
import { expirySeconds, type SecretForm, shownSecret } from '../clients/secret-mask.js';
import { lifetimesOf } from '../tokens/lifetimes.js';
import type { ApplicationBody, ClientFieldsDto, ClientSecretBody, RegistrationRequestDto, UpdateRequestDto } from './dcr.dto.js';
import type { ClientChange, WantedClient } from './dcr.service.js';

const LIFETIMES = {
  application: 'ext_application_token_lifetime',
  user: 'ext_user_token_lifetime',
  refresh: 'ext_refresh_token_lifetime',
  id: 'ext_id_token_lifetime',
} as const;

/** The key manager's name for its own kind of token. */
const JWT = 'JWT';

export const toApplicationBody = (
  client: OAuthClient,
  secret: ClientSecret | undefined,
  form: SecretForm,
  config: OauthConfig,
): ApplicationBody => {
  const lives = lifetimesOf(client, config);
  return {
    client_id: client.clientId,
    client_secret: secret ? shownSecret(secret.secret, form) : '',
    client_secret_expires_at: String(expirySeconds(secret?.expiresAt ?? null)),
    redirect_uris: callbacksIn(client.callbackUrl),
    client_name: client.name,
    grant_types: client.grantTypes,
    ext_application_owner: shownName(ownerOf(client)),
    ext_application_token_lifetime: lives.application,
    ext_user_token_lifetime: lives.user,
    ext_refresh_token_lifetime: lives.refresh,
    ext_id_token_lifetime: lives.id,
    pkceMandatory: client.pkceMandatory,
    pkceSupportPlain: client.pkceSupportPlain,
    bypassClientCredentials: client.bypassClientCredentials,
    token_type_extension: client.tokenType,
    application_scopes: client.scopes,
    ext_client_secret_description: secret?.description ?? '',
  };
};

export const toClientSecretBody = ({ id, description, secret, expiresAt }: ClientSecret, form: SecretForm): ClientSecretBody => ({
  id,
  description,
  client_secret: shownSecret(secret, form),
  client_secret_expires_at: expirySeconds(expiresAt),
});

export const fromRegistration = (dto: RegistrationRequestDto): WantedClient => ({
  owner: dto.ext_application_owner || undefined,
  registration: {
    name: dto.client_name,
    grantTypes: [],
    tokenType: JWT,
    ...fieldsOf(dto),
    ...(hasLifetimes(dto) && { lifetimes: lifetimesIn(dto) }),
  },
  clientId: dto.ext_param_client_id || dto.client_id || undefined,
  clientSecret: dto.ext_param_client_secret || dto.client_secret || undefined,
  description: dto.ext_client_secret_description ?? '',
  expiresIn: dto.ext_client_secret_expires_in ?? 0,
});

export const fromUpdate = (dto: UpdateRequestDto): ClientChange => ({
  owner: dto.ext_application_owner || undefined,
  clientId: dto.client_id || undefined,
  clientSecret: dto.client_secret || undefined,
  patch: { ...(dto.client_name !== undefined && { name: dto.client_name }), ...fieldsOf(dto) },
  lifetimes: lifetimesNamed(dto),
});

/** A property that is null says no more than one left out. */
const fieldsOf = (dto: ClientFieldsDto): Partial<Omit<ClientRegistration, 'owner' | 'lifetimes'>> => ({
  ...(dto.redirect_uris && { callbackUrl: callbackOf(dto.redirect_uris.filter((uri) => uri.trim() !== '')) }),
  ...(dto.grant_types && { grantTypes: [...new Set(dto.grant_types)] }),
  ...(dto.application_display_name && { displayName: dto.application_display_name }),
  ...(dto.token_type_extension && { tokenType: dto.token_type_extension }),
  ...(typeof dto.pkceMandatory === 'boolean' && { pkceMandatory: dto.pkceMandatory }),
  ...(typeof dto.pkceSupportPlain === 'boolean' && { pkceSupportPlain: dto.pkceSupportPlain }),
  ...(typeof dto.bypassClientCredentials === 'boolean' && { bypassClientCredentials: dto.bypassClientCredentials }),
  ...(dto.audiences && { audiences: [...new Set(dto.audiences)] }),
  ...(dto.application_scopes && { scopes: [...new Set(dto.application_scopes)] }),
});

const secondsOf = (seconds: number | null | undefined): number | null => seconds || null;

const hasLifetimes = (dto: ClientFieldsDto): boolean => Object.values(LIFETIMES).some((name) => typeof dto[name] === 'number');

const lifetimesIn = (dto: ClientFieldsDto): TokenLifetimes => ({
  application: secondsOf(dto[LIFETIMES.application]),
  user: secondsOf(dto[LIFETIMES.user]),
  refresh: secondsOf(dto[LIFETIMES.refresh]),
  id: secondsOf(dto[LIFETIMES.id]),
});

/** Only those that the request names. */
const lifetimesNamed = (dto: ClientFieldsDto): Partial<TokenLifetimes> => {
  const named = Object.entries(LIFETIMES).filter(([, name]) => typeof dto[name] === 'number');
  return Object.fromEntries(named.map(([kind, name]) => [kind, secondsOf(dto[name])]));
};
