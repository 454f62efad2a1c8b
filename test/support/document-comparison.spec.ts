import { contractOf } from './contracts.js';
import { compareDocuments } from './document-comparison.js';

type Document = Parameters<typeof contractOf>[1];

const PET = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', maxLength: 9 }, age: { type: 'integer', format: 'int64' } },
};

/** A document with one operation, `POST /pets`, that takes and answers a pet. */
const documentWith = (operation: object, pet: object = PET): Document => ({
  paths: {
    '/pets': {
      post: {
        operationId: 'addPet',
        tags: ['Pets'],
        security: [{ OAuth2Security: ['pets:write'] }],
        parameters: [{ name: 'dryRun', in: 'query', schema: { type: 'boolean' } }],
        requestBody: { content: { 'application/json': { schema: pet } } },
        responses: { 201: { content: { 'application/json': { schema: pet } } } },
        ...operation,
      },
    },
  } as unknown as Document['paths'], // tests leave out what they are not about
});

const deviations = (served: Document, instead = new Map<number, number>()) =>
  compareDocuments(contractOf('contract', documentWith({})), contractOf('served', served), () => instead).map(({ text }) => text);

it('finds nothing in a document equal to the contract', () => expect(deviations(documentWith({}))).toEqual([]));

it.each<[string, object, readonly string[]]>([
  ['operation id', { operationId: 'createPet' }, ['operationId is createPet instead of addPet']],
  ['missing operation id', { operationId: undefined }, ['operationId is missing instead of addPet']],
  ['tag', { tags: ['Pet'] }, ['tags is Pet instead of Pets']],
  ['scope', { security: [] }, ['scopes is missing instead of pets:write']],
  ['missing parameter', { parameters: [] }, ['query parameter dryRun is missing']],
  [
    'parameter of another type',
    { parameters: [{ name: 'dryRun', in: 'query', schema: { type: 'string' } }] },
    ['query parameter dryRun is string instead of boolean'],
  ],
  ['missing body', { requestBody: undefined }, ['request body application/json is missing']],
  ['status', { responses: { 200: {} } }, ['response 200 is not in the contract (201)']],
])('reports another %s', (_, operation, expected) => expect(deviations(documentWith(operation))).toEqual(expected));

it('reports missing, changed and additional fields of requests and responses', () => {
  const pet = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'number' }, colour: { type: 'string' } } };

  expect(deviations(documentWith({}, pet))).toEqual([
    'request body/name is optional',
    'request body/name maxLength is missing instead of 9',
    'request body/age is number instead of integer',
    'request body/colour is not in the contract',
    'response 201/age is number instead of integer',
    'response 201/colour is not in the contract',
  ]);
});

it('reads another success status as the one it stands for', () => {
  const served = documentWith({ responses: { 200: { content: { 'application/json': { schema: PET } } } } });

  expect(deviations(served, new Map([[200, 201]]))).toEqual([]);
});

it('reports an operation id where the contract has none', () => {
  const contract = contractOf('contract', documentWith({ operationId: undefined }));

  expect(compareDocuments(contract, contractOf('served', documentWith({})), () => new Map())).toEqual([
    { operation: 'POST /pets', text: 'operationId is given (addPet) although the contract has none' },
  ]);
});

it('ends on schemas that contain themselves', () => {
  const recursive = { $ref: '#/components/schemas/Node' };
  const document = {
    ...documentWith({}, recursive),
    components: { schemas: { Node: { type: 'object', properties: { children: { type: 'array', items: recursive } } } } },
  };

  expect(compareDocuments(contractOf('a', document), contractOf('b', document), () => new Map())).toEqual([]);
});
