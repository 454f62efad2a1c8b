import type { ConnectorDescriptor, ConnectorField } from '../connector.js';

const field = (name: string, label: string, tooltip: string, changes: Partial<ConnectorField> = {}): ConnectorField => ({
  name,
  label,
  type: 'input',
  tooltip,
  default: '',
  required: false,
  mask: false,
  values: [],
  multiple: false,
  ...changes,
});

const option = (name: string, label: string, ...fields: readonly ConnectorField[]): ConnectorField =>
  field(name, label, '', { type: 'labelOnly', values: fields });

/** How we prove who we are where clients are registered and managed. */
export const REGISTRATION_AUTHENTICATIONS = ['None', 'InitialAccessToken', 'ClientCredentials', 'Basic'] as const;

/** Any server that keeps to OpenID Connect Discovery, dynamic client registration and its management, and token introspection. */
export const OPENID_DESCRIPTOR: ConnectorDescriptor = {
  type: 'oidc',
  displayName: 'OpenID Connect',
  defaultConsumerKeyClaim: 'azp',
  defaultScopesClaim: 'scope',
  isOutOfBand: false,
  configurations: [
    field('registration_authentication', 'Client registration', 'How this server authenticates when it registers clients', {
      type: 'options',
      required: true,
      default: 'InitialAccessToken',
      values: [
        option('None', 'Open to everybody'),
        option(
          'InitialAccessToken',
          'Initial access token',
          field('initial_access_token', 'Initial access token', 'Token for client registration (RFC 7591)', { required: true, mask: true }),
        ),
        option(
          'ClientCredentials',
          'Client credentials',
          field('management_client_id', 'Client id', 'A client that may register and manage clients', { required: true }),
          field('management_client_secret', 'Client secret', 'Its secret', { required: true, mask: true }),
          field('management_scope', 'Scopes', 'Scopes of the management token, with spaces between them'),
        ),
        option(
          'Basic',
          'User name and password',
          field('management_username', 'User name', 'A user who may register and manage clients', { required: true }),
          field('management_password', 'Password', 'The user’s password', { required: true, mask: true }),
        ),
      ],
    }),
    field('client_id', 'Introspection client id', 'A client that may introspect tokens; the registration credentials unless given'),
    field('client_secret', 'Introspection client secret', 'Its secret', { mask: true }),
  ],
  endpointConfigurations: [],
  applicationConfigurations: [
    field('token_endpoint_auth_method', 'Token endpoint authentication', 'How the client authenticates at the token endpoint', {
      type: 'select',
      default: 'client_secret_basic',
      values: ['client_secret_basic', 'client_secret_post', 'none'],
    }),
    field('application_type', 'Application type', 'Where the client runs', { type: 'select', default: 'web', values: ['web', 'native'] }),
    field('response_types', 'Response types', 'What the authorization endpoint may answer; chosen by the grants unless given', {
      type: 'select',
      default: [],
      values: ['code', 'token', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
      multiple: true,
    }),
  ],
};
