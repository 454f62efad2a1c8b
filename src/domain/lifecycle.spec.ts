import { API_STATUSES } from './api.js';
import {
  checkItemsOf,
  compareVersions,
  DEFAULT_LIFECYCLE,
  isPublication,
  LIFECYCLE_ACTIONS,
  type Lifecycle,
  nextState,
  parseChecklist,
  pathTo,
  titleOf,
  transitionsFrom,
} from './lifecycle.js';

describe('the life cycle', () => {
  it.each([
    ['CREATED', 'Publish', 'PUBLISHED'],
    ['CREATED', 'Deploy as a Prototype', 'PROTOTYPED'],
    ['PROTOTYPED', 'Publish', 'PUBLISHED'],
    ['PROTOTYPED', 'Demote to Created', 'CREATED'],
    ['PROTOTYPED', 'Deploy as a Prototype', 'PROTOTYPED'],
    ['PUBLISHED', 'Block', 'BLOCKED'],
    ['PUBLISHED', 'Deprecate', 'DEPRECATED'],
    ['PUBLISHED', 'Demote to Created', 'CREATED'],
    ['PUBLISHED', 'Deploy as a Prototype', 'PROTOTYPED'],
    ['PUBLISHED', 'Publish', 'PUBLISHED'],
    ['BLOCKED', 'Re-Publish', 'PUBLISHED'],
    ['BLOCKED', 'Deprecate', 'DEPRECATED'],
    ['DEPRECATED', 'Retire', 'RETIRED'],
  ] as const)('%s + %s = %s', (from, action, to) => expect(nextState(DEFAULT_LIFECYCLE, from, action)).toBe(to));

  it.each([
    ['CREATED', 'CREATED', []],
    ['CREATED', 'PUBLISHED', ['Publish']],
    ['CREATED', 'RETIRED', ['Publish', 'Deprecate', 'Retire']],
    ['BLOCKED', 'CREATED', ['Re-Publish', 'Demote to Created']],
    ['DEPRECATED', 'PUBLISHED', undefined],
  ] as const)('leads from %s to %s by %j', (from, to, actions) =>
    expect(pathTo(DEFAULT_LIFECYCLE, from, to)?.map(({ action }) => action)).toEqual(actions));

  it('has no other transition', () => {
    const known = API_STATUSES.flatMap((state) => LIFECYCLE_ACTIONS.filter((action) => nextState(DEFAULT_LIFECYCLE, state, action)));

    expect(known).toHaveLength(13);
  });

  it.each(['publish', 'Delete', '', 'constructor'])('does not know the action %p', (action) =>
    expect(nextState(DEFAULT_LIFECYCLE, 'CREATED', action)).toBeUndefined());

  it.each([
    ['CREATED', ['Publish', 'Deploy as a Prototype']],
    ['PROTOTYPED', ['Publish', 'Demote to Created']],
    ['PUBLISHED', ['Block', 'Deploy as a Prototype', 'Demote to Created', 'Deprecate']],
    ['BLOCKED', ['Deprecate', 'Re-Publish']],
    ['DEPRECATED', ['Retire']],
    ['RETIRED', []],
  ] as const)('%s offers %j', (state, actions) =>
    expect(transitionsFrom(DEFAULT_LIFECYCLE, state).map(({ action }) => action)).toEqual(actions));

  it.each([
    ['CREATED', 2],
    ['PROTOTYPED', 2],
    ['PUBLISHED', 0],
    ['RETIRED', 0],
  ] as const)('%s has %d check items', (state, count) => expect(checkItemsOf(DEFAULT_LIFECYCLE, state, 'api')).toHaveLength(count));

  it('spells states in title case', () =>
    expect(API_STATUSES.map((status) => titleOf(DEFAULT_LIFECYCLE, status)).slice(0, 3)).toEqual(['Created', 'Prototyped', 'Published']));
});

describe('a life cycle of its own', () => {
  const lifecycle: Lifecycle = [
    { name: 'Created', checkItems: ['Tested'], transitions: [{ action: 'Promote', target: 'On Trial' }] },
    {
      name: 'On Trial',
      checkItems: [],
      transitions: [
        { action: 'Extend', target: 'on trial' },
        { action: 'Publish', target: 'Published' },
      ],
    },
    { name: 'Published', checkItems: [], transitions: [] },
  ];

  it('leads to its own states, in upper case', () => expect(nextState(lifecycle, 'CREATED', 'Promote')).toBe('ON TRIAL'));
  it('spells them as they were written', () => expect(titleOf(lifecycle, 'ON TRIAL')).toBe('On Trial'));
  it('accepts but does not offer a way back to the same state', () => {
    expect(nextState(lifecycle, 'ON TRIAL', 'Extend')).toBe('ON TRIAL');
    expect(transitionsFrom(lifecycle, 'ON TRIAL').map(({ action }) => action)).toEqual(['Publish']);
  });
  it('has its own check items', () => expect(checkItemsOf(lifecycle, 'CREATED', 'product')).toEqual(['Tested']));
  it('leaves no way out of a state it lost', () => {
    expect(transitionsFrom(lifecycle, 'BLOCKED')).toEqual([]);
    expect(titleOf(lifecycle, 'BLOCKED')).toBe('Blocked');
  });
});

it.each([
  ['CREATED', 'PUBLISHED', true],
  ['PROTOTYPED', 'PUBLISHED', true],
  ['IN REVIEW', 'PUBLISHED', true],
  ['BLOCKED', 'PUBLISHED', false],
  ['PUBLISHED', 'PUBLISHED', false],
  ['CREATED', 'PROTOTYPED', false],
])('%s to %s is a publication: %p', (from, to, expected) => expect(isPublication(from, to)).toBe(expected));

describe('the checklist', () => {
  it('speaks of products where it is about one', () =>
    expect(checkItemsOf(DEFAULT_LIFECYCLE, 'CREATED', 'product')).toEqual([
      'Deprecate old versions after publishing the API Product',
      'Requires re-subscription when publishing the API Product',
    ]));

  it.each([
    ['', false, false],
    ['Deprecate old versions after publishing the API:true', true, false],
    ['Deprecate old versions after publishing the API:false,Requires re-subscription when publishing the API:true', false, true],
    ['Deprecate old versions after publishing the API: TRUE , Requires re-subscription when publishing the API:true', true, true],
    ['Deprecate old versions after publishing the API Product:true', true, false],
    ['Requires re-subscription when publishing the API Product:true', false, true],
    ['something else:true', false, false],
  ])('%p', (text, deprecateOlder, requireResubscription) =>
    expect(parseChecklist(text)).toEqual({ deprecateOlder, requireResubscription }));
});

describe('version order', () => {
  it.each([
    ['1.0.0', '1.0.1'],
    ['1.2', '1.10'],
    ['1.10', '1.10.1'],
    ['v9', 'v10'],
    ['1.0.0-alpha', '1.0.0-beta'],
    ['9', '10'],
  ])('%s is below %s', (lower, higher) => {
    expect(compareVersions(lower, higher)).toBeLessThan(0);
    expect(compareVersions(higher, lower)).toBeGreaterThan(0);
  });

  it('finds equal versions equal', () => expect(compareVersions('V1.0', 'v1.0')).toBe(0));
});
