import { SUBSCRIPTION_STATES } from './gateway-documents.js';
import { isBlocked, isDecided, mayChangePlan, subscriptionObstacle } from './subscription.js';

const api = {
  status: 'PUBLISHED',
  policies: ['Gold', 'Bronze'],
  securityScheme: ['oauth2', 'oauth_basic_auth_api_key_mandatory'],
  isOpen: true,
};

describe('subscribing', () => {
  it.each([
    ['PUBLISHED', undefined],
    ['PROTOTYPED', undefined],
    ['published', undefined],
    ['CREATED', 'state'],
    ['BLOCKED', 'state'],
    ['DEPRECATED', 'state'],
    ['RETIRED', 'state'],
  ])('to an API in state %s is hindered by: %s', (status, obstacle) => {
    expect(subscriptionObstacle({ ...api, status }, 'Gold')).toBe(obstacle);
  });

  it.each([
    [['oauth2'], undefined],
    [['api_key'], undefined],
    [['mutualssl', 'api_key'], undefined],
    [['basic_auth'], 'security scheme'],
    [['mutualssl'], 'security scheme'],
    [[], 'security scheme'],
  ])('to an API secured by %j is hindered by: %s', (securityScheme, obstacle) => {
    expect(subscriptionObstacle({ ...api, securityScheme }, 'Gold')).toBe(obstacle);
  });

  it.each([
    ['Bronze', undefined],
    ['Silver', 'plan not offered'],
    ['gold', 'plan not offered'],
    ['', 'plan not offered'],
  ])('with plan %j is hindered by: %s', (policy, obstacle) => expect(subscriptionObstacle(api, policy)).toBe(obstacle));
});

describe('subscribing from another tenant', () => {
  it('is hindered unless the API is open to it', () => {
    expect(subscriptionObstacle({ ...api, isOpen: false }, 'Gold')).toBe('tenant');
  });
});

describe('a subscription', () => {
  const blocked = ['BLOCKED', 'PROD_ONLY_BLOCKED'];
  const decided = ['UNBLOCKED', 'BLOCKED', 'PROD_ONLY_BLOCKED'];
  const frozen = ['BLOCKED', 'ON_HOLD', 'REJECTED', 'DELETE_PENDING'];

  it.each(SUBSCRIPTION_STATES)('in state %s', (state) => {
    expect(isBlocked({ state })).toBe(blocked.includes(state));
    expect(isDecided({ state })).toBe(decided.includes(state));
    expect(mayChangePlan({ state })).toBe(!frozen.includes(state));
  });
});
