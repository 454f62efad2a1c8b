import { Problem } from '../../domain/problem.js';
import { policyFilterOf } from './policy-query.js';

describe('the query of the list of policies', () => {
  it.each([
    [undefined, {}],
    ['', {}],
    ['name:a', { name: 'a' }],
    ['name:"a b"', { name: 'a b' }],
    ['version:"v1"', { version: 'v1' }],
    ['name:a&version:v1', { name: 'a', version: 'v1' }],
    [' name:a  version:v1 ', { name: 'a', version: 'v1' }],
    ['name:a&b', { name: 'a&b' }],
  ])('%j asks for %j', (query, filter) => expect(policyFilterOf(query)).toEqual(filter));

  it.each(['a', 'names:a', 'name:a provider:b', ['name:a'], 'name:\0', 'name:\ud800'])('%j is refused', (query) =>
    expect(() => policyFilterOf(query)).toThrow(Problem));
});
