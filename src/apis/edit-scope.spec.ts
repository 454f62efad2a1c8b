import type { APIDto } from './dto/api.dto.js';
import { refuseEditOutOfScope } from './edit-scope.js';

const PUBLISHER = { scopes: new Set(['apim:api_publish']) };
const CREATOR = { scopes: new Set(['apim:api_publish', 'apim:api_create']) };
const STORED: APIDto = {
  name: 'Pizza',
  context: '/pizza',
  version: '1.0',
  description: '',
  tags: ['food'],
  businessInformation: {},
  operations: [{ target: '/menu', verb: 'GET', scopes: [] }],
};

it.each([
  ['the same object', {}],
  ['other tags', { tags: ['drink'] }],
  ['another owner', { businessInformation: { businessOwner: 'Ann' } }],
  ['an empty list for nothing', { operations: [{ target: '/menu', verb: 'GET' }] }],
  ['null for an empty text', { description: null as unknown as undefined }],
])('lets a publisher send %s', (_, change) => {
  expect(() => refuseEditOutOfScope(PUBLISHER, STORED, { ...STORED, ...change })).not.toThrow();
});

it.each([
  ['another description', { description: 'x' }],
  ['another operation', { operations: [{ target: '/menu', verb: 'POST' }] }],
  ['an endpoint', { endpointConfig: { endpoint_type: 'http' } }],
])('keeps a publisher from sending %s, not a creator', (_, change) => {
  const sent = { ...STORED, ...change };

  expect(() => refuseEditOutOfScope(PUBLISHER, STORED, sent)).toThrow(expect.objectContaining({ code: 900910, status: 403 }));
  expect(() => refuseEditOutOfScope(CREATOR, STORED, sent)).not.toThrow();
});
