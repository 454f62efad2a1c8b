import { judge, type SeenAnswer } from './contract-validation.js';
import { contractOf } from './contracts.js';

const PET = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    owner: { $ref: '#/components/schemas/Owner' },
    tags: { type: 'array', items: { type: 'string' } },
    born: { type: 'string', format: 'date-time' },
    labels: { type: 'object', additionalProperties: { type: 'integer' } },
  },
};
const ERROR = { type: 'object', required: ['code', 'message'], properties: { code: { type: 'integer' }, message: { type: 'string' } } };
const json = (schema: object) => ({ content: { 'application/json': { schema } } });

const contract = contractOf('zoo', {
  paths: { '/pets': { get: { responses: { 200: json(PET), 404: json(ERROR) } } } },
  components: {
    schemas: {
      Owner: { allOf: [{ type: 'object', properties: { first: { type: 'string' } } }, { properties: { last: { type: 'string' } } }] },
    },
  },
} as Parameters<typeof contractOf>[1]); // the components are only reached through references

const operation = contract.operations.get('GET /pets');

const errorsOf = (status: number, body: unknown, mediaType = 'application/json') => {
  if (!operation) throw new Error('the document has the operation');
  const answer: SeenAnswer = { method: 'GET', path: '/pets', status, mediaType, body };
  return judge(contract, operation, answer).errors;
};

it.each<[string, number, unknown, readonly string[]]>([
  [
    'a complete answer',
    200,
    { id: 'a', name: 'Rex', owner: { first: 'A', last: 'B' }, tags: ['x'], born: '2026-01-02T03:04:05Z', labels: { a: 1 } },
    [],
  ],
  ['null for an optional property', 200, { id: 'a', name: null, owner: null, labels: null }, []],
  ['null for a list', 200, { id: 'a', tags: null }, ['/tags must be array']],
  ['null for a required property', 200, { id: null }, ['/id must be string']],
  ['a missing property', 200, { name: 'Rex' }, ['/id is missing']],
  ['a property of another type', 200, { id: 1 }, ['/id must be string']],
  ['a property the contract does not have', 200, { id: 'a', colour: 'red' }, ['/colour is not in the contract']],
  ['the same inside a merged schema', 200, { id: 'a', owner: { middle: 'M' } }, ['/owner/middle is not in the contract']],
  ['a broken format', 200, { id: 'a', born: 'yesterday' }, ['/born must match format "date-time"']],
  ['a value of a map', 200, { id: 'a', labels: { a: 'b' } }, ['/labels/a must be integer,null']],
  ['no body', 200, undefined, ['no body, although the contract declares application/json']],
  ['an undeclared success', 201, { id: 'a' }, ['status 201 is not declared']],
  ['a conditional read', 304, undefined, []],
  ['a declared refusal', 404, { code: 404, message: 'no' }, []],
  ['an undeclared refusal with the error body', 401, { code: 401, message: '' }, []],
  [
    'an undeclared refusal with another body',
    401,
    { error: 'no' },
    ['/code is missing', '/message is missing', '/error is not in the contract'],
  ],
  ['a failure of the server', 500, { code: 500, message: '' }, ['status 500 is a failure of the server']],
])('judges %s', (_, status, body, errors) => expect(errorsOf(status, body)).toEqual(errors));

it('refuses another media type than the declared one', () => {
  expect(errorsOf(200, 'id: a', 'text/yaml')).toEqual(['answered text/yaml instead of application/json']);
});
