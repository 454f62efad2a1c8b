import { repeatedKeys, withLines } from './placed-findings.js';

const JSON_TEXT = `{
  "openapi": "3.0.1",
  "paths": {
    "/a: b": { "get": {}, "put": [
      { "x": 1 }, "text", { "y": 2 }
    ] },
    "/a": { "get": {
      "id": 1, "id": 2 } }
  },
  "paths": {}
}`;
const YAML_TEXT = 'openapi: 3.0.1\npaths:\n  /a:\n    get:\n      tags:\n        - x\n        - name: y\n';
const finding = (description: string) => ({ code: 1, message: 'm', description });

it('finds keys that stand twice in one object', () => {
  expect(repeatedKeys(JSON_TEXT).map(({ description }) => description)).toEqual([
    '#/paths/~1a/get/id: this key stands twice in its object (line 8)',
    '#/paths: this key stands twice in its object (line 10)',
  ]);
});

it.each([
  [JSON_TEXT, '#/: is empty', 1],
  [JSON_TEXT, '#/paths/~1a: b/put/2/y: is odd', 5],
  [JSON_TEXT, '#/paths/~1a: b/put/0: is odd', 5],
  [JSON_TEXT, '#/paths/~1a/get: has: colons', 7],
  [YAML_TEXT, '#/paths/~1a/get/tags/1: is odd', 7],
  [YAML_TEXT, '#/paths/~1a/get: is odd', 4],
])('knows the line in %.12s… of %s', (text, description, line) => {
  expect(withLines([finding(description)], text)).toEqual([finding(`${description} (line ${line})`)]);
});

it.each([
  ['a place that is not there', JSON_TEXT, '#/nowhere: is odd'],
  ['a finding without a place', JSON_TEXT, 'Validation failed'],
  ['a text of one line', '{"a":1}', '#/a: is odd'],
  ['a text nobody can read', '{\n"a', '#/a: is odd'],
])('leaves %s as it is', (_, text, description) => {
  expect(withLines([finding(description)], text)).toEqual([finding(description)]);
});
