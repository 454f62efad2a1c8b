import { toSubscriberInfoDto } from './subscriptions.publisher.mapper.js';

const GIVEN_NAME = 'http://wso2.org/claims/givenname';
const COUNTRY = 'http://wso2.org/claims/country';
const claims = { givenname: 'Ann', country: 'NL', department: '' };

describe('toSubscriberInfoDto', () => {
  it.each<[string, readonly string[], readonly object[]]>([
    ['a common claim by its usual name', [GIVEN_NAME], [{ name: 'First Name', URI: GIVEN_NAME, value: 'Ann' }]],
    ['another by the end of its URI', [COUNTRY], [{ name: 'country', URI: COUNTRY, value: 'NL' }]],
    ['in the order of the configuration', [COUNTRY, GIVEN_NAME], [{ URI: COUNTRY }, { URI: GIVEN_NAME }]],
    ['none that the user lacks, or that is empty', ['http://wso2.org/claims/title', 'http://wso2.org/claims/department'], []],
    ['nothing of another dialect', ['http://example.com/givenname'], []],
    ['nothing that only objects have', ['http://wso2.org/claims/constructor'], []],
  ])('shows %s', (_, uris, expected) => {
    const info = toSubscriberInfoDto('ann', claims, uris);

    expect(info.name).toBe('ann');
    expect(info.claims).toHaveLength(expected.length);
    expect(info.claims).toMatchObject(expected);
  });
});
