import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { OAuthError } from '../oauth-error.js';
import { readParameters, single } from './oauth-body.js';

const request = (body: string, type?: string): IncomingMessage => {
  const message = new IncomingMessage(new Socket());
  message.headers = type === undefined ? {} : { 'content-type': type };
  message.push(body);
  message.push(null);
  return message;
};
const FORM = 'application/x-www-form-urlencoded';

it.each([
  ['a form', 'a=1&b=x%20y+z', FORM, { a: '1', b: 'x y z' }],
  ['a form without a content type', 'a=1', undefined, { a: '1' }],
  ['a repeated parameter', 'a=1&a=2', FORM, { a: ['1', '2'] }],
  ['JSON', '{"a":"1","b":2,"c":true,"d":null}', 'application/json; charset=utf-8', { a: '1', b: '2', c: 'true' }],
  ['an empty JSON body', ' ', 'application/json', {}],
  ['an empty form', '', FORM, {}],
])('reads %s', async (_, body, type, expected) => expect({ ...(await readParameters(request(body, type))) }).toEqual(expected));

it.each([
  ['malformed JSON', '{', 'application/json', 400],
  ['a JSON text', '"a"', 'application/json', 400],
  ['a JSON list', '[]', 'application/json', 400],
  ['JSON that nests', '{"a":["1"]}', 'application/json', 400],
  ['a NUL in a form', 'a=%00', FORM, 400],
  ['a NUL in JSON', '{"a":"\\u0000"}', 'application/json', 400],
  ['a NUL in one of several values', 'a=1&a=%00', FORM, 400],
  ['too much', `a=${'x'.repeat(60_000)}`, FORM, 413],
])('refuses %s', async (_, body, type, statusCode) => {
  const refusal = await readParameters(request(body, type)).catch((err: unknown) => err);

  expect(refusal).toBeInstanceOf(OAuthError);
  expect(refusal).toMatchObject({ statusCode, error: 'invalid_request' });
});

it('gives one value, and refuses several', () => {
  expect([single({ a: '1' }, 'a'), single({}, 'a')]).toEqual(['1', undefined]);
  expect(() => single({ a: ['1', '1'] }, 'a')).toThrow(OAuthError);
});
