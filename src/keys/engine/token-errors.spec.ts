import { TOKEN_EXCHANGE } from './served-grants.js';
import { errorBodyOf } from './token-errors.js';

it.each([
  ['invalid_client', 'client authentication failed', 401, 'invalid_client', 'Client credentials are invalid.'],
  ['unsupported_grant_type', 'unsupported grant_type requested', 400, 'unsupported_grant_type', 'Unsupported grant_type value'],
  [
    'invalid_request',
    'requested grant type is not allowed for this client',
    400,
    'unauthorized_client',
    'The authenticated client is not authorized to use this authorization grant type',
  ],
  ['invalid_request', "missing required parameter 'grant_type'", 400, 'invalid_request', 'Missing parameters: grant_type'],
  ['invalid_request', "missing required parameter(s) 'a' and 'b'", 400, 'invalid_request', 'Missing parameters: a, b'],
  ['invalid_grant', 'Authentication failed for ann', 400, 'invalid_grant', 'Authentication failed for ann'],
  ['server_error', 'oops! something went wrong', 500, 'server_error', 'Internal Server Error.'],
  ['invalid_scope', undefined, 400, 'invalid_scope', 'invalid_scope'],
] as const)('%s (%s) is %d %s', (error, description, status, code, text) =>
  expect(errorBodyOf(error, description)).toEqual({ status, body: { error: code, error_description: text } }));

it('refuses a client that may not exchange tokens in the product’s words', () =>
  expect(errorBodyOf('invalid_request', 'requested grant type is not allowed for this client', TOKEN_EXCHANGE)).toEqual({
    status: 400,
    body: { error: 'invalid_request', error_description: 'Unsupported grant_type value' },
  }));
