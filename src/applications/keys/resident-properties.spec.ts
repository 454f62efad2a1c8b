import { CallbackMissing, PropertiesInvalid, PropertyUnknown } from './application-keys.problems.js';
import { checkCallback, clientSettings, propertiesOf, storedProperties } from './resident-properties.js';

const lifetime = (value: unknown) => clientSettings({ application_access_token_expiry_time: value }).lifetimes.application;

describe('the resident key manager’s properties', () => {
  it.each([
    [undefined, null],
    [null, null],
    ['', null],
    ['N/A', null],
    [0, null],
    ['0', null],
    ['3600', 3600],
    [60, 60],
  ])('an expiry time of %j is a life of %j', (sent, expected) => {
    expect(lifetime(sent)).toBe(expected);
  });

  it.each(['soon', '-1', -5, 1.5, true, {}, [], '99999999999'])('an expiry time of %j is refused', (sent) => {
    expect(() => lifetime(sent)).toThrow(PropertiesInvalid());
  });

  it.each([
    [undefined, false],
    ['', false],
    ['false', false],
    ['true', true],
    ['TRUE', true],
    [true, true],
  ])('a checkbox of %j is %j', (sent, expected) => {
    expect(clientSettings({ pkceMandatory: sent }).pkceMandatory).toBe(expected);
  });

  it.each(['yes', 1, {}])('a checkbox of %j is refused', (sent) => {
    expect(() => clientSettings({ bypassClientCredentials: sent })).toThrow(PropertiesInvalid());
  });

  it('application scopes are a list of texts', () => {
    expect(storedProperties({ application_scopes: ['read'] })).toMatchObject({ application_scopes: ['read'] });
    expect(() => storedProperties({ application_scopes: 'read' })).toThrow(PropertiesInvalid());
    expect(() => storedProperties({ application_scopes: [1] })).toThrow(PropertiesInvalid());
    expect(() => storedProperties({ application_scopes: Array(501).fill('read') })).toThrow(PropertiesInvalid());
    expect(() => storedProperties({ application_scopes: ['x'.repeat(256)] })).toThrow(PropertiesInvalid());
  });

  it('application scopes are the client’s', () => {
    expect(clientSettings({ application_scopes: ['read'] }).scopes).toEqual(['read']);
  });

  it.each(['red', 5, true, ['red']])('an unknown property of %j is refused', (colour) => {
    expect(() => storedProperties({ colour })).toThrow(PropertyUnknown('colour'));
  });

  it('are read back from a client as they were set', () => {
    const sent = { user_access_token_expiry_time: 60, pkceMandatory: true, application_scopes: ['read'] };

    expect(propertiesOf(clientSettings(sent))).toEqual(storedProperties(sent));
  });

  it('shows every property, with its default where nothing was sent', () => {
    expect(storedProperties({ refresh_token_expiry_time: '7200', pkceMandatory: 'true', colour: 'N/A' })).toEqual({
      application_access_token_expiry_time: 'N/A',
      user_access_token_expiry_time: 'N/A',
      refresh_token_expiry_time: 7200,
      id_token_expiry_time: 'N/A',
      pkceMandatory: true,
      pkceSupportPlain: false,
      bypassClientCredentials: false,
      application_scopes: [],
    });
  });
});

describe('the callback URL', () => {
  it.each([
    [['client_credentials', 'password'], ''],
    [['authorization_code'], 'https://example.com/back'],
    [['implicit'], 'regexp=(https://a.example|https://b.example)'],
  ])('grants %j with %j are accepted', (grants, callback) => {
    expect(() => checkCallback(grants, callback)).not.toThrow();
  });

  it.each([
    [['authorization_code'], ''],
    [['client_credentials', 'implicit'], '   '],
  ])('grants %j with %j are refused', (grants, callback) => {
    expect(() => checkCallback(grants, callback)).toThrow(CallbackMissing());
  });
});
