import { NO_URLS } from '../portal/gateway-urls.js';
import type { PortalApi } from '../portal/portal-api.js';
import { announcementOf } from './announcement.js';

type Shown = Pick<PortalApi, 'api' | 'endpoints'>;

/** As much of an API as an announcement looks at. */
const shown = (api: object = {}, details: object = {}, https: string | null = 'https://gw/pets/1'): Shown =>
  ({
    api: {
      ...{
        id: 'a1',
        organization: 'carbon.super',
        provider: 'ann',
        name: 'Pets',
        version: '1',
        context: '/pets',
        type: 'HTTP',
        tags: ['x'],
      },
      ...api,
      details: {
        ...{ displayName: 'Pets', description: 'All pets', businessInformation: {}, advertiseInfo: { advertised: false, vendor: 'WSO2' } },
        operations: [{ target: '/{id}', verb: 'GET', authType: 'None', scopes: ['s'], throttlingPolicy: '10KPerMin' }],
        ...details,
      },
    },
    endpoints: https === null ? [] : [{ urls: { ...NO_URLS, https } }],
  }) as unknown as Shown; // the rest of an API plays no part

it('says where the API is called and where it is described', () => {
  const { link, always } = announcementOf(shown(), 'https://portal/devportal/');

  expect(link).toBe('https://portal/devportal/apis/a1/overview');
  expect(always['advertiseInfo']).toEqual({
    advertised: true,
    apiExternalProductionEndpoint: 'https://gw/pets/1',
    apiExternalSandboxEndpoint: 'https://gw/pets/1',
    originalDevPortalUrl: link,
    apiOwner: 'ann',
    vendor: 'WSO2',
  });
});

it('keeps to itself how operations are secured and throttled', () =>
  expect(announcementOf(shown(), 'https://portal').always['operations']).toEqual([
    { target: '/{id}', verb: 'GET', throttlingPolicy: 'Unlimited' },
  ]));

it('leads to the page of an API that is not deployed, in its tenant', () => {
  const { link, always } = announcementOf(shown({ organization: 'a.com' }, {}, null), 'https://portal');

  expect(link).toBe('https://portal/apis/a1/overview?tenant=a.com');
  expect(always['advertiseInfo']).toMatchObject({ apiExternalProductionEndpoint: link });
});

it('passes on where an advertised API is called', () => {
  const advertiseInfo = { advertised: true, apiExternalSandboxEndpoint: 'https://theirs', vendor: 'WSO2' };

  const { always } = announcementOf(shown({}, { advertiseInfo }, null), 'https://portal');

  expect(always['advertiseInfo']).toMatchObject({ apiExternalSandboxEndpoint: 'https://theirs', apiExternalProductionEndpoint: undefined });
});

it.each([
  ['HTTP', 'HTTP', 'Unlimited', true],
  ['SOAP', 'HTTP', 'Unlimited', true],
  ['GRAPHQL', 'HTTP', 'Unlimited', false],
  ['WS', 'ASYNC', 'AsyncUnlimited', true],
  ['WEBSUB', 'ASYNC', 'AsyncUnlimited', true],
])('announces %s as %s with the plan %s', (type, as, plan, hasOperations) => {
  const { first, always } = announcementOf(shown({ type }), 'https://portal');

  expect(first).toMatchObject({ name: 'Pets', version: '1', context: '/pets', type: as, policies: [plan] });
  expect('operations' in always).toBe(hasOperations);
});
