import type { ParameterDocument } from '../../../domain/gateway-documents.js';
import { fieldsOf, fieldValue, simpleValue } from './parameter-values.js';

const parameter = (changes: Partial<ParameterDocument>): ParameterDocument => ({
  name: 'p',
  in: 'query',
  isRequired: false,
  style: 'form',
  isExploded: true,
  shape: 'text',
  schema: '{}',
  ...changes,
});
const OBJECT = { shape: 'object', properties: ['a', 'b'] } as const;

it.each([
  [{}, 'q=1', undefined],
  [{}, 'p=a+b%20c', 'a b c'],
  [{}, 'p', ''],
  [{}, 'p=1&p=2', ['1', '2']],
  [{ shape: 'list' }, 'p=1', ['1']],
  [{ shape: 'list' }, 'p=1&p=2', ['1', '2']],
  [{ shape: 'list', isExploded: false }, 'p=1,2%2C3', ['1', '2,3']],
  [{ shape: 'list', isExploded: false, style: 'spaceDelimited' }, 'p=1%202+3', ['1', '2', '3']],
  [{ shape: 'list', isExploded: false, style: 'pipeDelimited' }, 'p=1|2%7C3', ['1', '2', '3']],
  [{ ...OBJECT }, 'a=1&c=3', { a: '1' }],
  [{ ...OBJECT }, 'c=3', undefined],
  [{ ...OBJECT, isExploded: false }, 'p=a,1,b,2', { a: '1', b: '2' }],
  [{ ...OBJECT, style: 'deepObject' }, 'p[a]=1&p[b]=2&p[b]=3', { a: '1', b: ['2', '3'] }],
] as const)('%j is in %s: %j', (changes, query, value) => {
  expect(fieldValue(parameter(changes), fieldsOf(query))).toEqual(value);
});

it.each([
  [{ style: 'simple' }, 'a,b', 'a,b'],
  [{ style: 'simple', shape: 'list' }, 'a, b', ['a', 'b']],
  [{ style: 'simple', ...OBJECT, isExploded: true }, 'a=1,b=2', { a: '1', b: '2' }],
  [{ style: 'simple', ...OBJECT, isExploded: false }, 'a,1,b,2', { a: '1', b: '2' }],
  [{ style: 'label', shape: 'list', isExploded: true }, '.a.b', ['a', 'b']],
  [{ style: 'label' }, '.a', 'a'],
  [{ style: 'matrix' }, ';p=a', 'a'],
  [{ style: 'matrix', shape: 'list', isExploded: true }, ';p=a;p=b', ['a', 'b']],
  [{ style: 'matrix', shape: 'list', isExploded: false }, ';p=a,b', ['a', 'b']],
] as const)('%j is %s: %j', (changes, text, value) => {
  expect(simpleValue(parameter({ isExploded: false, ...changes }), text, (part) => part)).toEqual(value);
});

it('gives no object a prototype of the sender', () => {
  const value = fieldValue(parameter({ ...OBJECT, style: 'deepObject' }), fieldsOf('p[__proto__]=x'));

  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});
