import type { IncomingMessage } from 'node:http';
import { OAuthError } from '../oauth-error.js';
import { credentialsOf } from './client-authentication.js';

const header = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
const read = (authorization: string | undefined, parameters: Readonly<Record<string, string | readonly string[]>> = {}) =>
  credentialsOf({ headers: { authorization } } as IncomingMessage, parameters);
const APP = { name: 'app', secret: 's' };

it.each([
  ['the header', header('app', 's'), {}, APP],
  ['the header, with the client once more in the body', header('app', 's'), { client_id: 'app' }, APP],
  ['a form-encoded id, with the client once more in the body', header('a%3Ab', 's'), { client_id: 'a:b' }, { name: 'a%3Ab', secret: 's' }],
  ['the header, with an empty secret in the body', header('app', 's'), { client_id: 'app', client_secret: '' }, APP],
  ['the body', undefined, { client_id: 'app', client_secret: 's' }, APP],
  ['the body beside a header of another kind', 'Bearer x', { client_id: 'app', client_secret: 's' }, APP],
  ['the name alone', undefined, { client_id: 'app' }, { name: 'app', secret: undefined }],
])('takes %s', (_, authorization, parameters, expected) => expect(read(authorization, parameters)).toEqual(expected));

it.each([
  ['nothing', undefined, {}],
  ['a header that cannot be read, though the body could be', 'Basic ###', { client_id: 'app' }],
  ['a header without a colon', `Basic ${Buffer.from('app').toString('base64')}`, { client_id: 'app' }],
  ['a signed assertion in place of a secret', undefined, { client_id: 'app', client_assertion: 'e30.e30.x' }],
  ['a signed assertion beside the header', header('app', 's'), { client_assertion_type: 'urn:x' }],
])('finds no client in %s', (_, authorization, parameters) => expect(read(authorization, parameters)).toBeUndefined());

it.each([
  ['the same secret twice', header('app', 's'), { client_secret: 's' }],
  ['two secrets', header('app', 's'), { client_id: 'app', client_secret: 'other' }],
  ['two clients', header('app', 's'), { client_id: 'other' }],
  ['a broken header and a secret in the body', 'Basic ###', { client_id: 'app', client_secret: 's' }],
  ['a client given twice', undefined, { client_id: ['app', 'app'] }],
  ['a secret given twice', header('app', 's'), { client_secret: ['', ''] }],
])('refuses %s', (_, authorization, parameters) => expect(() => read(authorization, parameters)).toThrow(OAuthError));
