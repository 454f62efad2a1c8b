import { tokenEvent } from './token-events.js';

it.each([
  [
    'a token, in milliseconds',
    { type: 'token_revocation', accessToken: 'j1', expiryTime: '1800000000000', tenantDomain: 'a.com', tenantId: 1 },
    { type: 'token_revocation', value: 'j1', expiresAt: 1_800_000_000, organization: 'a.com' },
  ],
  [
    'a token, in seconds',
    { type: 'token_revocation', accessToken: 'j1', expiryTime: 1_800_000_000 },
    { type: 'token_revocation', value: 'j1', expiresAt: 1_800_000_000, organization: undefined },
  ],
  [
    'a client',
    { type: 'consumer_app_revocation_event', consumerKey: 'k1' },
    { type: 'consumer_app_revocation_event', value: 'k1', expiresAt: undefined, organization: undefined },
  ],
  [
    'a user',
    { type: 'subject_entity_revocation_event', entityId: 'u1', tenantDomain: '' },
    { type: 'subject_entity_revocation_event', value: 'u1', expiresAt: undefined, organization: undefined },
  ],
])('reads the end of %s', (_, sent, read) => expect(tokenEvent(sent)).toEqual(read));

it.each([
  [undefined],
  ['token_revocation'],
  [[]],
  [{ type: 'tenant_update' }],
  [{ type: 'token_revocation' }],
  [{ type: 'token_revocation', accessToken: '' }],
  [{ type: 'token_revocation', accessToken: 7 }],
  [{ type: 'token_revocation', accessToken: 'a\0b' }],
  [{ type: 'token_revocation', accessToken: 'x'.repeat(3_000) }],
  [{ type: 'token_revocation', accessToken: 'j1', expiryTime: 'soon' }],
  [{ type: 'token_revocation', accessToken: 'j1', expiryTime: -5 }],
])('refuses %j', (sent) => expect(() => tokenEvent(sent)).toThrow(/malformed/));
