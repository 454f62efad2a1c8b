import { plainToInstance } from 'class-transformer';
import { APIDto } from './dto/api.dto.js';
import { editInScope } from './edit-scope.js';

const PUBLISHER = { scopes: new Set(['apim:api_publish']) };
const CREATOR = { scopes: new Set(['apim:api_publish', 'apim:api_create']) };
const STORED: APIDto = {
  name: 'Pizza',
  context: '/pizza',
  version: '1.0',
  description: '',
  tags: ['food'],
  businessInformation: {},
  subtypeConfiguration: { subtype: 'DEFAULT', configuration: {} },
  operations: [{ target: '/menu', verb: 'GET', scopes: [] }],
};

/** The stored object with a change, as the body validation hands it over. */
const sentWith = (change: object): APIDto => plainToInstance(APIDto, { ...STORED, ...change });

it.each([
  ['the same object', {}],
  ['other tags', { tags: ['drink'] }],
  ['another owner', { businessInformation: { businessOwner: 'Ann' } }],
  ['an empty list for nothing', { operations: [{ target: '/menu', verb: 'GET' }] }],
  ['an object without what only answers hold', { subtypeConfiguration: { configuration: {} } }],
  ['null for an empty text', { description: null }],
])('lets a publisher send %s', (_, change) => {
  expect(() => editInScope(PUBLISHER, STORED, sentWith(change))).not.toThrow();
});

it.each([
  ['another description', { description: 'x' }],
  ['another operation', { operations: [{ target: '/menu', verb: 'POST' }] }],
  ['an endpoint', { endpointConfig: { endpoint_type: 'http' } }],
])('keeps a publisher from sending %s, not a creator', (_, change) => {
  const sent = sentWith(change);

  expect(() => editInScope(PUBLISHER, STORED, sent)).toThrow(expect.objectContaining({ code: 900910, status: 403 }));
  expect(() => editInScope(CREATOR, STORED, sent)).not.toThrow();
});

it('keeps what a publisher leaves out, unless publishers decide it', () => {
  const { tags: _, operations: __, ...partial } = STORED;

  const edit = editInScope(PUBLISHER, STORED, plainToInstance(APIDto, partial));

  expect(edit).toMatchObject({ name: 'Pizza', operations: [{ target: '/menu', verb: 'GET' }] });
  expect(edit.tags).toBeUndefined();
});

it('refuses a creator as well when only the portal is configured here', () => {
  const sent = sentWith({ transport: ['https'] });

  expect(() => editInScope(CREATOR, STORED, sent, true)).toThrow(expect.objectContaining({ code: 900910, status: 403 }));
});
