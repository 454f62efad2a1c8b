import type { Application } from '../domain/application.js';
import { fromApplicationDto, toApplicationDocument, toApplicationDto, toApplicationInfoDto } from './applications.mapper.js';
import { DisallowedValues } from './applications.problems.js';
import { sortingOf } from './applications.queries.js';

const application: Application = {
  id: '00000007-0000-4000-8000-000000000000',
  organization: 'example.com',
  number: 7,
  name: 'Weather',
  owner: 'ann',
  status: 'APPROVED',
  throttlingPolicy: '10PerMin',
  description: '',
  tokenType: 'JWT',
  visibility: 'PRIVATE',
  consumerOrganization: '',
  groups: [],
  attributes: { team: 'blue' },
  quotaResets: {},
  createdAt: new Date(1000),
  updatedAt: new Date(2000),
};

it('shows the owner with the tenant, and times in milliseconds as text', () => {
  const shown = { owner: 'ann@example.com', createdTime: '1000', updatedTime: '2000', subscriptionCount: 3 };

  expect(toApplicationInfoDto(application, 3)).toMatchObject(shown);
  expect(toApplicationDto(application, { subscriptionCount: 3, keys: [], subscriptionScopes: [], hashEnabled: false })).toMatchObject(
    shown,
  );
  expect(toApplicationInfoDto({ ...application, organization: 'carbon.super' }, 0).owner).toBe('ann');
});

it('tells the gateway the number throttle keys are made of, and what backends may know', () => {
  expect(toApplicationDocument(application)).toEqual({
    uuid: application.id,
    id: 7,
    name: 'Weather',
    owner: 'ann@example.com',
    policy: '10PerMin',
    organization: 'example.com',
    attributes: application.attributes,
  });
});

it('fills what a request leaves out', () => {
  expect(fromApplicationDto({ name: 'Weather', throttlingPolicy: '10PerMin' })).toEqual({
    name: 'Weather',
    throttlingPolicy: '10PerMin',
    description: '',
    visibility: 'PRIVATE',
    attributes: {},
    groups: undefined,
  });
});

it.each([1, null, true, ['a'], {}])('refuses the attribute value %j', (value) => {
  const attributes = { team: value } as unknown as Record<string, string>; // what JSON may bring, whatever the type says

  expect(() => fromApplicationDto({ name: 'Weather', throttlingPolicy: '10PerMin', attributes })).toThrow(DisallowedValues());
});

describe('sorting', () => {
  it.each([
    [undefined, undefined, 'name', 'asc'],
    ['', '', 'name', 'asc'],
    ['throttlingPolicy', 'desc', 'throttlingPolicy', 'desc'],
    ['status', 'asc', 'status', 'asc'],
  ])('by %j in order %j is %s %s', (by, order, sortBy, sortOrder) => expect(sortingOf(by, order)).toEqual({ sortBy, sortOrder }));

  it.each([
    ['owner', 'asc'],
    ['name', 'up'],
    ['constructor', 'asc'],
    ['name', 'toString'],
  ])('by %j in order %j is refused', (by, order) => expect(() => sortingOf(by, order)).toThrow(/Invalid value/));
});
