import { Config } from '../../platform/config/config.js';
import { Installation } from '../../platform/config/installation.js';
import type { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { discoveryDocument } from './discovery-document.js';

const config = new Config();
const urls = new KeyManagerUrls(new Installation(config, { name: 'all-in-one', modules: new Set() }, '0'.repeat(64)));

const documentFor = (organization: string, grants: Partial<OauthConfig['grantType']> = {}) =>
  discoveryDocument(urls, { ...config.oauth, grantType: { ...config.oauth.grantType, ...grants } }, organization);

it('has a tenant’s own issuer and keys, and the endpoints of all', () => {
  const document = documentFor('acme.com');

  expect(document).toMatchObject({
    issuer: `${urls.base}/t/acme.com/oauth2/token`,
    jwks_uri: `${urls.base}/t/acme.com/oauth2/jwks`,
    token_endpoint: `${urls.base}/oauth2/token`,
  });
});

it('leaves out what is switched off', () => {
  const off = { enable: false };

  const document = documentFor('carbon.super', { authorizationCode: off, implicit: off, deviceCode: off, password: off });

  expect(document).not.toHaveProperty('device_authorization_endpoint');
  expect(document).not.toHaveProperty('authorization_endpoint');
  expect(document.response_types_supported).toEqual([]);
  expect(document.grant_types_supported).not.toContain('password');
});

it('names each claim once', () => {
  const { claims_supported: names } = documentFor('carbon.super');

  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['sub', 'email', 'address', 'auth_time', 'sid']));
});
