import type { ConnectorDescriptor, ConnectorField } from '../../keys/connectors/connector.js';
import { PropertiesInvalid, RequiredPropertiesMissing } from './application-keys.problems.js';
import { checkOutsideProperties, shownProperties } from './outside-properties.js';

const field = (name: string, changes: Partial<ConnectorField> = {}): ConnectorField => ({
  ...{ name, label: name, type: 'input', tooltip: '', default: '', required: true, mask: false, values: [], multiple: false },
  ...changes,
});

const descriptor: ConnectorDescriptor = {
  ...{ type: 'any', displayName: 'Any', defaultConsumerKeyClaim: 'azp', defaultScopesClaim: 'scope', isOutOfBand: false },
  ...{ configurations: [], endpointConfigurations: [] },
  applicationConfigurations: [field('audience'), field('subject', { default: 'public' }), field('logo', { required: false })],
};

it('asks for what a form requires and has no default for', () => {
  expect(() => checkOutsideProperties({ audience: 'a' }, descriptor)).not.toThrow();
  expect(() => checkOutsideProperties({ audience: '' }, descriptor)).toThrow(RequiredPropertiesMissing('audience'));
  expect(() => checkOutsideProperties({}, descriptor)).toThrow(RequiredPropertiesMissing('audience'));
});

it('refuses more than anybody means', () =>
  expect(() => checkOutsideProperties({ audience: 'a'.repeat(20_000) }, descriptor)).toThrow(PropertiesInvalid()));

it('shows no secrets', () =>
  expect(
    shownProperties({ client_id: 'a', client_secret: 'b', registration_access_token: 'c', ClientSecret: 'd', Password: 'e', jwks: null }),
  ).toEqual({ client_id: 'a', jwks: null }));
