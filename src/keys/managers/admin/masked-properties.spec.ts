import type { ConnectorDescriptor, ConnectorField } from '../../connectors/connector.js';
import { missingFields, type Properties, splitProperties } from './masked-properties.js';

const field = (name: string, changes: Partial<ConnectorField> = {}): ConnectorField => ({
  name,
  label: name,
  type: 'input',
  tooltip: '',
  default: '',
  required: false,
  mask: false,
  values: [],
  multiple: false,
  ...changes,
});

const FORM: readonly ConnectorField[] = [
  field('url', { required: true }),
  field('kind', {
    type: 'options',
    required: true,
    values: [
      field('Basic', { values: [field('user', { required: true }), field('password', { required: true, mask: true })] }),
      field('Nothing'),
    ],
  }),
  field('level', { type: 'select', values: ['low', 'high'] }),
  field('key', { mask: true }),
];
const descriptor: ConnectorDescriptor = {
  type: 'x',
  displayName: 'X',
  defaultConsumerKeyClaim: 'azp',
  defaultScopesClaim: 'scope',
  isOutOfBand: false,
  configurations: FORM,
  endpointConfigurations: [],
  applicationConfigurations: [],
};

it.each<readonly [Properties, readonly string[]]>([
  [{}, ['url', 'kind']],
  [{ url: '', kind: null }, ['url', 'kind']],
  [{ url: 'x', kind: 'Nothing' }, []],
  [{ url: 'x', kind: 'Basic' }, ['user', 'password']],
  [{ url: 'x', kind: 'Basic', user: 'a', password: '*****' }, []],
  [{ url: 'x', kind: 'unknown' }, ['kind']],
  [{ url: false, kind: 'Nothing' }, []],
])('%j lacks %j', (properties, expected) => expect(missingFields(FORM, properties)).toEqual(expected));

it('keeps secrets apart, those behind an option too, and drops empty ones', () => {
  const properties = { url: 'x', kind: 'Basic', user: 'a', password: 'p', key: '', further: { deep: true } };

  expect(splitProperties(descriptor, properties)).toEqual({
    shown: { url: 'x', kind: 'Basic', user: 'a', further: { deep: true } },
    secret: { password: 'p' },
  });
});
